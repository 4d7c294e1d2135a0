import { visibleText } from "../text/script/visible.ts";
import type { ScriptSource } from "../text/script.ts";
import type { TimedWord } from "./words.ts";

/** How readable subtitles are made: two lines, 42 columns, 7 seconds. */
const LINE_COLUMNS = 42;
const MAX_LINES = 2;
const MAX_CUE_SECONDS = 7;
/** A cue stays at least so long where nothing follows sooner. */
const LEAST_CUE_SECONDS = 1;

/** A word with the marks around it, as it is shown. */
export interface CaptionWord {
  readonly text: string;
  readonly spaceBefore: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** What its marks say about the place behind it. */
  readonly breakAfter: "sentence" | "clause" | null;
}

/** What is shown at a time. */
export interface Cue {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly lines: readonly (readonly CaptionWord[])[];
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes: Chinese, Japanese and Korean characters two each, combining marks none. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text) {
    if (WIDE.test(character)) width += 2;
    else if (!/\p{M}|\p{Cf}/u.test(character)) width += 1;
  }
  return width;
}

const OPENING = /[“‘"'([{«¿¡「『（［【《〈]+$/u;
const CLAUSE_END = /[,;:—–…、，；：）)][”’"'」』]*$/u;
const CONTROLS = /\p{Cc}+/gu;

/** The words of a text with the marks around them, in pieces that fit on a line and into a cue. */
function captionWords(source: ScriptSource | string, words: readonly TimedWord[]): CaptionWord[] {
  const shown = visibleText(source);
  const clean = (from: number, to: number) =>
    shown.slice(from, to).replaceAll("\0", "").replace(/\s+/g, " ").trim().replace(CONTROLS, "");
  const starts = words.map((word, index) => {
    const before = words[index - 1];
    return before === undefined
      ? (word.sentence?.start ?? word.start)
      : opensAt(shown, before.end, word.start);
  });
  return words.flatMap((word, index) => {
    const next = words[index + 1];
    const from = starts[index] ?? word.start;
    const to = starts[index + 1] ?? words[index]?.sentence?.end ?? shown.length;
    const caption = clean(from, Math.max(to, word.end));
    const { startSeconds, endSeconds } = word;
    const breakAfter =
      next === undefined || next.sentence !== undefined
        ? "sentence"
        : CLAUSE_END.test(caption)
          ? "clause"
          : null;
    const spaceBefore = index > 0 && /\s/.test(shown.charAt(from - 1));
    return caption === ""
      ? []
      : fitting({ text: caption, spaceBefore, startSeconds, endSeconds, breakAfter });
  });
}

/** Where the next word begins to be written: behind the marks of the one before, at its own opening ones. */
function opensAt(shown: string, end: number, start: number): number {
  const between = shown.slice(end, start);
  const space = between.search(/\s\S*$/);
  if (space !== -1) return end + space + 1;
  return start - (OPENING.exec(between)?.[0].length ?? 0);
}

/** A word that no line or no cue can hold, in parts. */
function fitting(word: CaptionWord): CaptionWord[] {
  const characters = [...word.text];
  const seconds = word.endSeconds - word.startSeconds;
  const wanted = Math.max(
    Math.ceil(columns(word.text) / (LINE_COLUMNS - 1)),
    Math.ceil(seconds / MAX_CUE_SECONDS),
  );
  const count = Math.min(wanted, characters.length);
  if (count <= 1) return [word];
  return Array.from({ length: count }, (_, part) => {
    const at = (share: number) => Math.round((characters.length * share) / count);
    return {
      text: characters.slice(at(part), at(part + 1)).join(""),
      spaceBefore: part === 0 && word.spaceBefore,
      startSeconds: word.startSeconds + (seconds * part) / count,
      endSeconds: word.startSeconds + (seconds * (part + 1)) / count,
      breakAfter: part === count - 1 ? word.breakAfter : null,
    };
  });
}

export const lineText = (words: readonly CaptionWord[]): string =>
  words.map(({ text, spaceBefore }, index) => (index > 0 && spaceBefore ? ` ${text}` : text)).join("");

/** One line or two: as even as may be, rather behind a clause. Null when two do not hold the words. */
function wrap(words: readonly CaptionWord[]): (readonly CaptionWord[])[] | null {
  if (columns(lineText(words)) <= LINE_COLUMNS) return [words];
  let best: { lines: (readonly CaptionWord[])[]; cost: number } | null = null;
  for (let cut = 1; cut < words.length; cut += 1) {
    const lines = [words.slice(0, cut), words.slice(cut)];
    const [upper = 0, lower = 0] = lines.map((line) => columns(lineText(line)));
    if (Math.max(upper, lower) > LINE_COLUMNS) continue;
    const cost = Math.abs(upper - lower) - (words[cut - 1]?.breakAfter === "clause" ? 12 : 0);
    if (best === null || cost < best.cost) best = { lines, cost };
  }
  return best?.lines ?? null;
}

/** What a cue costs that ends inside a clause, next to one that is filled badly. */
const INSIDE_CLAUSE = 0.6;

/** Cues of at most two lines and seven seconds; each begins with a sentence, a clause or, at worst, a word. */
export function toCues(source: ScriptSource | string, words: readonly TimedWord[]): Cue[] {
  const cues: Cue[] = [];
  let sentence: CaptionWord[] = [];
  for (const word of captionWords(source, words)) {
    sentence.push(word);
    if (word.breakAfter !== "sentence") continue;
    cues.push(...cutSentence(sentence));
    sentence = [];
  }
  return cues.map((cue, index) => {
    const next = cues[index + 1]?.startSeconds ?? Number.POSITIVE_INFINITY;
    const wanted = Math.max(cue.endSeconds, cue.startSeconds + LEAST_CUE_SECONDS);
    return {
      ...cue,
      endSeconds: Math.min(wanted, Math.max(next, cue.startSeconds), cue.startSeconds + MAX_CUE_SECONDS),
    };
  });
}

/** The cheapest cut of a sentence into cues (dynamic programming over its words). */
function cutSentence(words: readonly CaptionWord[]): Cue[] {
  const best: { cost: number; from: number; cue: Cue | null }[] = [{ cost: 0, from: 0, cue: null }];
  for (let end = 1; end <= words.length; end += 1) {
    let found: (typeof best)[number] | null = null;
    for (let from = end - 1; from >= 0; from -= 1) {
      const part = words.slice(from, end);
      const startSeconds = part[0]?.startSeconds ?? 0;
      const endSeconds = part.at(-1)?.endSeconds ?? 0;
      const lines = wrap(part);
      const alone = from === end - 1;
      if (lines === null || (!alone && endSeconds - startSeconds > MAX_CUE_SECONDS)) break;
      const empty = 1 - columns(lineText(part)) / (LINE_COLUMNS * MAX_LINES);
      const inside = end < words.length && words[end - 1]?.breakAfter === null ? INSIDE_CLAUSE : 0;
      const cost = (best[from]?.cost ?? 0) + 0.5 + empty ** 2 + inside;
      if (found === null || cost < found.cost)
        found = { cost, from, cue: { startSeconds, endSeconds, lines } };
    }
    best.push(found ?? { cost: Number.POSITIVE_INFINITY, from: end - 1, cue: null });
  }
  const cues: Cue[] = [];
  for (let end = words.length; end > 0; end = best[end]?.from ?? 0) {
    const cue = best[end]?.cue;
    if (cue != null) cues.unshift(cue);
  }
  return cues;
}
