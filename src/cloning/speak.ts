import { listen } from "./listen.ts";
import type { CloneMachinery } from "./machinery.ts";
import type { Sentence } from "./sentences.ts";

/** Speaks a sentence and hears it; null when the voice has broken down. */
export async function speakAndListen(
  style: Float32Array,
  { tokens }: Sentence,
  machinery: CloneMachinery,
): Promise<Float32Array[] | null> {
  const { samples, sampleRate } = await machinery.speak({
    engine: "kokoro",
    voice: { style },
    tokens,
    speed: 1,
  });
  return await listen(samples, sampleRate, machinery);
}

/** Runs the tasks in order, a bounded number of them at once; results are in the order of the tasks. */
export async function inParallel<T>(
  tasks: readonly (() => Promise<T>)[],
  parallel: number,
  signal?: AbortSignal,
): Promise<T[]> {
  const results = new Array<T>(tasks.length);
  const queue = tasks.entries();
  const work = async () => {
    for (const [index, task] of queue) {
      signal?.throwIfAborted();
      results[index] = await task();
    }
  };
  await Promise.all(Array.from({ length: Math.min(tasks.length, Math.max(1, parallel)) }, work));
  return results;
}
