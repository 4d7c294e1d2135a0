import { describe, expect, it } from "vitest";
import {
  coverageOf,
  spokenLanguages,
  spokenStretches,
  spokenWords,
  type UtteranceRecord,
} from "../../src/synthesis/records.ts";

/** What is written down of a part of a text, a second for each. */
function record(source: string, part: string, fields: Partial<UtteranceRecord> = {}): UtteranceRecord {
  const textStart = source.indexOf(part);
  return {
    ...{ textStart, textEnd: textStart + part.length, phonemes: "", tokenSeconds: null, offsetSeconds: 0 },
    ...{ words: [], startSeconds: textStart, durationSeconds: 1, voice: 0, language: "en-US" },
    ...{ normalized: { text: part, parts: [] }, marks: [], coverage: [], ...fields },
  };
}

describe("what was said in words", () => {
  const source = "It is $5.\nNot £6, he said.  No.";
  const records = [
    record(source, "It is $5.", {
      normalized: { text: "It is five dollars.", parts: [{ start: 6, end: 8, from: 6, to: 18 }] },
    }),
    record(source, "Not £6,", {
      normalized: { text: "Not six pounds,", parts: [{ start: 14, end: 16, from: 4, to: 14 }] },
    }),
    record(source, "he said."),
    record(source, "No."),
  ];

  it("is one text, in lines where the source has them, with places in both", () => {
    const said = spokenWords(source, records);
    expect(said?.text).toBe("It is five dollars.\nNot six pounds, he said. No.");
    const places = said?.parts.map(({ start, end, from, to }) => [
      source.slice(start, end),
      said.text.slice(from, to),
    ]);
    expect(places).toEqual([
      ["$5", "five dollars"],
      ["£6", "six pounds"],
    ]);
  });

  it("has no spaces where the source has none", () => {
    const chinese = "今天好。明天也好。";
    const parts = [record(chinese, "今天好。"), record(chinese, "明天也好。")];
    expect(spokenWords(chinese, parts)?.text).toBe(chinese);
  });

  it("has spaces where only tags stand between, and none inside a word", () => {
    const tagged = "<s>One.</s><s>Two.</s>";
    const parts = [record(tagged, "<s>One.</s>"), record(tagged, "<s>Two.</s>")];
    const said = parts.map((part, index) => ({
      ...part,
      normalized: { text: ["One.", "Two."][index] ?? "", parts: [] },
    }));
    expect(spokenWords(tagged, said)?.text).toBe("One. Two.");
    const long = "endlessword";
    expect(spokenWords(long, [record(long, "endless"), record(long, "word")])?.text).toBe(long);
  });

  it("is not known of jobs of before", () => {
    expect(spokenWords(source, [record(source, "No.", { normalized: null })])).toBeNull();
    expect(coverageOf(source, [record(source, "No.", { coverage: null })], true)).toEqual([]);
  });
});

describe("coverage", () => {
  const source = "<p>One  two</p> $3 😀 end. ";
  const dropped = (part: string, reason: "markup" | "emoji") => {
    const start = source.indexOf(part);
    return { start, end: start + part.length, fate: "dropped", reason } as const;
  };
  const money = { start: source.indexOf("$3"), end: source.indexOf("$3") + 2, fate: "normalised" } as const;
  const records = [
    record(source, "<p>One  two</p>", { coverage: [dropped("<p>", "markup"), dropped("</p>", "markup")] }),
    record(source, "$3 😀 end.", { coverage: [{ ...money, utterance: 1 }, dropped("😀", "emoji")] }),
  ];
  const told = (complete: boolean, upTo = records.length) =>
    coverageOf(source, records.slice(0, upTo), complete);

  it("accounts for each character once, in order, from what is not simply spoken", () => {
    const spans = told(true);
    expect(spans.map(({ start, end }) => source.slice(start, end)).join("")).toBe(source);
    expect(spans[0]?.start).toBe(0);
    for (const [index, span] of spans.slice(1).entries()) expect(span.start).toBe(spans[index]?.end);
    expect(
      spans.map(({ start, end, fate, utterance }) => [source.slice(start, end), fate, utterance]),
    ).toEqual([
      ["<p>", "dropped", undefined],
      ["One", "spoken", 0],
      ["  ", "space", undefined],
      ["two", "spoken", 0],
      ["</p>", "dropped", undefined],
      [" ", "space", undefined],
      ["$3", "normalised", 1],
      [" ", "space", undefined],
      ["😀", "dropped", undefined],
      [" ", "space", undefined],
      ["end.", "spoken", 1],
      [" ", "space", undefined],
    ]);
  });

  it("goes as far as has been spoken", () => {
    expect(told(false, 1).at(-1)?.end).toBe(source.indexOf(" $3"));
    expect(told(false).at(-1)?.end).toBe(source.length - 1);
  });
});

describe("who speaks what", () => {
  const source = "One. Two. Drei. Four.";
  const records = [
    record(source, "One."),
    record(source, "Two."),
    record(source, "Drei.", { voice: 1, language: "de" }),
    record(source, "Four.", { language: null }),
  ];
  const texts = (segments: { start: number }[]) =>
    spokenStretches(records, segments, "en-GB").map(({ start, end, voice, language }) => [
      source.slice(start, end),
      voice,
      language,
    ]);

  it("is one stretch for what one voice says in one language, unless the caller parted it", () => {
    expect(texts([])).toEqual([
      ["One. Two.", 0, "en-US"],
      ["Drei.", 1, "de"],
      ["Four.", 0, "en-GB"],
    ]);
    expect(texts([{ start: 0 }, { start: 5 }]).slice(0, 2)).toEqual([
      ["One.", 0, "en-US"],
      ["Two.", 0, "en-US"],
    ]);
  });

  it("ends with the mark of its sentence, also where that was begun in another utterance", () => {
    const cut = "<s>Es ist spät, und der Zug kommt.</s>";
    const word = (text: string, sentence?: { start: number; end: number }) => {
      const start = cut.indexOf(text);
      const place = {
        text,
        start,
        end: start + text.length,
        tokenStart: 0,
        tokenEnd: 1,
        startSeconds: 0,
        endSeconds: 1,
      };
      return sentence === undefined ? place : { ...place, sentence };
    };
    const whole = { start: 3, end: cut.indexOf("</s>") };
    const [stretch] = spokenStretches(
      [
        record(cut, "<s>Es ist spät,", { words: [word("Es", whole), word("spät")] }),
        record(cut, "und der Zug kommt.</s>", { words: [word("und"), word("kommt")] }),
      ],
      [],
      "de",
    );
    expect(cut.slice(stretch?.start, stretch?.end)).toBe("Es ist spät, und der Zug kommt.");
  });

  it("tells when each is heard, and the languages by how much is said in them", () => {
    expect(spokenStretches(records, [], "en-GB")[0]).toMatchObject({ startSeconds: 0, endSeconds: 6 });
    expect(spokenLanguages(records)).toEqual(["en-US", "de"]);
  });
});
