import { findLanguage } from "../../languages/language.ts";
import { languageOf } from "./speech.ts";

/** What a stretch of text is written in. */
export interface Detected {
  /** BCP-47; the one that was expected where the text does not tell. */
  readonly language: string;
  /** Whether the text tells: false for what is too short, and for what languages share. */
  readonly sure: boolean;
  /** What a text of one word looks like a lot: worth believing where not even a voice is named. */
  readonly guess?: string;
}

/** Tells the language of a stretch of text. */
export interface Detector {
  /**
   * @param expected BCP-47 of what it is in unless it tells otherwise
   * @param accepts whether a language may be found; one that may not is as if nobody spoke it
   */
  detect(text: string, expected: string, accepts: (language: string) => boolean): Detected;
  /** The one of some languages that a short text looks like most; the first unless another is clearly likelier. */
  likeliest(text: string, languages: readonly [string, ...string[]]): string;
}

/** Scripts that one language here is written in, and those of several with the one that most texts are in. */
const SCRIPTS: readonly (readonly [script: RegExp, language: string, alone: boolean])[] = [
  [/\p{Script=Latin}/u, "en", false],
  [/\p{Script=Cyrillic}/u, "ru", false],
  [/\p{Script=Arabic}/u, "ar", false],
  [/\p{Script=Devanagari}/u, "hi", false],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, "ja", true],
  [/\p{Script=Han}/u, "zh", true],
  [/\p{Script=Hangul}/u, "ko", true],
  [/\p{Script=Greek}/u, "el", true],
  [/\p{Script=Hebrew}/u, "he", true],
  [/\p{Script=Thai}/u, "th", true],
  [/\p{Script=Bengali}/u, "bn", true],
  [/\p{Script=Gujarati}/u, "gu", true],
  [/\p{Script=Gurmukhi}/u, "pa", true],
  [/\p{Script=Tamil}/u, "ta", true],
  [/\p{Script=Telugu}/u, "te", true],
  [/\p{Script=Kannada}/u, "kn", true],
  [/\p{Script=Malayalam}/u, "ml", true],
  [/\p{Script=Sinhala}/u, "si", true],
  [/\p{Script=Oriya}/u, "or", true],
  [/\p{Script=Myanmar}/u, "my", true],
  [/\p{Script=Georgian}/u, "ka", true],
  [/\p{Script=Armenian}/u, "hy", true],
  [/\p{Script=Ethiopic}/u, "am", true],
];
const LATIN = 0;
const KANA = 4;
const HAN = 5;

/** Languages whose texts are full of Latin names. */
const EAST_ASIAN: ReadonlySet<string> = new Set(["ja", "zh", "yue"]);

/** Enough to tell any language; more only costs time. */
const MOST_CHARACTERS = 600;
/** Fewer letters tell nothing: "OK", "No", "Ja". */
const LEAST_LETTERS = 6;
/** How much likelier another language than the expected one must be: this over the letters, and never less. */
const NEEDED_MARGIN = 1.5;
const LEAST_MARGIN = 0.03;
/** Japanese goes on for less than this without kana. */
const LONG_HAN = 10;
/** From this many letters on, what looks like the expected language surely is. */
const SURE_LETTERS = 12;
/** Short texts of other languages score this much in their own, names and slips of the expected one hardly ever. */
const SURE_SCORE = 0.79;
/**
 * What a text of up to so many letters must score to be in another language than the expected one, where that is
 * written in the same script: "Hello Anna!" and "cats vs. dogs" look like many languages a little.
 */
const LEAST_SCORES: readonly (readonly [letters: number, score: number])[] = [
  [16, SURE_SCORE],
  [32, 0.7],
];

/** Languages as eld calls them that have another tag here; the second where both are likely. */
const TAGS: Readonly<Record<string, readonly string[]>> = { no: ["nb"], ms: ["id", "ms"], tl: ["fil"] };

let shared: Promise<Detector> | null = null;

/** The detector of this thread: its tables are loaded when it is first asked for, once. */
export function sharedDetector(): Promise<Detector> {
  shared ??= createDetector();
  return shared;
}

/** Loads the tables of eld (Apache-2.0): 60 languages in n-grams of letters, a fifth of a second, once. */
export async function createDetector(): Promise<Detector> {
  const { default: eld } = await import("eld/extrasmall");
  return {
    detect(text, expected, accepts) {
      const sample = readable(text);
      const { script, letters, kana, eastAsian } = countScripts(sample);
      if (script === null) return { language: expected, sure: false };
      // "MAC は Media Access Control の略": most letters may be Latin.
      if (script === LATIN && eastAsian > 0 && EAST_ASIAN.has(languageOf(expected))) {
        return { language: expected, sure: true };
      }
      const [pattern, usual, alone] = SCRIPTS[script] ?? SCRIPTS[LATIN] ?? [/\p{L}/u, expected, false];
      const own = isWrittenIn(expected, pattern);
      if (alone) {
        const isJapanese = languageOf(expected) === "ja";
        const found = script === HAN && kana > 0 ? "ja" : usual;
        const kept = own && (script !== HAN || (kana === 0 && !(isJapanese && letters >= LONG_HAN)));
        const language = kept ? expected : variant(found, expected);
        const spoken = language === expected || accepts(language);
        return { language: spoken ? language : expected, sure: spoken };
      }
      const likely = own ? expected : accepts(usual) ? variant(usual, expected) : expected;
      // The script alone tells that it is not what was expected.
      const told = likely !== expected;
      if (letters < LEAST_LETTERS) return { language: likely, sure: told };
      let best: { language: string; score: number } | null = null;
      let likelyScore = 0;
      // The likeliest first.
      for (const [code, score] of Object.entries(eld.detect(sample).getScores())) {
        const language = tagOf(code, expected);
        if (language === likely) likelyScore = score;
        else if (language === null || !accepts(language)) continue;
        best ??= { language, score };
        if (likelyScore > 0) break;
      }
      if (best === null || best.language === likely) {
        return { language: likely, sure: told || (own && best !== null && letters >= SURE_LETTERS) };
      }
      const margin = own || letters < SURE_LETTERS ? Math.max(LEAST_MARGIN, NEEDED_MARGIN / letters) : 0;
      if (best.score - likelyScore <= margin) return { language: likely, sure: told };
      const least = LEAST_SCORES.find(([most]) => letters <= most)?.[1] ?? 0;
      // A heading of one word looks like many languages.
      if (own && (best.score < least || !/\s/.test(sample))) {
        const guess = best.score >= SURE_SCORE ? { guess: best.language } : {};
        return { language: likely, sure: false, ...guess };
      }
      return { language: best.language, sure: true };
    },
    likeliest(text, languages) {
      const scores = Object.entries(eld.detect(readable(text)).getScores());
      const scoreOf = (language: string) =>
        scores.find(([code]) => tagOf(code, language) === language)?.[1] ?? 0;
      let [best] = languages;
      let least = scoreOf(best) + LEAST_MARGIN;
      for (const language of languages.slice(1)) {
        const score = scoreOf(language);
        if (score <= least) continue;
        best = language;
        least = score;
      }
      return best;
    },
  };
}

const CODE = /[@/\\\d]|^www\.|^[A-Z]{2,5}[.,;:!?]?$/;
/** Scripts that put no spaces between words: a date is no reason to pass over the whole sentence. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

/** Words alone: no addresses and no codes, which are of no language. */
function readable(text: string): string {
  return text
    .slice(0, MOST_CHARACTERS)
    .split(/[\s\ufffc]+/)
    .filter((word) => !CODE.test(word) || UNSPACED.test(word))
    .join(" ");
}

/** The script of most letters; Japanese when there is kana, however many Chinese characters there are. */
function countScripts(text: string): {
  readonly script: number | null;
  readonly letters: number;
  readonly kana: number;
  readonly eastAsian: number;
} {
  const counts = new Uint16Array(SCRIPTS.length);
  let letters = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x80) {
      if ((code | 32) >= 97 && (code | 32) <= 122) {
        letters += 1;
        counts[LATIN] = (counts[LATIN] ?? 0) + 1;
      }
    } else if (/\p{L}/u.test(character)) {
      letters += 1;
      const script = SCRIPTS.findIndex(([pattern]) => pattern.test(character));
      if (script >= 0) counts[script] = (counts[script] ?? 0) + 1;
    }
  }
  const most = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
  const script = counts[most] === 0 ? null : most;
  const kana = counts[KANA] ?? 0;
  return { script: script === KANA ? HAN : script, letters, kana, eastAsian: kana + (counts[HAN] ?? 0) };
}

const SAMPLES = new Map<string, string>();

/** Whether a language is written in a script: by the name that it has for itself. */
function isWrittenIn(language: string, script: RegExp): boolean {
  let sample = SAMPLES.get(language);
  if (sample === undefined) {
    sample = findLanguage(language)?.nativeName ?? language;
    SAMPLES.set(language, sample);
  }
  return script.test(sample);
}

const found = new Map<string, string | null>();

/** The tag of a language as eld calls it; null when nothing here speaks it. */
function tagOf(code: string, expected: string): string | null {
  const tags = TAGS[code] ?? [code];
  if (tags.includes(languageOf(expected))) return expected;
  const [usual = code] = tags;
  let tag = found.get(usual);
  if (tag === undefined) {
    tag = findLanguage(usual)?.code ?? null;
    found.set(usual, tag);
  }
  return tag;
}

/** The expected accent of a language, or the one that is served under its bare tag. */
function variant(language: string, expected: string): string {
  if (languageOf(expected) === language) return expected;
  return findLanguage(language)?.code ?? language;
}
