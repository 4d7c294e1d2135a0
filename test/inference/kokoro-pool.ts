import type { InferencePoolOptions, KokoroFiles, ModelFile } from "../../src/inference/contract.ts";
import { testModelStore } from "../helpers/models.ts";

const store = testModelStore();

async function onlyFile(id: string): Promise<ModelFile> {
  const files = await store.ensure(id);
  const [file] = store.manifest.models.find((model) => model.id === id)?.files ?? [];
  if (file === undefined) throw new Error(`${id} has no file`);
  return { path: files.file(file.path), sha256: file.sha256 };
}

/** Both forms of the real model, fetched and verified. */
export async function kokoroFiles(): Promise<KokoroFiles> {
  return { int8: await onlyFile("kokoro-82m-int8"), float32: await onlyFile("kokoro-82m-float32") };
}

/** Path of a stock voice. */
export async function stockVoice(name: string): Promise<string> {
  return (await store.ensure("kokoro-voices")).file(`${name}.bin`);
}

/** Options of a pool with the real model and one member of the float32 file. */
export function realPoolOptions(kokoro: KokoroFiles): InferencePoolOptions {
  return {
    members: 1,
    threads: 2,
    providers: ["cuda", "webgpu", "cpu"],
    precision: "float32",
    queueLimit: 10,
    engines: { kokoro },
    decisionFile: null,
  };
}
