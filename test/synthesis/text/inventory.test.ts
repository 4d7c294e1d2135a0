import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEspeakClient } from "../../../src/espeak/client.ts";
import { LANGUAGES } from "../../../src/languages/language.ts";
import { hasSound, inventoryOf } from "../../../src/synthesis/text/inventory.ts";
import { espeakIpa, ipaToKokoro, kokoroToIpa } from "../../../src/synthesis/text/ipa.ts";
import { planText } from "../../../src/synthesis/text/planner.ts";
import { createReaders } from "../../../src/synthesis/text/readers.ts";
import type { VoiceTarget } from "../../../src/synthesis/text/target.ts";
import { VOCABULARY } from "../../../src/synthesis/text/vocabulary.ts";

const espeak = createEspeakClient();
const read = createReaders(espeak);
beforeAll(() => espeak.start());
afterAll(() => espeak.close());

/** The symbols that nearly all voices of the collection share, some 150 of them, with an id each. */
const SYMBOLS =
  " !'(),-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɟɡɢɣɤɥɦɨɪɫɬɭɯɱɲɳɴɵɶɸɹɻɽɾʀʁʂʃʄʈʉʊʋʌʎʏʐʑʒʔʕʝʲˈˌːˑ˞βθχᵻ\u0303\u032a\u032f\u0329ʰˤ\u0327";
const PHONEME_IDS = Object.fromEntries([...SYMBOLS].map((symbol, index) => [symbol, [index + 3]]));

function piper(
  language: string,
  espeakVoice: string,
  phonemeType: "espeak" | "text" = "espeak",
): VoiceTarget {
  const letters = [..."абвгдежзийклмнопрстуфхцчшщьюяєії .,!?-\u0306\u0308"];
  const letterIds = Object.fromEntries(letters.map((letter, index) => [letter, [index + 3]]));
  const phonemeIds = phonemeType === "text" ? letterIds : PHONEME_IDS;
  return { engine: "piper", language, espeakVoice, phonemeType, phonemeIds };
}

async function phonemesFor(target: VoiceTarget, text: string, language?: string) {
  const { utterances, notes } = await planText(text, { voices: [target], language }, read);
  const phonemes = utterances.map((utterance) => utterance.phonemes).join(" ");
  for (const utterance of utterances) expect(utterance.tokens).toHaveLength(utterance.phonemes.length);
  return { phonemes, tokens: utterances.flatMap(({ tokens }) => tokens), notes };
}

describe("voices that learned from espeak-ng", () => {
  test("get its sounds as they are, and the marks that it makes of the text's", async () => {
    const { phonemes, tokens, notes } = await phonemesFor(
      piper("en-US", "en-us"),
      "“Good morning” — it costs $5.50 (really)…",
    );
    expect(phonemes).toBe("ɡˈʊd mˈɔːɹnɪŋ; ɪt kˈɔsts fˈaɪv dˈɑːlɚz ænd fˈɪfti sˈɛnts ɹˈiəli.");
    expect(tokens).toEqual([...phonemes].map((symbol) => PHONEME_IDS[symbol]?.[0]));
    expect(notes.unknownPhonemes).toEqual({});
  });

  test("speak other languages in the nearest of their symbols", async () => {
    const { phonemes } = await phonemesFor(piper("en-US", "en-us"), "Tokyo is 東京 and Москва.", "en-US");
    expect(phonemes).toMatch(/ tʊŋtɕiŋ /);
    expect(phonemes).toMatch(/ mʌskvˈɑ\.$/);
  });

  test("get composed sounds in their parts", async () => {
    const { phonemes } = await phonemesFor(piper("pt-BR", "pt-br"), "Não há pão.");
    expect(phonemes).toContain("n");
    expect(phonemes).toContain("\u0303");
    expect(phonemes).not.toMatch(/[ãõ]/);
  });
});

test("voices that learned from letters get letters", async () => {
  const { phonemes, notes } = await phonemesFor(piper("uk", "uk", "text"), "Привіт, «світе»! Її й.");
  expect(phonemes).toBe("привіт, світе! її й.".normalize("NFD"));
  expect(notes.unknownPhonemes).toEqual({});
});

test("a formant voice reads what is written; its sounds tell the times", async () => {
  const target: VoiceTarget = { engine: "espeak", language: "de", espeakVoice: "de" };
  const { utterances } = await planText(
    "Guten [Morgen](/mɔʁgn/), es kostet 5 €.",
    { voices: [target] },
    read,
  );
  expect(utterances.map(({ normalized }) => normalized.text)).toEqual(["Guten Morgen, es kostet fünf Euro."]);
  expect(utterances[0]?.phonemes).toContain("mˈɔɾɡən");
  expect(utterances[0]?.tokens.length).toBe(utterances[0]?.phonemes.length);
});

describe("Kokoro", () => {
  test("has a symbol for every sound of the languages that it is adapted to", async () => {
    const adapted = LANGUAGES.filter(({ tiers }) => tiers.includes("ADAPTED"));
    expect(adapted.length).toBeGreaterThan(25);
    const unknown: Record<string, unknown> = {};
    for (const { code, nativeName } of adapted) {
      const { phonemes, notes } = await phonemesFor(
        { engine: "kokoro", language: code },
        `${nativeName} 1, 2, 3, 47.`,
      );
      expect(hasSound(phonemes), code).toBe(true);
      for (const symbol of phonemes) expect(VOCABULARY.has(symbol), symbol).toBe(true);
      if (Object.keys(notes.unknownPhonemes).length > 0) unknown[code] = notes.unknownPhonemes;
    }
    expect(unknown).toEqual({});
  });

  test("counts tones that it lacks instead of speaking them as vowels", async () => {
    const { phonemes, notes } = await phonemesFor({ engine: "kokoro", language: "en-US" }, "quốc gia", "vi");
    expect(phonemes).not.toContain("ɜ");
    expect(notes.unknownPhonemes).toEqual({ "3": 1 });
  });
});

test("a language that nothing speaks is refused with those that are spoken", async () => {
  const plan = planText("Hello.", { language: "xx-YY" }, read);
  await expect(plan).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(plan).rejects.toThrow(/language xx-YY\. Languages: en-US, .*\bde\b.*\byue\b/);
  await expect(planText("Hello.", { language: "<b>".repeat(100) }, read)).rejects.toThrow(
    /^No engine speaks the language\. /,
  );
});

test.each([
  ["təˈmeɪtoʊ", "american", "təˈmAtO"],
  ["/bɜːd/", "american", "bɜɹd"],
  ["bɜːd", "british", "bɜːd"],
  ["t͡ʃɛri", "american", "ʧɛɹi"],
  ["he.ˈləʊ", "british", "hɛˈlQ"],
  ["ˈtsaɪ̯t", "other", "ˈʦI̯t"],
] as const)("IPA %s in %s Kokoro is %s", (ipa, style, expected) => {
  expect(ipaToKokoro(ipa, style)).toBe(expected);
});

test("notations lead to each other", () => {
  expect(espeakIpa("h_ə_l_ˈoʊ (fr)_m_ˈɔ̃_d_(en)")).toBe("həlˈoʊ mˈɔ̃d");
  expect(kokoroToIpa("həlˈO ʨ↗")).toBe("həlˈoʊ tɕ");
  expect(inventoryOf({ engine: "kokoro", language: "de" }).fit("ʑaː", () => {})).toBe("ʒaː");
});
