import { describe, expect, it, test } from "vitest";
import {
  espeakVoiceOf,
  findLanguage,
  LANGUAGES,
  type SpeakingVoice,
  speaks,
} from "../../src/languages/language.ts";
import { PIPER_VOICES } from "../../src/models/piper-voices.ts";
import { defaultVoice, piperVoicesOf } from "../../src/voices/default-voice.ts";
import { findStockVoice, STOCK_VOICES } from "../../src/voices/stock.ts";

const codeOf = (tag: string) => findLanguage(tag)?.code ?? null;

describe("languages", () => {
  it("are more than a hundred, each once, with names, and every one can be spoken without other weights", () => {
    expect(LANGUAGES.length).toBeGreaterThan(100);
    expect(new Set(LANGUAGES.map(({ code }) => code)).size).toBe(LANGUAGES.length);
    for (const { code, name, nativeName, tiers } of LANGUAGES) {
      expect(Intl.getCanonicalLocales(code)).toEqual([code]);
      expect(name.length).toBeGreaterThan(1);
      expect(nativeName.length).toBeGreaterThan(1);
      expect(tiers.some((tier) => tier !== "VOICE")).toBe(true);
    }
  });

  test.each([
    ["es-ES", "es"],
    ["EN-us", "en-US"],
    ["en", "en-US"],
    ["en-AU", "en-GB"],
    ["en-CA", "en-US"],
    ["en-Latn-NZ", "en-GB"],
    ["en-GB-oxendict", "en-GB"],
    ["es-CO", "es-419"],
    ["es-MX", "es-MX"],
    ["pt", "pt-BR"],
    ["pt-AO", "pt-PT"],
    ["de-AT-1901", "de"],
    ["zh-Hant-TW", "zh"],
    ["cmn", "zh"],
    ["zh-HK", "yue"],
    ["no", "nb"],
    ["nn-NO", "nb"],
    ["iw", "he"],
    ["sr-Latn", "sr"],
  ])("serve %s as %s", (tag, code) => expect(codeOf(tag)).toBe(code));

  test.each([
    "",
    "x",
    "qaa",
    "tl",
    "de_DE",
    "en-",
    "español",
    "a".repeat(101),
    "de-".repeat(10_000),
    "\u202een",
  ])("know nothing of %j", (tag) => expect(codeOf(tag)).toBeNull());

  it("have a voice of espeak-ng that reads them", () => {
    expect(["de", "zh", "en", "pt", "es-AR", "nb"].map(espeakVoiceOf)).toEqual([
      ...["de", "cmn", "en-us", "pt-br", "es-419", "nb"],
    ]);
    expect(espeakVoiceOf("qaa")).toBeNull();
  });
});

describe("voices", () => {
  const heart: SpeakingVoice = { kind: "STOCK", engine: "kokoro", language: "en-US" };
  const emma: SpeakingVoice = { ...heart, language: "en-GB" };
  const clone: SpeakingVoice = { kind: "CLONED", engine: "kokoro", language: "de" };
  const joe: SpeakingVoice = { kind: "STOCK", engine: "piper", language: "en-US" };
  const formant: SpeakingVoice = { kind: "STOCK", engine: "espeak", language: "tlh" };

  test.each<[string, SpeakingVoice, string, string | null]>([
    ["its own", heart, "en-US", "NATIVE en-US"],
    ["a bare tag as its own accent", emma, "en", "NATIVE en-GB"],
    ["another native one with an accent", heart, "es-ES", "ADAPTED es"],
    ["one that Kokoro is adapted to", heart, "de-CH", "ADAPTED de"],
    ["not one that only espeak-ng speaks", heart, "vi", null],
    ["a native one as a clone", clone, "ja", "NATIVE ja"],
    ["its own as a clone", clone, "de", "ADAPTED de"],
    ["its own by Piper", joe, "en", "VOICE en-US"],
    ["no accent but its own by Piper", joe, "en-GB", null],
    ["its own by espeak-ng", formant, "tlh", "BASIC tlh"],
    ["no other by espeak-ng", formant, "de", null],
    ["nothing that nobody speaks", heart, "qaa", null],
  ])("speak %s", (_what, voice, tag, expected) => {
    const spoken = speaks(voice, tag);
    expect(spoken === null ? null : `${spoken.tier} ${spoken.language.code}`).toBe(expected);
  });

  it("of the list all speak their own language, under ids that requests can hold", () => {
    for (const voice of STOCK_VOICES) {
      expect(speaks(voice as SpeakingVoice, voice.language)?.language.code).toBe(voice.language);
      expect(voice.id).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(findStockVoice(voice.id)).toBe(voice);
    }
  });

  it("are chosen for every language: the best that can speak at once", () => {
    const choose = (code: string, ...installed: string[]) => {
      const language = findLanguage(code);
      if (language === null) throw new Error(`nothing speaks ${code}`);
      return defaultVoice(language, new Set(installed));
    };
    for (const { code } of LANGUAGES) expect(findStockVoice(choose(code).voiceId)).not.toBeNull();
    expect(choose("en-US", "en_US-joe-medium")).toEqual({ voiceId: "af_heart", tier: "NATIVE" });
    expect(choose("de")).toEqual({ voiceId: "af_heart", tier: "ADAPTED" });
    expect(choose("de", "de_DE-karlsson-low", "de_DE-thorsten-high", "fr_FR-siwis-medium")).toEqual({
      voiceId: "de_DE-thorsten-high",
      tier: "VOICE",
    });
    expect(choose("ca")).toEqual({ voiceId: "ef_dora", tier: "ADAPTED" });
    expect(choose("vi")).toEqual({ voiceId: "espeak-vi", tier: "BASIC" });
  });

  it("of Piper come the best first, and several speakers have names of their own", () => {
    const german = findLanguage("de");
    if (german === null) throw new Error("no German");
    const ids = piperVoicesOf(german).map(({ id }) => id);
    expect(ids[0]).toBe("de_DE-thorsten-high");
    expect(ids.at(-1)).toMatch(/low$/);
    for (const { speakers } of PIPER_VOICES) expect(new Set(speakers).size).toBe(speakers.length);
  });
});
