import { describe, expect, test } from "vitest";
import type { UtterancePlacement } from "../../../src/audio/join.ts";
import type { UtteranceWord } from "../../../src/synthesis/text/utterance.ts";
import { findSilences } from "../../../src/synthesis/timing/silences.ts";
import {
  jobWords,
  timedPhonemes,
  timedSentences,
  timedTexts,
} from "../../../src/synthesis/timing/timeline.ts";
import { LEAD_SECONDS, wordTimes } from "../../../src/synthesis/timing/words.ts";

const RATE = 24_000;

/** Sound where `sounds` say, silence elsewhere. */
function recording(seconds: number, sounds: readonly (readonly [number, number])[]): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, i) =>
    sounds.some(([from, to]) => i >= from * RATE && i < to * RATE) ? 0.5 * Math.sin(i / 20) : 1e-5,
  );
}

/** "ab, cd ef": three words, a comma behind the first. */
const PHONEMES = "ab, cd ef";
const TEXT = "ab, cd ef";
const WORDS: UtteranceWord[] = [
  { text: "ab", start: 0, end: 2, tokenStart: 0, tokenEnd: 2, sentence: { start: 0, end: 9 } },
  { text: "cd", start: 4, end: 6, tokenStart: 4, tokenEnd: 6 },
  { text: "ef", start: 7, end: 9, tokenStart: 7, tokenEnd: 9 },
];
/** The last sound before the comma has most of the pause in its duration, as the model's own have. */
const DURATIONS = [0.3, 0.1, 0.4, 0.05, 0.05, 0.1, 0.1, 0.05, 0.1, 0.1, 0.25];
const PLACEMENT: UtterancePlacement = {
  index: 0,
  startSeconds: 0.15,
  durationSeconds: 1.15,
  offsetSeconds: -0.1,
};
const utterance = { phonemes: PHONEMES, words: WORDS };

describe("word times", () => {
  test("words begin and end where silence does, and touch where there is none", () => {
    const samples = recording(1.6, [
      [0.25, 0.5],
      [0.85, 1.4],
    ]);
    const times = wordTimes(
      utterance,
      { engine: "kokoro", samples, sampleRate: RATE, tokenDurationsSeconds: DURATIONS },
      PLACEMENT,
    );
    expect(times.map(({ startSeconds }) => startSeconds)).toEqual([
      expect.closeTo(0.15, 2),
      expect.closeTo(0.745, 2),
      // Between "cd" and "ef" is only a space: its middle, by the durations.
      expect.closeTo(0.3 + 0.1 + 0.4 + 0.1 + 0.2 + 0.025 - LEAD_SECONDS.kokoro - 0.1, 2),
    ]);
    expect(times[0]?.endSeconds).toBeCloseTo(0.405, 2);
    expect(times[1]?.endSeconds).toBe(times[2]?.startSeconds);
    expect(times[2]?.endSeconds).toBeCloseTo(1.3, 2);
    expect(times[0]).toMatchObject({ start: 0, end: 2, tokenStart: 0, tokenEnd: 2, sentence: { start: 0 } });
  });

  test("without silence the durations decide, less what the sound is ahead of them", () => {
    const samples = recording(1.6, [[0.25, 1.4]]);
    const [first, second] = wordTimes(
      utterance,
      { engine: "kokoro", samples, sampleRate: RATE, tokenDurationsSeconds: DURATIONS },
      PLACEMENT,
    );
    expect(first?.endSeconds).toBeCloseTo(0.3 + 0.1 + 0.4 + 0.05 - LEAD_SECONDS.kokoro - 0.1, 2);
    expect(second?.startSeconds).toBe(first?.endSeconds);
  });

  test("how far the sound is ahead is the engine's own", () => {
    const samples = recording(1.6, [[0.25, 1.4]]);
    const sound = { samples, sampleRate: RATE, tokenDurationsSeconds: DURATIONS };
    const partings = (["espeak", "piper", "kokoro"] as const).map(
      (engine) => wordTimes(utterance, { engine, ...sound }, PLACEMENT)[0]?.endSeconds ?? 0,
    );
    const [espeak = 0] = partings;
    expect(partings.map((seconds) => espeak - seconds)).toEqual([
      0,
      expect.closeTo(LEAD_SECONDS.piper, 5),
      expect.closeTo(LEAD_SECONDS.kokoro, 5),
    ]);
  });

  test("without durations the speech is shared out among the tokens", () => {
    const times = wordTimes(
      utterance,
      {
        engine: "kokoro",
        samples: recording(1.6, [[0.25, 1.4]]),
        sampleRate: RATE,
        tokenDurationsSeconds: null,
      },
      PLACEMENT,
    );
    const token = PLACEMENT.durationSeconds / PHONEMES.length;
    expect(times.map(({ startSeconds }) => startSeconds)).toEqual(
      [0, 4, 7].map((from) => expect.closeTo(0.15 + from * token, 2)),
    );
    expect(times.at(-1)?.endSeconds).toBeCloseTo(1.3, 2);
  });

  test("times never decrease and stay within the utterance, whatever the sound", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      let state = seed;
      const random = () => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        return state / 2 ** 31;
      };
      const sounds = Array.from({ length: 4 }, () => {
        const from = random() * 1.5;
        return [from, from + random() * 0.3] as const;
      });
      const durations = DURATIONS.map(() => random() * 0.3);
      const samples = recording(1.6, sounds);
      const times = wordTimes(
        utterance,
        { engine: "kokoro", samples, sampleRate: RATE, tokenDurationsSeconds: durations },
        PLACEMENT,
      );
      let last = 0.15;
      for (const { startSeconds, endSeconds } of times) {
        expect(startSeconds).toBeGreaterThanOrEqual(last);
        expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
        last = endSeconds;
      }
      expect(last).toBeLessThanOrEqual(1.301);
    }
  });
});

test("silences are found to 10 ms; a click does not end one, a short one is none", () => {
  const sound = recording(1, [
    [0.1, 0.3],
    [0.33, 0.5],
    [0.8, 0.9],
  ]);
  sound.fill(0.004, 0.6 * RATE, 0.605 * RATE);
  const found = findSilences(sound, RATE, 0.05);
  expect(found.map(({ start, end }) => [start, end])).toEqual(
    [
      [0, 0.1],
      [0.5, 0.8],
      [0.9, 1],
    ].map((pair) => pair.map((seconds) => expect.closeTo(seconds, 1))),
  );
  for (const { start, end } of found) {
    for (const edge of [start, end]) {
      expect(Math.min(...[0, 0.1, 0.5, 0.8, 0.9, 1].map((real) => Math.abs(real - edge)))).toBeLessThan(
        0.011,
      );
    }
  }
});

describe("a job", () => {
  const [ab, cd, ef] = WORDS.map(({ text: _, ...word }, index) => ({
    ...word,
    startSeconds: index,
    endSeconds: index + 0.5,
  })) as [never, never, never] as unknown as Parameters<typeof timedTexts>[1] & { length: 3 };

  test("a word that two utterances share is one word", () => {
    const half = { ...cd, startSeconds: 1.5, endSeconds: 1.75 } as NonNullable<typeof cd>;
    const words = jobWords([{ words: [ab, cd] as never }, { words: [] }, { words: [half, ef] as never }]);
    expect(timedTexts(TEXT, words)).toEqual([
      { text: "ab", start: 0, end: 2, startSeconds: 0, endSeconds: 0.5 },
      { text: "cd", start: 4, end: 6, startSeconds: 1, endSeconds: 1.75 },
      { text: "ef", start: 7, end: 9, startSeconds: 2, endSeconds: 2.5 },
    ]);
  });

  test("sentences go from their first to their last word", () => {
    const text = "ab, cd. ef";
    const second = { ...(ef as object), start: 8, end: 10, sentence: { start: 8, end: 10 } };
    expect(timedSentences(text, [ab, cd, second] as never)).toEqual([
      { text: "ab, cd. e", start: 0, end: 9, startSeconds: 0, endSeconds: 1.5 },
      { text: "ef", start: 8, end: 10, startSeconds: 2, endSeconds: 2.5 },
    ]);
  });

  test("phonemes share the time of their word as their durations do", () => {
    const phonemes = timedPhonemes({
      phonemes: PHONEMES,
      words: [ab] as never,
      tokenSeconds: DURATIONS,
    });
    expect(phonemes).toEqual([
      { symbol: "a", startSeconds: expect.closeTo(0, 5), endSeconds: expect.closeTo(0.1, 5) },
      { symbol: "b", startSeconds: expect.closeTo(0.1, 5), endSeconds: expect.closeTo(0.5, 5) },
    ]);
    const even = timedPhonemes({
      phonemes: PHONEMES,
      words: [ab] as never,
      tokenSeconds: null,
    });
    expect(even[1]).toEqual({ symbol: "b", startSeconds: 0.25, endSeconds: 0.5 });
  });
});
