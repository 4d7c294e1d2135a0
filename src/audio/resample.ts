/** Zero crossings of the sinc on each side, counted at the lower of the two rates. */
const ZERO_CROSSINGS = 64;
/** Kaiser window that leaves everything past Nyquist below -90 dB (Kaiser 1974: β = 0.1102 (A - 8.7)). */
const KAISER_BETA = 8.96;
/** Cutoff in units of the lower Nyquist: the stop band starts at Nyquist, 91 % of the band stays flat. */
const CUTOFF = 0.955;

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** One filter of `taps` coefficients for each of `phases` sub-sample positions, each with gain 1 at 0 Hz. */
function polyphaseFilters(phases: number, taps: number, cutoff: number): Float32Array {
  const half = taps / 2;
  const filters = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    const row = new Float64Array(taps);
    let gain = 0;
    for (let tap = 0; tap < taps; tap++) {
      const t = tap - (half - 1) - phase / phases;
      const inside = 1 - (t / half) ** 2;
      const window = inside > 0 ? bessel0(KAISER_BETA * Math.sqrt(inside)) : 0;
      const sinc = t === 0 ? 1 : Math.sin(Math.PI * cutoff * t) / (Math.PI * cutoff * t);
      row[tap] = sinc * window;
      gain += row[tap] as number;
    }
    for (let tap = 0; tap < taps; tap++) filters[phase * taps + tap] = (row[tap] as number) / gain;
  }
  return filters;
}

/**
 * Band-limited mono sample rate converter for streams: windowed-sinc (Kaiser) polyphase filter without delay,
 * aliases below -80 dB. However the input is cut into chunks, the output is the same, and its whole length is
 * `round(input length × to / from)`. Method: J. O. Smith, "Digital Audio Resampling Home Page".
 */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #taps: number;
  readonly #filters: Float32Array;
  /** Input still needed, starting at input index `#origin`; the start is padded with silence. */
  #history: Float32Array;
  #origin: number;
  #received = 0;
  #produced = 0;

  /** @throws RangeError when a rate is not a positive integer. */
  constructor(fromRate: number, toRate: number) {
    for (const rate of [fromRate, toRate]) {
      if (!Number.isInteger(rate) || rate <= 0) throw new RangeError(`Not a sample rate: ${rate}`);
    }
    const divisor = greatestCommonDivisor(fromRate, toRate);
    this.#up = toRate / divisor;
    this.#down = fromRate / divisor;
    const cutoff = Math.min(1, toRate / fromRate);
    this.#taps = 2 * Math.ceil(ZERO_CROSSINGS / cutoff);
    this.#filters = polyphaseFilters(this.#up, this.#taps, cutoff * CUTOFF);
    this.#history = new Float32Array(this.#taps / 2);
    this.#origin = -this.#taps / 2;
  }

  /** Takes the next input samples and returns every output sample that they complete. */
  push(samples: Float32Array): Float32Array {
    this.#received += samples.length;
    return this.#convert(samples, Number.POSITIVE_INFINITY);
  }

  /** Ends the stream and returns what is left of the output. */
  finish(): Float32Array {
    const total = Math.round((this.#received * this.#up) / this.#down);
    return this.#convert(new Float32Array(this.#taps + this.#down), total);
  }

  #convert(samples: Float32Array, limit: number): Float32Array {
    const input = new Float32Array(this.#history.length + samples.length);
    input.set(this.#history);
    input.set(samples, this.#history.length);
    const available = this.#origin + input.length;
    const taps = this.#taps;
    const half = taps / 2;
    const filters = this.#filters;
    // Output m lies at input position m·down/up and reaches `half` samples ahead of it.
    const last = Math.min(limit, Math.ceil(((available - half) * this.#up) / this.#down));
    const out = new Float32Array(Math.max(0, last - this.#produced));
    for (let i = 0; i < out.length; i++) {
      const position = (this.#produced + i) * this.#down;
      const index = Math.floor(position / this.#up);
      const filter = (position - index * this.#up) * taps;
      const first = index - half + 1 - this.#origin;
      let even = 0;
      let odd = 0;
      for (let tap = 0; tap < taps; tap += 2) {
        even += (input[first + tap] as number) * (filters[filter + tap] as number);
        odd += (input[first + tap + 1] as number) * (filters[filter + tap + 1] as number);
      }
      out[i] = even + odd;
    }
    this.#produced += out.length;
    const needed = Math.floor((this.#produced * this.#down) / this.#up) - half + 1;
    const keepFrom = Math.min(input.length, Math.max(0, needed - this.#origin));
    this.#history = input.slice(keepFrom);
    this.#origin += keepFrom;
    return out;
  }
}

/**
 * Converts one whole mono recording; see `Resampler` for method and quality.
 * @returns `round(samples.length × toRate / fromRate)` samples, aligned in time with the input.
 */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  if (fromRate === toRate) return samples.slice();
  const resampler = new Resampler(fromRate, toRate);
  const head = resampler.push(samples);
  const tail = resampler.finish();
  const out = new Float32Array(head.length + tail.length);
  out.set(head);
  out.set(tail, head.length);
  return out;
}
