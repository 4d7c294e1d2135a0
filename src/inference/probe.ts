import type { KokoroUtterance } from "./engine.ts";

/** "The birch canoe slid on the smooth planks." (first Harvard sentence) as Kokoro's token ids. */
const PROBE_TOKENS = [
  81, 83, 16, 44, 156, 87, 158, 62, 131, 16, 53, 83, 56, 156, 63, 158, 16, 61, 54, 156, 102, 46, 16, 76, 56,
  81, 83, 16, 61, 55, 156, 63, 158, 81, 16, 58, 54, 156, 72, 112, 53, 61, 4,
];

/**
 * What members run to warm up and to be measured: a real sentence of about three seconds. The style is the
 * origin of the style space, so that no voice file is needed; the time of a run depends on lengths alone.
 */
export const PROBE_UTTERANCE: KokoroUtterance = {
  engine: "kokoro",
  voice: { style: new Float32Array(256) },
  tokens: PROBE_TOKENS,
  speed: 1,
};
