import { kanaPhonemes } from "./japanese-kana.ts";
import {
  type EastAsianOptions,
  foldPunctuation,
  foreignPhonemes,
  foreignWords,
  inSource,
  joinSpeech,
} from "./japanese-mandarin.ts";
import { normaliseJapanese } from "./japanese-normalise.ts";
import { japaneseWords } from "./japanese-words.ts";
import { MappedText } from "./mapped-text.ts";
import type { Reading, SoundPart } from "./reading.ts";

const LETTERS: Readonly<Record<string, string>> = {
  A: "エー",
  B: "ビー",
  C: "シー",
  D: "ディー",
  E: "イー",
  F: "エフ",
  G: "ジー",
  H: "エイチ",
  I: "アイ",
  J: "ジェー",
  K: "ケー",
  L: "エル",
  M: "エム",
  N: "エヌ",
  O: "オー",
  P: "ピー",
  Q: "キュー",
  R: "アール",
  S: "エス",
  T: "ティー",
  U: "ユー",
  V: "ブイ",
  W: "ダブリュー",
  X: "エックス",
  Y: "ワイ",
  Z: "ゼット",
};

/** Kanji that the dictionary lacks and the usual form of the same character. */
const VARIANTS: Readonly<Record<string, string>> = {
  𠮷: "吉",
  髙: "高",
  﨑: "崎",
  德: "徳",
  濵: "浜",
  邉: "辺",
  邊: "辺",
  𠮟: "叱",
  𩸽: "ほっけ",
  鷗: "鴎",
  塡: "填",
  剝: "剥",
  頰: "頬",
  瀨: "瀬",
  靑: "青",
  晴: "晴",
};

const PIECE = new RegExp(
  [
    String.raw`(?<japanese>(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|[ー々〆ヶ])+)`,
    String.raw`(?<word>(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|[ー々〆])[\p{L}\p{M}])+(?:[ '’&.-]+(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|[ー々〆])[\p{L}\p{M}])+)*)`,
    "(?<other>.)",
  ].join("|"),
  "gsu",
);

/** A kanji that the dictionary knows only as part of words, or not at all: by its usual form, else by itself. */
function speakUnknown(text: string, options: EastAsianOptions): string {
  let out = "";
  for (const character of text) {
    const words = japaneseWords(VARIANTS[character] ?? character);
    const kana = words.map((word) => ("kana" in word ? word.kana : "")).join("");
    if (kana === "") options.unread?.(character);
    out += kana;
  }
  return kanaPhonemes(out);
}

function speakRun(run: string, start: number, options: EastAsianOptions): SoundPart[] {
  const usual = MappedText.of(run).replace(/./gsu, ([character]) => VARIANTS[character] ?? null);
  return japaneseWords(usual.text).map((word) => {
    const place = usual.sourceRange(word.start, word.end);
    const range = { start: start + place.start, end: start + place.end };
    if ("unknown" in word) return { phonemes: speakUnknown(word.unknown, options), range };
    const phonemes = kanaPhonemes(word.kana);
    if (phonemes === "") options.unread?.(word.kana);
    return { phonemes, range };
  });
}

async function speakForeign(word: string, options: EastAsianOptions): Promise<string> {
  // Initialisms are said with the Japanese names of the letters, as in エヌエイチケー.
  if (/^[A-Z]{1,5}$/.test(word)) return kanaPhonemes([...word].map((letter) => LETTERS[letter]).join(""));
  const spoken = await options.latin?.(word).catch(() => "");
  if (spoken) return spoken.trim();
  if (/^[A-Za-z]+$/.test(word))
    return kanaPhonemes([...word.toUpperCase()].map((letter) => LETTERS[letter]).join(""));
  return foreignPhonemes(word, options.unread ? { unread: options.unread } : {});
}

/** Nothing separates a closed glottis from what it closes on: いった, not い った. */
const BEFORE_CLOSURE = /(?<![!",.:;?—…”]) (?=ʔ)|(?<=ʔ) (?!["“])/g;

/**
 * Kokoro's phonemes of a sentence or clause of Japanese, in the notation that its Japanese voices were trained on:
 * words apart, particles as they sound (は βa, へ e, を o), long vowels `ː`, ッ `ʔ`, ン by its neighbour; pitch and
 * devoicing unmarked. Numbers are read with their counters. Words of other alphabets go to `options.latin`; what
 * nothing can speak is passed to `options.unread`. Resolves to "" when nothing in the text is speakable.
 */
export async function readJapanese(text: string, options: EastAsianOptions = {}): Promise<Reading> {
  const parts: SoundPart[] = [];
  const spoken = MappedText.of(text).rewritten(normaliseJapanese(text));
  for (const { groups = {}, index } of spoken.text.matchAll(PIECE)) {
    if (groups.japanese) parts.push(...speakRun(groups.japanese, index, options));
    else if (groups.word) {
      parts.push(...foreignWords(groups.word, await speakForeign(groups.word, options), index));
    } else if (groups.other && !/\s/.test(groups.other)) {
      const mark = foldPunctuation(groups.other);
      if (mark !== undefined) parts.push({ phonemes: mark });
      else if (!/^[-_*'`^\\]$/.test(groups.other)) options.unread?.(groups.other);
    }
  }
  return inSource(joinSpeech(parts, BEFORE_CLOSURE), spoken);
}
