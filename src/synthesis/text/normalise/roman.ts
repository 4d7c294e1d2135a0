import { group, type Rule } from "./rule.ts";

/** Values of the numerals up to 3999 that are written as they should be. */
const CANONICAL = /^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/;
const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };

/** The value of a Roman numeral in capitals, or null when the letters are none. */
export function romanValue(letters: string): number | null {
  if (letters === "" || !CANONICAL.test(letters)) return null;
  let value = 0;
  for (let index = 0; index < letters.length; index += 1) {
    const here = VALUES[letters.charAt(index)] ?? 0;
    value += here < (VALUES[letters.charAt(index + 1)] ?? 0) ? -here : here;
  }
  return value;
}

/** How a language says Roman numerals by what stands before them. */
export interface RomanWords {
  /** Words that take a number behind them ("Chapter IV"), as a regular expression. */
  readonly counted: string;
  readonly count: (value: number, word: string) => string;
  /** Names of which even one letter is a number ("Elizabeth I"), as a regular expression. */
  readonly names: string;
  /** Whether small letters are numerals too ("Scene ii"); elsewhere "vi" is a word. */
  readonly small?: boolean;
  /** Whether "I" is a word. */
  readonly pronoun?: boolean;
  /** Behind a name: "the eighth". */
  readonly rank: (value: number) => string;
}

/** Numerals behind other words are no higher than this: "CD" and "MM" are none. */
const HIGHEST_RANK = 39;

/** Roman numerals behind a word that counts and behind names. A single letter needs a word that is known. */
export function romanRules(words: RomanWords): readonly Rule[] {
  return [
    {
      pattern: new RegExp(
        `(?<=(?<!\\p{L})(?<word>${words.counted})\\.? )(?<roman>[IVXL]{1,9})(?![\\p{L}\\d'])`,
        "giu",
      ),
      say: (match, text) => {
        const word = group(match, "word");
        const letters = words.small === true ? match[0].toUpperCase() : match[0];
        // "part i" is a pronoun in a hurry, "art. L" a letter; "the part I loved" goes on.
        if (match[0].length === 1 && !/[IVX]/.test(match[0])) return null;
        const next = text.slice(match.index + match[0].length, match.index + match[0].length + 6);
        const goesOn = PRONOUN.test(next) || (/^\p{Ll}/u.test(word) && /^ \p{L}/u.test(next));
        if (match[0] === "I" && words.pronoun === true && goesOn) return null;
        const value = romanValue(letters);
        return value === null ? null : words.count(value, word);
      },
    },
    {
      pattern: new RegExp(
        `(?<=(?<!\\p{L})(?:${words.names}) )(?<roman>[IVX]{1,7})(?![\\p{L}\\d'])(?! \\p{Ll}+ing)`,
        "gu",
      ),
      say: (match, text) => {
        const value = romanValue(match[0]);
        const next = text.slice(match.index + match[0].length, match.index + match[0].length + 6);
        // "Henry I think": behind a name, I is a number only where a sentence could not go on with it.
        if (value === null || (match[0] === "I" && PRONOUN.test(next))) return null;
        return words.rank(value);
      },
    },
    {
      pattern: /(?<=(?<!\p{L})\p{Lu}\p{Ll}{1,20} )(?<roman>[IVX]{2,7})(?![\p{L}\d'])/gu,
      say: (match) => {
        const value = romanValue(match[0]);
        return value === null || value > HIGHEST_RANK ? null : words.rank(value);
      },
    },
  ];
}

const PRONOUN = /^ (?!(?:of|was|is|and|in|to|the|by|had|who|de|el|et|und|fue|es|e|y|i|van)\b)\p{Ll}/u;
