import { describe, expect, test } from "vitest";
import { checkMarkup } from "../../../../src/synthesis/text/script/html.ts";
import { parseScript } from "../../../../src/synthesis/text/script/parse.ts";

describe("HTML in plain text", () => {
  const strip = (text: string) => parseScript({ text, format: "plain" }).text.text;

  test.each([
    ["plain text", "plain text"],
    ["a <b>bold</b> <i>move</i>", "a bold move"],
    ["x<!-- <b> hidden -->y", "x y"],
    ["<h1>Title</h1>Text<br>more", "\n\nTitle\n\nText\vmore"],
    ["line<br>line<BR/>line<br />", "line\vline\vline\v"],
    ["<ul><li>One</li><li>Two</li></ul>", "\n\n\vOne\v\vTwo\v\n\n"],
    ['<a href="https://example.com/?a=1&b=2">link</a>', "link"],
    ["<ns:tag-name attr>x</ns:tag-name> <P>case</p>", "x \n\ncase\n\n"],
    ["<!DOCTYPE html><html>Hi</html>", "\n\nHi\n\n"],
    ["a<script>if (a < b) say('<p>')</script>b<style>p > a {}</style>c", "abc"],
    ["3 < 4 and 5 > 4, a <- b, <3, < b>", "3 < 4 and 5 > 4, a <- b, <3, < b>"],
    ["AT&amp;T &lt;3 &#233; &#x1F600; &bogus; & co", "AT&T <3 é 😀 &bogus; & co"],
    ["10&nbsp;&euro;, 5&sup2;, &frac12;", "10\u00a0€, 5², ½"],
    ["&#0;|&#xD800;|&#9999999;|&#xFFFC;", " | | | "],
    ["an <!-- unclosed comment", "an <!-- unclosed comment"],
  ])("%j is read as %j", (text, read) => {
    expect(strip(text)).toBe(read);
  });

  test("is told as what was dropped, at its place", () => {
    const text = "One <b>two</b><!-- three -->";
    const { dropped } = parseScript({ text, format: "auto" });
    expect(dropped.map(({ start, end, reason }) => [text.slice(start, end), reason])).toEqual([
      ["<b>", "markup"],
      ["</b>", "markup"],
      ["<!-- three -->", "comment"],
    ]);
  });

  test.each([
    ["say <b>this", 4, /<b> is never closed.*add <\/b>/],
    ["say this</b>", 8, /<\/b> closes nothing/],
    ["<i><b>x</i></b>", 7, /<\/i> comes before <\/b>/],
    ["a List<String> in code", 6, /<string>.*&lt;/],
    ["<p>", 0, /never closed/],
    ["<script>", 0, /never closed/],
  ])("%j is refused at %i", (text, offset, message) => {
    const issue = checkMarkup(text);
    expect(issue?.offset).toBe(offset);
    expect(issue?.message).toMatch(message);
    expect(() => parseScript({ text, format: "plain" })).toThrow(
      expect.objectContaining({ name: "ScriptError", code: "INVALID_INPUT", offset }),
    );
  });

  test("is quoted in no message beyond a glimpse of a hostile name", () => {
    expect(checkMarkup(`<${"a".repeat(40_000)}>`)?.message.length).toBeLessThan(250);
  });
});
