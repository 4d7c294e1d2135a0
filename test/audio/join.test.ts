import { beforeAll, describe, expect, it } from "vitest";
import { type JoinOptions, UtteranceJoiner, type UtterancePlacement } from "../../src/audio/join.ts";
import { findSpeech } from "../../src/audio/silence.ts";
import { concat, largestStep, modelUtterance, noise, RATE, tone } from "./signals.ts";

const OPTIONS = { sampleRate: RATE, headSeconds: 0.1, tailSeconds: 0.2 };

interface Joined {
  readonly audio: Float32Array;
  readonly placements: UtterancePlacement[];
}

function join(
  utterances: readonly Float32Array[],
  pauses: readonly number[],
  options: JoinOptions = OPTIONS,
): Joined {
  const joiner = new UtteranceJoiner(options);
  const results = utterances.map((samples, i) => joiner.push(samples, pauses[i] ?? 0));
  const audio = concat([...results.map((result) => result.audio), joiner.finish()]);
  return { audio, placements: results.map((result) => result.placement) };
}

/** Sample index of a time, which is always a whole one. */
function at(seconds: number): number {
  const index = seconds * RATE;
  expect(index).toBeCloseTo(Math.round(index), 6);
  return Math.round(index);
}

/** A syllable as models make it: breath of noise, soft fricative, vowel, slow decay, all in faint noise. */
function syllable(seed: number): Float32Array {
  const background = noise(24_000, 5e-5, seed);
  const hiss = noise(2_400, 0.004, seed + 100);
  return background.map((sample, i) => {
    if (i >= 5_000 && i < 7_400) return sample + (hiss[i - 5_000] as number);
    if (i < 7_400) return sample;
    const decay = i < 12_000 ? 1 : Math.exp(-(i - 12_000) / 900);
    return sample + 0.4 * decay * Math.sin((2 * Math.PI * 180 * (i - 7_400)) / RATE);
  });
}

let speech: Float32Array[];

beforeAll(async () => {
  speech = await Promise.all((["fish", "up", "house"] as const).map(modelUtterance));
});

describe("UtteranceJoiner", () => {
  it("makes every pause, the head and the tail as long as asked, to the sample", () => {
    const { audio, placements } = join(speech, [0.35, 0.6, 0.1]);
    const [fish, up, house] = placements as [UtterancePlacement, UtterancePlacement, UtterancePlacement];
    expect(at(fish.startSeconds)).toBe(at(0.1));
    expect(at(up.startSeconds - fish.startSeconds - fish.durationSeconds)).toBe(at(0.35));
    expect(at(house.startSeconds - up.startSeconds - up.durationSeconds)).toBe(at(0.6));
    const end = house.startSeconds + house.durationSeconds;
    expect(audio).toHaveLength(at(end + 0.2));
    // A pause behind the last word that is longer than the tail.
    expect(join(speech, [0.35, 0.6, 2]).audio).toHaveLength(at(end + 2));
  });

  it.each([
    ["model speech", () => speech],
    ["synthetic syllables", () => [1, 2, 3].map(syllable)],
  ])("keeps every sample of %s between the cuts, bit for bit", (_, utterances) => {
    const { audio, placements } = join(utterances(), [0.3, 0.3, 0]);
    for (const [i, samples] of utterances().entries()) {
      const found = findSpeech(samples, RATE);
      if (!found) throw new Error("no speech found");
      // What lies within the margins less the fade is untouched as well.
      const [start, end] = [found.start - 0.04 * RATE, found.end + 0.09 * RATE];
      const offset = at(placements[i]?.offsetSeconds ?? Number.NaN);
      expect(audio.slice(start + offset, end + offset)).toEqual(samples.slice(start, end));
    }
  });

  it("leaves out only what is far below hearing", () => {
    const { audio } = join(speech, [0.3, 0.3, 0]);
    const energy = (samples: Float32Array): number => samples.reduce((sum, sample) => sum + sample ** 2, 0);
    const total = speech.reduce((sum, samples) => sum + energy(samples), 0);
    expect(10 * Math.log10(Math.abs(total - energy(audio)) / total)).toBeLessThan(-60);
  });

  it.each([0, 0.02, 0.12, 0.5])("has no click at a pause of %d s", (pause) => {
    for (const utterances of [speech, [4, 5, 6].map(syllable)]) {
      const { audio, placements } = join(utterances, [pause, pause, 0]);
      for (const [i, { startSeconds }] of placements.entries()) {
        const previous = placements[i - 1];
        const from = previous ? at(previous.startSeconds + previous.durationSeconds) : 0;
        const gap = audio.subarray(from, at(startSeconds));
        expect(largestStep(gap)).toBeLessThan(0.01);
      }
      const last = placements.at(-1) as UtterancePlacement;
      expect(largestStep(audio.subarray(at(last.startSeconds + last.durationSeconds)))).toBeLessThan(0.01);
    }
  });

  it("lets margins overlap where the pause is shorter, at the cost of no speech", () => {
    const { audio, placements } = join(speech, [0, 0, 0]);
    const sum = new Float32Array(audio.length);
    for (const [i, samples] of speech.entries()) {
      const offset = at(placements[i]?.offsetSeconds ?? Number.NaN);
      for (let k = 0; k < samples.length; k++) {
        if (sum[k + offset] !== undefined)
          sum[k + offset] = (sum[k + offset] as number) + (samples[k] as number);
      }
    }
    // The whole utterances added up differ from the result only by the background that was cut.
    const difference = sum.map((sample, i) => sample - (audio[i] as number));
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(0.002);
  });

  it("never cuts or fades sound that reaches the edge, and steps down from it softly", () => {
    const abrupt = new Float32Array(4_800).fill(0.5);
    const { audio, placements } = join([abrupt, abrupt], [0.2, 0], {
      ...OPTIONS,
      headSeconds: 0,
      tailSeconds: 0,
    });
    for (const { startSeconds, durationSeconds } of placements) {
      const start = at(startSeconds);
      expect(durationSeconds).toBeCloseTo(0.2, 6);
      expect(audio.slice(start, start + 4_800)).toEqual(abrupt);
    }
    expect(largestStep(concat([Float32Array.of(0), audio, Float32Array.of(0)]))).toBeLessThan(0.01);
  });

  it("gives an utterance without sound no time, and the longer of the pauses around it", () => {
    const silence = new Float32Array(12_000);
    const [first, second] = speech as [Float32Array, Float32Array];
    const { placements } = join(
      [silence, first, silence, new Float32Array(0), second],
      [1, 0.2, 0.5, 0.1, 0],
    );
    expect(placements.map((placement) => placement.index)).toEqual([0, 1, 2, 3, 4]);
    expect(placements[0]).toMatchObject({ startSeconds: 0.1, durationSeconds: 0 });
    expect(placements[1]?.startSeconds).toBe(0.1);
    const end = (placements[1]?.startSeconds ?? 0) + (placements[1]?.durationSeconds ?? 0);
    expect(at((placements[4]?.startSeconds ?? 0) - end)).toBe(at(0.5));
  });

  it("is head and tail when nothing is said", () => {
    expect(join([], []).audio).toEqual(new Float32Array(0.3 * RATE));
  });

  it.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a pause of %d s", (pause) => {
    expect(() => new UtteranceJoiner(OPTIONS).push(tone(200, 100), pause)).toThrow(RangeError);
  });
});
