import { homedir } from "node:os";
import { defaultModelsDir } from "../../src/models/paths.ts";
import { ModelStore } from "../../src/models/store.ts";

/** The real weights, in the folder that the service itself would use: fetched once per machine. */
export function testModelStore(): ModelStore {
  return new ModelStore({ dir: defaultModelsDir(process.platform, homedir(), process.env) });
}
