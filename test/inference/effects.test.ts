import { describe, expect, it } from "vitest";
import { applyEffects } from "../../src/inference/effects.ts";
import type { UtteranceAudio } from "../../src/inference/engine.ts";
import { modelUtterance, RATE } from "../audio/signals.ts";

async function spoken(): Promise<UtteranceAudio> {
  const samples = await modelUtterance("house");
  const tokenDurationsSeconds = Float32Array.of(0.5, samples.length / RATE - 0.5);
  return { samples, sampleRate: RATE, tokenDurationsSeconds, computeSeconds: 0.1 };
}

const levelDb = (samples: Float32Array): number =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

const peak = (samples: Float32Array): number =>
  samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

describe("effects", () => {
  it("are none unless a text asks for them", async () => {
    const audio = await spoken();
    expect(await applyEffects(audio, undefined)).toBe(audio);
    expect((await applyEffects(audio, { pitchSemitones: 0, gainDb: 0 })).samples).toEqual(audio.samples);
  });

  it.each([-96, -12, 3])("change the level by %i dB", async (gainDb) => {
    const audio = await spoken();
    const { samples } = await applyEffects(audio, { pitchSemitones: 0, gainDb });
    expect(levelDb(samples) - levelDb(audio.samples)).toBeCloseTo(gainDb, 1);
  });

  it("make speech louder without letting it clip, as long as before", async () => {
    const audio = await spoken();
    const louder = await applyEffects(audio, { pitchSemitones: 0, gainDb: 12 });
    expect(louder.samples).toHaveLength(audio.samples.length);
    expect(peak(louder.samples)).toBeLessThan(0.95);
    expect(levelDb(louder.samples) - levelDb(audio.samples)).toBeGreaterThan(5);
  });

  it("go together, keep the times of the tokens and are the same each time", async () => {
    const audio = await spoken();
    const effects = { pitchSemitones: -4, gainDb: -6 };
    const changed = await applyEffects(audio, effects);
    expect(changed.samples).toHaveLength(audio.samples.length);
    expect(changed.tokenDurationsSeconds).toBe(audio.tokenDurationsSeconds);
    expect(levelDb(changed.samples) - levelDb(audio.samples)).toBeCloseTo(-6, 1);
    expect((await applyEffects(await spoken(), effects)).samples).toEqual(changed.samples);
  });
});
