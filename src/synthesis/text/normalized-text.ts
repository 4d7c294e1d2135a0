import type { MappedText, Range } from "./mapped-text.ts";
import type { NormalizedText } from "./utterance.ts";

type Part = NormalizedText["parts"][number];

/** Letters and digits of scripts whose words have spaces between them; a part is widened over these. */
const OF_A_WORD = /(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{M}\p{N}]/u;
const SIGN = /^[\p{P}\p{Z}\s]$/u;

/** A stretch of a normalised text and of the source it came from. */
export interface Slice extends Range {
  /** Of the source. */
  readonly source: Range;
}

/**
 * A stretch of a normalised text, with the parts that differ from the source. Outside of them both are alike,
 * character by character: one sign for another ("“" for '"', a space for a line break) is no difference.
 * Parts are whole words.
 * @param said what is said for a character that stands for an object; null for a character that is itself
 */
export function normalizedText(
  source: string,
  normalised: MappedText,
  { start, end, source: range }: Slice,
  said: (index: number) => string | null,
): NormalizedText {
  const parts: Part[] = [];
  let text = "";
  /** Behind the last character of the source that has been met. */
  let met = range.start;
  const differ = (part: Part) => add(parts, part);
  for (let index = start; index < end; index += 1) {
    const alike = Math.min(normalised.unchanged(index, end, source, met), index + range.end - met);
    if (alike > index) {
      text += normalised.text.slice(index, alike);
      met += alike - index;
      index = alike;
      if (index >= end) break;
    }
    const object = said(index);
    const character = object ?? normalised.text.charAt(index);
    const place = within(normalised.sourceRange(index, index + 1), range);
    // White space around the utterance belongs to none; what was put in between words ("v1" is "version one") is said.
    const outside = text === "" || place.start >= range.end;
    if (outside && place.start === place.end && character.trim() === "") continue;
    const from = text.length;
    text += character;
    if (place.start > met) differ({ start: met, end: place.start, from, to: from });
    if (place.start < met || !isAlike(source, place, character)) {
      // One character that became several may begin with itself: what seemed alike belongs to the part.
      const back = parts.at(-1)?.end === met ? 0 : Math.max(0, met - place.start);
      differ({
        ...{ start: Math.min(place.start, met), end: Math.max(place.end, met) },
        ...{ from: from - back, to: text.length },
      });
    }
    met = Math.max(met, place.end);
  }
  if (met < range.end) differ({ start: met, end: range.end, from: text.length, to: text.length });
  return trimmed(text, range, widened(text, source, range, parts));
}

/** The part of a range that lies in another; empty at its nearer end when none does. */
function within({ start, end }: Range, { start: low, end: high }: Range): Range {
  const first = Math.min(Math.max(start, low), high);
  return { start: first, end: Math.max(first, Math.min(end, high)) };
}

/** Adds a part, or makes the one before longer when nothing lies between. */
function add(parts: Part[], part: Part): void {
  const before = parts.at(-1);
  if (before === undefined || part.start > before.end || part.from > before.to) parts.push(part);
  else parts[parts.length - 1] = { ...before, end: Math.max(before.end, part.end), to: part.to };
}

function isAlike(source: string, { start, end }: Range, text: string): boolean {
  if (end - start !== text.length) return false;
  const written = source.slice(start, end);
  return written === text || (SIGN.test(written) && SIGN.test(text));
}

/** Parts that reach over the whole of the words they stand in, on both sides alike. */
function widened(text: string, source: string, range: Range, parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    let { start, end, from, to } = part;
    const before = result.at(-1);
    if (to > from) {
      while (start > (before?.end ?? range.start) && from > (before?.to ?? 0) && inWord(text, from)) {
        start -= 1;
        from -= 1;
      }
      while (end < (next?.start ?? range.end) && to < (next?.from ?? text.length) && inWord(text, to)) {
        end += 1;
        to += 1;
      }
    }
    add(result, { start, end, from, to });
  });
  return result.filter(({ start, end, from, to }) => source.slice(start, end) !== text.slice(from, to));
}

const inWord = (text: string, at: number): boolean =>
  OF_A_WORD.test(text.charAt(at - 1)) && OF_A_WORD.test(text.charAt(at));

/** Without the white space around it: what is left out of the source there has nothing in its place. */
function trimmed(text: string, range: Range, parts: readonly Part[]): NormalizedText {
  const from = text.length - text.trimStart().length;
  const to = Math.max(from, text.trimEnd().length);
  if (from === 0 && to === text.length) return { text, parts };
  const across = (offset: number) => parts.find((part) => part.from < offset && part.to > offset);
  const head = { start: range.start, end: sourceOf(parts, range.start, from), from, to: from };
  const tail = { start: sourceOf(parts, range.start, to), end: range.end, from: to, to };
  const first = across(from);
  const last = across(to);
  if (first !== undefined) Object.assign(head, { end: first.end, to: Math.min(first.to, to) });
  if (last !== undefined) Object.assign(tail, { start: last.start, from: Math.max(last.from, from) });
  const kept = parts.filter((part) => part.end > head.end && part.start < tail.start);
  const all = first !== undefined && first === last ? [{ ...range, from, to }] : [head, ...kept, tail];
  const moved: Part[] = [];
  for (const { start, end, ...said } of all) {
    if (end === start) continue;
    add(moved, { start, end, from: Math.max(said.from, from) - from, to: Math.min(said.to, to) - from });
  }
  return { text: text.slice(from, to), parts: moved };
}

/** Where an offset of the text is in the source; of what was put in between, behind it. */
function sourceOf(parts: readonly Part[], start: number, offset: number): number {
  let shift = start;
  for (const part of parts) {
    if (part.from > offset) break;
    if (part.to > offset) return part.start;
    shift = part.end - part.to;
  }
  return offset + shift;
}

/**
 * Cuts the text of an utterance in two where its source is cut: the head ends at `headEnd`, the tail begins at
 * `tailStart`, with only white space between.
 * @param start where the utterance begins in the source
 */
export function splitNormalized(
  { text, parts }: NormalizedText,
  start: number,
  headEnd: number,
  tailStart: number,
): [NormalizedText, NormalizedText] {
  const to = offsetIn(parts, start, headEnd, "to");
  const from = offsetIn(parts, start, tailStart, "from");
  return [
    { text: text.slice(0, to), parts: parts.filter((part) => part.end <= headEnd && part.to <= to) },
    {
      text: text.slice(from),
      parts: parts
        .filter((part) => part.start >= tailStart && part.from >= from)
        .map((part) => ({ ...part, from: part.from - from, to: part.to - from })),
    },
  ];
}

/** Where an offset of the source is in the text; inside a part it is that part's beginning or end. */
function offsetIn(parts: readonly Part[], start: number, offset: number, edge: "from" | "to"): number {
  let shift = -start;
  for (const part of parts) {
    if (part.start >= offset) break;
    if (part.end > offset) return part[edge];
    shift = part.to - part.end;
  }
  return offset + shift;
}
