/** A stretch of a recording, in seconds from its start. */
export interface TimeSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Cut off both ends of a pause: breaths, and what rings on after a word. */
const PAUSE_MARGIN_SECONDS = 0.05;
/** With less pause than this, the noise is looked for between the sounds of words. */
const LEAST_PAUSE_SECONDS = 0.3;
const FRAME_SECONDS = 0.02;
/** The share of the quietest frames of speech that stands for the noise then: the closures of stops. */
const QUIETEST_SHARE = 0.05;
/** Beyond these the figure says nothing: digital silence between words, or no speech to speak of. */
const MOST_DECIBELS = 60;
const LEAST_DECIBELS = -10;

/**
 * How far speech rises above the noise, in dB: 10·log10((S - N) / N), where S is the mean power while someone speaks
 * and N the median power of frames of the pauses, so that a breath or a soft word among them does not count. Noise that
 * is there only while someone speaks is not seen.
 *
 * @param speech where someone speaks, in order
 * @returns -10 to 60; null when nobody speaks.
 */
export function measureNoise(
  samples: Float32Array,
  sampleRate: number,
  speech: readonly TimeSpan[],
): number | null {
  if (speech.length === 0) return null;
  const cut = ({ startSeconds, endSeconds }: TimeSpan) =>
    samples.subarray(Math.round(startSeconds * sampleRate), Math.round(endSeconds * sampleRate));
  const spoken = speech.map(cut);
  const quiet = pausesOf(speech, samples.length / sampleRate).map(cut);
  const enough = lengthOf(quiet) >= LEAST_PAUSE_SECONDS * sampleRate;
  const frameLength = Math.round(FRAME_SECONDS * sampleRate);
  const noise = enough ? medianPower(quiet, frameLength) : quietestPower(spoken, frameLength);
  const signal = powerOf(spoken) - noise;
  if (signal <= 0) return LEAST_DECIBELS;
  return Math.min(MOST_DECIBELS, Math.max(LEAST_DECIBELS, 10 * Math.log10(signal / noise)));
}

function pausesOf(speech: readonly TimeSpan[], durationSeconds: number): TimeSpan[] {
  const ends = [0, ...speech.map(({ endSeconds }) => endSeconds)];
  const starts = [...speech.map(({ startSeconds }) => startSeconds), durationSeconds];
  return ends
    .map((end, index) => ({
      startSeconds: end + (index === 0 ? 0 : PAUSE_MARGIN_SECONDS),
      endSeconds: (starts[index] ?? end) - (index === ends.length - 1 ? 0 : PAUSE_MARGIN_SECONDS),
    }))
    .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds);
}

function medianPower(quiet: readonly Float32Array[], frameLength: number): number {
  const powers = framePowers(quiet, frameLength);
  return powers[Math.floor(powers.length / 2)] ?? powerOf(quiet);
}

function quietestPower(spoken: readonly Float32Array[], frameLength: number): number {
  const powers = framePowers(spoken, frameLength);
  const quietest = powers.slice(0, Math.max(1, Math.round(powers.length * QUIETEST_SHARE)));
  return quietest.reduce((sum, power) => sum + power, 0) / quietest.length;
}

/** Of all whole frames, the quietest first. */
function framePowers(parts: readonly Float32Array[], frameLength: number): number[] {
  const powers: number[] = [];
  for (const part of parts) {
    for (let start = 0; start + frameLength <= part.length; start += frameLength) {
      powers.push(powerOf([part.subarray(start, start + frameLength)]));
    }
  }
  return powers.sort((a, b) => a - b);
}

function powerOf(parts: readonly Float32Array[]): number {
  let sum = 0;
  for (const part of parts) for (const sample of part) sum += sample * sample;
  return sum / Math.max(1, lengthOf(parts));
}

const lengthOf = (parts: readonly Float32Array[]) => parts.reduce((sum, part) => sum + part.length, 0);
