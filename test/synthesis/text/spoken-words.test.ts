import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEspeakClient } from "../../../src/espeak/client.ts";
import type { NativeLanguageCode } from "../../../src/languages/language.ts";
import { alignWords, readEvenly } from "../../../src/synthesis/text/align-words.ts";
import { MappedText } from "../../../src/synthesis/text/mapped-text.ts";
import { planText } from "../../../src/synthesis/text/planner.ts";
import { createReaders } from "../../../src/synthesis/text/readers.ts";

const espeak = createEspeakClient();
const read = createReaders(espeak);
beforeAll(() => espeak.start());
afterAll(() => espeak.close());

/** "word=its phonemes", "¶" where a sentence begins; every rule that holds for all plans is checked on the way. */
async function wordsOf(text: string, language: NativeLanguageCode = "en-US"): Promise<string[]> {
  const { utterances } = await planText(text, { language }, read);
  return utterances.flatMap(({ words, phonemes, tokens }) => {
    let [at, token] = [0, 0];
    return words.map((word) => {
      expect(word.text).toBe(text.slice(word.start, word.end));
      expect(word.start).toBeGreaterThanOrEqual(at);
      expect(word.tokenStart).toBeGreaterThanOrEqual(token);
      expect(word.tokenEnd).toBeGreaterThan(word.tokenStart);
      expect(word.tokenEnd).toBeLessThanOrEqual(tokens.length);
      [at, token] = [word.end, word.tokenEnd];
      const sounds = phonemes.slice(word.tokenStart, word.tokenEnd);
      expect(sounds).toBe(sounds.trim());
      return `${word.sentence ? "¶" : ""}${word.text}=${sounds}`;
    });
  });
}

describe("words as they were written", () => {
  test.each<[NativeLanguageCode, string, string[]]>([
    [
      "en-US",
      "In 1999, Dr. Who paid $5.50. So?",
      [
        "¶In=ɪn",
        "1999=nˈIntin nˈInti nˈIn",
        "Dr.=dˈɑktəɹ",
        "Who=hˌu",
        "paid=pˈAd",
        "$5.50=fˈIv dˈɑləɹz ænd fˈɪfti sˈɛnts",
        "¶So=sˈO",
      ],
    ],
    [
      "en-US",
      "<b>In the</b> **end** it's (555) 123-4567.",
      [
        "¶In=ɪn",
        "the=ðɪ",
        "end=ˈɛnd",
        "it's=ɪts",
        "(555) 123-4567=fˈIv fˈIv fˈIv, wˈʌn tˈu θɹˈi, fˈɔɹ fˈIv sˈɪks sˈɛvən",
      ],
    ],
    ["fr", "Tout le monde a 42,50 €.", ["¶Tout=tu", "le=l", "monde=mˈɔ̃d"]],
    ["es", "¿Cómo estás?", ["¶Cómo=kˈomo", "estás=estˈas"]],
    ["ja", "5月3日は3.5km。", ["¶5月=ɡoɡaʦɨ", "3日=mʲiʔka", "は=βa"]],
    ["zh", "我買了25%。", ["¶我=wo↗", "買=mai↓", "了=lɤ", "25%=pai↓fə→nꭧɨ→ɚ↘ʂɨ↗u↓"]],
  ])("%s: %j", async (language, text, expected) => {
    expect((await wordsOf(text, language)).slice(0, expected.length)).toEqual(expected);
  });

  test("one that is rewritten as a whole is one word, and nothing between is lost", async () => {
    const words = await wordsOf("At 10:30 a.m. on 2024-04-05, 20 km and $5 billion were 1/2, www.a.com.");
    expect(words.map((word) => word.replace(/=.*/, "").replace("¶", ""))).toEqual([
      ...["At", "10:30 a.m.", "on", "2024-04-05", "20 km", "and", "$5 billion", "were", "1/2"],
      "www.a.com",
    ]);
  });

  test("a word that is cut between utterances is whole in both", async () => {
    const { utterances } = await planText("a".repeat(3_000), { language: "en-US" }, read);
    expect(utterances.length).toBeGreaterThan(1);
    for (const { words } of utterances) expect(words[0]?.text).toContain("aaa");
  });

  test.each(["“a” — b…c/d 'e' f–g", "😀 x 👩‍👩‍👧 y\u200bz \ud800 q", "𝒳𝒴 ½ ﷼ ℃ №5", "a\n\nb <br>c&amp;d"])(
    "%j keeps the rules",
    async (text) => {
      for (const language of ["en-US", "fr", "ja", "zh"] as const) await wordsOf(text, language);
    },
  );
});

describe("where espeak-ng runs words together or apart", () => {
  test("as many words as sounds are paired; numbers never are", () => {
    expect(readEvenly("a bb", "x yy")?.words).toEqual([
      { start: 0, end: 1, from: 0, to: 1 },
      { start: 2, end: 4, from: 2, to: 4 },
    ]);
    expect(readEvenly("a bb", "xyy")).toBeNull();
    expect(readEvenly("a 12", "x yy")).toBeNull();
  });

  test("the sounds of the words alone find their places", () => {
    const { words } = alignWords("tout le monde 25", "tulmˈɔ̃d vɛ̃t sˈɛ̃k", ["tˈu", "lə", "mˈɔ̃d", "vɛ̃t sˈɛ̃k"]);
    expect(words.map(({ from, to }) => "tulmˈɔ̃d vɛ̃t sˈɛ̃k".slice(from, to))).toEqual([
      "tu",
      "l",
      "mˈɔ̃d",
      "vɛ̃t sˈɛ̃k",
    ]);
  });
});

test("a rewritten text finds its way back: what is kept in its place, what is new over all it replaces", () => {
  const text = MappedText.of("買3.5km好").rewritten("买三点五公里好");
  expect(text.sourceRange(0, 1)).toEqual({ start: 0, end: 1 });
  expect(text.sourceRange(6, 7)).toEqual({ start: 6, end: 7 });
  // As many characters as before: one for one.
  expect(text.sourceRange(1, 6)).toEqual({ start: 1, end: 6 });
  const date = MappedText.of("在12日").rewritten("在十二日");
  expect(date.sourceRange(1, 3)).toEqual({ start: 1, end: 3 });
  const money = MappedText.of("共$5.50整").rewritten("共五点五零美元整");
  expect(money.sourceRange(3, 4)).toEqual({ start: 1, end: 6 });
});
