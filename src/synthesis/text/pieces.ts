import type { NativeLanguageCode } from "../../languages/language.ts";
import type { Range } from "./mapped-text.ts";
import { MARKS } from "./vocabulary.ts";

/** Who turns a stretch of text into phonemes: a voice of espeak-ng, or our own reader of Japanese or Chinese. */
export type Reader = { readonly espeak: string } | "japanese" | "mandarin";

/** Words between two marks, for one reader; or one mark, already in Kokoro's form. */
export type Piece = Range &
  (
    | {
        readonly kind: "words";
        readonly text: string;
        readonly reader: Reader;
        readonly spaceBefore: boolean;
      }
    | { readonly kind: "mark"; readonly mark: string; readonly spaceBefore: boolean }
  );

/** Marks of all scripts in the form that Kokoro knows. Apostrophes and hyphens are parts of words. */
const MARK_FORMS: ReadonlyMap<string, string> = new Map([
  ...[...MARKS].map((mark) => [mark, mark] as const),
  ...Object.entries({
    "。": ".",
    "．": ".",
    "｡": ".",
    "、": ",",
    "，": ",",
    "､": ",",
    "！": "!",
    "？": "?",
    "；": ";",
    "：": ":",
    "（": "(",
    "）": ")",
    "［": "(",
    "］": ")",
    "【": "(",
    "】": ")",
    "〔": "(",
    "〕": ")",
    "「": "“",
    "」": "”",
    "『": "“",
    "』": "”",
    "｢": "“",
    "｣": "”",
    "《": "“",
    "》": "”",
    "〈": "“",
    "〉": "”",
    "।": ".",
    "॥": ".",
    "؟": "?",
    "،": ",",
    "؛": ";",
    "۔": ".",
    "·": " ",
    "։": ".",
    "።": ".",
    "។": ".",
    "〜": "—",
    "～": "—",
    "＿": " ",
  }),
]);

/** A point, comma or colon between two digits ("3.14", "1,000", "10:30") is part of the number. */
const IN_NUMBER = /[.,:．，：]/;

/** The espeak-ng voice of each language, and of scripts that the language's own voice would only spell out. */
const VOICES: Readonly<Record<Exclude<NativeLanguageCode, "ja" | "zh">, string>> = {
  "en-US": "en-us",
  "en-GB": "en-gb-x-rp",
  es: "es",
  fr: "fr",
  hi: "hi",
  it: "it",
  "pt-BR": "pt-br",
};

const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Devanagari}/u, "hi"],
  [/\p{Script=Cyrillic}/u, "ru"],
  [/\p{Script=Greek}/u, "el"],
  [/\p{Script=Arabic}/u, "ar"],
  [/\p{Script=Hebrew}/u, "he"],
  [/\p{Script=Hangul}/u, "ko"],
  [/\p{Script=Bengali}/u, "bn"],
  [/\p{Script=Gurmukhi}/u, "pa"],
  [/\p{Script=Gujarati}/u, "gu"],
  [/\p{Script=Tamil}/u, "ta"],
  [/\p{Script=Telugu}/u, "te"],
  [/\p{Script=Kannada}/u, "kn"],
  [/\p{Script=Malayalam}/u, "ml"],
  [/\p{Script=Sinhala}/u, "si"],
  [/\p{Script=Myanmar}/u, "my"],
  [/\p{Script=Georgian}/u, "ka"],
  [/\p{Script=Armenian}/u, "hy"],
  [/\p{Script=Ethiopic}/u, "am"],
  [/\p{Script=Thai}/u, "th"],
];

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
const HAN = /[\p{Script=Han}\p{Script=Bopomofo}]/u;

/** Who reads a letter in a text of `language`; `null` for what belongs to whatever is around it. */
function readerOf(character: string, language: NativeLanguageCode, kana: boolean): Reader | null {
  if (KANA.test(character)) return "japanese";
  if (HAN.test(character)) {
    return language === "ja" || (language !== "zh" && kana) ? "japanese" : "mandarin";
  }
  // The readers of Japanese and Chinese hand words of other alphabets back themselves.
  if (language === "ja" || language === "zh" || !/\p{L}/u.test(character)) return null;
  return { espeak: scriptVoice(character) ?? VOICES[language] };
}

/** The voice for a word of another alphabet in Japanese or Chinese: English for Latin letters. */
export function foreignVoice(word: string): string {
  return scriptVoice(word) ?? VOICES["en-US"];
}

function scriptVoice(text: string): string | undefined {
  if ((text.codePointAt(0) ?? 0) < 0x250) return undefined;
  return SCRIPTS.find(([script]) => script.test(text))?.[1];
}

function home(language: NativeLanguageCode): Reader {
  if (language === "ja") return "japanese";
  return language === "zh" ? "mandarin" : { espeak: VOICES[language] };
}

const sameReader = (a: Reader, b: Reader): boolean =>
  typeof a === "string" || typeof b === "string" ? a === b : a.espeak === b.espeak;

/**
 * Cuts a sentence into what is read and the marks between, and what is read into stretches of one script, so
 * that a Russian name in an English text is read by Russian rules and a Latin word in a Chinese one by English.
 */
export function splitPieces(text: string, range: Range, language: NativeLanguageCode): Piece[] {
  const pieces: Piece[] = [];
  const kana = language !== "zh" && KANA.test(text.slice(range.start, range.end));
  const base = home(language);
  let from = range.start;
  let reader: Reader | null = null;
  const flush = (end: number) => {
    const raw = text.slice(from, end);
    const words = raw.trim();
    if (words !== "") {
      const start = from + raw.indexOf(words);
      pieces.push({
        kind: "words",
        text: words,
        reader: reader ?? base,
        start,
        end: start + words.length,
        spaceBefore: start > range.start && /\s/.test(text.charAt(start - 1)),
      });
    }
    from = end;
    reader = null;
  };
  for (let index = range.start; index < range.end; ) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const end = index + character.length;
    const mark = MARK_FORMS.get(character);
    if (mark !== undefined && !insideWord(text, index, character, range.end)) {
      flush(index);
      from = end;
      const spaceBefore = /\s/.test(text.charAt(index - 1));
      if (mark !== " ") pieces.push({ kind: "mark", mark, start: index, end, spaceBefore });
    } else {
      const own = readerOf(character, language, kana);
      if (own !== null) {
        if (reader !== null && !sameReader(reader, own)) flush(index);
        reader = own;
      }
    }
    index = end;
  }
  flush(range.end);
  return pieces;
}

/** "3.14", "1,000", "10:30"; "Node.js"; the points of "U.S." and "J. Smith", unless one ends the sentence. */
function insideWord(text: string, index: number, character: string, end: number): boolean {
  const before = text.charAt(index - 1);
  const after = text.charAt(index + 1);
  if (IN_NUMBER.test(character) && /\d/.test(before) && /\d/.test(after)) return true;
  if (character !== "." || !/\p{L}/u.test(before)) return false;
  if (/\p{L}/u.test(after)) return true;
  if (index + 1 >= end || !/\s/.test(after)) return false;
  const earlier = text.charAt(index - 2);
  return earlier === "." || (/\p{Lu}/u.test(before) && !/[\p{L}\p{N}]/u.test(earlier));
}

/**
 * Cuts words that are too long for one request at the space, or failing that the character, nearest to equal
 * parts of at most `limit` UTF-16 units; a surrogate pair is never cut.
 */
export function cutWords(text: string, limit: number): Range[] {
  const parts = Math.ceil(text.length / limit);
  const ranges: Range[] = [];
  let start = 0;
  for (let part = 1; start < text.length; part += 1) {
    const remaining = text.length - start;
    if (remaining <= limit) {
      ranges.push({ start, end: text.length });
      break;
    }
    const ideal = start + Math.ceil(remaining / Math.max(2, parts - part + 1));
    let end = nearestSpace(text, ideal, start + Math.floor(limit / 4), start + limit);
    if (end === null) {
      const low = text.charCodeAt(ideal);
      end = low >= 0xdc00 && low < 0xe000 ? ideal - 1 : ideal;
      if (end <= start) end = Math.min(text.length, start + 2);
    }
    ranges.push({ start, end });
    start = end;
    while (start < text.length && /\s/.test(text.charAt(start))) start += 1;
  }
  return ranges;
}

function nearestSpace(text: string, ideal: number, low: number, high: number): number | null {
  for (let distance = 0; ideal - distance > low || ideal + distance < high; distance += 1) {
    if (ideal - distance > low && text.charAt(ideal - distance) === " ") return ideal - distance;
    if (ideal + distance < high && text.charAt(ideal + distance) === " ") return ideal + distance;
  }
  return null;
}
