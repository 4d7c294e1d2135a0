import { LARGEST_OVERSHOOT, PEAK_BLOCK, PEAK_REACH, peakAt, samplePeak } from "./true-peak.ts";

/** How long before a peak the gain begins to fall, at most. */
const ATTACK_SECONDS = 0.005;
/** In this time the gain makes up for two thirds of what it has fallen. */
const RELEASE_SECONDS = 0.04;
/** A gain that has come back so far is 1. */
const RELEASED = 1 - 1e-5;

/** The least of the last values of a series, by the monotonic queue. */
class SlidingMinimum {
  readonly #length: number;
  readonly #values: Float64Array;
  readonly #places: Float64Array;
  /** Positions of the first and behind the last in the rings. */
  #first = 0;
  #end = 0;
  #place = 0;

  constructor(length: number) {
    this.#length = length;
    this.#values = new Float64Array(length + 1);
    this.#places = new Float64Array(length + 1);
  }

  next(value: number): number {
    const size = this.#values.length;
    const values = this.#values;
    while (this.#end > this.#first && (values[(this.#end - 1) % size] as number) >= value) this.#end--;
    values[this.#end % size] = value;
    this.#places[this.#end % size] = this.#place;
    this.#end++;
    if ((this.#places[this.#first % size] as number) <= this.#place - this.#length) this.#first++;
    this.#place++;
    return values[this.#first % size] as number;
  }
}

/**
 * Keeps the true peak of a stream below a ceiling: the gain falls before each peak that would pass it and comes back
 * slowly, so that nothing is cut off and everything else stays as it is. The output is as long as the input and in the
 * same place, and the same however the input is cut.
 *
 * Method: the gain that every sample needs, its minimum over a window, a slow release, and the mean over the same
 * window; the mean of values that are all low enough is low enough.
 */
export class PeakLimiter {
  readonly #ceiling: number;
  readonly #release: number;
  /** Length of the window, an odd number, and half of it. */
  readonly #window: number;
  readonly #half: number;
  readonly #minimum: SlidingMinimum;
  /** Samples that are not out yet, and as many before them as are needed to tell the wave between them. */
  #samples: Float32Array = new Float32Array(PEAK_REACH - 1);
  /** Index of the next sample to come out, and of the next whose need is to be told. */
  #next = 0;
  #seen = 0;
  #length = 0;
  #gain = 1;
  /** The gains of the window in a ring, and their sum. */
  readonly #gains: Float64Array;
  #sum: number;
  #slot = 0;

  /** @param ceiling magnitude; 1 is full scale */
  constructor(sampleRate: number, ceiling: number) {
    this.#ceiling = ceiling;
    this.#half = Math.max(1, Math.round((ATTACK_SECONDS * sampleRate) / 2));
    this.#window = 2 * this.#half + 1;
    this.#release = 1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRate));
    this.#minimum = new SlidingMinimum(this.#window);
    this.#gains = new Float64Array(this.#window).fill(1);
    this.#sum = this.#window;
  }

  /** Takes the next samples and returns those that are final. */
  push(samples: Float32Array): Float32Array {
    this.#length += samples.length;
    return this.#take(samples, this.#length - PEAK_REACH);
  }

  /** Ends the stream and returns the rest of it. */
  finish(): Float32Array {
    return this.#take(new Float32Array(PEAK_REACH), this.#length + 2 * this.#half);
  }

  /** @param until needs can be told for the samples before this one */
  #take(samples: Float32Array, until: number): Float32Array {
    const all = new Float32Array(this.#samples.length + samples.length);
    all.set(this.#samples);
    all.set(samples, this.#samples.length);
    const first = this.#next - PEAK_REACH + 1;
    const needs = this.#needs(all, first, until);
    const out = new Float32Array(Math.max(0, Math.min(this.#length, until - 2 * this.#half) - this.#next));
    let done = 0;
    for (const need of needs) {
      const mean = this.#smoothed(need);
      this.#seen++;
      // The mean is that of the gains around a sample half a window before the last of them.
      if (this.#seen < this.#window || done === out.length) continue;
      out[done] = (all[this.#next + done - first] as number) * mean;
      done++;
    }
    this.#next += done;
    this.#samples = all.slice(Math.max(0, this.#next - PEAK_REACH + 1 - first));
    return out;
  }

  /** The gain that each of the next samples needs; 1 behind the last of them. */
  #needs(all: Float32Array, first: number, until: number): Float64Array {
    const needs = new Float64Array(Math.max(0, until - this.#seen)).fill(1);
    const count = Math.min(until, this.#length) - this.#seen;
    for (let start = 0; start < count; start += PEAK_BLOCK) {
      const end = Math.min(count, start + PEAK_BLOCK);
      const from = this.#seen - first;
      const nearby = samplePeak(all, from + start - PEAK_REACH + 1, from + end + PEAK_REACH);
      // Most of speech is far below the ceiling.
      if (nearby * LARGEST_OVERSHOOT <= this.#ceiling) continue;
      for (let at = start; at < end; at++) {
        const peak = peakAt(all, from + at, this.#ceiling);
        if (peak > this.#ceiling) needs[at] = this.#ceiling / peak;
      }
    }
    return needs;
  }

  /** Takes a need and gives the mean of the released gains of a window. */
  #smoothed(need: number): number {
    const lowest = this.#minimum.next(need);
    const released = this.#gain + (1 - this.#gain) * this.#release;
    this.#gain = Math.min(lowest, released > RELEASED ? 1 : released);
    this.#sum += this.#gain - (this.#gains[this.#slot] as number);
    this.#gains[this.#slot] = this.#gain;
    this.#slot = this.#slot + 1 === this.#window ? 0 : this.#slot + 1;
    return this.#sum / this.#window;
  }
}

/** One whole recording through a `PeakLimiter`; as it is where nothing can pass the ceiling. */
export function limitTruePeak(samples: Float32Array, sampleRate: number, ceiling: number): Float32Array {
  if (samplePeak(samples, 0, samples.length) * LARGEST_OVERSHOOT <= ceiling) return samples;
  const limiter = new PeakLimiter(sampleRate, ceiling);
  const head = limiter.push(samples);
  const tail = limiter.finish();
  const out = new Float32Array(samples.length);
  out.set(head);
  out.set(tail, head.length);
  return out;
}
