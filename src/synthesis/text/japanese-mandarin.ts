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

/**
 * Joins words and punctuation as Kokoro's training text was written: one space between words, none before a
 * stop or inside a bracket, one behind a stop; a repeated mark counts once, and nothing but speech comes first.
 */
export function joinSpeech(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .join(" ")
    .replace(/\s+/g, " ")
    .replace(/([;:,.!?…—])(?:\s*\1)+/g, "$1")
    .replace(/,(?:\s*,)+/g, ",")
    .replace(/\s+([;:,.!?”)…])/g, "$1")
    .replace(/([“(])\s+/g, "$1")
    .replace(/([!?.])(?=[^\s;:,.!?”)…"])/g, "$1 ")
    .replace(/^[\s;:,.!?…—]+(?=\S)/, "")
    .trim();
}
