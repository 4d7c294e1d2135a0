import { MappedText } from "./mapped-text.ts";
import { joinWords, type Reading, type ReadWord, type SoundPart } from "./reading.ts";

/** What both East Asian front ends take. */
export interface EastAsianOptions {
  /**
   * Phonemes of a word in Latin or another alphabet, in Kokoro's vocabulary, normally from the English voice of
   * the general phonemiser. Without it (or when it rejects or answers nothing) words are spelled out.
   */
  readonly latin?: (word: string) => Promise<string>;
  /** Told of every piece of text that no rule could speak, so that nothing is lost unnoticed. */
  readonly unread?: (text: string) => void;
}

/** Kokoro's English phonemes of the letters' names, for Latin words when no phonemiser is given. */
const LETTER_NAMES: Readonly<Record<string, string>> = {
  a: "ˈA",
  b: "bˈi",
  c: "sˈi",
  d: "dˈi",
  e: "ˈi",
  f: "ˈɛf",
  g: "ʤˈi",
  h: "ˈAʧ",
  i: "ˈI",
  j: "ʤˈA",
  k: "kˈA",
  l: "ˈɛl",
  m: "ˈɛm",
  n: "ˈɛn",
  o: "ˈO",
  p: "pˈi",
  q: "kjˈu",
  r: "ˈɑɹ",
  s: "ˈɛs",
  t: "tˈi",
  u: "jˈu",
  v: "vˈi",
  w: "dˈʌbəlju",
  x: "ˈɛks",
  y: "wˈI",
  z: "zˈi",
};

/** Every sign that may end up in the phonemes as punctuation, folded to Kokoro's own. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  "。": ".",
  "．": ".",
  "｡": ".",
  "、": ",",
  "，": ",",
  "､": ",",
  "！": "!",
  "？": "?",
  "：": ":",
  "；": ";",
  "「": "“",
  "」": "”",
  "『": "“",
  "』": "”",
  "【": "“",
  "】": "”",
  "〈": "“",
  "〉": "”",
  "《": "“",
  "》": "”",
  "〔": "(",
  "〕": ")",
  "［": "(",
  "］": ")",
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
  "（": "(",
  "）": ")",
  "«": "“",
  "»": "”",
  "‘": "“",
  "’": "”",
  "〝": "“",
  "〟": "”",
  "–": "—",
  "―": "—",
  "─": "—",
  "〜": "—",
  "～": "—",
  "~": "—",
  "‥": "…",
  "⋯": "…",
  "‼": "!",
  "⁉": "?",
  "・": " ",
  "·": " ",
  "‧": " ",
  "•": " ",
  "/": ",",
  "|": ",",
  "\n": ", ",
};
const KEPT = ';:,.!?—…"()“” ';

/** The punctuation of Kokoro that stands for a character, or `undefined` when it is not punctuation. */
export function foldPunctuation(character: string): string | undefined {
  return KEPT.includes(character) ? character : PUNCTUATION[character];
}

/** Phonemes of a word in another alphabet; an unspeakable one is reported and answered with nothing. */
export async function foreignPhonemes(word: string, options: EastAsianOptions): Promise<string> {
  const spoken = await options.latin?.(word).catch(() => "");
  if (spoken) return spoken.trim();
  const letters = [...word.normalize("NFKD").toLowerCase()].map((letter) => LETTER_NAMES[letter]);
  const names = letters.filter((name) => name !== undefined);
  if (names.length === 0) options.unread?.(word);
  return names.join(" ");
}

/** Rewrites of words and marks joined by spaces, to how Kokoro's training text was written. */
const SPACING: readonly (readonly [RegExp, string | ((match: RegExpExecArray) => string)])[] = [
  [/\s+/g, " "],
  [/([;:,.!?…—])(?:\s*\1)+/g, (match) => match[0].charAt(0)],
  [/,(?:\s*,)+/g, ","],
  [/\s+(?=[;:,.!?”)…])/g, ""],
  [/(?<=[“(])\s+/g, ""],
  [/[!?.](?=[^\s;:,.!?”)…"])/g, (match) => `${match[0]} `],
  [/^[\s;:,.!?…—]+(?=\S)/g, ""],
  [/^\s+|\s+$/g, ""],
];

/**
 * Joins words and punctuation as Kokoro's training text was written: one space between words, none before a
 * stop or inside a bracket, one behind a stop; a repeated mark counts once, and nothing but speech comes first.
 * @param tight spaces between two sounds that are not wanted either
 */
export function joinSpeech(parts: readonly SoundPart[], tight?: RegExp): Reading {
  const raw = joinWords(parts);
  let text = MappedText.of(raw.phonemes);
  for (const [pattern, by] of SPACING) text = text.replace(pattern, by);
  if (tight !== undefined) text = text.replace(tight, "");
  const words: ReadWord[] = [];
  let at = 0;
  const reach = (offset: number): number => {
    while (at < text.text.length && text.sourceOffset(at) < offset) at += 1;
    return at;
  };
  for (const word of raw.words) {
    const from = reach(word.from);
    const to = reach(word.to);
    if (to > from) words.push({ ...word, from, to });
  }
  return { phonemes: text.text, words };
}

/** The words of a foreign phrase when it is said in as many, else the phrase as one. */
export function foreignWords(text: string, phonemes: string, start: number): SoundPart[] {
  const words = [...text.matchAll(/\S+/g)];
  const sounds = phonemes.split(" ");
  if (words.length !== sounds.length) return [{ phonemes, range: { start, end: start + text.length } }];
  return words.map((word, index) => {
    const from = start + word.index;
    return { phonemes: sounds[index] ?? "", range: { start: from, end: from + word[0].length } };
  });
}

/** A reading of a rewritten text, in offsets of the text that it was rewritten from. */
export function inSource(reading: Reading, text: MappedText): Reading {
  return {
    phonemes: reading.phonemes,
    words: reading.words.map((word) => ({ ...word, ...text.sourceRange(word.start, word.end) })),
  };
}
