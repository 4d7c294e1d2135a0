import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEspeakClient } from "../../../src/espeak/client.ts";
import { NATIVE_LANGUAGES, type NativeLanguageCode } from "../../../src/languages/language.ts";
import { planText } from "../../../src/synthesis/text/planner.ts";
import { createReaders, type Read } from "../../../src/synthesis/text/readers.ts";
import type { Utterance } from "../../../src/synthesis/text/utterance.ts";
import { toTokens } from "../../../src/synthesis/text/vocabulary.ts";
import { Random } from "../../helpers/random.ts";

const espeak = createEspeakClient();
const read = createReaders(espeak);
beforeAll(() => espeak.start());
afterAll(() => espeak.close());

const plan = async (text: string, language: NativeLanguageCode = "en-US") =>
  (await planText(text, { language }, read)).utterances;

/** What holds for every plan: nothing lost, nothing twice, everything within the model's bounds. */
function expectSound(text: string, utterances: readonly Utterance[]): void {
  let last = 0;
  for (const [index, utterance] of utterances.entries()) {
    expect(utterance.index).toBe(index);
    expect(text.slice(last, utterance.start).trim()).toBe("");
    expect(utterance.end).toBeGreaterThanOrEqual(utterance.start);
    expect(utterance.text).toBe(text.slice(utterance.start, utterance.end));
    expect(utterance.tokens.length).toBeGreaterThan(0);
    expect(utterance.tokens.length).toBeLessThanOrEqual(510);
    expect(utterance.tokens).toEqual(toTokens(utterance.phonemes));
    expect(utterance.phonemes).toBe(utterance.phonemes.trim());
    expect(utterance.phonemes).not.toMatch(/ {2}/);
    expect(utterance.pauseAfterSeconds >= 0 && utterance.pauseAfterSeconds <= 1).toBe(true);
    last = utterance.end;
  }
  if (utterances.length > 0) {
    expect(text.slice(last).trim()).toBe("");
    expect(utterances.at(-1)?.pauseAfterSeconds).toBe(0);
  }
}

describe("phonemes", () => {
  test.each<[NativeLanguageCode, string, string]>([
    ["en-US", "Hello, world! It's a “test” (really)…", "həlˈO, wˈɜɹld! ɪts ɐ “tˈɛst” (ɹˈiəli)…"],
    [
      "en-US",
      "The water bottle is in the car — near the road.",
      "ðə wˈɔTəɹ bˈɑTᵊl ɪz ɪn ðə kˈɑɹ — nˌɪɹ ðə ɹˈOd.",
    ],
    ["en-GB", "The water bottle is near the car.", "ðə wˈɔːtə bˈɒtᵊl ɪz nˌɪə ðə kˈɑː."],
    ["es", "¡Hola! ¿Cómo estás?", "ˈola! kˈomo estˈas?"],
    ["fr", "Bonjour, « tout le monde » !", "bɔ̃ʒˈuʁ, “tulmˈɔ̃d”!"],
    ["it", "Buongiorno: la pizza.", "bʊonʤˈɔrno: la pˈiʦːa."],
    ["pt-BR", "Não há pão.", "nˌɐ̃ʊ̃ a pˈɐ̃ʊ̃."],
    ["hi", "नमस्ते दुनिया।", "nəmˈʌsteː dˈʊnɪjˌaː."],
  ])("%s: %j", async (language, text, expected) => {
    const [utterance, ...more] = await plan(text, language);
    expect(more).toEqual([]);
    expect(utterance?.phonemes).toBe(expected);
  });

  test("Japanese and Chinese read Latin words by English rules", async () => {
    const [chinese] = await plan("我用computer。", "zh");
    expect(chinese?.phonemes).toMatch(/ kəmpjˈuTəɹ\.$/);
    const [unit] = await plan("3.5km", "ja");
    expect(unit?.phonemes).not.toMatch(/[AT]/);
    const [japanese] = await plan("これはcomputerです。", "ja");
    expect(japanese?.phonemes).toContain("kəmpjˈuTəɹ");
  });

  test("other scripts are read by their own rules, not spelled out letter by letter", async () => {
    const [russian] = await plan("He said привет to me.");
    expect(russian?.phonemes).toContain("prʲivʲˈet");
    const [chinese] = await plan("He said 你好 to me.");
    expect(chinese?.phonemes).toContain("ni↗xau↓");
    expect(chinese?.phonemes).not.toContain("ʧInˈiz");
  });

  test("numbers, money and addresses are spoken", async () => {
    const [utterance] = await plan("$42.50, 3.14, 1,000 and 10:30.");
    expect(utterance?.phonemes).toBe(
      "fˈɔɹTi tˈu dˈɑləɹz ænd fˈɪfti sˈɛnts, θɹˈi pˈYnt wˈʌn fˈɔɹ, wˈʌn θˈWzənd ænd tˈɛn θˈɜɹTi.",
    );
  });
});

describe("splitting", () => {
  test("a sentence is an utterance, pauses follow the text", async () => {
    const first = "This is the first sentence of a small story.";
    const second = "Here is the second one, which is a little longer.";
    const text = `${first} ${second}\n\nAnd this is a paragraph of its own, set apart.\nAnd one more line of it.`;
    const utterances = await plan(text);
    expectSound(text, utterances);
    expect(utterances.map((utterance) => utterance.pauseAfterSeconds)).toEqual([0.3, 0.7, 0.45, 0]);
    expect(utterances[0]?.text).toBe(first);
    expect(utterances[1]?.text).toBe(second);
  });

  test("short neighbours share an utterance, across no paragraph", async () => {
    expect((await plan("Yes. No. Maybe. I do not know.")).map((utterance) => utterance.text)).toEqual([
      "Yes. No. Maybe. I do not know.",
    ]);
    expect(await plan("Yes.\n\nNo.")).toHaveLength(2);
  });

  test("a long sentence is cut at its clauses into even parts", async () => {
    const clause = "and then the quiet river went on through the wide green valley";
    const text = `It began at dawn, ${Array.from({ length: 14 }, () => clause).join(", ")}.`;
    const utterances = await plan(text);
    expectSound(text, utterances);
    expect(utterances.length).toBeGreaterThan(1);
    const sizes = utterances.map((utterance) => utterance.tokens.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
    expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) / 2);
    for (const utterance of utterances.slice(0, -1)) expect(utterance.text).toMatch(/,$/);
  });

  test.each([
    ["one word of 3,000 letters", "a".repeat(3_000)],
    ["one number of 3,000 digits", "9".repeat(3_000)],
    ["no punctuation at all", "word ".repeat(600)],
    ["nothing but commas between letters", "a,".repeat(1_500)],
    ["marks without end", `start ${"?!“”(".repeat(600)} end`],
    ["astral letters without spaces", "𐍈".repeat(800)],
    ["signs with long names", "﷼ ㏒ ㌀ ".repeat(200)],
  ])("%s", async (_name, text) => {
    expectSound(text, await plan(text));
    expect((await plan(text)).length).toBeGreaterThan(0);
  });

  test("every language covers a long text", async () => {
    const samples: Record<NativeLanguageCode, string> = {
      "en-US": "The cat (a very old one) sat on the mat; it cost $3.50, I think. ",
      "en-GB": "Mr. Jones left at 10:05 — too late! Was it? ",
      es: "El perro, que era viejo, costó 42,50 €. ¿Verdad? ",
      fr: "M. Dupont arriva « trop tard » ; il n'était pas là. ",
      hi: "यह एक लंबा वाक्य है, जिसमें कई शब्द हैं। ठीक है? ",
      it: "Il Sig. Rossi pagò 1.000 €: era troppo, disse. ",
      ja: "今日は天気がいいですね。「はい」と彼は言った。",
      "pt-BR": "O Sr. Silva pagou R$ 42,50; não era muito. ",
      zh: "今天天气很好，我们去公园吧。他说：“好！”",
    };
    for (const { code } of NATIVE_LANGUAGES) {
      const text = samples[code].repeat(40);
      const utterances = await plan(text, code);
      expectSound(text, utterances);
      expect(utterances.length).toBeGreaterThan(3);
    }
  });
});

describe("what cannot be spoken", () => {
  test.each(["😀🎉👍🏽", "   \n\t ", "… — ?!", "\u200b\u200d", "<p></p>", "\ud800"])(
    "%j has no utterance",
    async (text) => {
      expect(await plan(text)).toEqual([]);
    },
  );

  test("is counted for the log", async () => {
    const { notes } = await planText("Hi 😀😀 \ud800", { language: "en-US" }, read);
    expect(notes.dropped).toEqual({ emoji: 2, surrogate: 1 });
  });

  test("a phoneme that the model lacks is reported", async () => {
    const odd: Read = async (_reader, texts) => texts.map(() => ({ phonemes: "a8b", words: [] }));
    const { utterances, notes } = await planText("word", { language: "en-US" }, odd);
    expect(utterances[0]?.phonemes).toBe("ab");
    expect(notes.unknownPhonemes).toEqual({ "8": 1 });
  });
});

const FRAGMENTS = [
  ..."abcXYZéß 0123456789 .,;:!?—–-…'\"“”()[]{}<>/\\&@#$€£%^*_~`|=+\n\t",
  ..."नमस्ते। приветñ日本語かなカナ你好한국ไทยعربي𝒳😀👩‍👩‍👧\u200b\u202e\u0301\ud83d\ude00\ud800",
  ..."<b>b</b> <br/> &amp; $4.20 10:30 Dr. e.g. U.S. www.a.com a@b.co 1/2 1999 \n\n ".split(/(?<= )/),
];

test("random text of every kind is covered, in every language, and never breaks the reader", async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = new Random(seed);
    const text = Array.from({ length: 20 + random.below(400) }, () => random.pick(FRAGMENTS)).join("");
    const language = NATIVE_LANGUAGES[seed % NATIVE_LANGUAGES.length]?.code ?? "en-US";
    expectSound(text, await plan(text, language));
  }
});

/** How many times as long eight times as much of a pattern takes: 8 if linear, 64 if quadratic. */
async function growth(part: string, language: string | undefined): Promise<number> {
  const silent: Read = async (_reader, texts) => texts.map(() => ({ phonemes: "a", words: [] }));
  const elapsed = async (length: number) => {
    const text = part.repeat(Math.ceil(length / part.length));
    const before = process.cpuUsage();
    await planText(text, { language }, silent);
    return process.cpuUsage(before).user / 1000;
  };
  // Below 20 ms the clock says nothing; the first run of a pattern compiles what it needs.
  const small = Math.max(20, Math.min(await elapsed(6_000), await elapsed(6_000)));
  let large = await elapsed(48_000);
  for (let round = 0; round < 2 && large / small >= 24; round += 1) {
    large = Math.min(large, await elapsed(48_000));
  }
  return large / small;
}

test("the work grows with the length of a text, not with its square", async () => {
  const hostile = [
    "<a ",
    "<!--",
    "&#",
    "((",
    '"',
    "' ",
    ". ",
    "...",
    "-a",
    "a-",
    "a.",
    "a@",
    "@",
    "www.",
    "http://",
    "/",
    "1/",
    "1,",
    "1.",
    "$1",
    "9",
    " ",
    "\n",
    " \n",
    "A. ",
    "z\u0301",
    "\u0301\u0316",
    "😀\u200d",
    "***",
    "_",
    "St. ",
    "a\n",
    "Aa ",
    "“",
    "--",
    "क्",
  ];
  for (const part of hostile) expect(await growth(part, "en-US"), JSON.stringify(part)).toBeLessThan(24);
});

test("nor does it in other languages and scripts, and where the language is told", async () => {
  const hostile: readonly (readonly [language: string | undefined, part: string])[] = [
    [undefined, '"a b c" '],
    [undefined, "«a b, "],
    [undefined, "Oui. No. "],
    [undefined, "שלום abc "],
    [undefined, "\u202eabc\u202c"],
    [undefined, "我a"],
    [undefined, "Chapter\n\n"],
    ["ar", "م\u064e\u0651"],
    ["ar", "٣٫"],
    ["he", "א״"],
    ["fa", "می\u200cخ"],
    ["hi", "क्\u200d"],
    ["th", "ก็"],
    ["ko", "한1"],
    ["ja", "漢か1"],
    ["zh", "一1"],
    ["ru", "а."],
    ["ru", "1-й "],
    ["de", "1."],
    ["de", "ß-"],
    ["fr", "l'"],
    ["fr", "« "],
    ["tr", "'da"],
    ["vi", "ạ\u0323"],
    ["en-US", "[pause:0s]"],
    ["en-US", "[a](/b/)"],
    ["en-US", "[a](/"],
    ["en-US", "\u200b\u2060"],
    ["en-US", "ř"],
  ];
  for (const [language, part] of hostile) {
    expect(await growth(part, language), JSON.stringify([language, part])).toBeLessThan(24);
  }
});
