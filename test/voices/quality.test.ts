import { describe, expect, it } from "vitest";
import { speechOf } from "../../src/voices/quality/measure.ts";
import { judge, parseQuality, type QualityReport } from "../../src/voices/quality/report.ts";
import { findSpeakers } from "../../src/voices/quality/speakers.ts";

const GOOD: QualityReport = {
  ...{ durationSeconds: 20, speechSeconds: 16, signalToNoiseDecibels: 40, clippedShare: 0 },
  ...{ loudnessLufs: -23, dnsmos: { overall: 3.3, signal: 3.6, background: 4, p808: 3.9 } },
  speakers: [{ seconds: 16, spans: [{ startSeconds: 0, endSeconds: 16 }] }],
};

describe("the rating of a sample", () => {
  it("is EXCELLENT where nothing stands in the way, and says nothing then", () => {
    expect(judge(GOOD)).toEqual({ rating: "EXCELLENT", advice: [] });
    // What has not been measured yet is held against nobody.
    expect(
      judge({ ...GOOD, dnsmos: null, speakers: null, signalToNoiseDecibels: null, loudnessLufs: null })
        .rating,
    ).toBe("EXCELLENT");
  });

  it.each([
    ["GOOD", { speechSeconds: 10 }, /10\.0 s of speech/],
    ["FAIR", { speechSeconds: 6, durationSeconds: 10 }, /6\.0 s of speech/],
    ["POOR", { speechSeconds: 3.5, durationSeconds: 5 }, /15 s or more/],
    ["GOOD", { signalToNoiseDecibels: 25 }, /25 dB above the noise/],
    ["POOR", { signalToNoiseDecibels: 5 }, /quiet room/],
    ["FAIR", { clippedShare: 0.005 }, /0\.5 % of the sample is cut off/],
    ["POOR", { clippedShare: 0.05 }, /turn the recording level down/],
    ["FAIR", { loudnessLufs: -50 }, /very quiet \(-50 LUFS\)/],
    ["GOOD", { durationSeconds: 60 }, /Only 27 % of the sample is speech/],
    [
      "FAIR",
      { dnsmos: { overall: 2.2, signal: 3, background: 2, p808: 2 } },
      /2\.2 of 5, mostly for background noise/,
    ],
    [
      "POOR",
      { dnsmos: { overall: 1.5, signal: 1.5, background: 3, p808: 2 } },
      /distortion, echo or compression/,
    ],
  ] as const)("is %s for %o", (rating, changes, advice) => {
    const judged = judge({ ...GOOD, ...changes });
    expect(judged.rating).toBe(rating);
    expect(judged.advice).toHaveLength(1);
    expect(judged.advice[0]).toMatch(advice);
  });

  it("is that of the worst, with advice for each", () => {
    const judged = judge({ ...GOOD, speechSeconds: 10, clippedShare: 0.05 });
    expect(judged.rating).toBe("POOR");
    expect(judged.advice).toHaveLength(2);
  });

  it("warns of a second voice, with times", () => {
    const second = { seconds: 4, spans: [{ startSeconds: 5, endSeconds: 9 }] };
    const judged = judge({ ...GOOD, speakers: [...(GOOD.speakers ?? []), second] });
    expect(judged.rating).toBe("FAIR");
    expect(judged.advice[0]).toContain("5.0 to 9.0 s");
  });

  it("survives being stored", () => {
    expect(parseQuality(JSON.parse(JSON.stringify(GOOD)))).toEqual(GOOD);
    expect(parseQuality(null)).toBeNull();
  });
});

describe("speakers", () => {
  /** A window of one of two speakers at right angles, a little off each time. */
  const window = (speaker: number, index: number) => {
    const values = Float32Array.from({ length: 8 }, (_, i) =>
      i === speaker ? 1 : 0.1 * Math.sin(index * 7 + i),
    );
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  const windows = (speakers: readonly number[]) => speakers.map(window);
  const all = [{ startSeconds: 0, endSeconds: 100 }];

  it("are one where all windows agree", () => {
    const found = findSpeakers(windows(Array(20).fill(0)), all);
    expect(found).toHaveLength(1);
    expect(found[0]?.spans).toHaveLength(1);
  });

  it("are two who take turns; the one who speaks more comes first", () => {
    const turns = [...Array(10).fill(0), ...Array(20).fill(1), ...Array(5).fill(0)];
    const [first, second, ...others] = findSpeakers(windows(turns), all);
    expect(others).toEqual([]);
    expect(first?.spans).toHaveLength(1);
    expect(first?.spans[0]?.startSeconds).toBeGreaterThan(3);
    expect(first?.spans[0]?.endSeconds).toBeLessThan(13);
    expect(second?.spans).toHaveLength(2);
    expect(first?.seconds).toBeGreaterThan(second?.seconds ?? 0);
  });

  it("are not made of what is shorter than a word or two, nor of what is no speech", () => {
    const short = [...Array(30).fill(0), 1, 1, ...Array(30).fill(0)];
    expect(findSpeakers(windows(short), all)).toHaveLength(1);
    const turns = [...Array(10).fill(0), ...Array(10).fill(1)];
    expect(findSpeakers(windows(turns), [{ startSeconds: 0, endSeconds: 4 }])).toHaveLength(1);
    expect(findSpeakers(windows(turns), [])).toEqual([]);
  });
});

describe("the speech of a recording", () => {
  it("is what is said, with short pauses and without long ones", () => {
    const samples = Float32Array.from({ length: 10 * 16_000 }, (_, index) => index);
    const speech = speechOf(samples, [
      { startSeconds: 1, endSeconds: 2 },
      { startSeconds: 2.3, endSeconds: 3 },
      { startSeconds: 6, endSeconds: 7 },
    ]);
    // 1.3 s with the short pause, 0.7 s and 0.4 s of the long one, 1 s; nothing behind the last word.
    expect(speech).toHaveLength(Math.round((1.3 + 1.1 + 1) * 16_000));
    expect(speech[0]).toBe(16_000);
    expect(speech.at(-1)).toBe(7 * 16_000 - 1);
  });
});
