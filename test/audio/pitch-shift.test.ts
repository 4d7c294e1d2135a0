import { describe, expect, it } from "vitest";
import { measurePitch } from "../../src/audio/pitch.ts";
import { shiftPitch } from "../../src/audio/pitch-shift.ts";
import { resample } from "../../src/audio/resample.ts";
import { findSpeech } from "../../src/audio/silence.ts";
import { modelUtterance, RATE, tone } from "./signals.ts";

const STEP = RATE / 100;

/** Energy of a signal in steps of 10 ms. */
function energies(samples: Float32Array): number[] {
  return Array.from({ length: Math.floor(samples.length / STEP) }, (_, frame) =>
    samples.subarray(frame * STEP, (frame + 1) * STEP).reduce((sum, sample) => sum + sample ** 2, 0),
  );
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** By how many steps one course of energy lies behind another, at the best fit. */
function delaySteps(original: readonly number[], changed: readonly number[]): number {
  const shifts = Array.from({ length: 21 }, (_, i) => i - 10);
  const likeness = (shift: number) =>
    total(original.map((energy, frame) => Math.sqrt(energy * (changed[frame + shift] ?? 0))));
  return shifts.reduce((best, shift) => (likeness(shift) > likeness(best) ? shift : best));
}

/** Share of the energy below a frequency: where the formants of speech are. */
function shareBelow(samples: Float32Array, hertz: number): number {
  return (
    total(energies(resample(resample(samples, RATE, 2 * hertz), 2 * hertz, RATE))) / total(energies(samples))
  );
}

const pitchOf = (samples: Float32Array): number =>
  measurePitch(samples, RATE, [{ startSeconds: 0, endSeconds: samples.length / RATE }]) ?? Number.NaN;

describe.each([-12, -5, -1, 2, 4, 8])("by %i semitones", (semitones) => {
  it("moves the voice, and neither its pace nor its level nor its timbre", async () => {
    const speech = await modelUtterance("house");
    const shifted = await shiftPitch(speech, RATE, semitones);
    expect(shifted).toHaveLength(speech.length);
    // The median of a sentence's pitch, which the measure of it moves a little by itself.
    expect(Math.abs(12 * Math.log2(pitchOf(shifted) / pitchOf(speech)) - semitones)).toBeLessThan(0.8);
    expect(delaySteps(energies(speech), energies(shifted))).toBe(0);
    expect(10 * Math.log10(total(energies(shifted)) / total(energies(speech)))).toBeCloseTo(0, 3);
    // Plain resampling would move the formants by the same factor: the vowels of a giant or of a child.
    expect(Math.abs(shareBelow(shifted, 1_000) - shareBelow(speech, 1_000))).toBeLessThan(0.12);
    const [before, after] = [findSpeech(speech, RATE), findSpeech(shifted, RATE)];
    expect(Math.abs((after?.start ?? 0) - (before?.start ?? 0)) / RATE).toBeLessThan(0.06);
    expect(Math.abs((after?.end ?? 0) - (before?.end ?? 0)) / RATE).toBeLessThan(0.06);
  });
});

it.each([-9, -4, 3, 7])("moves a steady sound by exactly %i semitones", async (semitones) => {
  const harmonics = Array.from({ length: 20 }, (_, i) => tone(150 * (i + 1), RATE, RATE, 0.2 / (i + 1)));
  const sound = Float32Array.from({ length: RATE }, (_, i) =>
    total(harmonics.map((partial) => partial[i] as number)),
  );
  const shifted = await shiftPitch(sound, RATE, semitones);
  expect(12 * Math.log2(pitchOf(shifted) / 150)).toBeCloseTo(semitones, 0.8);
});

it("gives the same samples each time, whatever was shifted before", async () => {
  const speech = await modelUtterance("up");
  const once = await shiftPitch(speech, RATE, 3);
  await shiftPitch(tone(100, RATE), RATE, -7);
  expect(await shiftPitch(speech, RATE, 3)).toEqual(once);
});

it.each([0, 1, 300])("takes %i samples", async (length) => {
  const shifted = await shiftPitch(tone(200, length), RATE, 5);
  expect(shifted).toHaveLength(length);
  expect(shifted.every(Number.isFinite)).toBe(true);
});

it("leaves silence silent", async () => {
  const shifted = await shiftPitch(new Float32Array(RATE), RATE, 5);
  expect(shifted.every((sample) => sample === 0)).toBe(true);
});
