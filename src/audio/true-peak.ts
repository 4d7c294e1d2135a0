/** Samples on either side of a gap that say how the wave runs between them. */
export const PEAK_REACH = 16;
/** Samples that are looked at together. */
export const PEAK_BLOCK = 64;
/** The quick look uses fewer of them, at quarters of the way; the thorough one all, at eighths. */
const QUICK_REACH = 8;
/** A quick look finds at least so much of what a thorough one does, in waves that swing as fast as they can. */
const QUICK_SHARE = 0.75;

/** Windowed sinc (Hann) for the point that lies `share` of the way from one sample to the next. */
function filterFor(share: number, reach: number): Float64Array {
  return Float64Array.from({ length: 2 * reach }, (_, tap) => {
    const t = tap - (reach - 1) - share;
    return (Math.cos((Math.PI * t) / (2 * reach)) ** 2 * Math.sin(Math.PI * t)) / (Math.PI * t);
  });
}

const QUICK = [1, 2, 3].map((quarter) => filterFor(quarter / 4, QUICK_REACH));
const [QUARTER, MIDDLE, LAST] = QUICK as [Float64Array, Float64Array, Float64Array];
const THOROUGH = [1, 2, 3, 4, 5, 6, 7].map((eighth) => filterFor(eighth / 8, PEAK_REACH));

/** No wave between samples is higher than this many times the highest of them. */
export const LARGEST_OVERSHOOT = Math.max(
  ...THOROUGH.map((filter) => filter.reduce((sum, value) => sum + Math.abs(value), 0)),
);

function quickPeak(samples: Float32Array, at: number): number {
  const first = at - QUICK_REACH + 1;
  let [quarter, middle, last] = [0, 0, 0];
  for (let tap = 0; tap < 2 * QUICK_REACH; tap++) {
    const sample = samples[first + tap] as number;
    quarter += sample * (QUARTER[tap] as number);
    middle += sample * (MIDDLE[tap] as number);
    last += sample * (LAST[tap] as number);
  }
  return Math.max(Math.abs(samples[at] as number), Math.abs(quarter), Math.abs(middle), Math.abs(last));
}

/**
 * The highest magnitude from the sample at `at` to just before the next, looked at in eighths; needs `PEAK_REACH` samples
 * around. Below `level` it may be told too low.
 */
export function peakAt(samples: Float32Array, at: number, level: number): number {
  const quick = quickPeak(samples, at);
  if (quick < level * QUICK_SHARE) return quick;
  let peak = Math.abs(samples[at] as number);
  const first = at - PEAK_REACH + 1;
  for (const filter of THOROUGH) {
    let value = 0;
    for (let tap = 0; tap < 2 * PEAK_REACH; tap++) {
      value += (samples[first + tap] as number) * (filter[tap] as number);
    }
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

/**
 * Measures the true peak of a stream: that of the wave itself, not of its samples alone (ITU-R BS.1770-4, annex 2). It is
 * looked at at eight times the rate where the recommendation wants four, because speech comes at half of the rate that it
 * has in mind.
 */
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
      for (let at = start; at < until; at++) this.#peak = Math.max(this.#peak, peakAt(all, at, this.#peak));
    }
    this.#kept = all.slice(Math.max(0, Math.max(PEAK_REACH - 1, end) - PEAK_REACH + 1));
  }

  /** Ends the stream. @returns the peak in dB of full scale (dBTP); -Infinity for digital silence */
  finish(): number {
    this.push(new Float32Array(PEAK_REACH));
    return 20 * Math.log10(this.#peak);
  }
}
