import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LANGUAGES, type LanguageTier } from "../../src/languages/language.ts";
import { type Speaker, type SpeechEngine, startSpeechEngine } from "../../src/speech-engine.ts";
import { defaultVoice } from "../../src/voices/default-voice.ts";
import { type TestDatabase, testConfig } from "../helpers/database.ts";
import { silent } from "../helpers/queue.ts";

/**
 * The first words of the Universal Declaration of Human Rights, as each language has them: short, and written in its
 * own script. By the tier that speaks them on a machine without other weights than the service needs.
 */
const NATIVE = {
  "en-US": "All human beings are born free.",
  "en-GB": "All human beings are born free.",
  es: "Todos los seres humanos nacen libres.",
  fr: "Tous les êtres humains naissent libres.",
  hi: "सभी मनुष्य जन्म से स्वतंत्र हैं।",
  it: "Tutti gli esseri umani nascono liberi.",
  ja: "すべての人間は自由です。",
  "pt-BR": "Todos os seres humanos nascem livres.",
  zh: "人人生而自由。",
};

const ADAPTED = {
  af: "Alle menslike wesens word vry gebore.",
  bg: "Всички хора се раждат свободни.",
  ca: "Tots els éssers humans neixen lliures.",
  cs: "Všichni lidé rodí se svobodní.",
  da: "Alle mennesker er født frie.",
  de: "Alle Menschen sind frei geboren.",
  el: "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι.",
  eo: "Ĉiuj homoj estas denaske liberaj.",
  fi: "Kaikki ihmiset syntyvät vapaina.",
  hu: "Minden emberi lény szabadon születik.",
  id: "Semua orang dilahirkan merdeka.",
  ka: "ყველა ადამიანი იბადება თავისუფალი.",
  nl: "Alle mensen worden vrij geboren.",
  pl: "Wszyscy ludzie rodzą się wolni.",
  ro: "Toate ființele umane se nasc libere.",
  ru: "Все люди рождаются свободными.",
  sv: "Alla människor är födda fria.",
  sw: "Watu wote wamezaliwa huru.",
  tr: "Bütün insanlar hür doğarlar.",
  uk: "Всі люди народжуються вільними.",
  ur: "تمام انسان آزاد پیدا ہوئے ہیں۔",
};

const BASIC = {
  am: "የሰው ልጅ ሁሉ ሲወለድ ነጻ ነው።",
  ar: "يولد جميع الناس أحراراً.",
  ga: "Saolaítear gach duine den chine daonna saor.",
  he: "כל בני אדם נולדו בני חורין.",
  kn: "ಎಲ್ಲಾ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಜನಿಸಿದ್ದಾರೆ.",
  ko: "모든 인간은 태어날 때부터 자유롭다.",
  my: "လူတိုင်းသည် တူညီ လွတ်လပ်သည်။",
  si: "සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත.",
  ta: "மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்.",
  th: "มนุษย์ทั้งหลายเกิดมามีอิสระ",
  ti: "ብመንፅሩ ኩሉ ሰብ ነፃ እዩ።",
  vi: "Tất cả mọi người sinh ra đều được tự do.",
  yue: "人人生而自由。",
};

/** Nobody speaks slower or faster than this many sounds a second, pauses and stress marks counted. */
const [SLOWEST, FASTEST] = [4, 40];
/** Speech of any voice here is louder, silence and noise are not. */
const LEAST_LEVEL = 0.01;

let engine: SpeechEngine;
beforeAll(async () => {
  const config = testConfig({ env: {} } as TestDatabase, { INFERENCE_MEMBERS: "1" });
  engine = await startSpeechEngine(config, silent, () => {});
}, 600_000);
afterAll(() => engine.close());

const NOTHING_FETCHED: ReadonlySet<string> = new Set();

async function voiceOf(code: string, tier: LanguageTier): Promise<Speaker> {
  const language = LANGUAGES.find((one) => one.code === code);
  if (language === undefined) throw new Error(`${code} is not served`);
  const chosen = defaultVoice(language, NOTHING_FETCHED);
  expect(chosen.tier).toBe(tier);
  const speaker = await engine.stockSpeaker(chosen.voiceId);
  if (speaker === null) throw new Error(`no voice ${chosen.voiceId}`);
  return speaker;
}

/** Says a sentence in the language, and checks what can be told of it without knowing the language. */
async function say(speaker: Speaker, text: string, language: string): Promise<void> {
  const { utterances, notes, coverage, languages } = await engine.frontEnd.plan(text, {
    language,
    voices: [speaker.target],
  });
  expect(notes).toEqual({ dropped: {}, unknownPhonemes: {} });
  expect(languages).toEqual([language]);
  // Every letter of the script is spoken.
  const letters = [...text].filter((character) => /\p{L}/u.test(character)).length;
  const unread = coverage
    .filter(({ fate }) => fate === "dropped")
    .map(({ start, end }) => text.slice(start, end))
    .join("");
  expect(unread).not.toMatch(/\p{L}/u);
  const symbols = utterances.reduce((sum, { tokens }) => sum + tokens.length, 0);
  expect(symbols).toBeGreaterThan(letters / 2);
  let seconds = 0;
  for (const utterance of utterances) {
    const audio = await engine.pool.synthesize(speaker.request(utterance, 1), {
      ...{ group: "test", deadlineMs: 60_000 },
    });
    const level = Math.sqrt(
      audio.samples.reduce((sum, sample) => sum + sample ** 2, 0) / audio.samples.length,
    );
    expect(level).toBeGreaterThan(LEAST_LEVEL);
    expect(audio.tokenDurationsSeconds).toHaveLength(utterance.tokens.length + 2);
    seconds += audio.samples.length / audio.sampleRate;
  }
  expect(symbols / seconds).toBeGreaterThan(SLOWEST);
  expect(symbols / seconds).toBeLessThan(FASTEST);
}

it("covers more than 29 languages with what the service itself needs", () => {
  const codes = [NATIVE, ADAPTED, BASIC].flatMap((texts) => Object.keys(texts));
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBeGreaterThan(29);
});

describe.each([
  ["NATIVE", NATIVE],
  ["ADAPTED", ADAPTED],
  ["BASIC", BASIC],
] as const)("%s", (tier, texts) => {
  it.each(Object.entries(texts))("speaks %s", async (language, text) => {
    await say(await voiceOf(language, tier), text, language);
  });
});

describe("VOICE", () => {
  it("speaks en-US by the packaged voice", async () => {
    const joe = await engine.stockSpeaker("en_US-joe-medium");
    if (joe === null) throw new Error("no voice");
    expect(joe.target).toMatchObject({ engine: "piper", language: "en-US", espeakVoice: "en-us" });
    await say(joe, "The quick brown fox jumps.", "en-US");
  });

  it("has no voice of another name, and no speaker of a voice of one", async () => {
    expect(await engine.stockSpeaker("xx_XX-nobody-medium")).toBeNull();
    expect(await engine.stockSpeaker("en_US-joe-medium#other")).toBeNull();
    expect(await engine.stockSpeaker("af_heart#other")).toBeNull();
  });
});
