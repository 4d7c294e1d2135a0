const STEP_SECONDS = 0.005;
/** Each step is judged by this much sound around its middle. */
const WINDOW_SECONDS = 0.01;
/** This far below the loudest 10 ms nothing of a word is heard: closures and pauses of the model lie deeper. */
const SILENCE_RANGE_DB = 42;

/** A click within a pause: no sound of speech is so short and so soft. */
const CLICK_SECONDS = 0.015;
const CLICK_RANGE_DB = 38;

/** A stretch of an utterance, in seconds from its first sample. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Stretches of silence of at least `leastSeconds`, in order, found in steps of 5 ms by energy alone. */
export function findSilences(samples: Float32Array, sampleRate: number, leastSeconds: number): Stretch[] {
  const step = Math.max(1, Math.round(STEP_SECONDS * sampleRate));
  const window = Math.max(step, Math.round(WINDOW_SECONDS * sampleRate));
  const energies = new Float64Array(Math.ceil(samples.length / step));
  let loudest = 0;
  for (let k = 0; k < energies.length; k += 1) {
    const from = Math.max(0, k * step + ((step - window) >> 1));
    const to = Math.min(samples.length, from + window);
    let energy = 0;
    for (let i = from; i < to; i += 1) energy += (samples[i] as number) ** 2;
    energies[k] = energy / window;
    loudest = Math.max(loudest, energy / window);
  }
  const below = (decibels: number) => loudest * 10 ** (-decibels / 10);
  const [threshold, soft] = [below(SILENCE_RANGE_DB), below(CLICK_RANGE_DB)];
  const silences: { start: number; end: number }[] = [];
  const seconds = (k: number) => Math.min(samples.length, k * step) / sampleRate;
  for (let k = 0; k < energies.length; ) {
    const from = k;
    while (k < energies.length && (energies[k] as number) <= threshold) k += 1;
    if (k > from) {
      const before = silences.at(-1);
      const start = seconds(from);
      if (
        before !== undefined &&
        start - before.end <= CLICK_SECONDS &&
        isSoft(energies, before.end / STEP_SECONDS, from, soft)
      ) {
        before.end = seconds(k);
      } else silences.push({ start, end: seconds(k) });
    }
    while (k < energies.length && (energies[k] as number) > threshold) k += 1;
  }
  return silences.filter(({ start, end }) => end - start >= leastSeconds - STEP_SECONDS / 2);
}

function isSoft(energies: Float64Array, from: number, to: number, limit: number): boolean {
  return energies.subarray(Math.round(from), to).every((energy) => energy <= limit);
}
