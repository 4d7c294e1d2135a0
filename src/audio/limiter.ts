import { LARGEST_OVERSHOOT, PEAK_REACH, peakAt, samplePeak } from "./true-peak.ts";

/** How long before a peak the gain begins to fall, at most. */
const ATTACK_SECONDS = 0.005;
/** In this time the gain makes up for two thirds of what it has fallen. */
const RELEASE_SECONDS = 0.06;
const BLOCK = 256;

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
  /** Half of the window. */
  readonly #half: number;
  readonly #release: number;
  /** Samples that are not out yet, from `#next` - PEAK_REACH + 1 on. */
  #samples: Float32Array = new Float32Array(PEAK_REACH - 1);
  /** Index of the next sample to come out, and of the next whose need is to be found. */
  #next = 0;
  #seen = 0;
  #length = 0;
  /** Needs that may still be the least of a window, by index, ascending in both. */
  readonly #least: { index: number; gain: number }[] = [];
  #leastFrom = 0;
  #gain = 1;
  /** The last gains, in a ring, and their sum. */
  readonly #gains: Float64Array;
  #sum = 0;
  #gainCount = 0;

  /** @param ceiling magnitude; 1 is full scale */
  constructor(sampleRate: number, ceiling: number) {
    this.#ceiling = ceiling;
    this.#half = Math.max(1, Math.round((ATTACK_SECONDS * sampleRate) / 2));
    this.#release = 1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRate));
    this.#gains = new Float64Array(2 * this.#half + 1);
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
    const out: number[] = [];
    let quietUntil = this.#seen;
    for (; this.#seen < until; this.#seen++) {
      const at = this.#seen - first;
      // Most of speech is far below the ceiling.
      const block = Math.min(this.#seen + BLOCK, until, this.#length);
      const nearby = () => samplePeak(all, at - PEAK_REACH + 1, block - first + PEAK_REACH);
      if (this.#seen % BLOCK === 0 && nearby() * LARGEST_OVERSHOOT <= this.#ceiling) quietUntil = block;
      this.#need(
        this.#seen,
        this.#seen < quietUntil || this.#seen >= this.#length ? 1 : this.#needed(all, at),
      );
      const gain = this.#smoothed();
      if (gain === null || this.#next === this.#length) continue;
      out.push((all[this.#next - first] as number) * gain);
      this.#next++;
    }
    this.#samples = all.slice(Math.max(0, this.#next - PEAK_REACH + 1 - first));
    return Float32Array.from(out);
  }

  #needed(all: Float32Array, at: number): number {
    const peak = peakAt(all, at);
    return peak > this.#ceiling ? this.#ceiling / peak : 1;
  }

  /** Adds a need, and with it the released gain of the sample half a window before. */
  #need(index: number, gain: number): void {
    const least = this.#least;
    while (least.length > this.#leastFrom && (least.at(-1)?.gain ?? 0) >= gain) least.pop();
    least.push({ index, gain });
    while ((least[this.#leastFrom]?.index ?? index) < index - 2 * this.#half) this.#leastFrom++;
    const lowest = least[this.#leastFrom]?.gain ?? 1;
    if (this.#leastFrom > this.#gains.length) {
      least.splice(0, this.#leastFrom);
      this.#leastFrom = 0;
    }
    this.#gain = Math.min(lowest, this.#gain + (1 - this.#gain) * this.#release);
    const slot = this.#gainCount % this.#gains.length;
    this.#sum += this.#gain - (this.#gains[slot] as number);
    this.#gains[slot] = this.#gain;
    this.#gainCount++;
  }

  /** The mean of the gains around the next sample; null while there are not enough of them. */
  #smoothed(): number | null {
    return this.#gainCount < this.#gains.length ? null : this.#sum / this.#gains.length;
  }
}

/** One whole recording through a `PeakLimiter`; as it is where nothing passes the ceiling. */
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
