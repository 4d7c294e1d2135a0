import { hasSound } from "./inventory.ts";
import type { Range } from "./mapped-text.ts";
import type { Atom } from "./pack.ts";
import { cutWords, type Piece } from "./pieces.ts";
import type { Read } from "./readers.ts";
import { joinWords, mapReading, type Reading, type ReadWord, sliceReading } from "./reading.ts";
import type { Reader } from "./speech.ts";
import { MARKS, MAX_TOKENS } from "./vocabulary.ts";

/** An atom with its sound: words, the marks before and behind them, and where they stand in the text. */
export interface Phrase extends Atom, Range, Reading {
  /** Whether a space separates it from the phrase before it, if both are in one utterance. */
  readonly spaceBefore: boolean;
}

/** Words longer than this without a mark between are read in parts, so that a cut can fall between them. */
const LONG_WORDS = 280;
/** Phonemes of one part; more (numbers expand) and the part is cut again. Leaves room for marks and spaces. */
const LONG_PHONEMES = 360;
const MARKS_IN_A_ROW = 3;

/** With the words behind, as long as only quotes and brackets stand between: they may change the last sound. */
type Words = Extract<Piece, { kind: "words" }> & { readonly ahead?: string };
const NOTHING: Reading = { phonemes: "", words: [] };
const ONE: Range = { start: 0, end: 1 };

type Read1 = Words & Reading & { readonly cutInside: boolean };
type Sounded = Read1 | Extract<Piece, { kind: "mark" }>;

/** Reads the pieces of many sentences in few requests, and makes phrases of them, sentence by sentence. */
export async function readPhrases(
  sentences: readonly (readonly Piece[])[],
  read: Read,
  unknown: (symbol: string) => void,
): Promise<Phrase[][]> {
  const parts = sentences.map((pieces) =>
    lookAhead(audible(pieces).flatMap((piece) => cutLong(piece, LONG_WORDS))),
  );
  const phonemes = await readAll(
    parts.flat().filter((piece) => piece.kind === "words"),
    read,
    unknown,
  );
  return parts.map((pieces) => phrase(pieces.flatMap((piece) => sound(piece, phonemes))));
}

function sound(piece: Piece, phonemes: ReadonlyMap<Piece, readonly Read1[]>): readonly Sounded[] {
  return piece.kind === "mark" ? [piece] : (phonemes.get(piece) ?? []);
}

/** Marks as the voices know them; one that a voice does not know still parts the words around it. */
function audible(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  let parted = false;
  for (const piece of pieces) {
    const mark = piece.kind === "mark" ? piece.speech.inventory.mark(piece.mark) : undefined;
    if (mark === "") {
      parted = true;
      continue;
    }
    const apart = parted && !piece.spaceBefore ? { ...piece, spaceBefore: true } : piece;
    result.push(apart.kind === "mark" && mark !== undefined ? { ...apart, mark } : apart);
    parted = false;
  }
  return result;
}

/** Marks that one reads across: the “apple” and the (apple) begin with the same article. */
const CROSSED = new Set(["“", "”", "(", ")"]);
const AHEAD_LENGTH = 40;

function lookAhead(pieces: readonly Piece[]): Piece[] {
  let ahead = "";
  const result: Piece[] = [];
  for (const piece of pieces.toReversed()) {
    if (piece.kind === "words") {
      const words: Words = { ...piece, ahead };
      result.push(words);
      ahead = piece.text.slice(0, AHEAD_LENGTH);
    } else {
      result.push(piece);
      if (!CROSSED.has(piece.mark)) ahead = "";
    }
  }
  return result.reverse();
}

function cutLong(piece: Piece, limit: number): Piece[] {
  if (piece.kind === "mark" || piece.object || piece.text.length <= limit) return [piece];
  return cutWords(piece.text, limit).map((range, index) => ({
    ...piece,
    text: piece.text.slice(range.start, range.end),
    start: piece.start + range.start,
    end: piece.start + range.end,
    spaceBefore: index === 0 ? piece.spaceBefore : /\s/.test(piece.text.charAt(range.start - 1)),
  }));
}

async function readAll(
  words: readonly Words[],
  read: Read,
  unknown: (symbol: string) => void,
): Promise<Map<Piece, Read1[]>> {
  const result = new Map<Piece, Read1[]>();
  const groups = new Map<Reader, Words[]>();
  for (const piece of words) {
    const group = groups.get(piece.reader);
    if (group === undefined) groups.set(piece.reader, [piece]);
    else group.push(piece);
  }
  for (const [reader, group] of groups) {
    const answers = await read(
      reader,
      group.map((piece) => piece.text),
      group.map((piece) => piece.ahead ?? ""),
    );
    for (const [index, piece] of group.entries()) {
      const { inventory } = piece.speech;
      const answer = answers[index] ?? NOTHING;
      const whole = piece.object ? joinWords([{ phonemes: answer.phonemes, range: ONE }]) : answer;
      const reading = mapReading(whole, (sounds) => inventory.fit(sounds, unknown));
      result.set(piece, await cutToFit(piece, reading, read, unknown));
    }
  }
  return result;
}

/** Cuts a part whose phonemes came out too long in halves until each fits one utterance. */
async function cutToFit(
  piece: Words,
  reading: Reading,
  read: Read,
  unknown: (symbol: string) => void,
): Promise<Read1[]> {
  if (reading.phonemes.length <= LONG_PHONEMES) return [{ ...piece, ...reading, cutInside: false }];
  const halves = lookAhead(cutLong(piece, Math.ceil(piece.text.length / 2))) as Words[];
  // One character that reads as a whole paragraph; nothing is left to cut but its phonemes.
  if (halves.length < 2 || [...piece.text].length < 2) return cutPhonemes(piece, reading);
  const parts = await readAll(halves, read, unknown);
  return halves.flatMap((half) => parts.get(half) ?? []);
}

function cutPhonemes(piece: Words, reading: Reading): Read1[] {
  return cutWords(reading.phonemes, LONG_PHONEMES).map((range, index) => ({
    ...piece,
    ...sliceReading(reading, range.start, range.end),
    cutInside: index > 0,
    spaceBefore: index === 0 ? piece.spaceBefore : reading.phonemes.charAt(range.start - 1) === " ",
  }));
}

const OPENING = new Set(["“", "("]);
/** How well an utterance can end behind a mark; see `Atom.cutPenalty`. */
const STRONG = new Set([";", ":", "—", "…", ".", "!", "?"]);

function phrase(pieces: readonly Sounded[]): Phrase[] {
  const phrases: Phrase[] = [];
  let opening: { marks: string; start: number; spaceBefore: boolean } | null = null;
  let tightDash = false;
  for (const piece of pieces) {
    const before = phrases.at(-1);
    if (piece.kind === "mark") {
      tightDash = piece.mark === "—" && !piece.spaceBefore;
      if (OPENING.has(piece.mark)) {
        opening ??= { marks: "", start: piece.start, spaceBefore: piece.spaceBefore };
        if (opening.marks.length < MARKS_IN_A_ROW && !opening.marks.endsWith(piece.mark)) {
          opening.marks += piece.mark;
        }
      } else {
        opening = null;
        if (before !== undefined) phrases[phrases.length - 1] = withMark(before, piece);
      }
      continue;
    }
    if (!hasSound(piece.phonemes)) continue;
    const spaced = opening?.spaceBefore ?? piece.spaceBefore;
    const behindMark = before !== undefined && MARKS.has(before.phonemes.slice(-1));
    const spaceBefore = spaced || (behindMark && !tightDash);
    if (before !== undefined && !behindMark) {
      phrases[phrases.length - 1] = { ...before, cutPenalty: spaceBefore ? 2 : 3 };
    }
    const marks = opening?.marks ?? "";
    const phonemes = marks + piece.phonemes;
    const words = moved(piece.words, marks.length, piece.start);
    const start = opening?.start ?? piece.start;
    const cost = phonemes.length + 1;
    phrases.push({ phonemes, words, start, end: piece.end, spaceBefore, cost, cutPenalty: 2 });
    opening = null;
    tightDash = false;
  }
  return phrases;
}

function withMark(phrase: Phrase, { mark, end, spaceBefore }: Extract<Piece, { kind: "mark" }>): Phrase {
  const tail = trailingMarks(phrase.phonemes);
  const cutPenalty = Math.min(phrase.cutPenalty, STRONG.has(mark) ? 0 : 1);
  if (tail.length >= MARKS_IN_A_ROW || tail.endsWith(mark)) return { ...phrase, end, cutPenalty };
  const phonemes = `${phrase.phonemes}${mark === "—" && spaceBefore ? " " : ""}${mark}`;
  return { ...phrase, phonemes, end, cutPenalty, cost: phonemes.length + 1 };
}

function trailingMarks(phonemes: string): string {
  let start = phonemes.length;
  while (start > 0 && (MARKS.has(phonemes.charAt(start - 1)) || phonemes.charAt(start - 1) === " "))
    start -= 1;
  return phonemes.slice(start).trim();
}

/** Words `symbols` further on in the phonemes, and `characters` further on in the text. */
export function moved(words: readonly ReadWord[], symbols: number, characters = 0): ReadWord[] {
  return words.map(({ start, end, from, to }) => ({
    start: start + characters,
    end: end + characters,
    from: from + symbols,
    to: to + symbols,
  }));
}

/** Joins phrases into the reading of one utterance. */
export function joinPhrases(phrases: readonly Phrase[]): Reading {
  let phonemes = "";
  const words: ReadWord[] = [];
  for (const part of phrases) {
    if (phonemes !== "" && part.spaceBefore) phonemes += " ";
    words.push(...moved(part.words, phonemes.length));
    phonemes += part.phonemes;
  }
  if (phonemes.length > MAX_TOKENS)
    throw new RangeError("An utterance came out longer than the model takes.");
  return { phonemes, words };
}
