import { describe, expect, it } from "vitest";
import { Resampler, resample } from "../../src/audio/resample.ts";
import { chunked, concat, noise, snrDb, tone } from "./signals.ts";

const PAIRS = [
  [24_000, 16_000],
  [24_000, 48_000],
  [22_050, 24_000],
  [44_100, 16_000],
  [48_000, 8_000],
  [24_000, 8_000],
  [24_000, 11_025],
  [24_000, 44_100],
] as const;

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
}

describe.each(PAIRS)("from %i to %i Hz", (from, to) => {
  it("keeps a tone, its phase and its level", () => {
    const frequency = 0.4 * Math.min(from, to);
    const converted = resample(tone(frequency, from, from), from, to);
    const edge = Math.round(to * 0.02);
    const expected = tone(frequency, to, to).subarray(edge, -edge);
    const middle = converted.subarray(edge, -edge);
    expect(snrDb(expected, middle)).toBeGreaterThan(75);
    expect(rms(middle) / rms(expected)).toBeCloseTo(1, 3);
  });

  it.each([0, 1, 2, 999, 1_000, 12_345])("makes the exact length out of %i samples", (length) => {
    expect(resample(noise(length, 0.5), from, to)).toHaveLength(Math.round((length * to) / from));
  });

  it("gives the same however the input is cut", () => {
    const input = noise(9_973, 0.5);
    const resampler = new Resampler(from, to);
    const pieces = [...chunked(input, 61)].map((piece) => resampler.push(piece));
    expect(concat([...pieces, resampler.finish()])).toEqual(resample(input, from, to));
  });
});

describe.each(PAIRS.filter(([from, to]) => from > to))("down from %i to %i Hz", (from, to) => {
  it.each([0.51, 0.6, 0.75])(
    "removes a tone at %d of the new rate instead of folding it back",
    (position) => {
      const frequency = Math.min(position * to, 0.49 * from);
      const converted = resample(tone(frequency, from, from), from, to);
      const edge = Math.round(to * 0.02);
      const level = 20 * Math.log10(rms(converted.subarray(edge, -edge)) / (0.3 / Math.SQRT2));
      expect(level).toBeLessThan(-80);
    },
  );
});

describe.each(PAIRS.filter(([from, to]) => to > from))("up from %i to %i Hz", (from, to) => {
  it.each([0.3, 0.4, 0.43])("adds no image of a tone at %d of the old rate", (position) => {
    const frequency = position * from;
    const converted = resample(tone(frequency, from, from), from, to);
    const middle = converted.subarray(2_000, to - 2_000);
    // Images lie at the distance of the tone from every multiple of the old rate: correlate with both phases of each.
    const images = [from - frequency, from + frequency].filter((image) => image < to / 2);
    for (const image of images) {
      let [sine, cosine] = [0, 0];
      for (const [i, sample] of middle.entries()) {
        // Weighted (Hann), so that the tone itself does not leak into where its image would be.
        const weight = 1 - Math.cos((2 * Math.PI * i) / middle.length);
        sine += weight * sample * Math.sin((2 * Math.PI * image * i) / to);
        cosine += weight * sample * Math.cos((2 * Math.PI * image * i) / to);
      }
      const amplitude = (2 * Math.hypot(sine, cosine)) / middle.length;
      expect(20 * Math.log10(amplitude / 0.3)).toBeLessThan(-80);
    }
    expect(images.length > 0 || to < 2 * (from - frequency)).toBe(true);
  });
});

describe("resample", () => {
  it("copies when there is nothing to convert", () => {
    const input = noise(100, 0.5);
    const output = resample(input, 24_000, 24_000);
    expect(output).toEqual(input);
    expect(output).not.toBe(input);
  });

  it("keeps a constant constant", () => {
    const converted = resample(new Float32Array(4_410).fill(0.5), 44_100, 24_000);
    expect(Math.max(...converted.subarray(200, -200).map((sample) => Math.abs(sample - 0.5)))).toBeLessThan(
      1e-4,
    );
  });

  it.each([0, -1, 0.5, Number.NaN])("refuses the rate %d", (rate) => {
    expect(() => new Resampler(rate, 24_000)).toThrow(RangeError);
    expect(() => new Resampler(24_000, rate)).toThrow(RangeError);
  });
});
