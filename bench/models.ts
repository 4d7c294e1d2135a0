import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import type { StockPack } from "../src/cloning/style-space.ts";
import type { ModelFile, Precision } from "../src/inference/contract.ts";
import { multipliesExactly } from "../src/inference/vnni.ts";
import { defaultModelsDir } from "../src/models/paths.ts";
import { ModelStore } from "../src/models/store.ts";
import { KOKORO_VOICES } from "../src/voices/stock.ts";

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

/** The file that a member of this precision loads on this machine's processor. */
export async function kokoroFile(precision: Precision): Promise<string> {
  const vnni = precision === "int8" && (await multipliesExactly());
  return await weightFile(`kokoro-82m-${precision}${vnni ? "-vnni" : ""}`);
}

/** The packs of all stock voices, in the order in which the service lists them. */
export async function stockPacks(): Promise<StockPack[]> {
  const folder = await benchModelStore().ensure("kokoro-voices");
  return await Promise.all(
    KOKORO_VOICES.map(async ({ id }) => {
      const bytes = await readFile(folder.file(`${id}.bin`));
      return { id, pack: new Float32Array(new Uint8Array(bytes).buffer) };
    }),
  );
}

/** The only file of a model, and its digest. */
export async function modelFile(model: string): Promise<ModelFile> {
  return await benchModelStore().locate(model);
}
