import type { Range } from "./mapped-text.ts";
import { OBJECT } from "./script.ts";
import {
  espeakReader,
  japaneseReader,
  mandarinReader,
  notationOf,
  type Reader,
  type Speech,
} from "./speech.ts";
import { MARKS } from "./vocabulary.ts";

interface InSentence extends Range {
  readonly speech: Speech;
  readonly spaceBefore: boolean;
}

/** Words between two marks, for one reader; or one mark, in Kokoro's form. */
export type Piece =
  | (InSentence & {
      readonly kind: "words";
      readonly text: string;
      readonly reader: Reader;
      /** Its text stands for one character of the sentence, an object's. */
      readonly object: boolean;
    })
  | (InSentence & { readonly kind: "mark"; readonly mark: string });

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

/** Whether a character is heard as melody or as a pause. */
export const isMark = (character: string): boolean => MARK_FORMS.has(character);

/** A point, comma or colon between two digits ("3.14", "1,000", "10:30") is part of the number. */
const IN_NUMBER = /[.,:．，：]/;

/** The espeak-ng voices of scripts that the voice of another script would only spell out. */
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
/** Letters below are Latin, and every language reads those itself. */
const BEYOND_LATIN = 0x250;

const ownScripts = new Map<string, RegExp | null>();

/** The script that a language is written in, where it is not Latin. */
function ownScript(language: string): RegExp | null {
  let found = ownScripts.get(language);
  if (found === undefined) {
    const code = new Intl.Locale(language).maximize().script ?? "Latn";
    const han = code.startsWith("Han");
    found = code === "Latn" ? null : han ? HAN : scriptPattern(code);
    ownScripts.set(language, found);
  }
  return found;
}

/** Null where Unicode has no such script ("Kore" and "Jpan" are several, which are told by their letters). */
function scriptPattern(code: string): RegExp | null {
  try {
    return new RegExp(`\\p{Script=${code}}`, "u");
  } catch {
    return null;
  }
}

/** Who reads a letter; `null` for what belongs to whatever is around it. */
function readerOf(character: string, speech: Speech, kana: boolean): Reader | null {
  const { home } = speech;
  if (speech.target.engine === "espeak" || home.kind === "letters") return null;
  if (KANA.test(character)) return japaneseReader(notationOf(speech));
  const eastAsian = home.kind !== "espeak";
  if (HAN.test(character)) {
    if (eastAsian || ownScript(speech.language) === HAN) return home;
    return kana ? japaneseReader(notationOf(speech)) : mandarinReader(notationOf(speech));
  }
  // The readers of Japanese and Chinese hand words of other alphabets back themselves.
  if (eastAsian || !/\p{L}/u.test(character)) return null;
  const foreign = ownScript(speech.language)?.test(character) === true ? undefined : scriptVoice(character);
  return foreign === undefined ? home : espeakReader(foreign, notationOf(speech));
}

/** The voice for a word of another alphabet in Japanese or Chinese: English for Latin letters. */
export function foreignVoice(word: string): string {
  return scriptVoice(word) ?? "en-us";
}

function scriptVoice(text: string): string | undefined {
  if ((text.codePointAt(0) ?? 0) < BEYOND_LATIN) return undefined;
  return SCRIPTS.find(([script]) => script.test(text))?.[1];
}

/** Sounds that stand in a text in place of a word: `ipa`, and what is written there. */
export type SoundAt = (index: number) => { readonly ipa: string; readonly written: string } | undefined;

/**
 * Cuts a stretch of a sentence into what is read and the marks between, and what is read into stretches of one
 * script, so that a Russian name in an English text is read by Russian rules and a Latin word in a Chinese one by
 * English.
 * @param sentence where the sentence begins and ends that the stretch is in
 */
export function splitPieces(
  text: string,
  range: Range,
  speech: Speech,
  sentence: Range = range,
  soundAt: SoundAt = () => undefined,
): Piece[] {
  const pieces: Piece[] = [];
  const { home } = speech;
  const kana = home.kind !== "mandarin" && KANA.test(text.slice(sentence.start, sentence.end));
  let from = range.start;
  let reader: Reader | null = null;
  const spaced = (start: number) => start > sentence.start && /\s/.test(text.charAt(start - 1));
  const flush = (end: number) => {
    const raw = text.slice(from, end);
    const words = raw.trim();
    if (words !== "") {
      const start = from + raw.indexOf(words);
      const place = { start, end: start + words.length, spaceBefore: spaced(start) };
      pieces.push({ kind: "words", text: words, reader: reader ?? home, object: false, speech, ...place });
    }
    from = end;
    reader = null;
  };
  for (let index = range.start; index < range.end; ) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const end = index + character.length;
    const mark = MARK_FORMS.get(character);
    if (character === OBJECT) {
      flush(index);
      from = end;
      const sound = soundAt(index);
      if (sound !== undefined) pieces.push(soundPiece(sound, speech, { start: index, end }, spaced(index)));
    } else if (mark !== undefined && !insideWord(text, index, character, sentence.end)) {
      flush(index);
      from = end;
      const spaceBefore = /\s/.test(text.charAt(index - 1));
      if (mark !== " ") pieces.push({ kind: "mark", mark, start: index, end, speech, spaceBefore });
    } else {
      const own = readerOf(character, speech, kana);
      if (own !== null) {
        if (reader !== null && reader !== own) flush(index);
        reader = own;
      }
    }
    index = end;
  }
  flush(range.end);
  return pieces;
}

/** A formant voice reads what is written: it takes text, not sounds. */
function soundPiece(
  { ipa, written }: { readonly ipa: string; readonly written: string },
  speech: Speech,
  range: Range,
  spaceBefore: boolean,
): Piece {
  const { target, inventory, home, espeakVoice: voice } = speech;
  const reads = target.engine === "espeak" || inventory.notation === "letters";
  const reader: Reader = reads ? home : { kind: "ipa", ipa, voice, notation: notationOf(speech) };
  return { kind: "words", text: written, reader, object: true, speech, ...range, spaceBefore };
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
