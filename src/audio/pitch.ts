import type { TimeSpan } from "./noise.ts";

const LOWEST_HERTZ = 60;
const HIGHEST_HERTZ = 400;
const FRAME_SECONDS = 0.04;
const STEP_SECONDS = 0.04;
/** A frame is voiced when it is this much like itself one period later. */
const VOICED_CORRELATION = 0.7;
/** Of two periods that fit about as well the shorter is the right one: every multiple of it fits too. */
const AS_GOOD = 0.9;
/** So much speech is enough to know a voice by. */
const MOST_FRAMES = 250;
const LEAST_FRAMES = 10;

/**
 * The median pitch of a voice in Hz: the first strong peak of the normalised autocorrelation of voiced frames.
 *
 * @param speech where someone speaks
 * @returns null when too little of it is voiced between 60 and 400 Hz.
 */
export function measurePitch(
  samples: Float32Array,
  sampleRate: number,
  speech: readonly TimeSpan[],
): number | null {
  const frameLength = Math.round(FRAME_SECONDS * sampleRate);
  const step = Math.round(STEP_SECONDS * sampleRate);
  const longest = Math.ceil(sampleRate / LOWEST_HERTZ);
  const pitches: number[] = [];
  for (const { startSeconds, endSeconds } of speech) {
    const end = Math.min(samples.length, Math.round(endSeconds * sampleRate)) - frameLength - longest;
    for (let start = Math.round(startSeconds * sampleRate); start <= end; start += step) {
      if (pitches.length === MOST_FRAMES) break;
      const pitch = framePitch(samples, start, frameLength, sampleRate);
      if (pitch !== null) pitches.push(pitch);
    }
  }
  if (pitches.length < LEAST_FRAMES) return null;
  return pitches.sort((a, b) => a - b)[Math.floor(pitches.length / 2)] ?? null;
}

function framePitch(samples: Float32Array, start: number, length: number, sampleRate: number): number | null {
  const shortest = Math.floor(sampleRate / HIGHEST_HERTZ);
  const longest = Math.ceil(sampleRate / LOWEST_HERTZ);
  const correlations = new Float64Array(longest + 2);
  let best = 0;
  for (let lag = shortest - 1; lag <= longest + 1; lag++) {
    correlations[lag] = correlation(samples, start, length, lag);
    if (lag >= shortest && lag <= longest) best = Math.max(best, correlations[lag] as number);
  }
  if (best < VOICED_CORRELATION) return null;
  for (let lag = shortest; lag <= longest; lag++) {
    const here = correlations[lag] as number;
    const isPeak = here >= (correlations[lag - 1] as number) && here >= (correlations[lag + 1] as number);
    if (isPeak && here >= AS_GOOD * best) return sampleRate / lag;
  }
  return null;
}

/** Between a frame and what follows it by `lag` samples, -1 to 1. */
function correlation(samples: Float32Array, start: number, length: number, lag: number): number {
  let [cross, here, there] = [0, 0, 0];
  for (let i = start; i < start + length; i++) {
    const a = samples[i] ?? 0;
    const b = samples[i + lag] ?? 0;
    cross += a * b;
    here += a * a;
    there += b * b;
  }
  return here === 0 || there === 0 ? 0 : cross / Math.sqrt(here * there);
}
