/**
 * Power spectrum of real frames whose length is a power of two: iterative radix-2 transform (Cooley and Tukey,
 * 1965) with its tables made once.
 */
export class PowerSpectrum {
  readonly #length: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #reversed: Uint32Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  /** @throws RangeError when the length is not a power of two. */
  constructor(length: number) {
    if (!isPowerOfTwo(length)) throw new RangeError(`${length} is not a power of two`);
    this.#length = length;
    const angles = Float64Array.from({ length: length / 2 }, (_, index) => (2 * Math.PI * index) / length);
    this.#cosines = angles.map(Math.cos);
    this.#sines = angles.map(Math.sin);
    const bits = Math.log2(length);
    this.#reversed = Uint32Array.from({ length }, (_, index) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit += 1) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
    this.#real = new Float64Array(length);
    this.#imaginary = new Float64Array(length);
  }

  /** Squared magnitudes of bins 0 to length / 2 of `frame`, written into `power`. */
  compute(frame: Float64Array, power: Float64Array): void {
    const re = this.#real;
    const im = this.#imaginary;
    const length = this.#length;
    for (let index = 0; index < length; index += 1)
      re[index] = frame[this.#reversed[index] as number] as number;
    im.fill(0);
    for (let size = 2; size <= length; size *= 2) {
      const half = size / 2;
      const step = length / size;
      for (let start = 0; start < length; start += size) {
        for (let k = 0; k < half; k += 1) {
          const cosine = this.#cosines[k * step] as number;
          const sine = this.#sines[k * step] as number;
          const even = start + k;
          const odd = even + half;
          const oddReal = (re[odd] as number) * cosine + (im[odd] as number) * sine;
          const oddImaginary = (im[odd] as number) * cosine - (re[odd] as number) * sine;
          re[odd] = (re[even] as number) - oddReal;
          im[odd] = (im[even] as number) - oddImaginary;
          re[even] = (re[even] as number) + oddReal;
          im[even] = (im[even] as number) + oddImaginary;
        }
      }
    }
    for (let bin = 0; bin <= length / 2; bin += 1) {
      power[bin] = (re[bin] as number) ** 2 + (im[bin] as number) ** 2;
    }
  }
}

export function isPowerOfTwo(length: number): boolean {
  return length > 0 && (length & (length - 1)) === 0;
}
