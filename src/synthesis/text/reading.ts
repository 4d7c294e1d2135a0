import type { Range } from "./mapped-text.ts";

/** A word of a text and its sound: `start` and `end` in the text, `from` and `to` in the string of phonemes. */
export interface ReadWord extends Range {
  readonly from: number;
  readonly to: number;
}

/** How a text sounds, and which symbols are which of its words; spaces and marks belong to none. */
export interface Reading {
  readonly phonemes: string;
  /** In order, without overlap in the phonemes; a word without sound is left out. */
  readonly words: readonly ReadWord[];
}

/** The sound of one word, or of something between words when it has no range. */
export interface SoundPart {
  readonly phonemes: string;
  readonly range?: Range;
}

/** Words one after the other, a space between. */
export function joinWords(parts: readonly SoundPart[]): Reading {
  let phonemes = "";
  const words: ReadWord[] = [];
  for (const part of parts) {
    if (part.phonemes === "") continue;
    if (phonemes !== "") phonemes += " ";
    const from = phonemes.length;
    phonemes += part.phonemes;
    if (part.range !== undefined) {
      words.push({ start: part.range.start, end: part.range.end, from, to: phonemes.length });
    }
  }
  return { phonemes, words };
}

/** Writes the sounds of a reading otherwise, each word for itself, without spaces at its ends. */
export function mapReading(reading: Reading, map: (phonemes: string) => string): Reading {
  let phonemes = "";
  let at = 0;
  const upTo = (end: number): number => {
    phonemes += map(reading.phonemes.slice(at, end));
    if (phonemes.trim() === "") phonemes = "";
    at = Math.max(at, end);
    return phonemes.length;
  };
  const words = reading.words.map((word) => {
    const from = upTo(word.from);
    return { ...word, from, to: upTo(word.to) };
  });
  upTo(reading.phonemes.length);
  return { phonemes: phonemes.trimEnd(), words: words.filter(({ from, to }) => to > from) };
}

/** The part of a reading from one symbol to before another; a word that is cut is in both parts. */
export function sliceReading({ phonemes, words }: Reading, start: number, end: number): Reading {
  return {
    phonemes: phonemes.slice(start, end),
    words: words
      .map((word) => ({
        ...word,
        from: Math.max(word.from, start) - start,
        to: Math.min(word.to, end) - start,
      }))
      .filter(({ from, to }) => to > from),
  };
}
