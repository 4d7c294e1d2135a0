import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { foldCharacters } from "../../../../src/synthesis/text/characters.ts";
import { MappedText } from "../../../../src/synthesis/text/mapped-text.ts";
import { normalise, readMarkdown } from "../../../../src/synthesis/text/normalise/normalise.ts";

type Emoji = "drop" | "speak";

function fold(text: string, language: string, emoji: Emoji = "drop"): MappedText {
  const cjk = language === "ja" || language === "zh";
  return foldCharacters(MappedText.of(text), cjk, () => {}, emoji);
}

function inWords(text: string, language: string, emoji: Emoji = "drop"): MappedText {
  return normalise(readMarkdown(fold(text, language, emoji)), language, { emoji });
}

const said = (text: string, language = "en-US", emoji: Emoji = "drop"): string =>
  inWords(text, language, emoji).text.trim();

interface Case {
  readonly language: string;
  readonly kind: string;
  readonly written: string;
  readonly expected: string;
}

const unescaped = (text: string): string => text.replaceAll("\\n", "\n").replaceAll("\\v", "\v");

const CASES: readonly Case[] = readFileSync(
  new URL("../../../fixtures/normalisation.tsv", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [language = "", kind = "", written = "", expected = ""] = line.split("\t");
    return { language, kind, written: unescaped(written), expected: unescaped(expected).trim() };
  });

describe("the table of what people write", () => {
  test("is large and knows many languages", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(600);
    expect(new Set(CASES.map(({ language }) => language)).size).toBeGreaterThanOrEqual(12);
    expect(CASES.every(({ expected, written }) => expected !== "" && written !== "")).toBe(true);
    const asked = CASES.map(({ language, written }) => `${language} ${written}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("is said as it says, all of it", () => {
    const wrong = CASES.flatMap(({ language, kind, written, expected }) => {
      const heard = said(written, language);
      return heard === expected ? [] : [{ language, kind, written, expected, heard }];
    });
    const right = CASES.length - wrong.length;
    process.stdout.write(
      `Normalisation table: ${right} of ${CASES.length} (${((100 * right) / CASES.length).toFixed(1)} %)\n`,
    );
    expect(wrong).toEqual([]);
  });

  test("leaves no digit of the languages whose numbers are words", () => {
    const worded = /^(?:en|es|fr|de|it|pt|nl|pl|ru|sv|hi|ja|zh)/;
    const left = CASES.filter(({ language, expected }) => worded.test(language) && /\d/.test(expected));
    expect(left).toEqual([]);
  });

  test("says again what was said without changing it", () => {
    const changed = CASES.filter(
      ({ language, expected }) => /^en/.test(language) && !/[—:|.@]/.test(expected),
    )
      .map(({ language, expected }) => [expected, said(expected, language)])
      .filter(([before, after]) => before !== after);
    expect(changed).toEqual([]);
  });
});

test("words lead back to what the caller wrote", () => {
  const text = "It cost $42.50 on 3 May.";
  const words = inWords(text, "en-US");
  const at = words.text.indexOf("forty");
  const range = words.sourceRange(at, at + "forty two dollars and fifty cents".length);
  expect(text.slice(range.start, range.end)).toBe("$42.50");
  const japanese = inWords("今日は3月5日です。", "ja");
  const day = japanese.text.indexOf("五");
  expect(japanese.sourceRange(day, day + 1)).toEqual({ start: 5, end: 6 });
});

describe("emoji", () => {
  test.each([
    ["en-US", "I ❤️ pizza 😂😂😂!", "I, red heart, pizza, face with tears of joy!"],
    ["en-US", "Great job 👍🏽 🎉", "Great job, thumbs up, party popper"],
    ["de", "Bis morgen 👋", "Bis morgen, winkende Hand"],
    ["fr", "Bravo 🇫🇷", "Bravo, drapeau France"],
    ["es", "🎂 ¡Felicidades!", "tarta de cumpleaños, Felicidades!"],
  ])("%s: %j by name", (language, text, expected) => {
    expect(said(text, language, "speak")).toBe(expected);
  });

  test("are left out unless they are asked for, and where they have no name", () => {
    expect(said("Hi 😀 you")).toBe("Hi you");
    expect(said("Hej 😀 du", "eu", "speak")).toBe("Hej du");
  });
});

describe("languages without rules of their own", () => {
  test.each([
    ["uk", "5 км", "5 кілометрів"],
    ["ro", "20 €", "20 euro"],
    ["el", "3.5.2024", "3 Μαΐου 2024"],
    ["xx-unknown", "5 km", "5 kilometers"],
    ["not a tag!", "a 1", "a 1"],
  ])("%s: %j is said %j", (language, text, expected) => {
    expect(said(text, language)).toBe(expected);
  });
});

/** Texts that make patterns look far: each is tried at two lengths. */
const HOSTILE = [
  ..."9 a * [ ( # @ $ ~ _ ` | < & . , : / - + ' “ I X".split(" "),
  ..."1. 1, 1/ 1- 1: $1 [a]( #a a@ a. www. |a H2 10^ V. ` -1 1,000, 1.000. +1( v1. aA1".split(" "),
  "1 ",
  "\n- ",
  "```\n",
  "Henry V ",
  "5 km ",
  "1/2 ",
  "😀",
  "May 1",
  "10:30 ",
];

test.each(["en-US", "ru", "uk", "ja"])("%s: time grows with the text alone", (language) => {
  const time = (unit: string, length: number): number => {
    const text = fold(unit.repeat(Math.ceil(length / unit.length)), language, "speak");
    // Of the processor, not of the clock: other tests run beside this one.
    const times = [0, 1].map(() => {
      const start = process.cpuUsage();
      normalise(readMarkdown(text), language, { emoji: "speak" });
      return process.cpuUsage(start).user / 1_000;
    });
    return Math.min(...times);
  };
  for (const unit of HOSTILE) time(unit, 500);
  // Eight times the text; a square would be sixty-four times the work. A slow moment of the machine is no growth.
  const grows = (unit: string): boolean => {
    const long = time(unit, 24_000);
    return long > 100 && long > 24 * time(unit, 3_000);
  };
  expect(HOSTILE.filter(grows).filter(grows).filter(grows)).toEqual([]);
});
