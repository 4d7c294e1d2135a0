import { expect, test } from "vitest";
import { symbolTimes } from "../../src/inference/engines/symbol-times.ts";

const rounded = (values: Float32Array) => [...values].map((value) => Number(value.toFixed(3)));

test("symbols that are heard have their times, and the ends are what lies around them", () => {
  const sounds = [
    ["h", 0.1],
    ["oʊ", 0.2],
    ["", 0.4],
  ] as const;
  expect(rounded(symbolTimes(["h", "o", "ʊ"], sounds, 0.5))).toEqual([0.1, 0.1, 0.1, 0.1, 0.1]);
});

test("what is not heard shares the time between its neighbours, and all add up", () => {
  const sounds = [
    ["a", 0],
    ["", 0.2],
    ["b", 0.5],
  ] as const;
  const times = symbolTimes(["a", ",", " ", "b", "!"], sounds, 0.8);
  expect(rounded(times)).toEqual([0, 0.2, 0.15, 0.15, 0.3, 0, 0]);
});

test.each([
  ["nothing in common", ["x", "y"], [["a", 0.1]]],
  ["nothing heard", ["x"], []],
  ["no symbols", [], [["a", 0.1]]],
  ["a marked letter in two ways", ["e", "\u0301"], [["é", 0.1]]],
  [
    "times that run backwards",
    ["a", "b"],
    [
      ["a", 0.4],
      ["b", 0.2],
    ],
  ],
] as const)("adds up to the whole: %s", (_what, symbols, sounds) => {
  const times = symbolTimes(symbols, sounds, 1);
  expect(times).toHaveLength(symbols.length + 2);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
  expect(times.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(1, 5);
});
