import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEspeakClient } from "../../../../src/espeak/client.ts";
import { espeakVoiceOf } from "../../../../src/languages/language.ts";
import { numeralsOf } from "../../../../src/synthesis/text/normalise/numerals.ts";
import { planText } from "../../../../src/synthesis/text/planner.ts";
import { createReaders } from "../../../../src/synthesis/text/readers.ts";

/** With espeak-ng itself: words sound as the digits did, and a plan says what was put into words. */

const espeak = createEspeakClient();
beforeAll(() => espeak.start());
afterAll(() => espeak.close());

const NUMBERS = [
  1, 2, 7, 11, 16, 20, 21, 34, 55, 71, 88, 99, 100, 101, 250, 1001, 2000, 12345, 100000, 1000000,
];

/** Sounds alone: stress and spaces between words differ between a number and its words. */
const sounds = (phonemes: string): string => phonemes.replace(/[ˈˌ_ |\-ː‿ʲʔ]/gu, "");

/** How many edits lead from one string to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

describe("number words", () => {
  test.each([
    "en-US",
    "es",
    "fr",
    "de",
    "it",
    "pt-BR",
    "nl",
    "pl",
    "ru",
    "sv",
    "hi",
    "cs",
    "tr",
    "hu",
    "id",
    "lv",
  ])("%s: sound as espeak-ng says the digits", async (language) => {
    const numerals = numeralsOf(language);
    const voice = espeakVoiceOf(language);
    if (numerals === null || voice === null) throw new Error(`${language} has no words or no voice.`);
    const words = NUMBERS.map((value) => numerals.cardinal(BigInt(value)));
    const [digits, spelled] = [
      await espeak.phonemes(voice, NUMBERS.map(String)),
      await espeak.phonemes(voice, words),
    ];
    const off = NUMBERS.filter((_, index) => {
      const [a, b] = [sounds(digits[index] ?? ""), sounds(spelled[index] ?? "")];
      return distance(a, b) > Math.max(3, 0.25 * a.length);
    });
    // A few differ by right ("tausendeins", "eintausendeins"; vowels without stress); wrong words would be many.
    expect(off.length, off.join(", ")).toBeLessThanOrEqual(NUMBERS.length / 5);
  });
});

test.each([
  ["en-US", "It cost $42.50 on 3 May.", "It cost forty two dollars and fifty cents on May third."],
  ["de", "Um 10:30 Uhr sind es 5 km.", "Um zehn Uhr dreißig sind es fünf Kilometer."],
  ["es", "El 25 % pagó 1 €.", "El veinticinco por ciento pagó un euro."],
  ["ja", "会議は10:30です。", "会議は十時三十分です。"],
])("%s: a plan shows what it says", async (language, text, expected) => {
  const { utterances } = await planText(text, { language }, createReaders(espeak));
  expect(utterances.map(({ normalized }) => normalized.text).join(" ")).toBe(expected);
  expect(utterances[0]?.normalized.parts.length).toBeGreaterThan(0);
  expect(utterances.every(({ tokens }) => tokens.length > 10)).toBe(true);
});
