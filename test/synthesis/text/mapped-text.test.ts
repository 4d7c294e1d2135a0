import { expect, test } from "vitest";
import { MappedText } from "../../../src/synthesis/text/mapped-text.ts";

const offsets = (text: MappedText) =>
  Array.from({ length: text.text.length + 1 }, (_, i) => text.sourceOffset(i));

test("an untouched text maps to itself", () => {
  expect(offsets(MappedText.of("abc"))).toEqual([0, 1, 2, 3]);
});

test("characters around a replacement keep their place, those inside are spread over the match", () => {
  const text = MappedText.of("a $5 b").replace(/\$5/g, "five dollars");
  expect(text.text).toBe("a five dollars b");
  expect(offsets(text)).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 5, 6]);
});

test("removals and several passes still lead back to the source", () => {
  const text = MappedText.of("x<b>y</b>z!!")
    .replace(/<[^>]*>/g, "")
    .replace(/!!/g, "!")
    .replace(/y/g, (match) => match[0].toUpperCase());
  expect(text.text).toBe("xYz!");
  expect(offsets(text)).toEqual([0, 4, 9, 10, 12]);
});

test("a replacer may leave a match alone", () => {
  const text = MappedText.of("1 2 3");
  expect(text.replace(/\d/g, () => null)).toBe(text);
  expect(text.replace(/\d/g, (match) => (match[0] === "2" ? "two" : null)).text).toBe("1 two 3");
});

test("slices of a text, rewritten apart and put together again, lead back to the source", () => {
  const text = MappedText.of("a $5 b $6");
  const half = text.slice(0, 5).replace(/\$5/g, "five");
  const rest = text.slice(5, 9).edit([{ at: 2, length: 2, by: "six" }]);
  const whole = MappedText.concat([half, rest]);
  expect(whole.text).toBe("a five b six");
  expect(whole.sourceRange(9, 12)).toEqual({ start: 7, end: 9 });
  expect(whole.sourceOffset(whole.text.length)).toBe(9);
  expect(whole.sourceOffset(7)).toBe(5);
});
