import { describe, expect, test } from "vitest";
import { MappedText } from "../../../src/synthesis/text/mapped-text.ts";
import { checkMarkup, stripMarkup } from "../../../src/synthesis/text/markup.ts";

describe("checkMarkup", () => {
  test.each([
    "plain text",
    "3 < 4 and 5 > 4, a <- b, <3, < b>",
    "<p>One <b>two</b></p>",
    '<a href="https://example.com/?a=1&b=2">link</a>',
    "line<br>line<BR/>line<br />",
    "<voice name='x'/>",
    "<P>case</p>",
    "<ns:tag-name attr>x</ns:tag-name>",
  ])("accepts %j", (text) => {
    expect(checkMarkup(text)).toBeNull();
  });

  test.each([
    ["say <b>this", 4, /<b>.*never closed.*<\/b>/],
    ["say this</b>", 8, /<\/b>.*closes nothing/],
    ["<i><b>x</i></b>", 7, /<\/i>.*before <\/b>/],
    ["a List<String> in code", 6, /<string>.*&lt;/],
    ["<p>", 0, /never closed/],
  ])("refuses %j at %i", (text, offset, message) => {
    const issue = checkMarkup(text);
    expect(issue?.offset).toBe(offset);
    expect(issue?.message).toMatch(message);
  });

  test("quotes no more of a hostile name than a glimpse", () => {
    expect(checkMarkup(`<${"a".repeat(40_000)}>`)?.message.length).toBeLessThan(250);
  });
});

describe("stripMarkup", () => {
  const strip = (text: string) => stripMarkup(MappedText.of(text)).text;

  test("speaks what tags hold, not the tags", () => {
    expect(strip("a <b>bold</b> <i>move</i>")).toBe("a bold move");
    expect(strip("x<!-- hidden -->y")).toBe("x y");
  });

  test("turns block elements into breaks", () => {
    expect(strip("<h1>Title</h1>Text<br>more")).toBe("\n\nTitle\n\nText\vmore");
  });

  test("decodes character references, and only known ones", () => {
    expect(strip("AT&amp;T &lt;3 &#233; &#x1F600; &bogus; & co")).toBe("AT&T <3 é 😀 &bogus; & co");
    expect(strip("&#0; &#xD800; &#9999999;")).toBe("     ");
  });

  test("leaves comparisons alone", () => {
    expect(strip("3 < 4 > 2")).toBe("3 < 4 > 2");
  });
});
