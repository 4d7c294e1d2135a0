/** Integrated loudness is measured in blocks of 400 ms that overlap by 75 %. */
export const BLOCK_SECONDS = 0.4;
const STEP_SECONDS = 0.1;
const STEPS_OF_BLOCK = Math.round(BLOCK_SECONDS / STEP_SECONDS);
/** Blocks below this count as silence … */
const ABSOLUTE_GATE_LUFS = -70;
/** … and blocks this far below the mean of the rest as pauses. */
const RELATIVE_GATE_LU = -10;
/** Makes 997 Hz at full scale in one channel read -3.01. */
const OFFSET = -0.691;

/** Coefficients of a second-order filter, a₀ = 1. */
interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/**
 * The two stages of K-weighting for a sample rate: a shelf that lifts what the head does, then a high pass. The
 * recommendation lists coefficients for 48 kHz alone; these are its analogue filters by the bilinear transform, and
 * agree with its table at 48 kHz to six digits.
 */
export function kWeighting(sampleRate: number): readonly [Biquad, Biquad] {
  const shelf = tangent(1681.974450955533, sampleRate);
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + shelf / shelfQ + shelf ** 2;
  const pass = tangent(38.13547087602444, sampleRate);
  const passQ = 0.5003270373238773;
  const c0 = 1 + pass / passQ + pass ** 2;
  return [
    {
      b: [
        (high + (band * shelf) / shelfQ + shelf ** 2) / a0,
        (2 * (shelf ** 2 - high)) / a0,
        (high - (band * shelf) / shelfQ + shelf ** 2) / a0,
      ],
      a: [(2 * (shelf ** 2 - 1)) / a0, (1 - shelf / shelfQ + shelf ** 2) / a0],
    },
    { b: [1, -2, 1], a: [(2 * (pass ** 2 - 1)) / c0, (1 - pass / passQ + pass ** 2) / c0] },
  ];
}

const tangent = (hertz: number, sampleRate: number) => Math.tan((Math.PI * hertz) / sampleRate);

/** A second-order filter that keeps its state between calls. */
class Filter {
  readonly #coefficients: Biquad;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(coefficients: Biquad) {
    this.#coefficients = coefficients;
  }

  next(x: number): number {
    const { b, a } = this.#coefficients;
    const y = b[0] * x + b[1] * this.#x1 + b[2] * this.#x2 - a[0] * this.#y1 - a[1] * this.#y2;
    this.#x2 = this.#x1;
    this.#x1 = x;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

/**
 * Measures the integrated loudness of a mono stream by ITU-R BS.1770-4, as EBU R 128 wants it: K-weighting, blocks, two
 * gates. One channel counts once: the same sound on two loudspeakers is 3 LU louder.
 */
export class LoudnessMeter {
  readonly #shelf: Filter;
  readonly #pass: Filter;
  readonly #stepLength: number;
  /** Mean squares of the steps; a block is as many of them as follow each other within its length. */
  readonly #steps: number[] = [];
  #energy = 0;
  #count = 0;

  constructor(sampleRate: number) {
    const [shelf, pass] = kWeighting(sampleRate);
    this.#shelf = new Filter(shelf);
    this.#pass = new Filter(pass);
    this.#stepLength = Math.round(STEP_SECONDS * sampleRate);
  }

  push(samples: Float32Array): void {
    for (const sample of samples) {
      this.#energy += this.#pass.next(this.#shelf.next(sample)) ** 2;
      this.#count += 1;
      if (this.#count < this.#stepLength) continue;
      this.#steps.push(this.#energy / this.#stepLength);
      this.#energy = 0;
      this.#count = 0;
    }
  }

  /** In LUFS, of what has been pushed so far; null for silence, and for what is shorter than a block. */
  integrated(): number | null {
    const powers: number[] = [];
    for (let end = STEPS_OF_BLOCK; end <= this.#steps.length; end += 1) {
      powers.push(mean(this.#steps.slice(end - STEPS_OF_BLOCK, end)));
    }
    const audible = powers.filter((power) => loudnessOf(power) > ABSOLUTE_GATE_LUFS);
    if (audible.length === 0) return null;
    const gate = loudnessOf(mean(audible)) + RELATIVE_GATE_LU;
    return loudnessOf(mean(audible.filter((power) => loudnessOf(power) > gate)));
  }
}

/** Integrated loudness of a whole mono recording in LUFS, see `LoudnessMeter`. */
export function measureLoudness(samples: Float32Array, sampleRate: number): number | null {
  const meter = new LoudnessMeter(sampleRate);
  meter.push(samples);
  return meter.integrated();
}

const loudnessOf = (power: number) => OFFSET + 10 * Math.log10(power);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
