import type { ModelStore } from "../store.ts";

/** Paths of the forms of Kokoro that the engine can load. */
export interface PreparedKokoro {
  readonly int8: string;
  /** The same weights for processors with VNNI; see `fastConvolutions`. */
  readonly int8Vnni: string;
  readonly float32: string;
}

/**
 * Makes sure that all forms of Kokoro are there: two of the int8 weights and their float32 copy, each with a second output
 * `durations`, float32 [1, tokens], in frames of 600 samples. The first time it takes a few seconds for all.
 * Throws as `ModelStore.ensure` does.
 */
export async function prepareKokoro(
  store: ModelStore,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<PreparedKokoro> {
  const int8 = await store.ensure("kokoro-82m-int8", options);
  const int8Vnni = await store.ensure("kokoro-82m-int8-vnni", options);
  const float32 = await store.ensure("kokoro-82m-float32", options);
  return {
    int8: int8.file("kokoro-v1.0.int8.durations.onnx"),
    int8Vnni: int8Vnni.file("kokoro-v1.0.int8-vnni.durations.onnx"),
    float32: float32.file("kokoro-v1.0.float32.durations.onnx"),
  };
}
