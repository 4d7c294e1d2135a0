import { describe, expect, it } from "vitest";
import { limitTruePeak, PeakLimiter } from "../../src/audio/limiter.ts";
import { TruePeakMeter } from "../../src/audio/true-peak.ts";
import { chunked, concat, modelUtterance, noise, RATE } from "./signals.ts";

function truePeakDbtp(samples: Float32Array): number {
  const meter = new TruePeakMeter();
  for (const piece of chunked(samples, 777)) meter.push(piece);
  return meter.finish();
}

/** A sine with a phase, faded at its ends as EBU Tech 3341 asks. */
function sine(frequency: number, amplitude: number, degrees: number, rate: number): Float32Array {
  const fade = rate / 20;
  return Float32Array.from({ length: rate }, (_, i) => {
    const envelope = Math.min(1, i / fade, (rate - 1 - i) / fade);
    return envelope * amplitude * Math.sin((2 * Math.PI * frequency * i) / rate + (degrees * Math.PI) / 180);
  });
}

describe("true peak", () => {
  // Cases 15 to 19 of EBU Tech 3341: read within +0.2 and -0.4 dB, whatever the samples hit.
  it.each([
    [4, 0.5, 0, -6],
    [4, 0.5, 45, -6],
    [6, 0.5, 60, -6],
    [8, 0.5, 67.5, -6],
    [4, 1.41, 45, 3],
  ])(
    "of a sine at 1/%i of the rate, amplitude %d, phase %d°: %d dBTP",
    (part, amplitude, degrees, expected) => {
      for (const rate of [8_000, RATE, 48_000]) {
        const peak = truePeakDbtp(sine(rate / part, amplitude, degrees, rate));
        expect(peak).toBeLessThan(expected + 0.2);
        expect(peak).toBeGreaterThan(expected - 0.4);
      }
    },
  );

  it("is the same however the stream is cut, to the last sample", () => {
    const samples = noise(5_000, 0.2);
    samples[4_999] = 0.9;
    const meter = new TruePeakMeter();
    meter.push(samples);
    expect(truePeakDbtp(samples)).toBe(meter.finish());
    expect(truePeakDbtp(samples)).toBeGreaterThan(20 * Math.log10(0.9) - 0.01);
  });

  it("of silence is no number of decibels", () => {
    expect(truePeakDbtp(new Float32Array(1_000))).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("the limiter", () => {
  const CEILING = 0.5;
  const CEILING_DB = 20 * Math.log10(CEILING);

  it("keeps loud speech below the ceiling, at its length and in its place", async () => {
    const speech = (await modelUtterance("house")).map((sample) => sample * 4);
    const limited = limitTruePeak(speech, RATE, CEILING);
    expect(limited).toHaveLength(speech.length);
    expect(truePeakDbtp(limited)).toBeLessThan(CEILING_DB + 0.02);
    expect(truePeakDbtp(limited)).toBeGreaterThan(CEILING_DB - 0.1);
    // Gain alone: no sample changes its sign, and none gets louder.
    for (const [i, sample] of limited.entries()) {
      expect(Math.sign(sample)).toBe(Math.sign(speech[i] as number));
      expect(Math.abs(sample)).toBeLessThanOrEqual(Math.abs(speech[i] as number));
    }
  });

  it("leaves alone what is below the ceiling, and what is far from a peak", () => {
    const quiet = noise(RATE, 0.2);
    expect(limitTruePeak(quiet, RATE, CEILING)).toEqual(quiet);
    const click = quiet.slice();
    click[RATE / 2] = 0.9;
    const limited = limitTruePeak(click, RATE, CEILING);
    expect(limited[RATE / 2]).toBeCloseTo(CEILING, 2);
    expect(limited.subarray(0, RATE / 2 - 200)).toEqual(quiet.subarray(0, RATE / 2 - 200));
    expect(limited[RATE - 1]).toBe(quiet[RATE - 1]);
  });

  it("gives the same however the stream is cut", async () => {
    const speech = (await modelUtterance("fish")).map((sample) => sample * 3);
    const limiter = new PeakLimiter(RATE, CEILING);
    const pieces = [...chunked(speech, 61)].map((piece) => limiter.push(piece));
    expect(concat([...pieces, limiter.finish()])).toEqual(limitTruePeak(speech, RATE, CEILING));
  });

  it.each([1, 2, 7, 130])("takes a stream of %i samples, loud from the first to the last", (length) => {
    const limited = limitTruePeak(new Float32Array(length).fill(0.9), RATE, CEILING);
    expect(limited).toHaveLength(length);
    expect(Math.max(...limited)).toBeLessThanOrEqual(CEILING);
  });

  it("holds noise of ten times the ceiling", () => {
    expect(truePeakDbtp(limitTruePeak(noise(RATE, 5), RATE, CEILING))).toBeLessThan(CEILING_DB + 0.05);
  });
});
