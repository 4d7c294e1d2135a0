import { describe, expect, test } from "vitest";
import { ScriptError } from "../../../../src/synthesis/text/script/error.ts";
import { parseScript } from "../../../../src/synthesis/text/script/parse.ts";
import { MAX_DEPTH } from "../../../../src/synthesis/text/script/ssml.ts";

const LENGTH = 20_000;
const fill = (unit: string, length = LENGTH) => unit.repeat(Math.floor(length / unit.length));

/** Texts of any length that have cost parsers more than time in proportion. */
const HOSTILE: Readonly<Record<string, (length: number) => string>> = {
  "start tags": (length) => fill("<b>", length),
  "end tags": (length) => fill("</b>", length),
  "empty elements": (length) => fill("<br/>", length),
  "less-than signs": (length) => fill("<", length),
  "half tags": (length) => fill("<a ", length),
  "half comments": (length) => fill("<!--", length),
  "half declarations": (length) => fill("<!A", length),
  "half scripts": (length) => fill("<script >", length),
  scripts: (length) => fill("<script></script>", length),
  ampersands: (length) => fill("&", length),
  "half references": (length) => fill("&amp", length),
  references: (length) => fill("&amp;", length),
  brackets: (length) => fill("[", length),
  pauses: (length) => fill("[pause:0s]", length),
  "half pauses": (length) => fill("\\[pause:", length),
  transcriptions: (length) => fill("[a](/a/)", length),
  "half transcriptions": (length) => fill("[a](/", length),
  backslashes: (length) => fill("\\", length),
  "object characters": (length) => fill("\ufffc", length),
  "elements of SSML": (length) => `<speak>${fill("<s>a</s>", length)}</speak>`,
  breaks: (length) => `<speak>${fill('<break strength="none"/>', length)}</speak>`,
  directions: (length) => `<speak>${fill('<prosody rate="1">a</prosody>', length)}</speak>`,
  "references of SSML": (length) => `<speak>${fill("&#65;", length)}</speak>`,
  sections: (length) => `<speak>${fill("<![CDATA[&]]>", length)}</speak>`,
  "comments of SSML": (length) => `<speak>${fill("<!--a-->", length)}</speak>`,
  "half elements of SSML": (length) => `<speak>${fill("<s ", length)}`,
  "open elements of SSML": (length) => `<speak>${fill('<lang xml:lang="a">', length)}`,
  "ampersands of SSML": (length) => `<speak>${fill("&", length)}</speak>`,
  attributes: (length) => `<speak ${fill('a="" ', length)}>`,
  "an attribute": (length) => `<speak><mark name="${fill("a", length)}"/></speak>`,
  "an element's name": (length) => `<speak><${fill("a", length)}/></speak>`,
  "line breaks": (length) => `<speak>${fill("\n ", length)}a</speak>`,
  "closing brackets": (length) => `<speak>${fill("]", length)}</speak>`,
  "prologue comments": (length) => `${fill("<!---->", length)}<speak>a</speak>`,
};

/** Milliseconds for one parse: the least of some, since other work only ever adds. */
function milliseconds(text: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const startedAt = performance.now();
    try {
      parseScript({ text, format: "auto" });
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
    }
    least = Math.min(least, performance.now() - startedAt);
  }
  return least;
}

describe("a hostile text", () => {
  test.each(Object.keys(HOSTILE))(
    "of %s takes time in proportion to its length, and ends as a script or a ScriptError",
    // Other work on the machine can only make one look slow; what is quadratic is slow each time.
    { retry: 2 },
    (name) => {
      const text = HOSTILE[name] as (length: number) => string;
      milliseconds(text(LENGTH));
      // Eight times the length: a quadratic parser would take 64 times as long. Below three milliseconds nothing can be told.
      const ratio = milliseconds(text(8 * LENGTH)) / Math.max(3, milliseconds(text(LENGTH)));
      expect(ratio).toBeLessThan(30);
    },
  );

  test("with entities within entities is refused before any of them is expanded", () => {
    const entities = Array.from(
      { length: 20 },
      (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`,
    ).join("");
    const bomb = `<?xml version="1.0"?><!DOCTYPE speak [<!ENTITY e0 "ha">${entities}]><speak>&e20;</speak>`;
    for (const format of ["auto", "ssml"] as const) {
      expect(() => parseScript({ text: bomb, format })).toThrow(/document types and entities.*not accepted/);
    }
    // Called plain, it is text in which nothing is expanded.
    expect(parseScript({ text: bomb, format: "plain" }).text.text.length).toBeLessThan(bomb.length);
  });

  test.each(["file:///etc/passwd", "//example.test/x.dtd"])(
    "that names the outside world (%s) is refused",
    (outside) => {
      const text = `<!DOCTYPE speak SYSTEM "${outside}"><speak>a</speak>`;
      expect(() => parseScript({ text, format: "auto" })).toThrow(ScriptError);
    },
  );

  test("is nested to a bound", () => {
    const nested = (depth: number) =>
      `<speak>${'<lang xml:lang="en">'.repeat(depth - 1)}a${"</lang>".repeat(depth - 1)}</speak>`;
    expect(parseScript({ text: nested(MAX_DEPTH), format: "ssml" }).text.text).toBe("a");
    expect(() => parseScript({ text: nested(MAX_DEPTH + 1), format: "ssml" })).toThrow(
      /nested deeper than 32/,
    );
  });

  test("names no more than twenty voices", () => {
    const voices = (count: number) =>
      `<speak>${Array.from({ length: count }, (_, i) => `<voice name="v${i}">a</voice>`).join("")}</speak>`;
    expect(parseScript({ text: voices(20), format: "ssml" }).voices).toHaveLength(20);
    expect(() => parseScript({ text: voices(21), format: "ssml" })).toThrow(/more than 20 voices/);
  });

  test("is quoted in no error beyond a glimpse, and nothing in it breaks a line of a log", () => {
    const name = `a\u2028\u202e${"b".repeat(5_000)}`;
    for (const body of [
      `<${"c".repeat(5_000)}/>`,
      `<voice name="${name}"/>`,
      `<say-as interpret-as="${name}">a</say-as>`,
      `<s ${"d".repeat(5_000)}="e"/>`,
    ]) {
      try {
        parseScript({ text: `<speak>${body}</speak>`, format: "ssml" });
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(ScriptError);
        expect((error as ScriptError).message.length).toBeLessThan(400);
        expect((error as ScriptError).message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }
  });

  test("of control characters, lone surrogates and right-to-left marks is kept as it is, or refused as XML", () => {
    const odd = "a\u0007b\u200d\u202e\u0301\ud800c\u2066";
    expect(parseScript({ text: odd, format: "plain" }).text.text).toBe(odd);
    expect(() => parseScript({ text: `<speak>${odd}</speak>`, format: "ssml" })).toThrow(ScriptError);
    expect(parseScript({ text: "<speak>a\u200d\u202e\u0301</speak>", format: "ssml" }).text.text).toBe(
      "a\u200d\u202e\u0301",
    );
  });

  test.each(["__proto__", "constructor", "toString", "xmlns:__proto__"])(
    "with %s for a name finds nothing of the runtime's",
    (name) => {
      for (const body of [
        `<${name}/>`,
        `<s ${name}="1">a</s>`,
        `<say-as interpret-as="${name}">a</say-as>`,
        `<prosody rate="${name}">a</prosody>`,
        `&${name.replace(":", "")};`,
      ]) {
        const parse = () => parseScript({ text: `<speak>${body}</speak>`, format: "ssml" });
        if (name.startsWith("xmlns") && body.startsWith("<s ")) expect(parse().text.text).toContain("a");
        else expect(parse).toThrow(ScriptError);
      }
    },
  );
});
