import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NativeLanguageCode } from "../../../src/languages/language.ts";
import { createTextFrontEnd, type Utterance } from "../../../src/synthesis/text/front-end.ts";

const frontEnd = createTextFrontEnd();
beforeAll(() => frontEnd.start());
afterAll(() => frontEnd.close());

const plan = async (text: string, language: NativeLanguageCode, quickStart: boolean): Promise<Utterance[]> =>
  (await frontEnd.plan(text, { language, quickStart })).utterances;

const ENGLISH =
  "The library closes early on Thursdays, so we met outside. Rain had been falling since noon, and the square was " +
  "empty except for a man selling chestnuts under a green umbrella. He gave us two paper bags without being asked.";
const QUOTED =
  'Although many of the "people in the know" (including most of us here) believed otherwise, the old committee paid ' +
  "more than anybody had expected for the extraordinarily complicated and unreasonably heavy machine.";
const TEXTS: readonly (readonly [NativeLanguageCode, string])[] = [
  ["en-US", ENGLISH],
  ["en-GB", QUOTED],
  [
    "es",
    "La biblioteca cierra temprano los jueves, así que quedamos en la puerta de la estación donde vendían castañas.",
  ],
  [
    "fr",
    "La bibliothèque ferme tôt le jeudi, nous nous sommes donc retrouvés dehors sous la pluie qui tombait sur la place.",
  ],
  [
    "it",
    "La biblioteca chiude presto il giovedì e così ci siamo incontrati fuori dalla porta della vecchia stazione.",
  ],
  [
    "pt-BR",
    "A biblioteca fecha cedo às quintas, por isso encontramo-nos do lado de fora da estação antes de anoitecer.",
  ],
  [
    "ja",
    "図書館は木曜日に早く閉まるので、私たちは外で会いました。昼から雨が降っていて、広場には誰もいませんでした。",
  ],
  [
    "zh",
    "图书馆星期四关门很早，所以我们在外面见面。从中午开始就下雨了，广场上除了一个卖栗子的人以外，空无一人。",
  ],
];

const sounds = (utterances: readonly Utterance[]) =>
  utterances.map(({ phonemes }) => phonemes.replaceAll(" ", "")).join("");

describe("the first utterances of a job that somebody waits for", () => {
  it.each(TEXTS)("are short in %s, and together say what they would say uncut", async (language, text) => {
    const [quick, whole] = await Promise.all([plan(text, language, true), plan(text, language, false)]);
    expect(quick.length).toBeGreaterThan(whole.length);
    expect(quick[0]?.tokens.length).toBeLessThanOrEqual(52);
    expect(sounds(quick)).toBe(sounds(whole));
    expect(quick.map(({ index }) => index)).toEqual([...quick.keys()]);
    expect(quick.flatMap(({ words }) => words.map((word) => word.text))).toEqual(
      whole.flatMap(({ words }) => words.map((word) => word.text)),
    );
  });

  it.each(TEXTS)(
    "cover the text in %s without gap or overlap, their words at their tokens",
    async (language, text) => {
      const quick = await plan(text, language, true);
      let end = 0;
      for (const utterance of quick) {
        expect(text.slice(end, utterance.start).trim()).toBe("");
        expect(utterance.text).toBe(text.slice(utterance.start, utterance.end));
        end = utterance.end;
        for (const word of utterance.words) {
          expect(word.start).toBeGreaterThanOrEqual(utterance.start);
          expect(utterance.phonemes.slice(word.tokenStart, word.tokenEnd).trim()).not.toBe("");
        }
        expect(utterance.tokens.length).toBe(utterance.phonemes.length);
        expect(utterance.phonemes).toBe(utterance.phonemes.trim());
      }
      expect(text.slice(end).trim()).toBe("");
    },
  );

  it("grow, so that each can be made while the one before is heard", async () => {
    const [first, second, third] = await plan(ENGLISH, "en-US", true);
    expect(first?.text).toBe("The library closes early");
    expect(second?.text).toBe("on Thursdays, so we met outside.");
    expect(third?.tokens.length).toBeGreaterThan(second?.tokens.length ?? 0);
    expect(first?.pauseAfterSeconds).toBeLessThan(second?.pauseAfterSeconds ?? 0);
  });

  it("keep quotes and brackets with what they enclose", async () => {
    const quick = await plan(QUOTED, "en-GB", true);
    for (const { text } of quick) {
      expect(text).not.toMatch(/[(]$|^[)]/);
      expect([...text.matchAll(/"/g)].length % 2).toBe(0);
    }
  });

  it("stay whole in a short text, which is there soon anyway", async () => {
    const text = "It's easy to tell the depth of a well, they say.";
    expect(await plan(text, "en-US", true)).toEqual(await plan(text, "en-US", false));
  });

  it("stay whole where nothing says where a reader could breathe", async () => {
    const text = `${"Donaudampfschifffahrt ".repeat(9)}kapitän.`;
    const quick = await plan(text, "en-US", true);
    expect(quick).toEqual(await plan(text, "en-US", false));
  });
});
