import { performance } from "node:perf_hooks";
import { describe, expect, test } from "vitest";
import { MappedText } from "../../../src/synthesis/text/mapped-text.ts";
import {
  createPronouncer,
  type PronunciationEntry,
  packPronunciations,
  unpackPronunciations,
} from "../../../src/synthesis/text/pronunciation.ts";
import { foldCase } from "../../../src/synthesis/text/pronunciation-view.ts";
import { OBJECT, type ScriptObject } from "../../../src/synthesis/text/script.ts";

const alias = (grapheme: string, by: string, more: Partial<PronunciationEntry> = {}): PronunciationEntry => ({
  ...{ grapheme, alias: by, language: null, caseSensitive: false },
  ...more,
});
const sound = (grapheme: string, ipa: string): PronunciationEntry => ({
  ...{ grapheme, ipa, language: null, caseSensitive: false },
});

const pronounce = (entries: readonly PronunciationEntry[][], text: string, language = "en-US") =>
  createPronouncer(entries.map(packPronunciations)).apply(
    MappedText.of(text),
    [],
    [{ start: 0, end: text.length, language }],
  );
const said = (entries: readonly PronunciationEntry[], text: string, language?: string): string =>
  pronounce([[...entries]], text, language).text.text;

describe("which words are replaced", () => {
  const entries = [
    alias("W3C", "World Wide Web Consortium"),
    alias("cat", "feline"),
    alias("New York", "Big Apple"),
    alias("New York Times", "daily paper"),
    alias("C++", "see plus plus"),
    alias("Node.js", "node jay ess"),
    alias("node", "knot"),
    alias("can", "tin"),
    alias("5", "five!"),
    alias("O'Reilly", "oh riley"),
    alias("Siobhan", "Shivawn"),
    alias("rock-n-roll", "rocking"),
  ];
  test.each([
    ["whole words", "The cat, a bobcat and cats: cat.", "The feline, a bobcat and cats: feline."],
    ["case does not matter", "CAT Cat w3c", "feline feline World Wide Web Consortium"],
    ["the longest", "New York, the New York Times, New Yorker", "Big Apple, the daily paper, New Yorker"],
    ["across a line break", "New\nYork", "Big Apple"],
    ["signs", "C++ and C+", "see plus plus and C+"],
    ["dots tie words", "Node.js node.exe my.node node. Node", "node jay ess node.exe my.node knot. knot"],
    ["contractions", "I can't, I can.", "I can't, I tin."],
    ["numbers stay whole", "5 1.5 5,000 12:5 5. 5", "five! 1.5 5,000 12:5 five!. five!"],
    ["any apostrophe", "O’Reilly O'Reilly", "oh riley oh riley"],
    ["the genitive", "Siobhan's cat", "Shivawn's feline"],
    ["any hyphen", "rock‑n‐roll", "rocking"],
    ["mail addresses and handles", "cat@home.org me@cat @cat", "cat@home.org me@cat @feline"],
    ["soft hyphens inside", "Sio\u00adbhan c\u200bat", "Shivawn feline"],
    ["names in code", "my_cat cat_", "my_cat feline_"],
  ])("%s", (_name, text, expected) => {
    expect(said(entries, text)).toBe(expected);
  });

  test("elided articles do not hide a word, where a language has them", () => {
    const oreal = [alias("Oréal", "Oréale"), alias("t", "tonnes")];
    expect(said(oreal, "l’Oréal", "fr")).toBe("l’Oréale");
    expect(said(oreal, "I don't weigh 5 t", "en-GB")).toBe("I don't weigh 5 tonnes");
    expect(said([alias("Ankara", "Angora")], "Ankara'da", "tr")).toBe("Angora'da");
  });

  test("a decomposed grapheme is found in composed text", () => {
    expect(said([alias("Zoe\u0308", "Zoey")], "Zoë")).toBe("Zoey");
  });

  test("combining marks belong to their letter", () => {
    expect(said([alias("q", "cue")], "q q\u0323")).toBe("cue q\u0323");
  });

  test("words of Korean end before their particles, and begin where words do", () => {
    expect(said([alias("서울", "Seoul")], "서울은 서울, 새서울", "ko")).toBe("Seoul은 Seoul, 새서울");
  });

  test("words of scripts without spaces stand anywhere", () => {
    expect(said([alias("東京", "とうきょう")], "東京都へ", "ja")).toBe("とうきょう都へ");
    expect(said([alias("กรุงเทพ", "บางกอก")], "ไปกรุงเทพครับ", "th")).toBe("ไปบางกอกครับ");
    expect(said([alias("ก", "ข")], "กิ", "th")).toBe("กิ");
  });
});

describe("which entry wins", () => {
  test("the case rule, then the general entry", () => {
    const entries = [
      alias("us", "you ess", { caseSensitive: false }),
      alias("US", "America", { caseSensitive: true }),
    ];
    expect(said(entries, "US us Us")).toBe("America you ess you ess");
  });

  test("the language that says more; tags agree as far as both say", () => {
    const entries = [
      alias("lift", "any"),
      alias("lift", "english", { language: "en" }),
      alias("lift", "british", { language: "en-GB" }),
    ];
    expect(said(entries, "lift", "en-GB")).toBe("british");
    expect(said(entries, "lift", "en-US")).toBe("english");
    expect(said(entries, "lift", "en")).toBe("british");
    expect(said(entries, "lift", "eng")).toBe("any");
    expect(said([alias("lift", "x", { language: "es-ES" })], "lift", "es")).toBe("x");
    expect(said([alias("lift", "x", { language: "es" })], "lift", "fr")).toBe("lift");
  });

  test("the first dictionary, unless another has a longer word", () => {
    const first = [alias("data", "first"), alias("data", "second")];
    const second = [alias("data", "third"), alias("data set", "longer")];
    expect(pronounce([first, second], "data, data set").text.text).toBe("first, longer");
    expect(pronounce([second, first], "data").text.text).toBe("third");
  });

  test("an alias is not looked up again: cycles end", () => {
    const entries = [alias("a1", "b1"), alias("b1", "c1 a1"), alias("c1", "c1 c1"), alias("d1", "d1")];
    expect(said(entries, "a1 b1 c1 d1")).toBe("b1 c1 a1 c1 c1 d1");
  });
});

describe("what becomes of the text", () => {
  const objects: ScriptObject[] = [
    { kind: "mark", name: "one" },
    { kind: "mark", name: "two" },
    { kind: "pause", seconds: 1, boundary: "none" },
  ];

  test("IPA becomes an object among those that are there, runs move with it", () => {
    const text = `${OBJECT}pecan pie ${OBJECT} kwik pecan${OBJECT}`;
    const data = [packPronunciations([sound("pecan", "pɪˈkɑːn"), alias("kwik", "quick and")])];
    const middle = text.indexOf("kwik");
    const result = createPronouncer(data).apply(MappedText.of(text), objects, [
      { start: 0, end: middle, language: "en-US", tag: 1 },
      { start: middle, end: text.length, language: "en-GB", tag: 2 },
    ]);
    expect(result.text.text).toBe(`${OBJECT}${OBJECT} pie ${OBJECT} quick and ${OBJECT}${OBJECT}`);
    expect(result.objects).toEqual([
      objects[0],
      { kind: "ipa", ipa: "pɪˈkɑːn", written: "pecan" },
      objects[1],
      { kind: "ipa", ipa: "pɪˈkɑːn", written: "pecan" },
      objects[2],
    ]);
    const start = result.text.text.indexOf("quick");
    expect(result.runs).toEqual([
      { start: 0, end: start, language: "en-US", tag: 1 },
      { start, end: result.text.text.length, language: "en-GB", tag: 2 },
    ]);
    expect(result.text.sourceRange(1, 2)).toEqual({ start: 1, end: 6 });
    expect(result.text.sourceRange(start, start + 9)).toEqual({ start: middle, end: middle + 4 });
  });

  test.each([
    ["dʒæk", "dʒæks"],
    ["ˈænə", "ˈænəz"],
    ["ŋwɪən", "ŋwɪənz"],
    ["dʒɔɪs", "dʒɔɪsɪz"],
    ["bliːtʃ", "bliːtʃɪz"],
    ["siː", "siːz"],
  ])("the English genitive is said with the sound before it: %s", (ipa, expected) => {
    const entries = [[sound("Name", ipa)]];
    const { text, objects: said } = pronounce(entries, "Name’s hat, Name's.", "en-GB");
    expect(text.text).toBe(`${OBJECT} hat, ${OBJECT}.`);
    expect(said).toEqual(["Name’s", "Name's"].map((written) => ({ kind: "ipa", ipa: expected, written })));
    expect(pronounce(entries, "Name's", "nl").text.text).toBe(`${OBJECT}'s`);
    expect(pronounce(entries, "Name'sy", "en").text.text).toBe("Name'sy");
  });

  test("what is in no run stays, and no word is found across two", () => {
    const pronouncer = createPronouncer([packPronunciations([alias("cat", "x"), alias("big cat", "y")])]);
    const text = "cat big cat cat";
    const { text: result } = pronouncer.apply(
      MappedText.of(text),
      [],
      [
        { start: 4, end: 8, language: "en" },
        { start: 8, end: 11, language: "en" },
      ],
    );
    expect(result.text).toBe("cat big x cat");
  });

  test("without dictionaries nothing changes", () => {
    const text = MappedText.of("cat");
    expect(createPronouncer([]).apply(text, objects, []).text).toBe(text);
  });
});

test("packed entries come back as they were, and their digest tells them apart", () => {
  const entries = [alias("a", "b", { language: "en-GB", caseSensitive: true }), sound("ç", "s")];
  const data = packPronunciations(entries);
  expect(unpackPronunciations(data.packed)).toEqual(entries);
  expect(packPronunciations([...entries]).digest).toBe(data.digest);
  expect(packPronunciations(entries.toReversed()).digest).not.toBe(data.digest);
});

test("folding the case keeps every character at its place", () => {
  const letters: string[] = [];
  for (let code = 0; code < 0x1_1000; code += 1) letters.push(String.fromCodePoint(code));
  expect(letters.filter((letter) => foldCase(letter).length !== letter.length)).toEqual([]);
  expect(foldCase("ΟΔΟΣ ὁδός İ")).toBe("οδοσ ὁδόσ i");
});

describe("cost", () => {
  const timed = (work: () => void): number => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  };

  test("100,000 entries are indexed once, then a text costs as if there were few", () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => alias(`word${index}`, `said ${index}`));
    const data = packPronunciations(entries);
    const text = MappedText.of("word5 word99999 word100000 other ".repeat(1_500));
    const runs = [{ start: 0, end: text.text.length, language: "en-US" }];
    let result = "";
    const apply = () => {
      result = createPronouncer([data]).apply(text, [], runs).text.text;
    };
    const first = timed(apply);
    expect(result.startsWith("said 5 said 99999 word100000 other said 5")).toBe(true);
    const second = Math.min(timed(apply), timed(apply), timed(apply));
    expect(first).toBeLessThan(10_000);
    expect(second).toBeLessThan(first);
    expect(second).toBeLessThan(1_000);
  });

  test("the worst text and dictionary grow with the text, not with its square", () => {
    // Every place begins a long walk through keys that differ only at their ends.
    const entries = Array.from({ length: 5_000 }, (_, index) => alias(`${"a ".repeat(90)}b${index}`, "x"));
    const data = [packPronunciations(entries)];
    const cost = (length: number) => {
      const text = MappedText.of("a ".repeat(length / 2));
      const runs = [{ start: 0, end: length, language: "en-US" }];
      return timed(() => createPronouncer(data).apply(text, [], runs));
    };
    cost(1_000);
    const small = Math.min(cost(10_000), cost(10_000), cost(10_000));
    const large = Math.min(cost(40_000), cost(40_000), cost(40_000));
    expect(large).toBeLessThan(small * 10);
    expect(large).toBeLessThan(5_000);
  });

  test("many replacements among many objects", () => {
    const data = [packPronunciations([sound("a", "eɪ")])];
    const cost = (count: number) => {
      const text = MappedText.of(`a ${OBJECT} `.repeat(count));
      const marks = Array.from({ length: count }, (): ScriptObject => ({ kind: "mark", name: "m" }));
      const runs = [{ start: 0, end: text.text.length, language: "en-US" }];
      let result = createPronouncer(data).apply(text, marks, runs);
      const spent = timed(() => {
        result = createPronouncer(data).apply(text, marks, runs);
      });
      expect(result.objects).toHaveLength(2 * count);
      return spent;
    };
    const small = Math.min(cost(5_000), cost(5_000), cost(5_000));
    expect(Math.min(cost(20_000), cost(20_000))).toBeLessThan(small * 12 + 50);
  });
});
