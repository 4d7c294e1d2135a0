import { describe, expect, it } from "vitest";
import { measureClipping } from "../../src/audio/clipping.ts";
import { measureNoise, type TimeSpan } from "../../src/audio/noise.ts";
import { resample } from "../../src/audio/resample.ts";
import { concat, modelUtterance, noise } from "./signals.ts";

const RATE = 16_000;
const SILENCE = new Float32Array(RATE / 2);

/** Three utterances with half a second around each, at 16 kHz; the spans hold the sound without its ends. */
async function speech(): Promise<{ samples: Float32Array; spans: TimeSpan[] }> {
  const utterances = await Promise.all((["fish", "house", "up"] as const).map(modelUtterance));
  const parts: Float32Array[] = [SILENCE];
  const spans: TimeSpan[] = [];
  const edges = [
    [0.35, 1.22],
    [0.22, 1.48],
    [0.41, 1.16],
  ] as const;
  for (const [index, utterance] of utterances.entries()) {
    const [start, end] = edges[index] as readonly [number, number];
    const sound = resample(utterance, 24_000, RATE).slice(start * RATE, end * RATE);
    const startSeconds = parts.reduce((sum, part) => sum + part.length, 0) / RATE;
    spans.push({ startSeconds, endSeconds: startSeconds + sound.length / RATE });
    parts.push(sound, SILENCE);
  }
  return { samples: concat(parts), spans };
}

const power = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;

async function noisy(ratioDb: number): Promise<{ samples: Float32Array; spans: TimeSpan[] }> {
  const { samples, spans } = await speech();
  const spoken = concat(spans.map((s) => samples.slice(s.startSeconds * RATE, s.endSeconds * RATE)));
  // Uniform noise of amplitude a has the power a² / 3.
  const amplitude = Math.sqrt((3 * power(spoken)) / 10 ** (ratioDb / 10));
  const added = noise(samples.length, amplitude);
  return { samples: samples.map((sample, index) => sample + (added[index] ?? 0)), spans };
}

describe("signal to noise", () => {
  it.each([5, 10, 20, 30, 40])("finds %d dB of added noise within 2 dB", async (ratioDb) => {
    const { samples, spans } = await noisy(ratioDb);
    expect(Math.abs((measureNoise(samples, RATE, spans) ?? 0) - ratioDb)).toBeLessThan(2);
  });

  it("does not depend on the level", async () => {
    const { samples, spans } = await noisy(20);
    const quiet = samples.map((sample) => sample / 100);
    expect(measureNoise(quiet, RATE, spans)).toBeCloseTo(measureNoise(samples, RATE, spans) ?? 0, 3);
  });

  it("looks between the sounds of words where nobody pauses", async () => {
    const { samples } = await noisy(20);
    const whole = [{ startSeconds: 0, endSeconds: samples.length / RATE }];
    expect(Math.abs((measureNoise(samples, RATE, whole) ?? 0) - 18)).toBeLessThan(4);
  });

  it("ends at 60 dB, at -10 dB, and where nobody speaks", async () => {
    const { samples, spans } = await speech();
    expect(measureNoise(samples, RATE, spans)).toBe(60);
    expect(measureNoise(noise(RATE * 4, 0.5), RATE, [{ startSeconds: 1, endSeconds: 2 }])).toBeLessThan(0);
    expect(measureNoise(samples, RATE, [])).toBeNull();
  });
});

describe("clipping", () => {
  const clip = (samples: Float32Array, level: number) =>
    samples.map((sample) => Math.max(-level, Math.min(level, sample)));

  it("is next to nothing in a voice as it is", async () => {
    const { samples } = await speech();
    expect(measureClipping(samples)).toBeLessThan(0.001);
  });

  it("counts what was cut off, at full scale and turned down afterwards", async () => {
    const { samples } = await speech();
    const loud = samples.map((sample) => sample * 8);
    const beyond = loud.filter((sample) => Math.abs(sample) >= 1).length / loud.length;
    expect(beyond).toBeGreaterThan(0.01);
    const clipped = clip(loud, 1);
    expect(measureClipping(clipped)).toBeGreaterThanOrEqual(beyond);
    expect(measureClipping(clipped)).toBeLessThan(beyond * 1.3);
    expect(measureClipping(clipped.map((sample) => sample * 0.4))).toBeCloseTo(measureClipping(clipped), 3);
  });

  it("sees it through resampling", async () => {
    const utterance = (await modelUtterance("house")).map((sample) => sample * 8);
    const clipped = clip(utterance, 1);
    const share = clipped.filter((sample) => Math.abs(sample) === 1).length / clipped.length;
    const resampled = measureClipping(resample(clipped, 24_000, RATE));
    expect(resampled).toBeGreaterThan(share / 2);
    expect(resampled).toBeLessThan(share * 2);
  });

  it("is nothing for silence", () => expect(measureClipping(SILENCE)).toBe(0));
});
