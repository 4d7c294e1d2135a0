import { readFile } from "node:fs/promises";
import type { CloneMachinery } from "../../src/cloning/clone.ts";
import type { StockPack } from "../../src/cloning/style-space.ts";
import { sha256Of } from "../../src/digest.ts";
import type { UtteranceAudio } from "../../src/inference/engine.ts";
import { KokoroEngine } from "../../src/inference/engines/kokoro.ts";
import { SpeakerEncoder } from "../../src/inference/engines/speaker-encoder.ts";
import { KOKORO_VOICES } from "../../src/voices/stock.ts";
import { testModelStore } from "../helpers/models.ts";

const store = testModelStore();
const ONE_THREAD = { provider: "cpu", threads: 1 } as const;

export async function realStockPacks(): Promise<StockPack[]> {
  const folder = await store.ensure("kokoro-voices");
  return await Promise.all(
    KOKORO_VOICES.map(async ({ id }) => {
      const bytes = await readFile(folder.file(`${id}.bin`));
      return { id, pack: new Float32Array(new Uint8Array(bytes).buffer) };
    }),
  );
}

/** The real model and the real encoder, in this process. */
export async function realMachinery(): Promise<CloneMachinery> {
  const speech = await store.ensure("kokoro-82m-float32");
  const kokoro = await KokoroEngine.load(speech.file("kokoro-v1.0.float32.durations.onnx"), ONE_THREAD);
  return {
    speak: (request) => kokoro.synthesize(request),
    embed: await realEncoder(),
    parallel: 1,
  };
}

/** Speaks and hears everything once: who asks for the same again gets the same, and `spoken` does not grow. */
export function remembering(machinery: CloneMachinery): CloneMachinery & { readonly spoken: () => number } {
  const known = new Map<string, Promise<UtteranceAudio>>();
  const heard = new Map<string, Promise<Float32Array>>();
  return {
    ...machinery,
    speak(request) {
      const style = "style" in request.voice ? [...request.voice.style] : [];
      const key = JSON.stringify([style, request.tokens]);
      const audio = known.get(key) ?? machinery.speak(request);
      known.set(key, audio);
      return audio;
    },
    embed(samples) {
      const key = sha256Of(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      const embedding = heard.get(key) ?? machinery.embed(samples);
      heard.set(key, embedding);
      return embedding;
    },
    spoken: () => known.size,
  };
}

/** Embeddings by the real encoder. */
export async function realEncoder(): Promise<CloneMachinery["embed"]> {
  const path = (await store.ensure("speaker-encoder")).file("embedder.int8.onnx");
  const encoder = await SpeakerEncoder.load(path, ONE_THREAD);
  return async (samples) => (await encoder.embed(samples)).embedding;
}
