import type { Range } from "./mapped-text.ts";

/** What follows a sentence. */
export type Break = "sentence" | "line" | "paragraph" | "chapter";

/** How much a break ends. */
export const BREAK_STRENGTH: Readonly<Record<Break, number>> = {
  sentence: 0,
  line: 1,
  paragraph: 2,
  chapter: 3,
};

export interface Sentence extends Range {
  readonly breakAfter: Break;
}

/**
 * Abbreviations that Intl.Segmenter takes for the end of a sentence and that normalisation leaves in place,
 * and single initials ("J. R. R. Tolkien").
 */
const NOT_THE_END =
  /(?:^|[\s(“'.])(?:\p{Lu}|Vol|Figs?|Eq|pp?|Op|cap|St|Ste|cf|ca|vol|figs?|प्रो|डॉ|श्री)\.\s*$/u;

/** Words that begin a sentence far more often than they go on after "U.S." or "vitamin C." */
const STARTS_A_SENTENCE =
  /^(?:The|This|That|These|It|He|She|We|They|You|In|On|At|But|And|If|When|His|Her|Our)\b/;

/** A line ends for good unless it looks like text wrapped at a fixed width. */
const WRAPPED_LINE_LENGTH = 55;

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  let found = segmenters.get(language);
  if (found === undefined) {
    found = new Intl.Segmenter(language, { granularity: "sentence" });
    segmenters.set(language, found);
  }
  return found;
}

/**
 * Cuts a normalised text into sentences: first at line and paragraph breaks (a line that only wraps goes on),
 * then with Unicode's sentence rules (UAX 29), joined again where those are known to cut too early.
 * Ranges are in order, do not overlap, and leave out nothing but white space.
 */
export function splitSentences(text: string, language: string): Sentence[] {
  const sentences: Sentence[] = [];
  for (const block of splitBlocks(text)) {
    const body = text.slice(block.start, block.end);
    // A wrapped line's break is a space to the segmenter, one to one, so offsets stay.
    const ranges = joinEarlyCuts(body, segment(body.replaceAll("\n", " "), language));
    ranges.forEach((range, index) => {
      sentences.push({
        start: block.start + range.start,
        end: block.start + range.end,
        breakAfter: index === ranges.length - 1 ? block.breakAfter : "sentence",
      });
    });
  }
  return sentences;
}

function* splitBlocks(text: string): Generator<Sentence> {
  let start = 0;
  for (const match of text.matchAll(/[^\S\n\v]*[\n\v]\s*/g)) {
    const blank = match[0].indexOf("\n") !== match[0].lastIndexOf("\n");
    const end = match.index + match[0].length;
    if (!blank && !match[0].includes("\v") && wraps(text, match.index, end)) continue;
    if (match.index > start) {
      yield { start, end: match.index, breakAfter: breakOf(blank, text, end) };
    }
    start = end;
  }
  if (start < text.length) yield { start, end: text.length, breakAfter: "paragraph" };
}

/** What ends at an offset of a text, by the white space there. */
export function breakAt(text: string, at: number): Break {
  const space = /\s*/y;
  space.lastIndex = at;
  const [gap = ""] = space.exec(text) ?? [];
  if (!/[\n\v]/.test(gap)) return "sentence";
  return breakOf(gap.indexOf("\n") !== gap.lastIndexOf("\n"), text, at + gap.length);
}

/** Lines that a chapter begins with, in the languages that Kokoro was trained on and some more. */
const HEADING =
  /(?:chapter|part|book|prologue|epilogue|cap[ií]tulo|parte|chapitre|partie|capitolo|kapitel|teil|hoofdstuk|rozdział|глава|часть|अध्याय)(?![\p{L}\p{N}])[^\n.!?]{0,60}(?:\n|$)|第[^\n]{1,8}[章回部]/iuy;

/** What a line end, or a blank line, in front of `next` ends. */
function breakOf(blank: boolean, text: string, next: number): Break {
  if (!blank) return "line";
  HEADING.lastIndex = next;
  return HEADING.test(text) ? "chapter" : "paragraph";
}

function wraps(text: string, before: number, after: number): boolean {
  const next = String.fromCodePoint(text.codePointAt(after) ?? 0x20);
  const last = text.charAt(before - 1);
  if (
    /[.!?…。！？।:;]/.test(last) ||
    /[.!?…。！？।][”"')」』]$/.test(text.slice(Math.max(0, before - 2), before))
  ) {
    return false;
  }
  if (/\p{Ll}/u.test(next)) return true;
  const lineStart = text.lastIndexOf("\n", before - 1) + 1;
  const length = before - lineStart;
  const wide = /[\u3000-\u9fff\uff00-\uffef]/.test(last) ? length * 2 : length;
  return wide >= WRAPPED_LINE_LENGTH && /[\p{L}\p{N}“(']/u.test(next);
}

function segment(body: string, language: string): Range[] {
  const ranges: Range[] = [];
  for (const { segment: part, index } of segmenter(language).segment(body)) {
    const trimmed = part.trim();
    if (trimmed === "") continue;
    const start = index + part.indexOf(trimmed);
    ranges.push({ start, end: start + trimmed.length });
  }
  return ranges;
}

function joinEarlyCuts(body: string, ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (before !== undefined && belongsTogether(body, before, range)) {
      joined[joined.length - 1] = { start: before.start, end: range.end };
    } else {
      joined.push(range);
    }
  }
  return joined;
}

function belongsTogether(body: string, before: Range, after: Range): boolean {
  const tail = body.slice(Math.max(before.start, before.end - 16), before.end);
  const head = body.slice(after.start, after.start + 2);
  // `"Really?" he asked`, `… and so on`: a sentence does not begin in lower case.
  if (/^\p{Ll}/u.test(head) && /[.!?…”")]$/.test(tail)) return true;
  // A closing mark that was left behind belongs to what it closes.
  if (/^[”"')\]」』）]/.test(head)) return true;
  return NOT_THE_END.test(tail) && !STARTS_A_SENTENCE.test(body.slice(after.start, after.start + 8));
}
