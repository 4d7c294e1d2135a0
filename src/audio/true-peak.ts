/** Samples on either side of a gap that say how the wave runs between them. */
export const PEAK_REACH = 8;
const TAPS = 2 * PEAK_REACH;
/** Samples that are looked at together. */
export const PEAK_BLOCK = 64;

/** Windowed sinc (Hann) for each point between two samples: a quarter, a half and three quarters of the way. */
const [QUARTER, MIDDLE, LAST] = [1, 2, 3].map((quarters) =>
  Float64Array.from({ length: TAPS }, (_tap, tap) => {
    const t = tap - (PEAK_REACH - 1) - quarters / 4;
    return (Math.cos((Math.PI * t) / TAPS) ** 2 * Math.sin(Math.PI * t)) / (Math.PI * t);
  }),
) as [Float64Array, Float64Array, Float64Array];

/** No wave between samples is higher than this many times the highest of them. */
export const LARGEST_OVERSHOOT = Math.max(
  ...[QUARTER, MIDDLE, LAST].map((filter) => filter.reduce((sum, value) => sum + Math.abs(value), 0)),
);

/** The highest magnitude from the sample at `at` to just before the next; needs `PEAK_REACH` samples around. */
export function peakAt(samples: Float32Array, at: number): number {
  const first = at - PEAK_REACH + 1;
  let [quarter, middle, last] = [0, 0, 0];
  for (let tap = 0; tap < TAPS; tap++) {
    const sample = samples[first + tap] as number;
    quarter += sample * (QUARTER[tap] as number);
    middle += sample * (MIDDLE[tap] as number);
    last += sample * (LAST[tap] as number);
  }
  return Math.max(Math.abs(samples[at] as number), Math.abs(quarter), Math.abs(middle), Math.abs(last));
}

/** The highest magnitude of the samples from `start` to before `end`. */
export function samplePeak(samples: Float32Array, start: number, end: number): number {
  let peak = 0;
  for (let i = start; i < end; i++) peak = Math.max(peak, Math.abs(samples[i] as number));
  return peak;
}

/** Measures the true peak of a stream at four times its rate (ITU-R BS.1770-4, annex 2): that of the wave itself. */
export class TruePeakMeter {
  /** What the next samples need of those before; at first silence. */
  #kept: Float32Array = new Float32Array(PEAK_REACH - 1);
  #peak = 0;

  push(samples: Float32Array): void {
    const all = new Float32Array(this.#kept.length + samples.length);
    all.set(this.#kept);
    all.set(samples, this.#kept.length);
    const end = all.length - PEAK_REACH;
    for (let start = PEAK_REACH - 1; start < end; start += PEAK_BLOCK) {
      const until = Math.min(end, start + PEAK_BLOCK);
      const nearby = samplePeak(all, start - PEAK_REACH + 1, until + PEAK_REACH);
      // Most of speech is far from its highest peak.
      if (nearby * LARGEST_OVERSHOOT <= this.#peak) continue;
      for (let at = start; at < until; at++) this.#peak = Math.max(this.#peak, peakAt(all, at));
    }
    this.#kept = all.slice(Math.max(0, Math.max(PEAK_REACH - 1, end) - PEAK_REACH + 1));
  }

  /** Ends the stream. @returns the peak in dB of full scale (dBTP); -Infinity for digital silence */
  finish(): number {
    this.push(new Float32Array(TAPS));
    return 20 * Math.log10(this.#peak);
  }
}
