import { describe, expect, test } from "vitest";
import { foldCharacters } from "../../../src/synthesis/text/characters.ts";
import { MappedText } from "../../../src/synthesis/text/mapped-text.ts";

function fold(text: string, cjk = false): { text: string; dropped: Record<string, number> } {
  const dropped: Record<string, number> = {};
  const result = foldCharacters(MappedText.of(text), cjk, (kind, count) => {
    dropped[kind] = (dropped[kind] ?? 0) + count;
  });
  return { text: result.text, dropped };
}

describe("foldCharacters", () => {
  test.each([
    ["decomposed letters are composed", "cafe\u0301 n\u0303", "café ñ"],
    ["line breaks", "a\r\nb\rc\u2028d\u2029e", "a\nb\nc\vd\n\ne"],
    ["spaces of every width", "a\u00a0b\u2009c\u3000d\te", "a b c d e"],
    ["control characters", "a\u0000b\u0007c", "a b c"],
    ["zero-width and direction controls", "a\u200bb\u202ec\ufeffd\u00ade", "abcde"],
    ["apostrophes", "it’s ‘so’", "it's 'so'"],
    ["straight quotes", 'He said, "no" ("never").', "He said, “no” (“never”)."],
    ["French and German quotes", "« oui » „ja“", "“oui” “ja“"],
    ["ellipses", "well... wait . . . now…… so", "well… wait … now… so"],
    ["dashes", "a -- b — c ― d", "a — b — c — d"],
    ["repeated marks", "what???!!! no,, yes", "what?! no, yes"],
    ["inverted marks", "¿qué? ¡sí!", "qué? sí!"],
    ["ligatures and mathematical letters", "ﬁne 𝐇𝐢", "fine Hi"],
    ["full-width text", "ＡＢＣ，１２", "ABC,12"],
  ])("%s", (_name, text, expected) => {
    expect(fold(text)).toEqual({ text: expected, dropped: {} });
  });

  test("full-width punctuation stays in Japanese and Chinese, letters and digits do not", () => {
    expect(fold("ＡＢ，１２！", true).text).toBe("AB，12！");
  });

  test("Devanagari keeps its joiners", () => {
    expect(fold("क\u094d\u200dष a\u200db").text).toBe("क\u094d\u200dष ab");
  });

  test("emoji go, and are counted", () => {
    expect(fold("hi 😀👍🏽!")).toEqual({ text: "hi !", dropped: { emoji: 3 } });
    expect(fold("👩‍👩‍👧 ok").dropped.emoji).toBeGreaterThan(0);
    expect(fold("👩‍👩‍👧 🇫🇷 1️⃣ ok").text).toBe(" 1 ok");
    expect(fold("© 2024 Acme™").text).toBe("© 2024 Acme™");
  });

  test("lone surrogates go, pairs stay", () => {
    expect(fold("a\ud800b\udc00c 𠮷")).toEqual({ text: "abc 𠮷", dropped: { surrogate: 2 } });
  });

  test("stacked marks are thinned to what a language uses", () => {
    const { text, dropped } = fold(`z${"\u0301\u0316".repeat(500)}!`);
    expect(text.length).toBeLessThan(8);
    expect(dropped.mark).toBe(1);
  });
});
