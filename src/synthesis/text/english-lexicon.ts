import { readFile } from "node:fs/promises";

/** Kokoro's two Englishes, by the names that misaki gives its dictionaries. */
export type Accent = "us" | "gb";

/**
 * Paths of the dictionaries of each accent, the surest first: misaki's "gold" and then its "silver" one. Each is a
 * JSON object of words to phonemes, or to phonemes by part of speech (see `Entry`).
 */
export type LexiconPaths = Readonly<Record<Accent, readonly string[]>>;

/** Pronunciations by part of speech; `null` where the word is spelled letter by letter ("US"). */
export interface Variants {
  readonly DEFAULT: string;
  readonly [tag: string]: string | null;
}
export type Entry = string | Variants;

type Dictionary = Readonly<Record<string, Entry>>;

/** The words of one accent. */
export interface Lexicon {
  readonly accent: Accent;
  /**
   * The entry of a word, which is also found in lower case and with a capital where the dictionary has only one of
   * the two.
   * @param sure only where people checked it: in the first dictionary
   */
  entry(word: string, sure?: boolean): Entry | undefined;
}

/** Loads the dictionaries of one accent: 180,000 words, about 30 MB once parsed. */
export async function loadLexicon(accent: Accent, paths: readonly string[]): Promise<Lexicon> {
  const dictionaries: Dictionary[] = [];
  for (const path of paths) dictionaries.push(JSON.parse(await readFile(path, "utf8")));
  return createLexicon(accent, dictionaries);
}

/** A lexicon of dictionaries that are in memory. */
export function createLexicon(accent: Accent, dictionaries: readonly Dictionary[]): Lexicon {
  const sureOnes = dictionaries.slice(0, 1);
  return {
    accent,
    entry(word, sure = false) {
      for (const dictionary of sure ? sureOnes : dictionaries) {
        const entry = find(dictionary, word);
        if (entry !== undefined) return entry;
      }
      return undefined;
    },
  };
}

function find(dictionary: Dictionary, word: string): Entry | undefined {
  if (Object.hasOwn(dictionary, word)) return dictionary[word];
  const other = otherCase(word);
  return other !== null && Object.hasOwn(dictionary, other) ? dictionary[other] : undefined;
}

/** "house" for "House" and the reverse; null for words of one letter and of any other case. */
function otherCase(word: string): string | null {
  if (word.length < 2) return null;
  const lower = word.toLowerCase();
  const capital = lower.charAt(0).toUpperCase() + lower.slice(1);
  if (word === lower) return capital === lower ? null : capital;
  return word === capital ? lower : null;
}
