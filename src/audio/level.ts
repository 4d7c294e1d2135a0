import { findSpeech } from "./silence.ts";

/** At or beyond this, 16-bit formats hold their largest value: the wave may have been cut off. */
const CLIPPED = 32_767 / 32_768;

export interface AudioLevel {
  /** Largest magnitude; 1 is full scale. */
  readonly peak: number;
  /** Root mean square in dB of full scale; `-Infinity` for digital silence. */
  readonly rmsDbfs: number;
  /** Samples at or beyond full scale. */
  readonly clippedSamples: number;
  /** Silence before the first and after the last sound; both are the whole length when there is none. */
  readonly leadingSilenceSeconds: number;
  readonly trailingSilenceSeconds: number;
}

/** Measures one mono recording. */
export function measureLevel(samples: Float32Array, sampleRate: number): AudioLevel {
  let peak = 0;
  let energy = 0;
  let clippedSamples = 0;
  for (const sample of samples) {
    const magnitude = Math.abs(sample);
    if (magnitude > peak) peak = magnitude;
    if (magnitude >= CLIPPED) clippedSamples += 1;
    energy += sample * sample;
  }
  const speech = findSpeech(samples, sampleRate) ?? { start: samples.length, end: 0 };
  return {
    peak,
    rmsDbfs: samples.length === 0 ? Number.NEGATIVE_INFINITY : 10 * Math.log10(energy / samples.length),
    clippedSamples,
    leadingSilenceSeconds: speech.start / sampleRate,
    trailingSilenceSeconds: (samples.length - speech.end) / sampleRate,
  };
}

/**
 * The recording turned down as a whole where it would pass `ceiling` (full scale is 1); else as it is. One gain
 * for all of it, because a limiter that acts on the peaks alone is heard as distortion.
 */
export function limitPeak(samples: Float32Array, ceiling: number): Float32Array {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak <= ceiling ? samples : samples.map((sample) => (sample * ceiling) / peak);
}
