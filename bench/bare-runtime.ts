// onnxruntime-node and nothing else: what anyone would write to run Kokoro on token ids.
import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { answerRequests } from "./child.ts";

const STYLE_LENGTH = 256;
const SAMPLE_RATE = 24_000;

export interface BareLoad {
  readonly model: string;
  readonly voice: string;
  readonly threads: number;
}

/** Token ids without the pads, utterance by utterance. */
export interface BareRun {
  readonly utterances: readonly (readonly number[])[];
}

/** Nothing after loading. */
export interface BareAnswer {
  readonly seconds: number;
  readonly audioSeconds: number;
}

let session: InferenceSession;
let pack: Float32Array;

async function load({ model, voice, threads }: BareLoad): Promise<void> {
  // Everything else is left as the runtime has it by default, threads that spin included.
  session = await InferenceSession.create(model, { intraOpNumThreads: threads });
  pack = new Float32Array(new Uint8Array(await readFile(voice)).buffer);
}

async function run({ utterances }: BareRun): Promise<BareAnswer> {
  let samples = 0;
  const startedAt = performance.now();
  for (const tokens of utterances) {
    const ids = [0, ...tokens, 0];
    const row = (tokens.length - 1) * STYLE_LENGTH;
    const { audio } = await session.run({
      tokens: new Tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length]),
      style: new Tensor("float32", pack.slice(row, row + STYLE_LENGTH), [1, STYLE_LENGTH]),
      speed: new Tensor("float32", Float32Array.of(1), [1]),
    });
    samples += audio?.data.length ?? 0;
  }
  return { seconds: (performance.now() - startedAt) / 1000, audioSeconds: samples / SAMPLE_RATE };
}

answerRequests<BareLoad | BareRun, BareAnswer>(async (request) => {
  if ("utterances" in request) return await run(request);
  await load(request);
  return { seconds: 0, audioSeconds: 0 };
});
