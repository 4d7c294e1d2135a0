import type { InferencePoolOptions, KokoroFiles } from "../../src/inference/contract.ts";
import { testModelStore } from "../helpers/models.ts";

const store = testModelStore();

/** The forms of the real model, fetched and verified. */
export async function kokoroFiles(): Promise<KokoroFiles> {
  return {
    int8: await store.locate("kokoro-82m-int8"),
    int8Vnni: await store.locate("kokoro-82m-int8-vnni"),
    float32: await store.locate("kokoro-82m-float32"),
  };
}

/** Path of a stock voice. */
export async function stockVoice(name: string): Promise<string> {
  return (await store.ensure("kokoro-voices")).file(`${name}.bin`);
}

/** Options of a pool with the real model and one member of the int8 weights. */
export function realPoolOptions(kokoro: KokoroFiles): InferencePoolOptions {
  return {
    members: 1,
    threads: 2,
    providers: ["cuda", "webgpu", "cpu"],
    precision: "int8",
    queueLimit: 10,
    engines: { kokoro },
    decisionFile: null,
  };
}
