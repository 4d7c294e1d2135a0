import { describe, expect, test } from "vitest";
import { parseScript } from "../../../../src/synthesis/text/script/parse.ts";
import type { DirectedSpan } from "../../../../src/synthesis/text/script.ts";

const plain = (text: string) => parseScript({ text, format: "plain" });

describe("a pause in brackets", () => {
  test.each([
    ["[pause:1.2s]", 1.2],
    ["[pause:800ms]", 0.8],
    ["[PAUSE: 2 s]", 2],
    ["[pause:.5s]", 0.5],
    ["[pause:0s]", 0],
    ["[pause:30s]", 30],
  ])("%s is %d s", (pause, seconds) => {
    const text = `One ${pause} two`;
    const script = plain(text);
    expect(script.text.text).toBe("One \ufffc two");
    expect(script.objects).toEqual([{ kind: "pause", seconds, boundary: "none" }]);
    expect(script.dropped).toEqual([{ start: 4, end: 4 + pause.length, reason: "direction" }]);
    expect(script.text.sourceOffset(6)).toBe(text.indexOf("two") - 0);
  });

  test.each([
    "[pause:soon]",
    "[pause:]",
    "[pause:1]",
    "[pause:-1s]",
    "[pause:1s",
    "[pause:1e3s]",
    "[pause:1m]",
  ])("%s is refused, and what is right is shown", (pause) => {
    expect(() => plain(`One ${pause} two`)).toThrow(
      expect.objectContaining({ offset: 4, message: expect.stringContaining("[pause:1.2s]") }),
    );
  });

  test("has a bound, and all of them together have one", () => {
    expect(() => plain("[pause:30.1s]")).toThrow(/longer than 30 s/);
    expect(plain("a [pause:30s] ".repeat(60)).objects).toHaveLength(60);
    expect(() => plain("a [pause:30s] ".repeat(61))).toThrow(/more than 1800 s/);
  });
});

describe("a transcription in brackets", () => {
  test("stands for its word alone", () => {
    const text = "A [tomato](/təˈmɑːtəʊ/), please";
    const script = plain(text);
    expect(script.text.text).toBe("A \ufffc, please");
    expect(script.objects).toEqual([{ kind: "ipa", ipa: "təˈmɑːtəʊ", written: "tomato" }]);
    expect(script.text.sourceRange(2, 3)).toEqual({ start: 3, end: 9 });
    expect(script.dropped.map(({ start, end }) => text.slice(start, end))).toEqual(["[", "](/təˈmɑːtəʊ/)"]);
  });

  test.each([
    ["ˈt͡ʃɪɹɪo̯ʊ", "ˈtʃɪɹɪo̯ʊ"],
    ["sɛ̃ fʁɑ̃swa", "sɛ̃ fʁɑ̃swa"],
    ["ǃxoõ", "ǃxoõ"],
    ["a.ka‖", "aka"],
    // Marks of keyboards for stress and length.
    ["tə'mɑ:təʊ", "təˈmɑːtəʊ"],
  ])("may be %s", (written, ipa) => {
    expect(plain(`[word](/${written}/)`).objects).toEqual([{ kind: "ipa", ipa, written: "word" }]);
  });

  test.each(["[home](/my_page/)", "[a](/2024/05/)", "[x](/Start/)", "[ ](/a/)", "[a](b)", "[a] (/a/)"])(
    "is not %s, an ordinary link",
    (text) => {
      expect(plain(text)).toMatchObject({ text: { text }, objects: [] });
    },
  );

  test.each([
    ["təˈmɑ7", "7"],
    ["aʊU", "U"],
    ["mä˥", "˥"],
  ])("of %s is refused, for no model can say %s", (ipa, symbol) => {
    expect(() => plain(`A [word](/${ipa}/)`)).toThrow(
      expect.objectContaining({
        offset: 2,
        message: expect.stringContaining(`holds "${symbol}", which no model`),
      }),
    );
  });

  test("without a sound is refused", () => {
    expect(() => plain("A [word](/ˈː/)")).toThrow(/holds no sound/);
  });
});

test("a backslash makes plain text of a direction, and stays elsewhere", () => {
  expect(plain("\\[pause:1s] \\[a](/a/) \\[b] \\n")).toMatchObject({
    text: { text: "[pause:1s] [a](/a/) \\[b] \\n" },
    objects: [],
  });
});

test("object characters of the caller's own are taken out, and told", () => {
  const script = plain("a\ufffcb [pause:1s] [\ufffc](/a/)");
  expect(script.text.text).toBe("a b \ufffc \ufffc");
  expect(script.objects).toEqual([
    { kind: "pause", seconds: 1, boundary: "none" },
    { kind: "ipa", ipa: "a", written: " " },
  ]);
  expect(script.dropped[0]).toEqual({ start: 1, end: 2, reason: "unreadable" });
});

test.each(["[", "]", "[[pause:1s]", "](/a/)", "[a](/", "[pause", "((//))", "[a\n](/a/)"])(
  "%j is only text but for pauses",
  (text) => {
    expect(plain(text).objects.length).toBe(text.includes("pause:") ? 1 : 0);
  },
);

describe("a dialogue", () => {
  const text = "Hello.\n<speak>Hi <voice name='bm_george'>there</voice></speak>\nBye [pause:1s] now";
  const starts = [0, 7, text.indexOf("Bye")];
  const ends = [6, text.indexOf("\nBye"), text.length];
  const segments: DirectedSpan[] = [0, 2, 1].map((voice, index) => ({
    start: starts[index] ?? 0,
    end: ends[index] ?? 0,
    directions: { voice, rate: 1.1 },
  }));

  test("has each segment parsed for itself, with its directions, apart from its neighbours", () => {
    const script = parseScript({ text, format: "auto", segments });
    expect(script.text.text).toBe("Hello.\n\ufffcHi there\n\ufffcBye \ufffc now");
    expect(script.objects).toEqual([
      { kind: "pause", seconds: null, boundary: "sentence" },
      { kind: "pause", seconds: null, boundary: "sentence" },
      { kind: "pause", seconds: 1, boundary: "none" },
    ]);
    expect(script.spans.map(({ start, end, directions }) => [text.slice(start, end), directions])).toEqual([
      ["Hello.", { voice: 0, rate: 1.1 }],
      ["Hi ", { voice: 2, rate: 1.1 }],
      ["there", { voice: 3, rate: 1.1 }],
      ["Bye [pause:1s] now", { voice: 1, rate: 1.1 }],
    ]);
    expect(script.voices).toEqual(["bm_george"]);
  });

  test("says where in the whole a segment is at fault", () => {
    const faulty = text.replace("[pause:1s]", "[pause:xx]");
    expect(() => parseScript({ text: faulty, format: "auto", segments })).toThrow(
      expect.objectContaining({ offset: text.indexOf("[") }),
    );
  });

  test("keeps its segments in order and within the text", () => {
    for (const wrong of [[...segments].reverse(), [{ start: 0, end: text.length + 1, directions: {} }]]) {
      expect(() => parseScript({ text, format: "plain", segments: wrong })).toThrow(RangeError);
    }
  });
});
