import { homedir } from "node:os";
import { defaultModelsDir } from "../src/models/paths.ts";
import { ModelStore } from "../src/models/store.ts";

/** The weights in the folder that the service itself uses. */
export function benchModelStore(): ModelStore {
  return new ModelStore({ dir: defaultModelsDir(process.platform, homedir(), process.env) });
}

/** Path of a verified weight file. */
export async function weightFile(model: string, name?: string): Promise<string> {
  const store = benchModelStore();
  const first = store.manifest.models.find(({ id }) => id === model)?.files[0]?.path ?? "";
  return (await store.ensure(model)).file(name ?? first);
}
