import { beforeAll, describe, expect, test } from "vitest";
import { createEspeakClient } from "../../../src/espeak/client.ts";
import { readEnglish } from "../../../src/synthesis/text/english.ts";
import { type Accent, createLexicon, type Lexicon } from "../../../src/synthesis/text/english-lexicon.ts";
import { createTextFrontEnd } from "../../../src/synthesis/text/front-end.ts";
import { planText } from "../../../src/synthesis/text/planner.ts";
import { createLexicons, createReaders } from "../../../src/synthesis/text/readers.ts";
import { VOCABULARY } from "../../../src/synthesis/text/vocabulary.ts";
import { testModelStore } from "../../helpers/models.ts";

/** Stands for a word that the dictionaries lack, so that no other reader can hide a gap. */
const UNKNOWN = "?";

let paths: Record<Accent, string[]>;
let american: Lexicon;
let british: Lexicon;

beforeAll(async () => {
  const files = await testModelStore().ensure("english-lexicon");
  const pair = (accent: Accent) => [files.file(`${accent}_gold.json`), files.file(`${accent}_silver.json`)];
  paths = { us: pair("us"), gb: pair("gb") };
  const lexicons = createLexicons(paths);
  [american, british] = await Promise.all([lexicons("us"), lexicons("gb")]);
}, 120_000);

const chunks = (...texts: string[]) => texts.map((text) => ({ text, ahead: "" }));

const read = async (text: string, lexicon: Lexicon) =>
  (await readEnglish(chunks(text), lexicon, async (words) => words.map(() => UNKNOWN)))[0]?.phonemes;

/** By ear and by the dictionaries' own notation (Kokoro's), not by running the code. */
describe("American", () => {
  test.each([
    // Function words lean on their neighbours.
    ["the cat", "ðə kˈæt"],
    ["the apple", "ði ˈæpᵊl"],
    ["the hour", "ði ˈWəɹ"],
    ["the user", "ðə jˈuzəɹ"],
    ["a cat", "ɐ kˈæt"],
    ["an apple", "ɐn ˈæpᵊl"],
    ["to eat", "tʊ ˈit"],
    ["to read", "tə ɹˈid"],
    ["I am", "ˌI æm"],
    ["I am here", "ˌI ɐm hˈɪɹ"],
    ["in the house", "ɪn ðə hˈWs"],
    ["come in", "kˈʌm ˈɪn"],
    ["Plan A", "plˈæn ˈA"],
    ["as I said", "æz ˌI sˈɛd"],
    ["But why", "bˌʌt wˌI"],
    ["I can", "ˌI kˈæn"],
    // Habits, and use.
    ["we used to sing", "wi jˈust tə sˈɪŋ"],
    ["is used to bake bread", "ɪz jˈuzd tə bˈAk bɹˈɛd"],
    ["she used a pen", "ʃi jˈuzd ɐ pˈɛn"],
    // Heteronyms.
    ["to record the record", "tə ɹəkˈɔɹd ðə ɹˈɛkəɹd"],
    ["they will record it", "ðA wɪl ɹəkˈɔɹd ɪt"],
    ["a new record", "ɐ nˈu ɹˈɛkəɹd"],
    ["I have read it", "ˌI hæv ɹˈɛd ɪt"],
    ["to read it", "tə ɹˈid ɪt"],
    ["she lives to live in a live show", "ʃi lˈɪvz tə lˈɪv ɪn ɐ lˈIv ʃˈO"],
    ["close the door", "klˈOz ðə dˈɔɹ"],
    ["a close friend", "ɐ klˈOs fɹˈɛnd"],
    ["in use", "ɪn jˈus"],
    ["you use it", "ju jˈuz ɪt"],
    ["the wind", "ðə wˈɪnd"],
    ["to wind the clock", "tə wˈInd ðə klˈɑk"],
    ["an object", "ɐn ˈɑbʤəkt"],
    ["they object", "ðA əbʤˈɛkt"],
    ["the wound", "ðə wˈund"],
    ["at that time", "æt ðˈæt tˈIm"],
    ["says that he", "sˈɛz ðæt hi"],
    // Names and capitals.
    ["London", "lˈʌndən"],
    ["Polish", "pˈOlɪʃ"],
    ["polish", "pˈɑlɪʃ"],
    ["UNESCO", "junˈɛskO"],
    ["NASA", "nˈæsə"],
    ["the NBA", "ði ˌɛnbˌiˈA"],
    ["US troops", "jˌuˈɛs tɹˈups"],
    ["the IDs", "ði ˌIdˈiz"],
    ["APIs", "ˌApˌiˈIz"],
    ["U.S.", "jˌuˈɛs"],
    ["STOP", "stˈɑp"],
    ["GO TO THE OLD TOWN", "ɡˈO tə ði ˈOld tˈWn"],
    ["DO NOT TOUCH US", "dˈu nˈɑt tˈʌʧ ˈʌs"],
    // Endings that the dictionaries leave out, with the right voice.
    ["GraphQL's", "ɡɹˌæfkjˌuˈɛlz"],
    ["London's", "lˈʌndənz"],
    ["runnin'", "ɹˈʌnɪn"],
    ["Smith's", "smˈɪθs"],
    ["Bush's", "bˈʊʃᵻz"],
    ["the dogs' tails", "ðə dˈɔɡz tˈAlz"],
    ["the teachers'", "ðə tˈiʧəɹz"],
    ["who'll", "hˌuəl"],
    ["it's", "ɪts"],
    ["'em", "əm"],
    ["'hello'", "həlˈO"],
    // Compounds are one word with one main stress.
    ["well-known", "wˌɛlnˈOn"],
    ["T-shirt", "tˈiʃˌɜɹt"],
    ["multi-disk", "mˈʌltidˌɪsk"],
    ["YouTube", "jˈutˌub"],
    // Taps.
    ["a better city", "ɐ bˈɛTəɹ sˈɪTi"],
  ])("%j", async (text, expected) => {
    expect(await read(text, american)).toBe(expected);
  });
});

describe("British", () => {
  test.each([
    ["the water bottle", "ðə wˈɔːtə bˈɒtᵊl"],
    ["ask the aunt to dance", "ˈɑːsk ði ˈɑːnt tə dˈɑːns"],
    ["a new schedule", "ɐ njˈuː ʃˈɛdjuːl"],
    ["wanted boxes", "wˈɒntɪd bˈɒksɪz"],
    ["go home", "ɡˌQ hˈQm"],
    ["to record the record", "tə ɹɪkˈɔːd ðə ɹˈɛkɔːd"],
    ["Bush's", "bˈʊʃɪz"],
    ["the BBC", "ðə bˌiːbˌiːsˈiː"],
  ])("%j", async (text, expected) => {
    expect(await read(text, british)).toBe(expected);
  });
});

describe("endings and capitals, of a lexicon that has the stems alone", () => {
  const letters = Object.fromEntries(
    [..."ABDNSU"].map((letter) => [letter, `ˈ${letter === "A" ? "A" : "ɛ"}`]),
  );
  const words = {
    zup: "zˈʌp",
    zud: "zˈʌd",
    zut: "zˈʌt",
    zug: "zˈʌɡ",
    zuff: "zˈʌf",
    zuzz: "zˈʌz",
    zule: "zˈul",
    zuby: "zˈubi",
  };
  const us = createLexicon("us", [{ ...letters, ...words }]);
  const gb = createLexicon("gb", [{ ...letters, ...words, zear: "zˈɪə" }]);

  test.each([
    ["zups zuds zuts zugs zuffs", "zˈʌps zˈʌdz zˈʌts zˈʌɡz zˈʌfs"],
    ["zuzzes zules zubies", "zˈʌzᵻz zˈulz zˈubiz"],
    ["zupped zudded zutted zugged zuffed zuled zubied", "zˈʌpt zˈʌdᵻd zˈʌTᵻd zˈʌɡd zˈʌft zˈuld zˈubid"],
    ["zupping zutting zuling", "zˈʌpɪŋ zˈʌTɪŋ zˈulɪŋ"],
    ["Zups ZUP Zup's", "zˈʌps zˈʌp zˈʌps"],
    ["zuppo", UNKNOWN],
  ])("%j", async (text, expected) => {
    expect(await read(text, us)).toBe(expected);
  });

  test("British: a vowel of its own, no taps, and an r that returns", async () => {
    expect(await read("zutted zuzzes zearing", gb)).toBe("zˈʌtɪd zˈʌzɪz zˈɪəɹɪŋ");
  });

  test("names of the prototype of objects are no words", async () => {
    expect(await read("constructor valueOf", us)).toBe("? ??");
  });
});

describe("what the dictionaries lack", () => {
  test("is asked once for each word, and the sound counts for the word before", async () => {
    const asked: (readonly string[])[] = [];
    const [first, second] = await readEnglish(
      chunks("the oxqua is an oxqua", "to oxqua"),
      american,
      async (words) => {
        asked.push(words);
        return words.map(() => "ˈɑkskwə");
      },
    );
    expect(asked).toEqual([["oxqua"]]);
    expect(first?.phonemes).toBe("ði ˈɑkskwə ɪz ɐn ˈɑkskwə");
    expect(second?.phonemes).toBe("tʊ ˈɑkskwə");
  });

  test("numbers stay whole, and leave known words beside them alone", async () => {
    const asked: string[] = [];
    await readEnglish(chunks("the 21st of 10 000 and COVID-19 x@y.com"), american, async (words) => {
      asked.push(...words);
      return words.map(() => "θɹˈi");
    });
    expect(asked).toEqual(expect.arrayContaining(["21st", "10 000", "19", "x@y.com"]));
    expect(asked).toHaveLength(4);
  });
});

describe("with espeak-ng behind it", () => {
  test("a plan keeps marks, spaces and spans, in symbols that Kokoro has", async () => {
    const espeak = createEspeakClient();
    await espeak.start();
    try {
      const reader = createReaders(espeak, { lexicons: createLexicons(paths) });
      const text = "“The Blorvian quokka,” he said — in 1999! — “costs $3.50 (not £4).” Naïve café; привет.";
      const { utterances, notes } = await planText(text, { language: "en-US" }, reader);
      expect(utterances.map((utterance) => utterance.text).join(" ")).toBe(text);
      const phonemes = utterances.map((utterance) => utterance.phonemes).join(" ");
      expect(phonemes).toMatch(/^“ðə blˈɔɹviən kwˈɑkə,” hi sˈɛd — ɪn nˌIntˈin nˈIndi nˈIn! —/);
      expect([...phonemes].filter((symbol) => !VOCABULARY.has(symbol))).toEqual([]);
      expect(notes.unknownPhonemes).toEqual({});
      const across = await planText(
        "The “apple” in “Emma” and the (old) one, in (a).",
        { language: "en-US" },
        reader,
      );
      expect(across.utterances[0]?.phonemes).toBe("ði “ˈæpᵊl” ɪn “ˈɛmə” ænd ði (ˈOld) wˈʌn, ɪn (ɐ).");
      const names = await planText(
        "Dvořák's friend saw Łódź, the Ñuflo and a naïve René.",
        { language: "en-US" },
        reader,
      );
      expect(names.utterances[0]?.phonemes).toMatch(
        /^dvˈoraːkz fɹˈɛnd sˈɔ wˈutɕ, ðə ɲˈuflo ænd ɐ nIˈiv ɹənˈA\.$/,
      );
      const chinese = await planText("我用computer。", { language: "zh" }, reader);
      expect(chinese.utterances[0]?.phonemes).toMatch(/ kəmpjˈuTəɹ\.$/);
    } finally {
      await espeak.close();
    }
  });

  test("the front end takes the dictionaries' paths to its thread", async () => {
    const frontEnd = createTextFrontEnd({ lexicon: paths });
    try {
      const text = "We used to record the syntax.";
      const [us] = (await frontEnd.plan(text, { language: "en-US" })).utterances;
      expect(us?.phonemes).toBe("wˌi jˈust tə ɹəkˈɔɹd ðə sˈɪntˌæks.");
      const [gb] = (await frontEnd.plan(text, { language: "en-GB" })).utterances;
      expect(gb?.phonemes).toBe("wˌiː jˈuːst tə ɹɪkˈɔːd ðə sˈɪntaks.");
    } finally {
      await frontEnd.close();
    }
  });
});

test("every symbol of the dictionaries is Kokoro's", async () => {
  const symbols = new Set<string>();
  for (const lexicon of [american, british]) {
    const words = [
      "squirrel",
      "button",
      "water",
      "beige",
      "thirst",
      "this",
      "judge",
      "church",
      "singing",
      "boy",
    ];
    for (const { phonemes } of await readEnglish(chunks(...words), lexicon, async (texts) =>
      texts.map(() => UNKNOWN),
    )) {
      for (const symbol of phonemes) symbols.add(symbol);
    }
  }
  expect([...symbols].filter((symbol) => !VOCABULARY.has(symbol))).toEqual([]);
});

test.each([
  ["hyphens", "a-".repeat(25_000)],
  ["apostrophes", "a'".repeat(25_000)],
  ["one long word", "ab".repeat(25_000)],
  ["camels", "aB".repeat(25_000)],
  ["points", "a.".repeat(25_000)],
  ["letters and digits", "a1".repeat(25_000)],
  ["digits", "1 ".repeat(25_000)],
])("a chunk of nothing but %s is read in linear time", async (_name, text) => {
  const elapsed = async (part: string) => {
    const before = process.cpuUsage();
    await read(part, american);
    return process.cpuUsage(before).user / 1000;
  };
  await elapsed(text.slice(0, 6_000));
  const small = await elapsed(text.slice(0, 6_000));
  // Eight times the text: 8 if linear, 64 if quadratic. Below 20 ms the clock says nothing.
  expect((await elapsed(text.slice(0, 48_000))) / Math.max(small, 20)).toBeLessThan(24);
});
