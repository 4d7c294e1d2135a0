import { analyse, type Morpheme } from "./japanese-analyser.ts";
import { counterLength, readCounted } from "./japanese-counters.ts";
import { toKatakana } from "./japanese-kana.ts";
import { kanjiValue, NUMERALS, readDigits, readInteger } from "./japanese-numbers.ts";
import type { Range } from "./mapped-text.ts";

/**
 * A word to be spoken (katakana as it sounds) or a piece of text that the dictionary does not know. Words that are
 * said apart but written as one (a number) have the same range.
 */
export type JapaneseWord = Range & ({ readonly kana: string } | { readonly unknown: string });

/** Readings that the dictionary has wrong or leaves to a rarer one: the usual ones of the standard language. */
const READINGS: Readonly<Record<string, string>> = {
  日本: "ニホン",
  日本人: "ニホンジン",
  私: "ワタシ",
  明日: "アシタ",
  昨日: "キノー",
  何: "ナニ",
  言う: "ユー",
  いう: "ユー",
  という: "トユー",
  っていう: "ッテユー",
  大人気: "ダイニンキ",
  一日: "イチニチ",
  行って: "イッテ",
  辛い: "ツライ",
  他: "ホカ",
  方: "ホー",
  後: "アト",
  描く: "エガク",
  家: "イエ",
  館: "カン",
  君: "キミ",
  時々: "トキドキ",
  行: "ギョー",
  負: "フ",
  値: "アタイ",
  間: "アイダ",
  等: "ナド",
};

/** Only as a noun of its own: with other parts of speech the dictionary is right. */
const NOUNS_ONLY = new Set(["行", "負", "値", "間", "等", "方", "後", "家", "館", "君", "他", "何"]);

/** Whole phrases whose parts are each read otherwise: longest match wins. */
const PHRASES: readonly (readonly [string, string])[] = [
  ["一日中", "イチニチジュー"],
  ["一人前", "イチニンマエ"],
  ["一人っ子", "ヒトリッコ"],
  ["一人暮らし", "ヒトリグラシ"],
  ["一目惚れ", "ヒトメボレ"],
  ["百人一首", "ヒャクニンイッシュ"],
  ["二十四時間", "ニジューヨジカン"],
  ["一つ一つ", "ヒトツヒトツ"],
  ["一人一人", "ヒトリヒトリ"],
  ["今日中", "キョージュー"],
  ["一昨日", "オトトイ"],
  ["明後日", "アサッテ"],
  ["何人", "ナンニン"],
  ["何時間", "ナンジカン"],
  ["真っ直ぐ", "マッスグ"],
  ["時々", "トキドキ"],
];

const isNumeral = (surface: string) => surface !== "" && [...surface].every((c) => NUMERALS.includes(c));
const isKanji = (text: string) => /^(?:\p{Script=Han}|々)+$/u.test(text);
const isKana = (text: string) => /^[ぁ-ゖァ-ヺーゝゞヽヾㇰ-ㇿ]+$/.test(text);

interface Piece extends Range {
  readonly surface: string;
  kana: string;
  readonly morpheme?: Morpheme;
  /** Number and counter read as one. */
  readonly counted?: boolean;
}

/** Sino-Japanese え段＋イ is a long vowel in speech: 先生 センセー. Words of two native parts are not (毛糸). */
function lengthenEi(kana: string): string {
  return kana.replace(/([エケゲセゼテデネヘベペメレェ])イ/g, "$1ー");
}

const NATIVE_EI = /^(?:毛糸|目医者|手入|姪|家|夏至|毛色|声色|前祝|酒癖|稲|目色|手一杯)/;

function pronounce(morpheme: Morpheme): string | undefined {
  const { surface, partOfSpeech } = morpheme;
  const known = READINGS[surface];
  const free = partOfSpeech === "名詞" && morpheme.partOfSpeechSubcategory1 !== "接尾";
  if (known !== undefined && (free || !NOUNS_ONLY.has(surface))) return known;
  const kana = morpheme.pronunciation && morpheme.pronunciation !== "*" ? morpheme.pronunciation : undefined;
  if (kana === undefined || !isKana(kana)) return isKana(surface) ? toKatakana(surface) : undefined;
  if (morpheme.baseForm === "言う" || morpheme.baseForm === "いう")
    return kana.replace(/^イウ|^ユウ/, "ユー");
  if (partOfSpeech === "形容詞" || (partOfSpeech === "動詞" && /いる$/.test(morpheme.baseForm ?? "")))
    return lengthenIi(kana);
  if (isKanji(surface) && !NATIVE_EI.test(surface)) return lengthenEi(kana);
  return kana;
}

/** 大きい, おいしい, 用いる: い behind い in the same word is one long vowel. */
function lengthenIi(kana: string): string {
  return kana.replace(/([キシチニヒビミリイ])イ/g, "$1ー");
}

/** 何 is ナン in front of t, d and n (何です, 何の, 何と) and ナニ elsewhere. */
function readWhat(next: Morpheme | undefined): string {
  return /^[でだのと]/.test(next?.surface ?? "") ? "ナン" : "ナニ";
}

/** Readings that hang on the neighbours; 値 behind a noun is its suffix チ. */
function readInContext(morpheme: Morpheme, before?: Morpheme, after?: Morpheme): string | undefined {
  if (morpheme.surface === "何") return readWhat(after);
  if (morpheme.surface === "値" && before?.partOfSpeech === "名詞") return "チ";
  return pronounce(morpheme);
}

/** The number that starts at `at`, with its counter, or `undefined`. */
function numberAt(
  morphemes: readonly Morpheme[],
  at: number,
): { pieces: Omit<Piece, keyof Range>[]; next: number } | undefined {
  let next = at;
  let written = "";
  while (next < morphemes.length && isNumeral(morphemes[next]?.surface ?? ""))
    written += morphemes[next++]?.surface;
  const first = morphemes[at];
  const what = written === "" && /^(?:何|数|幾)$/.test(first?.surface ?? "");
  if (written === "" && !what) return undefined;
  if (what) next = at + 1;
  const rest = morphemes.slice(next, next + 4).map((m) => m.surface);
  const counter = countedBy(rest);
  if (what && !counter && !/^[十百千万億]$/.test(rest[0] ?? "")) return undefined;
  const value = what ? undefined : kanjiValue(written);
  const digitwise = !counter && [...written].length > 1 && /^[〇零一二三四五六七八九]+$/.test(written);
  let number: string[];
  if (what) number = [first?.surface === "何" ? "ナン" : first?.surface === "幾" ? "イク" : "スー"];
  else if (value === undefined || digitwise) number = [readDigits(written)];
  else number = readInteger(value);
  if (!counter) return { pieces: number.map((kana) => ({ surface: written, kana, counted: true })), next };
  const surface = rest.slice(0, counter.morphemes).join("");
  const words =
    surface === "日" && value === 1n && /月$/.test(morphemes[at - 1]?.surface ?? "")
      ? ["ツイタチ"]
      : readCounted(number, surface, value);
  return {
    pieces: words.map((kana) => ({ surface: written + surface, kana, counted: true })),
    next: next + counter.morphemes,
  };
}

/** The longest counter that the next morphemes spell exactly, and how many they are. */
function countedBy(surfaces: readonly string[]): { morphemes: number } | undefined {
  for (let count = surfaces.length; count > 0; count--) {
    const text = surfaces.slice(0, count).join("");
    if (counterLength(text) === text.length) return { morphemes: count };
  }
  return undefined;
}

/** A phrase of the exceptions that begins at this morpheme and ends at the end of one. */
function phraseAt(
  morphemes: readonly Morpheme[],
  at: number,
): { piece: Omit<Piece, keyof Range>; next: number } | undefined {
  const first = morphemes[at]?.surface ?? "";
  for (const [written, kana] of PHRASES) {
    if (!written.startsWith(first)) continue;
    let text = "";
    let next = at;
    while (next < morphemes.length && text.length < written.length) text += morphemes[next++]?.surface ?? "";
    if (text === written) return { piece: { surface: written, kana }, next };
  }
  return undefined;
}

function toPieces(morphemes: readonly Morpheme[]): (Piece | (Range & { readonly unknown: string }))[] {
  const pieces: (Piece | (Range & { readonly unknown: string }))[] = [];
  let start = 0;
  for (let at = 0; at < morphemes.length; ) {
    const phrase = phraseAt(morphemes, at);
    const number = phrase ? undefined : numberAt(morphemes, at);
    const morpheme = morphemes[at];
    const next = phrase?.next ?? number?.next ?? at + 1;
    const end = morphemes.slice(at, next).reduce((sum, { surface }) => sum + surface.length, start);
    if (phrase) pieces.push({ ...phrase.piece, start, end });
    else if (number) pieces.push(...number.pieces.map((piece) => ({ ...piece, start, end })));
    else if (morpheme) {
      const kana = readInContext(morpheme, morphemes[at - 1], morphemes[at + 1]);
      pieces.push(
        kana === undefined
          ? { unknown: morpheme.surface, start, end }
          : { surface: morpheme.surface, kana, morpheme, start, end },
      );
    }
    at = next;
    start = end;
  }
  return pieces;
}

/** Whether a morpheme is written and spoken as one word with the one before it. */
function joins(before: Piece, after: Piece): boolean {
  const a = before.morpheme;
  const b = after.morpheme;
  if (after.kana.startsWith("ー") || before.kana.endsWith("ッ") || after.kana.startsWith("ッ")) return true;
  if (!a || !b) return false;
  const inflected = /^(?:動詞|助動詞|形容詞)$/.test(a.partOfSpeech);
  if (b.partOfSpeech === "助動詞") {
    if (/^(?:た|だ|たら|だら)$/.test(b.surface) && b.conjugationForm === "特殊・タ") return true;
    if (
      /^(?:です|でし|でしょ|だ|だろ|だっ|らしい|みたい|なら|じゃ|ある|あり|あっ|あれ|あろ)$/.test(b.surface)
    )
      return false;
    return inflected && !(a.baseForm === "する" && b.baseForm === "ます");
  }
  if (/^[ただ]り$/.test(b.surface)) return inflected;
  if (b.partOfSpeech === "動詞") return b.partOfSpeechSubcategory1 === "接尾";
  if (b.partOfSpeechSubcategory1 === "接続助詞")
    return inflected && /^(?:て|で|ちゃ|じゃ|ば|たり|だり)$/.test(b.surface);
  if (b.partOfSpeechSubcategory1 === "接尾") return /^(?:さ|性|者|語|人|ら|み|げ)$/.test(b.surface);
  return a.partOfSpeech === "接頭詞" && /^[おごオゴ御]$/.test(a.surface);
}

/** Compound particles (に対する, という) as the two words they are spoken as. */
function splitParticle(kana: string, morpheme: Morpheme | undefined): string[] {
  const split =
    morpheme?.partOfSpeechSubcategory2 === "連語" && /^[ニト]..|^トユ/.test(kana) && kana !== "トシテ";
  return split ? [kana.slice(0, 1), kana.slice(1)] : [kana];
}

/** う of 行こう, でしょう lengthens the vowel in front of it. */
function attach(word: string, kana: string): string {
  if (kana === "ウ" && /[オコゴソゾトドノホボポモヨョロ]$/.test(word)) return `${word}ー`;
  return word + kana;
}

/** A text of kanji and kana as words to be spoken, in order. */
export function japaneseWords(text: string): JapaneseWord[] {
  const words: ({ kana: string; start: number; end: number } | (Range & { unknown: string }))[] = [];
  let before: Piece | undefined;
  for (const piece of toPieces(analyse(text))) {
    if ("unknown" in piece) {
      words.push(piece);
      before = undefined;
      continue;
    }
    const last = words.at(-1);
    const { start, end } = piece;
    if (before && last && "kana" in last && joins(before, piece)) {
      last.kana = attach(last.kana, piece.kana);
      last.end = end;
    } else if (piece.kana !== "")
      words.push(...splitParticle(piece.kana, piece.morpheme).map((kana) => ({ kana, start, end })));
    before = piece;
  }
  return words;
}
