import { homedir } from "node:os";
import { defaultModelsDir } from "../src/models/paths.ts";
import { ModelStore } from "../src/models/store.ts";

/** Path of a verified weight file, in the folder that the service itself uses. */
export async function weightFile(model: string, name?: string): Promise<string> {
  const store = new ModelStore({ dir: defaultModelsDir(process.platform, homedir(), process.env) });
  const first = store.manifest.models.find(({ id }) => id === model)?.files[0]?.path ?? "";
  return (await store.ensure(model)).file(name ?? first);
}
