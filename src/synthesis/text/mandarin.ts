import { Converter } from "opencc-js/t2cn";
import { kanaPhonemes } from "./japanese-kana.ts";
import {
  type EastAsianOptions,
  foldPunctuation,
  foreignPhonemes,
  foreignWords,
  inSource,
  joinSpeech,
} from "./japanese-mandarin.ts";
import { spellMandarinNumbers } from "./mandarin-numbers.ts";
import { type PlacedWord, readRun } from "./mandarin-readings.ts";
import { applySandhi } from "./mandarin-sandhi.ts";
import { syllablePhonemes } from "./mandarin-syllable.ts";
import { MappedText, type Range } from "./mapped-text.ts";
import type { Reading, SoundPart } from "./reading.ts";

/** Signs that are read as words. */
const SIGNS: Readonly<Record<string, string>> = {
  "%": "百分号",
  "&": "和",
  "+": "加",
  "=": "等于",
  "×": "乘",
  "÷": "除以",
  "<": "小于",
  ">": "大于",
  "@": "艾特",
  "#": "井号",
  "°": "度",
  "¥": "元",
  $: "美元",
  "€": "欧元",
  "£": "英镑",
  "○": "零",
  〇: "零",
};

const PIECE = new RegExp(
  [
    String.raw`(?<han>(?:(?!々)\p{Script=Han})+)`,
    String.raw`(?<kana>[\p{Script=Hiragana}\p{Script=Katakana}ー]+)`,
    String.raw`(?<word>(?:(?!\p{Script=Han})[\p{L}\p{M}])+(?:[ '’.-]+(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{M}])+)*)`,
    "(?<other>.)",
  ].join("|"),
  "gsu",
);

const simplify = Converter({ from: "t", to: "cn" });

/** Simplified characters, signs and numbers as Chinese words, full-width forms narrowed. */
function normalise(text: string): string {
  const narrow = text
    .replace(/km²/g, "km2")
    .replace(/m²/g, "m2")
    .normalize("NFKC")
    .replace(/(?<=\p{Script=Han})\/(?=小时|分钟|秒|天|周|月|年|人|次)/gu, "每")
    .replace(/\p{Cc}+/gu, " ")
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, "")
    .replace(/\.{3,}|。{2,}/g, "…")
    .replace(/(?<=\p{Script=Han})·(?=\p{Script=Han})/gu, " ");
  const simplified = simplify(narrow).replace(
    /(?<![名显土巨原专编论所遗译昭拙])著(?![名作称者述书录译有])/g,
    "着",
  );
  return spellMandarinNumbers(simplified).replace(/./gsu, (sign) => SIGNS[sign] ?? sign);
}

function speakWords(words: readonly PlacedWord[]): SoundPart[] {
  applySandhi(words);
  return words.map(({ syllables, start, end }) => ({
    phonemes: syllables.map((syllable) => syllablePhonemes(syllable) ?? "").join(""),
    range: { start, end },
  }));
}

/**
 * Kokoro's phonemes of a sentence or clause of Mandarin, in the notation that its Mandarin voices were trained
 * on: words by jieba, citation tones behind each vowel, no mark on neutral tones. Tone changes (一, 不, third
 * tone) are applied. Traditional characters, numbers, kana and words of other alphabets are accepted; what
 * nothing can speak is passed to `options.unread`. Resolves to "" when nothing in the text is speakable.
 */
export async function readMandarin(text: string, options: EastAsianOptions = {}): Promise<Reading> {
  const parts: SoundPart[] = [];
  let clause: PlacedWord[] = [];
  const flush = () => {
    parts.push(...speakWords(clause));
    clause = [];
  };
  const spoken = MappedText.of(text).rewritten(normalise(text));
  for (const match of spoken.text.matchAll(PIECE)) {
    const { groups = {}, index } = match;
    const range: Range = { start: index, end: index + match[0].length };
    if (groups.han) {
      const words = readRun(groups.han, (character) => options.unread?.(character));
      clause.push(...words.map((word) => ({ ...word, start: index + word.start, end: index + word.end })));
      continue;
    }
    if (groups.other !== " ") flush();
    if (groups.kana) parts.push({ phonemes: kanaPhonemes(groups.kana), range });
    else if (groups.word) {
      parts.push(...foreignWords(groups.word, await foreignPhonemes(groups.word, options), index));
    } else if (groups.other && !/\s/.test(groups.other)) {
      const mark = foldPunctuation(groups.other);
      if (mark === undefined) unreadSign(groups.other, options);
      else parts.push({ phonemes: mark });
    }
  }
  flush();
  return inSource(joinSpeech(parts), spoken);
}

/** Marks that carry no sound (hyphens, quotes, asterisks) are not worth a report. */
function unreadSign(sign: string, options: EastAsianOptions): void {
  if (!/^[-_*'`^\\]$/.test(sign)) options.unread?.(sign);
}
