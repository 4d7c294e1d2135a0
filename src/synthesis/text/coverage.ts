import type { Range } from "./mapped-text.ts";
import { isMark } from "./pieces.ts";
import type { Dropped } from "./script.ts";
import type { CoverageSpan, DropReason, Utterance } from "./utterance.ts";

/** Codes of what became of a character; those from `FIRST_REASON` on are reasons for dropping it. */
const UNKNOWN = 0;
const SPOKEN = 1;
const NORMALISED = 2;
const SPACE = 3;
const FIRST_REASON = 4;
const REASONS: readonly DropReason[] = [
  "markup",
  "emoji",
  "invisible",
  "comment",
  "direction",
  "unreadable",
  "silent",
  "object",
];
const codeOf = (reason: DropReason): number => FIRST_REASON + REASONS.indexOf(reason);

const NOWHERE = -1;

/**
 * Says of every character of a source what became of it: the spans partition it, in order. Marks that shape the
 * melody or a pause of an utterance count as spoken. Takes time that grows with the text alone.
 * @param directions ranges that are instructions (pauses, marks), in any order
 */
export function coverageOf(
  source: string,
  utterances: readonly Utterance[],
  dropped: readonly Dropped[],
  directions: readonly Range[],
): CoverageSpan[] {
  const codes = new Uint8Array(source.length);
  const speakers = new Int32Array(source.length).fill(NOWHERE);
  const set = ({ start, end }: Range, code: number, over: number, speaker: number) => {
    for (let at = start; at < end; at += 1) {
      if (codes[at] !== UNKNOWN && codes[at] !== over) continue;
      codes[at] = code;
      speakers[at] = speaker;
    }
  };
  for (const range of dropped) set(range, codeOf(range.reason), UNKNOWN, NOWHERE);
  for (const utterance of utterances) {
    for (const word of utterance.words) set(word, SPOKEN, UNKNOWN, utterance.index);
    for (const part of utterance.normalized.parts) {
      if (part.to > part.from) set(part, NORMALISED, SPOKEN, utterance.index);
    }
  }
  for (const range of directions) set(range, codeOf("object"), UNKNOWN, NOWHERE);
  let next = 0;
  let at = 0;
  for (const character of source) {
    const end = at + character.length;
    while ((utterances[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    const around = utterances[next];
    const inside = around !== undefined && around.start <= at;
    for (; at < end; at += 1) {
      if (codes[at] !== UNKNOWN) continue;
      const code = codeOfRest(character, inside);
      codes[at] = code;
      if (code === SPOKEN) speakers[at] = around?.index ?? NOWHERE;
    }
  }
  return spans(codes, speakers);
}

const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Emoji_Modifier}|[\u{1f1e6}-\u{1f1ff}]/u;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Variation_Selector}]/u;
/** Marks that are folded into those that voices know. */
const QUOTE = /[\p{Pi}\p{Pf}\p{Pd}"„‚¿¡‼⁉]/u;
const LIGHT_MARKUP = /[*_~`#|\\]/;

/** What became of a character that no word holds. */
function codeOfRest(character: string, inside: boolean): number {
  if (/\s/.test(character)) return SPACE;
  if (inside && (isMark(character) || QUOTE.test(character))) return SPOKEN;
  if (EMOJI.test(character)) return codeOf("emoji");
  if (INVISIBLE.test(character)) return codeOf("invisible");
  if (LIGHT_MARKUP.test(character)) return codeOf("markup");
  return codeOf(/[\p{P}\p{S}\p{M}]/u.test(character) ? "silent" : "unreadable");
}

function spans(codes: Uint8Array, speakers: Int32Array): CoverageSpan[] {
  const result: CoverageSpan[] = [];
  let start = 0;
  for (let at = 1; at <= codes.length; at += 1) {
    if (at < codes.length && codes[at] === codes[start] && speakers[at] === speakers[start]) continue;
    result.push(span({ start, end: at }, codes[start] ?? UNKNOWN, speakers[start] ?? NOWHERE));
    start = at;
  }
  return result;
}

function span(range: Range, code: number, utterance: number): CoverageSpan {
  if (code === SPACE) return { ...range, fate: "space" };
  const reason = REASONS[code - FIRST_REASON];
  if (reason !== undefined) return { ...range, fate: "dropped", reason };
  return { ...range, fate: code === NORMALISED ? "normalised" : "spoken", utterance };
}
