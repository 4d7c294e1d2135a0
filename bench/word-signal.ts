/** A stretch of silence in a recording, in seconds. */
export interface Silence {
  readonly start: number;
  readonly end: number;
}

const STEP_SECONDS = 0.001;
const WINDOW_SECONDS = 0.008;
const LEAST_SECONDS = 0.08;
/** What is shorter between two silences is a click. */
const CLICK_SECONDS = 0.005;
/** Below the level that one in twenty windows reaches. */
const RANGE_DB = 35;

function levels(samples: Float32Array, sampleRate: number, step: number, window: number): Float64Array {
  const sums = new Float64Array(samples.length + 1);
  samples.forEach((sample, i) => {
    sums[i + 1] = (sums[i] as number) + sample ** 2;
  });
  const count = Math.floor(samples.length / sampleRate / step);
  return Float64Array.from({ length: count }, (_, k) => {
    const middle = k * step * sampleRate;
    const from = Math.max(0, Math.round(middle - (window * sampleRate) / 2));
    const to = Math.min(samples.length, Math.round(middle + (window * sampleRate) / 2));
    return 10 * Math.log10(((sums[to] as number) - (sums[from] as number)) / (to - from) + 1e-12);
  });
}

/** Where a listener hears nothing; another measure than the service's own: finer, by level and not by the loudest. */
export function audibleSilences(samples: Float32Array, sampleRate: number): Silence[] {
  const level = levels(samples, sampleRate, STEP_SECONDS, WINDOW_SECONDS);
  const loud = level.toSorted()[Math.floor(level.length * 0.95)] as number;
  const silences: { start: number; end: number }[] = [];
  for (let k = 0; k < level.length; ) {
    const from = k;
    while (k < level.length && (level[k] as number) < loud - RANGE_DB) k += 1;
    const end = k === level.length ? samples.length / sampleRate : k * STEP_SECONDS;
    const before = silences.at(-1);
    if (k > from && before !== undefined && from * STEP_SECONDS - before.end <= CLICK_SECONDS)
      before.end = end;
    else if (k > from) silences.push({ start: from * STEP_SECONDS, end });
    while (k < level.length && (level[k] as number) >= loud - RANGE_DB) k += 1;
  }
  return silences.filter(({ start, end }) => end - start >= LEAST_SECONDS);
}

const VOICED_BELOW_HZ = 700;
const FIT_STEP_SECONDS = 0.005;

/** What of a recording is below a frequency: one pole each way, twice: steep enough, and without delay. */
function lowPassed(samples: Float32Array, sampleRate: number, hertz: number): Float32Array {
  const keep = Math.exp((-2 * Math.PI * hertz) / sampleRate);
  let low = Float32Array.from(samples);
  for (let pass = 0; pass < 4; pass += 1) {
    let state = 0;
    low = low.map((sample) => {
      state = keep * state + (1 - keep) * sample;
      return state;
    });
    low.reverse();
  }
  return low;
}

/** How voiced a recording is in steps of 5 ms, 0 to 1: the energy below 700 Hz. */
export function voicing(samples: Float32Array, sampleRate: number): Float64Array {
  const low = lowPassed(samples, sampleRate, VOICED_BELOW_HZ);
  const level = levels(low, sampleRate, FIT_STEP_SECONDS, 0.01);
  const loudest = level.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return level.map((value) => Math.min(1, Math.max(0, (value - loudest + 40) / 20)));
}

const HISSING_ABOVE_HZ = 3_000;

/**
 * Where a recording begins to hiss, as in "s" and "sh", and where it ends to, in seconds: where what is above 3 kHz
 * becomes louder than what is below 700 Hz, and where it is no longer.
 */
export function hissing(samples: Float32Array, sampleRate: number): { begins: number[]; ends: number[] } {
  const low = lowPassed(samples, sampleRate, VOICED_BELOW_HZ);
  const rest = lowPassed(samples, sampleRate, HISSING_ABOVE_HZ);
  const high = samples.map((sample, i) => sample - (rest[i] as number));
  const [below, above] = [low, high].map((band) => levels(band, sampleRate, STEP_SECONDS, WINDOW_SECONDS));
  const begins: number[] = [];
  const ends: number[] = [];
  const hisses = (k: number) => (above?.[k] ?? 0) > (below?.[k] ?? 0);
  for (let k = 1; k < (above?.length ?? 0); k += 1) {
    if (hisses(k) !== hisses(k - 1)) (hisses(k) ? begins : ends).push(k * STEP_SECONDS);
  }
  return { begins, ends };
}

const UNVOICED = new Set("ptkfsʃʧθhʦɕçxʂqɸ");
const MARKS = new Set(" ,.;:!?—…“”()");

/** By how much the sound is ahead of the durations: the shift at which voiced tokens and voicing agree best. */
export function voicingLead(voiced: Float64Array, phonemes: string, durations: readonly number[]): number {
  const expected = new Float64Array(voiced.length).fill(Number.NaN);
  let at = durations[0] ?? 0;
  for (const [index, symbol] of [...phonemes].entries()) {
    const until = at + (durations[index + 1] ?? 0);
    // Pauses and the sounds before them say nothing: how long they last is the question.
    const known =
      !MARKS.has(symbol) && !(MARKS.has(phonemes[index + 1] ?? ".") && phonemes[index + 1] !== " ");
    if (known) {
      const value = UNVOICED.has(symbol) ? 0 : 1;
      expected.fill(value, Math.round(at / FIT_STEP_SECONDS), Math.round(until / FIT_STEP_SECONDS));
    }
    at = until;
  }
  let best = { lead: 0, fit: Number.NEGATIVE_INFINITY };
  for (let shift = -24; shift <= 24; shift += 1) {
    const fit = correlation(expected, voiced, shift);
    if (fit > best.fit) best = { lead: shift * FIT_STEP_SECONDS, fit };
  }
  return best.lead;
}

function correlation(expected: Float64Array, voiced: Float64Array, shift: number): number {
  const pairs: [number, number][] = [];
  expected.forEach((value, k) => {
    const heard = voiced[k - shift];
    if (!Number.isNaN(value) && heard !== undefined) pairs.push([value, heard]);
  });
  const mean = (of: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [x, y] of pairs) {
    ab += (x - a) * (y - b);
    aa += (x - a) ** 2;
    bb += (y - b) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
