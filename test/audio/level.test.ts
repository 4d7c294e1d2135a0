import { describe, expect, it } from "vitest";
import { measureLevel } from "../../src/audio/level.ts";
import { findSpeech } from "../../src/audio/silence.ts";
import { concat, modelUtterance, noise, RATE, tone } from "./signals.ts";

describe("measureLevel", () => {
  it("measures a full-scale sine", () => {
    const level = measureLevel(tone(1_000, RATE, RATE, 1), RATE);
    expect(level.peak).toBeCloseTo(1, 5);
    expect(level.rmsDbfs).toBeCloseTo(-3.01, 2);
    expect(level.clippedSamples).toBeGreaterThan(0);
  });

  it("counts samples at or beyond full scale in both directions", () => {
    const level = measureLevel(Float32Array.of(0.2, 1, -1, 1.5, -3, 0.99), RATE);
    expect(level.clippedSamples).toBe(4);
    expect(level.peak).toBe(3);
  });

  it("measures the silence around sound", () => {
    const samples = concat([new Float32Array(6_000), tone(300, 12_000), new Float32Array(2_400)]);
    const level = measureLevel(samples, RATE);
    expect(level.leadingSilenceSeconds).toBeCloseTo(0.25, 5);
    expect(level.trailingSilenceSeconds).toBeCloseTo(0.1, 5);
    expect(level.clippedSamples).toBe(0);
  });

  it.each([0, 4_800])("takes %i samples of digital silence for what they are", (length) => {
    expect(measureLevel(new Float32Array(length), RATE)).toEqual({
      peak: 0,
      rmsDbfs: Number.NEGATIVE_INFINITY,
      clippedSamples: 0,
      leadingSilenceSeconds: length / RATE,
      trailingSilenceSeconds: length / RATE,
    });
  });
});

describe("findSpeech", () => {
  it.each(["fish", "up", "house"] as const)("takes from %s all that can be heard", async (name) => {
    const samples = await modelUtterance(name);
    const speech = findSpeech(samples, RATE);
    if (!speech) throw new Error("no speech found");
    const energy = (part: Float32Array): number => part.reduce((sum, sample) => sum + sample ** 2, 0);
    const outside = energy(samples.subarray(0, speech.start)) + energy(samples.subarray(speech.end));
    expect(10 * Math.log10(outside / energy(samples))).toBeLessThan(-50);
    expect(speech.start / RATE).toBeGreaterThan(0.15);
    expect((samples.length - speech.end) / RATE).toBeGreaterThan(0.2);
  });

  it("finds a fricative 45 dB below the vowel that it leads to", () => {
    const hiss = noise(2_400, 0.003); // 45 dB below the tone in RMS
    const samples = concat([noise(7_200, 1e-5, 2), hiss, tone(200, 7_200, RATE, 0.5), noise(7_200, 1e-5, 3)]);
    expect(findSpeech(samples, RATE)).toEqual({ start: 7_200, end: 16_800 });
  });

  it("finds speech in steady noise", () => {
    const hum = noise(24_000, 0.0015);
    const samples = hum.map((sample, i) => sample + (i >= 9_600 && i < 14_400 ? 0.4 * Math.sin(i / 20) : 0));
    expect(findSpeech(samples, RATE)).toEqual({ start: 9_600, end: 14_400 });
  });

  it("works the same at any level", async () => {
    const samples = await modelUtterance("up");
    const quiet = samples.map((sample) => sample / 50);
    expect(findSpeech(quiet, RATE)).toEqual(findSpeech(samples, RATE));
  });

  it("finds none in what is too quiet to hear", () => {
    expect(findSpeech(noise(24_000, 1e-4), RATE)).toBeUndefined();
  });
});
