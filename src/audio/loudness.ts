/** Integrated loudness is measured in blocks of 400 ms that overlap by 75 %. */
const BLOCK_SECONDS = 0.4;
const STEP_SECONDS = 0.1;
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

/**
 * Integrated loudness of a mono recording in LUFS, by ITU-R BS.1770-4: K-weighting, blocks, two gates.
 *
 * @returns null for silence, and for what is shorter than a block.
 */
export function measureLoudness(samples: Float32Array, sampleRate: number): number | null {
  let filtered: Float64Array = Float64Array.from(samples);
  for (const stage of kWeighting(sampleRate)) filtered = applyFilter(stage, filtered);
  const blockLength = Math.round(BLOCK_SECONDS * sampleRate);
  const step = Math.round(STEP_SECONDS * sampleRate);
  const powers: number[] = [];
  for (let start = 0; start + blockLength <= filtered.length; start += step) {
    powers.push(meanSquare(filtered.subarray(start, start + blockLength)));
  }
  const audible = powers.filter((power) => loudnessOf(power) > ABSOLUTE_GATE_LUFS);
  if (audible.length === 0) return null;
  const gate = loudnessOf(mean(audible)) + RELATIVE_GATE_LU;
  return loudnessOf(mean(audible.filter((power) => loudnessOf(power) > gate)));
}

function applyFilter({ b, a }: Biquad, input: Float64Array): Float64Array {
  const output = new Float64Array(input.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (const [index, x] of input.entries()) {
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    output[index] = y;
    [x2, x1, y2, y1] = [x1, x, y1, y];
  }
  return output;
}

const loudnessOf = (power: number) => OFFSET + 10 * Math.log10(power);

const meanSquare = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value * value, 0) / values.length;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
