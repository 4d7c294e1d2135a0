import type { Entry, Lexicon } from "./english-lexicon.ts";
import { compound, primaryAtLeast, secondaryAtLeast, spelled } from "./english-stress.ts";
import { chooseVariant, type Neighbour, usedTo } from "./english-word-class.ts";

/**
 * English words by the dictionaries that Kokoro was trained with, and the endings that these leave out. After
 * misaki 0.9.4 (`en.py`, class `Lexicon`); where misaki asks a tagger, `english-word-class.ts` guesses.
 */

/** What stands around a word. */
export interface Context {
  readonly at: Neighbour;
  /** Whether the next sound is a vowel; `null` at a mark or the end, where words are said in full. */
  readonly vowelNext: boolean | null;
  /** Whether the words around are in capitals too: then capitals do not mean letters. */
  readonly shouted: boolean;
}

const LETTERS = /^[A-Za-z]+(?:'[A-Za-z]+)*'?$/;
/** Longer is no word, but might cost time. */
const LONGEST = 40;
/** In capitals still words; the other entries that the dictionaries spell as nouns are letters: "US", "IT", "ID". */
const WORDS_IN_CAPITALS = new Set("ACT ADD AS BE HE IN IS ME OH OR".split(" "));
const LETTERED = new Set(
  "vitamin plan grade class type group level hepatitis section part option exhibit team point appendix figure".split(
    " ",
  ),
);
/** What spells on behind an "A"; "I" is a word. */
const LETTER = /^[a-hj-z]$/;
const isSpelt = (at: Neighbour): boolean => LETTER.test(at(1) ?? "") && LETTER.test(at(2) ?? "b");
const TAPPED = /[AIOWYiuæɑəɛɪɹʊʌ]$/;

/** Phonemes of one word in misaki's symbols ("ɾ" and "ʔ" not yet "T" and "t"); `null` when it is not known. */
export function readWord(word: string, lexicon: Lexicon, context: Context): string | null {
  if (word.length > LONGEST) return null;
  return special(word, lexicon, context) ?? known(word, lexicon, context);
}

function special(word: string, lexicon: Lexicon, { at, vowelNext }: Context): string | null {
  if (/^(?:[A-Za-z]{1,2}\.)+[A-Za-z]{0,2}$/.test(word)) return letters(word.replaceAll(".", ""), lexicon);
  const full = (name: string) => plain(lexicon.entry(name));
  switch (word) {
    case "a":
      return "ɐ";
    case "A":
      return at(1) === undefined || isSpelt(at) || LETTERED.has(at(-1) ?? "") ? "ˈA" : "ɐ";
    case "an":
    case "An":
      return "ɐn";
    case "I":
      return "ˌI";
    case "am":
    case "Am":
      return vowelNext === null || word === "Am" ? full("am") : "ɐm";
    case "to":
    case "To":
      return vowelNext === null ? full("to") : vowelNext ? "tʊ" : "tə";
    case "in":
    case "In":
      return vowelNext === null ? "ˈɪn" : "ɪn";
    case "the":
    case "The":
    case "THE":
      return vowelNext === true ? "ði" : "ðə";
    case "used":
    case "Used": {
      const entry = lexicon.entry("used");
      const habit = typeof entry === "object" && usedTo(at) ? entry.VBD : undefined;
      return habit ?? plain(entry);
    }
    default:
      return null;
  }
}

function plain(entry: Entry | undefined): string | null {
  if (entry === undefined) return null;
  return typeof entry === "string" ? entry : entry.DEFAULT;
}

function known(word: string, lexicon: Lexicon, context: Context): string | null {
  const lower = word.toLowerCase();
  if (word === lower) return stemmed(word, lexicon, context);
  if (word.length > 1 && word === word.toUpperCase()) return capitals(word, lexicon, context);
  const phonemes =
    initialism(word, lexicon, context) ??
    stemmed(word, lexicon, context) ??
    (/^.[a-z']*$/.test(word) ? stemmed(lower, lexicon, context) : null);
  return phonemes === null ? null : secondaryAtLeast(phonemes);
}

/** "APIs", "the BBC's". */
function initialism(word: string, lexicon: Lexicon, context: Context): string | null {
  const initials = /^([A-Z]{2,6})('?s|'d)$/.exec(word);
  if (initials === null || lexicon.entry(word) !== undefined) return null;
  const stem = capitals(initials[1] ?? "", lexicon, context);
  return initials[2] === "'d" ? past(stem, lexicon) : plural(stem, lexicon);
}

/** "NASA" is a word, "NBA" is letters, "STOP" is a loud word. */
function capitals(word: string, lexicon: Lexicon, context: Context): string | null {
  if (!LETTERS.test(word)) return null;
  const exact = lexicon.entry(word, true);
  if (typeof exact === "string") return primaryAtLeast(exact);
  if (exact !== undefined && !context.shouted && !WORDS_IN_CAPITALS.has(word)) return letters(word, lexicon);
  const loud = exact === undefined ? word.toLowerCase() : word;
  if (context.shouted || word.length > 5) {
    const leaning = special(loud.toLowerCase(), lexicon, context);
    if (leaning !== null) return leaning;
    const phonemes = stemmed(loud, lexicon, context);
    if (phonemes !== null) return primaryAtLeast(phonemes);
  }
  const sure = plain(lexicon.entry(loud, true));
  if (sure !== null) return primaryAtLeast(sure);
  if (word.length > 4 && /[AEIOUY]/.test(word)) return null;
  return letters(word.replaceAll("'", ""), lexicon);
}

function letters(word: string, lexicon: Lexicon): string | null {
  const names: string[] = [];
  for (const letter of word.toUpperCase()) {
    const name = plain(lexicon.entry(letter));
    if (name === null) return null;
    names.push(name);
  }
  return spelled(names);
}

/** A word of the dictionaries, or one with an ending that they leave out. */
function stemmed(word: string, lexicon: Lexicon, context: Context): string | null {
  return (
    lookUp(word, lexicon, context) ??
    clipped(word, lexicon, context) ??
    contraction(word, lexicon, context) ??
    withS(word, lexicon, context) ??
    withEd(word, lexicon, context) ??
    withIng(word, lexicon, context)
  );
}

function lookUp(word: string, lexicon: Lexicon, { at, vowelNext }: Context): string | null {
  const entry = lexicon.entry(word);
  if (entry === undefined) return word.length === 1 ? plain(lexicon.entry(word.toUpperCase())) : null;
  if (typeof entry === "string") return entry;
  const full = entry.None;
  if (vowelNext === null && full !== undefined) return full;
  return chooseVariant(word.toLowerCase(), entry, at);
}

/** "the dogs'", "runnin'". */
function clipped(word: string, lexicon: Lexicon, context: Context): string | null {
  if (!word.endsWith("'")) return null;
  const whole = stemmed(word.slice(0, -1), lexicon, context);
  if (whole !== null || !word.endsWith("in'")) return whole;
  return stemmed(`${word.slice(0, -1)}g`, lexicon, context)?.replace(/ŋ$/, "n") ?? null;
}

const CONTRACTIONS: readonly (readonly [string, { readonly us: string; readonly gb: string }])[] = [
  ["'ll", { us: "əl", gb: "əl" }],
  ["'ve", { us: "əv", gb: "əv" }],
  ["'re", { us: "əɹ", gb: "ə" }],
  ["n't", { us: "ᵊnt", gb: "ᵊnt" }],
];

function contraction(word: string, lexicon: Lexicon, context: Context): string | null {
  for (const [ending, sound] of CONTRACTIONS) {
    if (!word.endsWith(ending)) continue;
    const stem = stemmed(word.slice(0, -ending.length), lexicon, context);
    if (stem !== null) return stem + sound[lexicon.accent];
  }
  return word.endsWith("'d") ? past(lookUp(word.slice(0, -2), lexicon, context), lexicon) : null;
}

/** Plurals, verbs and possessives: "zebras", "boxes", "Smith's". */
function withS(word: string, lexicon: Lexicon, context: Context): string | null {
  if (word.length < 3 || !word.endsWith("s")) return null;
  const stems: string[] = [];
  if (word.endsWith("'s")) stems.push(word.slice(0, -2));
  else if (!word.endsWith("ss")) {
    stems.push(word.slice(0, -1));
    if (word.length > 4 && word.endsWith("ies")) stems.push(`${word.slice(0, -3)}y`);
    else if (word.length > 4 && word.endsWith("es")) stems.push(word.slice(0, -2));
  }
  return plural(firstKnown(stems, lexicon, context), lexicon);
}

function withEd(word: string, lexicon: Lexicon, context: Context): string | null {
  if (word.length < 4 || !word.endsWith("ed")) return null;
  const stems = [word.slice(0, -1)];
  if (word.length > 4 && !word.endsWith("eed")) {
    stems.push(word.slice(0, -2), ...undoubled(word.slice(0, -2)));
    if (word.endsWith("ied")) stems.push(`${word.slice(0, -3)}y`);
  }
  return past(firstKnown(stems, lexicon, context), lexicon);
}

function withIng(word: string, lexicon: Lexicon, context: Context): string | null {
  if (word.length < 5 || !word.endsWith("ing")) return null;
  const root = word.slice(0, -3);
  const stem = firstKnown([root, `${root}e`, ...undoubled(root)], lexicon, context);
  if (stem === null) return null;
  const sound = secondaryAtLeast(stem);
  if (lexicon.accent === "us") return `${sound.replace(/t$/, tapped(sound) ? "ɾ" : "t")}ɪŋ`;
  // A British r is heard again before a vowel.
  return `${sound}${/[əː]$/.test(sound) && /re?$/.test(root) ? "ɹ" : ""}ɪŋ`;
}

function firstKnown(stems: readonly string[], lexicon: Lexicon, context: Context): string | null {
  for (const stem of stems) {
    const phonemes = stem.length < 2 ? null : lookUp(stem, lexicon, context);
    if (phonemes !== null) return phonemes;
  }
  return null;
}

function undoubled(root: string): string[] {
  return /([bcdgklmnprstvxz])\1$|ck$/.test(root) ? [root.slice(0, -1)] : [];
}

function plural(stem: string | null, { accent }: Lexicon): string | null {
  if (stem === null) return null;
  if (/[ptkfθ]$/.test(stem)) return `${stem}s`;
  if (/[szʃʒʧʤ]$/.test(stem)) return `${stem}${accent === "us" ? "ᵻ" : "ɪ"}z`;
  return `${stem}z`;
}

function past(stem: string | null, { accent }: Lexicon): string | null {
  if (stem === null) return null;
  if (/[pkfθʃsʧ]$/.test(stem)) return `${stem}t`;
  if (stem.endsWith("d")) return `${stem}${accent === "us" ? "ᵻ" : "ɪ"}d`;
  if (!stem.endsWith("t")) return `${stem}d`;
  if (accent === "gb") return `${stem}ɪd`;
  return tapped(stem) ? `${stem.slice(0, -1)}ɾᵻd` : `${stem}ᵻd`;
}

/** A t between vowels, which American English taps. */
function tapped(phonemes: string): boolean {
  return phonemes.endsWith("t") && TAPPED.test(phonemes.slice(0, -1));
}

/** One word of several parts, each with its sound; parts of letters and digits side by side are words apart. */
export function joinParts(parts: readonly { readonly text: string; readonly phonemes: string }[]): string {
  const sounded = parts.filter(({ phonemes }) => phonemes !== "");
  const numbers = sounded.some(({ text }) => /\d/.test(text));
  return numbers ? sounded.map(({ phonemes }) => phonemes).join(" ") : compound(sounded);
}
