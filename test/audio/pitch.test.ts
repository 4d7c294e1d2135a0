import { describe, expect, it } from "vitest";
import { measurePitch } from "../../src/audio/pitch.ts";
import { concat, modelUtterance, noise, tone } from "./signals.ts";

const RATE = 16_000;
const whole = (samples: Float32Array, rate = RATE) => [
  { startSeconds: 0, endSeconds: samples.length / rate },
];

/** Ten harmonics that get weaker, as of a voice. */
const buzz = (hertz: number) =>
  Array.from({ length: 10 }, (_, index) =>
    tone(hertz * (index + 1), 2 * RATE, RATE, 0.2 / (index + 1)),
  ).reduce((sum, part) => sum.map((value, i) => value + (part[i] ?? 0)));

describe("pitch", () => {
  it.each([80, 110, 165, 220, 330])("finds %d Hz among its harmonics, with noise", (hertz) => {
    const samples = buzz(hertz).map((value, i) => value + (NOISE[i] ?? 0));
    expect(Math.abs((measurePitch(samples, RATE, whole(samples)) ?? 0) / hertz - 1)).toBeLessThan(0.02);
  });

  it("tells the women's voices from the man's", async () => {
    const pitch = async (name: "fish" | "up" | "house") => {
      const samples = await modelUtterance(name);
      return measurePitch(samples, 24_000, whole(samples, 24_000)) ?? 0;
    };
    expect(await pitch("fish")).toBeGreaterThan(165);
    expect(await pitch("house")).toBeGreaterThan(165);
    expect(await pitch("up")).toBeLessThan(165);
  });

  it("is none for noise, for silence and for what is too short", () => {
    for (const samples of [noise(2 * RATE, 0.3), new Float32Array(2 * RATE), buzz(110).subarray(0, 2_000)]) {
      expect(measurePitch(samples, RATE, whole(samples))).toBeNull();
    }
    expect(measurePitch(concat([buzz(110), buzz(110)]), RATE, [])).toBeNull();
  });
});

const NOISE = noise(2 * RATE, 0.05);
