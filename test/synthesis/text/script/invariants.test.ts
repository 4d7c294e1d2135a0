import { expect, test } from "vitest";
import { ScriptError } from "../../../../src/synthesis/text/script/error.ts";
import { parseScript } from "../../../../src/synthesis/text/script/parse.ts";
import { visibleText } from "../../../../src/synthesis/text/script/visible.ts";
import { OBJECT, type Script } from "../../../../src/synthesis/text/script.ts";

/** Pieces that texts are put together of, right and wrong ones. */
const PLAIN =
  'word|, |. |\n|\n\n|[pause:1s]|[pause:200ms]|[pause:x]|\\[pause:1s]|[tomato](/təˈmɑːtəʊ/)|[a](/b_c/)|<b>|</b>|<br>|<p>|</p>|&amp;|&#65;|&|<|>|[|](/|<!-- a -->|<!--|<i title="x">|</i>|é|日本|😀|\ufffc|<script>a<b</script>'.split(
    "|",
  );
const SSML =
  'word|, |. |\n\n|<p>|</p>|<s>|</s>|<break/>|<break time="1s"/>|<mark name="m"/>|<sub alias="two">2</sub>|<sub alias="x"/>|<phoneme ph="a">b</phoneme>|<phoneme ph="a"/>|<prosody rate="90%">|</prosody>|<voice name="v">|</voice>|<lang xml:lang="fr">|</lang>|<say-as interpret-as="date">1</say-as>|&amp;|&#65;|&|<![CDATA[<c>]]>|<!-- d -->|😀|\ufffc|<b>|[pause:1s]'.split(
    "|",
  );
const TEXTS = 1_000;

/** Chance from a seed (mulberry32): the same texts each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Pieces at random; end tags mostly where they close something, so that enough of the texts are right. */
function randomText(pieces: readonly string[], below: (limit: number) => number): string {
  const open: string[] = [];
  let text = "";
  for (let count = 2 + below(12); count > 0; count -= 1) {
    let piece = pieces[below(pieces.length)] ?? "";
    const opens = /^<([a-z-]+)(?: [^/]*)?>$/.exec(piece)?.[1];
    if (piece.startsWith("</") && below(10) > 0) piece = open.length > 0 ? `</${open.pop()}>` : "";
    else if (opens !== undefined && opens !== "br") open.push(opens);
    text += piece;
  }
  return below(10) === 0
    ? text
    : text +
        open
          .reverse()
          .map((name) => `</${name}>`)
          .join("");
}

function expectSound(text: string, { text: mapped, objects, dropped, spans, voices }: Script): void {
  const context = JSON.stringify(text);
  expect(
    [...mapped.text].filter((character) => character === OBJECT),
    context,
  ).toHaveLength(objects.length);
  for (const ranges of [dropped, spans]) {
    let end = 0;
    for (const range of ranges) {
      expect(range.start, context).toBeGreaterThanOrEqual(end);
      expect(range.end, context).toBeGreaterThan(range.start);
      end = range.end;
    }
    expect(end).toBeLessThanOrEqual(text.length);
  }
  // Nothing is lost: what no character of the script stands for was dropped, and told.
  const told = new Uint8Array(text.length);
  for (let index = 0; index < mapped.text.length; index += 1) {
    const { start, end } = mapped.sourceRange(index, index + 1);
    told.fill(1, start, end);
    expect(mapped.sourceOffset(index), context).toBeLessThanOrEqual(mapped.sourceOffset(index + 1));
  }
  for (const { start, end } of dropped) told.fill(1, start, end);
  expect(told.indexOf(0), context).toBe(-1);
  for (const { directions } of spans)
    expect(directions.voice ?? 0, context).toBeLessThanOrEqual(voices.length);
}

test.each([
  ["plain", PLAIN, ""],
  ["ssml", SSML, "speak"],
] as const)(
  "%s texts of any pieces are scripts in which nothing is lost, or refused within the text",
  (format, pieces, root) => {
    const below = chance(7);
    let accepted = 0;
    for (let count = 0; count < TEXTS; count += 1) {
      const inner = randomText(pieces, below);
      const text = root === "" ? inner : `<${root}>${inner}</${root}>`;
      try {
        expectSound(text, parseScript({ text, format }));
        expect(visibleText({ text, format })).toHaveLength(text.length);
        accepted += 1;
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        expect(error.offset, text).toBeGreaterThanOrEqual(0);
        expect(error.offset, text).toBeLessThanOrEqual(text.length);
      }
    }
    expect(accepted).toBeGreaterThan(TEXTS / 4);
    expect(accepted).toBeLessThan(TEXTS);
  },
);
