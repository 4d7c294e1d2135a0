import { resample } from "../audio/resample.ts";
import { findSpeech } from "../audio/silence.ts";
import { ANALYSIS_SAMPLE_RATE } from "../inference/analysis.ts";
import type { CloneMachinery } from "./machinery.ts";

/**
 * Each recording is heard three times: as it is, a ninth slower and a ninth faster. Pitch and formants move with the
 * pace, so the encoder looks at the same voice from three sides, and a candidate that merely pleases a blind spot of
 * it does so on one side only. On random styles this made its ranking agree better with that of another encoder
 * (docs/cloning.md).
 */
const PLAYBACK = [
  [1, 1],
  [8, 9],
  [9, 8],
] as const;

/** Embeddings of a recording: how many, and how long each is. */
export const VIEWS = PLAYBACK.length;

/** The encoder hears loudness too (a factor of ten moves an embedding by 0.15), so all is heard at one level. */
const LEVEL = 10 ** (-26 / 20);

/** Less than this is no sentence: the voice has broken down. */
const LEAST_SECONDS = 0.7;

/**
 * Speech of one voice as the encoder's three views, 256 numbers of unit length each; null when next to nothing can
 * be heard.
 */
export async function listen(
  samples: Float32Array,
  sampleRate: number,
  { embed }: Pick<CloneMachinery, "embed">,
): Promise<Float32Array[] | null> {
  const speech = speechAt16k(samples, sampleRate);
  if (speech === null || speech.length < LEAST_SECONDS * ANALYSIS_SAMPLE_RATE) return null;
  const levelled = atLevel(speech);
  return await Promise.all(
    PLAYBACK.map(([from, to]) => embed(from === to ? levelled : resample(levelled, from, to))),
  );
}

/** Without the silence at both ends, at 16 kHz; null when nothing can be heard or a sample is no number. */
export function speechAt16k(samples: Float32Array, sampleRate: number): Float32Array | null {
  if (!samples.every(Number.isFinite)) return null;
  const range = findSpeech(samples, sampleRate);
  if (range === undefined) return null;
  const speech = samples.subarray(range.start, range.end);
  return sampleRate === ANALYSIS_SAMPLE_RATE
    ? speech.slice()
    : resample(speech, sampleRate, ANALYSIS_SAMPLE_RATE);
}

function atLevel(samples: Float32Array): Float32Array {
  const power = samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
  const gain = LEVEL / Math.sqrt(power);
  return samples.map((sample) => sample * gain);
}
