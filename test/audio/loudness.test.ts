import { describe, expect, it } from "vitest";
import { kWeighting, measureLoudness } from "../../src/audio/loudness.ts";
import { concat, tone } from "./signals.ts";

const decibels = (db: number) => 10 ** (db / 20);

describe("K-weighting", () => {
  it("has the coefficients that ITU-R BS.1770-4 lists for 48 kHz", () => {
    const [shelf, pass] = kWeighting(48_000);
    const expected = [
      1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
    ];
    for (const [index, value] of [...shelf.b, ...shelf.a].entries()) {
      expect(value).toBeCloseTo(expected[index] as number, 6);
    }
    expect(pass.b).toEqual([1, -2, 1]);
    expect(pass.a[0]).toBeCloseTo(-1.99004745483398, 6);
    expect(pass.a[1]).toBeCloseTo(0.99007225036621, 6);
  });
});

describe("integrated loudness", () => {
  it("reads -3.01 for 997 Hz at full scale in one channel, at every rate", () => {
    for (const rate of [16_000, 24_000, 48_000]) {
      expect(measureLoudness(tone(997, rate * 3, rate, 1), rate)).toBeCloseTo(-3.01, 1);
    }
  });

  // The gating cases 3 to 5 of EBU Tech 3341, in one channel instead of two: 3.01 dB less.
  it.each([
    [
      "quiet ends do not count",
      [
        [-36, 10],
        [-23, 60],
        [-36, 10],
      ],
      -23,
    ],
    [
      "near silence does not count",
      [
        [-72, 10],
        [-36, 10],
        [-23, 60],
        [-36, 10],
        [-72, 10],
      ],
      -23,
    ],
    [
      "all that is loud enough counts",
      [
        [-26, 20],
        [-20, 20.1],
        [-26, 20],
      ],
      -23,
    ],
  ] as const)("%s", (_name, parts, expected) => {
    const rate = 16_000;
    const signal = concat(
      parts.map(([level, seconds]) => tone(1000, Math.round(seconds * rate), rate, decibels(level))),
    );
    expect(measureLoudness(signal, rate)).toBeGreaterThan(expected - 3.01 - 0.1);
    expect(measureLoudness(signal, rate)).toBeLessThan(expected - 3.01 + 0.1);
  });

  it("is nothing for silence and for less than a block", () => {
    expect(measureLoudness(new Float32Array(16_000), 16_000)).toBeNull();
    expect(measureLoudness(tone(1000, 6_000, 16_000), 16_000)).toBeNull();
  });
});
