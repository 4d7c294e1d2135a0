/** Samples on either side of a gap that say how the wave runs between them. */
export const PEAK_REACH = 8;
const TAPS = 2 * PEAK_REACH;
/** Points at which the wave is looked at between two samples: four times the rate, as ITU-R BS.1770-4 has it. */
const PHASES = 3;
const BLOCK = 256;

/** Windowed sinc (Hann) for each point between two samples. */
const FILTERS: readonly Float64Array[] = Array.from({ length: PHASES }, (_, phase) =>
  Float64Array.from({ length: TAPS }, (_tap, tap) => {
    const t = tap - (PEAK_REACH - 1) - (phase + 1) / (PHASES + 1);
    const window = Math.cos((Math.PI * t) / TAPS) ** 2;
    return (window * Math.sin(Math.PI * t)) / (Math.PI * t);
  }),
);

/** No wave between samples is higher than this many times the highest of them. */
export const LARGEST_OVERSHOOT = Math.max(
  ...FILTERS.map((filter) => filter.reduce((sum, coefficient) => sum + Math.abs(coefficient), 0)),
);

/** The highest magnitude from the sample at `at` to just before the next; needs `PEAK_REACH` samples around. */
export function peakAt(samples: Float32Array, at: number): number {
  let peak = Math.abs(samples[at] as number);
  const first = at - PEAK_REACH + 1;
  for (const filter of FILTERS) {
    let value = 0;
    for (let tap = 0; tap < TAPS; tap++) value += (samples[first + tap] as number) * (filter[tap] as number);
    peak = Math.max(peak, Math.abs(value));
  }
  return peak;
}

/** The highest magnitude of the samples from `start` to before `end`. */
export function samplePeak(samples: Float32Array, start: number, end: number): number {
  let peak = 0;
  for (let i = start; i < end; i++) peak = Math.max(peak, Math.abs(samples[i] as number));
  return peak;
}

/** Measures the true peak of a stream (ITU-R BS.1770-4, annex 2): that of the wave, not of its samples alone. */
export class TruePeakMeter {
  /** What the next samples need of those before; at first silence. */
  #kept: Float32Array = new Float32Array(PEAK_REACH - 1);
  #peak = 0;

  push(samples: Float32Array): void {
    const all = new Float32Array(this.#kept.length + samples.length);
    all.set(this.#kept);
    all.set(samples, this.#kept.length);
    const end = all.length - PEAK_REACH;
    for (let start = PEAK_REACH - 1; start < end; start += BLOCK) {
      const until = Math.min(end, start + BLOCK);
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
