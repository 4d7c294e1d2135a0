import { describe, expect, test } from "vitest";
import type { NativeLanguageCode } from "../../../src/languages/language.ts";
import { splitSentences } from "../../../src/synthesis/text/sentences.ts";

const split = (text: string, language: NativeLanguageCode = "en-US") =>
  splitSentences(text, language).map((sentence) => text.slice(sentence.start, sentence.end));

describe("splitSentences", () => {
  test.each<[string, NativeLanguageCode, string, string[]]>([
    ["plain", "en-US", "One. Two! Three?", ["One.", "Two!", "Three?"]],
    ["decimals", "en-US", "It is 3.14. Yes.", ["It is 3.14.", "Yes."]],
    ["initials", "en-US", "J. R. R. Tolkien wrote. He did.", ["J. R. R. Tolkien wrote.", "He did."]],
    ["an acronym at the end", "en-US", "He lives in the U.S. The end.", ["He lives in the U.S.", "The end."]],
    ["a quote that goes on", "en-US", "“Really?” he asked. “Yes.”", ["“Really?” he asked.", "“Yes.”"]],
    ["an ellipsis that goes on", "en-US", "Well… maybe. No.", ["Well… maybe.", "No."]],
    ["Devanagari", "hi", "नमस्ते। आप कैसे हैं? ठीक।", ["नमस्ते।", "आप कैसे हैं?", "ठीक।"]],
    ["Japanese", "ja", "今日は。元気ですか？はい！", ["今日は。", "元気ですか？", "はい！"]],
    ["Chinese with quotes", "zh", "他说：“你好。”然后走了。", ["他说：“你好。”", "然后走了。"]],
    ["no end mark", "en-US", "Just words", ["Just words"]],
    ["only space", "en-US", "  \n \n ", []],
  ])("%s", (_name, language, text, expected) => {
    expect(split(text, language)).toEqual(expected);
  });

  test("blank lines end paragraphs, line ends end lines, wrapped lines go on", () => {
    const wrapped = "This line is long enough that it was surely wrapped by an\neditor, and goes on here.";
    const sentences = splitSentences(`Title\n\n${wrapped}\nPoem line\nNext line`, "en-US");
    expect(sentences.map((sentence) => sentence.breakAfter)).toEqual([
      "paragraph",
      "line",
      "line",
      "paragraph",
    ]);
    expect(split("one\ntwo")).toEqual(["one\ntwo"]);
    expect(split("one\n\vtwo")).toEqual(["one", "two"]);
  });

  test("ranges are in order and skip nothing but white space", () => {
    const text = "  A b. C d!\n\nE…  “F” g. \n H";
    let last = 0;
    for (const { start, end } of splitSentences(text, "en-US")) {
      expect(text.slice(last, start).trim()).toBe("");
      expect(end).toBeGreaterThan(start);
      last = end;
    }
    expect(text.slice(last).trim()).toBe("");
  });
});
