import { geminate } from "./japanese-numbers.ts";

/** A counter's reading; `kind` selects its sound changes, `three` is its form after 3, 千, 万 and 何. */
interface Counter {
  readonly reading: string;
  readonly kind?: "k" | "s" | "t" | "h" | "p";
  readonly three?: string;
  /** Forms of the digits 4, 7 and 9 that differ from ヨン, ナナ, キュー. */
  readonly ends?: Readonly<Record<string, string>>;
  readonly whole?: Readonly<Record<string, string>>;
}

const YO = { ヨン: "ヨ" };
const HOUR = { ヨン: "ヨ", ナナ: "シチ", キュー: "ク" };
const DAYS = {
  "2": "フツカ",
  "3": "ミッカ",
  "4": "ヨッカ",
  "5": "イツカ",
  "6": "ムイカ",
  "7": "ナノカ",
  "8": "ヨーカ",
  "9": "ココノカ",
  "10": "トーカ",
  "14": "ジューヨッカ",
  "20": "ハツカ",
  "24": "ニジューヨッカ",
} as const;
const counters = (kind: Counter["kind"], readings: Readonly<Record<string, string>>): [string, Counter][] =>
  Object.entries(readings).map(([written, reading]) => [written, kind ? { reading, kind } : { reading }]);

/** Common counters by how they are written, in the usual form of the standard language; where two are current, one is chosen. */
const COUNTERS = new Map<string, Counter>([
  ...counters(undefined, {
    枚: "マイ",
    台: "ダイ",
    度: "ド",
    番: "バン",
    番目: "バンメ",
    倍: "バイ",
    秒: "ビョー",
    秒間: "ビョーカン",
    名: "メイ",
    部: "ブ",
    問: "モン",
    位: "イ",
    字: "ジ",
    号: "ゴー",
    割: "ワリ",
    代: "ダイ",
    羽: "ワ",
    畳: "ジョー",
    語: "ゴ",
    両: "リョー",
    人前: "ニンマエ",
    ドル: "ドル",
    ユーロ: "ユーロ",
    メートル: "メートル",
    グラム: "グラム",
    リットル: "リットル",
    ミリ: "ミリ",
    段: "ダン",
    行: "ギョー",
    話: "ワ",
    万: "マン",
    号車: "ゴーシャ",
    号室: "ゴーシツ",
    次: "ジ",
    女: "ジョ",
    男: "ナン",
    限: "ゲン",
    球: "キュー",
    敗: "ハイ",
    乗: "ジョー",
    ワット: "ワット",
    番線: "バンセン",
  }),
  ...counters("k", {
    回: "カイ",
    回目: "カイメ",
    個: "コ",
    箇月: "カゲツ",
    カ月: "カゲツ",
    ヶ月: "カゲツ",
    ケ月: "カゲツ",
    か月: "カゲツ",
    箇所: "カショ",
    カ所: "カショ",
    ヶ所: "カショ",
    か所: "カショ",
    カ国: "カコク",
    か国: "カコク",
    ヶ国: "カコク",
    カ国語: "カコクゴ",
    か国語: "カコクゴ",
    巻: "カン",
    曲: "キョク",
    局: "キョク",
    件: "ケン",
    校: "コー",
    級: "キュー",
    機: "キ",
    キロ: "キロ",
    キロメートル: "キロメートル",
    キログラム: "キログラム",
    缶: "カン",
    戸: "コ",
    句: "ク",
    組: "クミ",
  }),
  ...counters("s", {
    冊: "サツ",
    隻: "セキ",
    週: "シュー",
    週間: "シューカン",
    種類: "シュルイ",
    色: "ショク",
    首: "シュ",
    社: "シャ",
    周: "シュー",
    周年: "シューネン",
    章: "ショー",
    世紀: "セイキ",
    世帯: "セタイ",
    席: "セキ",
    勝: "ショー",
    試合: "シアイ",
    センチ: "センチ",
    センチメートル: "センチメートル",
    節: "セツ",
  }),
  ...counters("t", {
    頭: "トー",
    通: "ツー",
    点: "テン",
    着: "チャク",
    丁: "チョー",
    丁目: "チョーメ",
    トン: "トン",
    体: "タイ",
    対: "ツイ",
    等: "トー",
    店: "テン",
    店舗: "テンポ",
    都市: "トシ",
    単位: "タンイ",
  }),
  ...counters("p", { パーセント: "パーセント", ポイント: "ポイント", ページ: "ページ", ポンド: "ポンド" }),
  ["本", { reading: "ホン", kind: "h", three: "ボン" }],
  ["杯", { reading: "ハイ", kind: "h", three: "バイ" }],
  ["匹", { reading: "ヒキ", kind: "h", three: "ビキ" }],
  ["票", { reading: "ヒョー", kind: "h", three: "ビョー" }],
  ["分", { reading: "フン", kind: "h", three: "プン" }],
  ["分間", { reading: "フンカン", kind: "h", three: "プンカン" }],
  ["発", { reading: "ハツ", kind: "h", three: "パツ" }],
  ["歩", { reading: "ホ", kind: "h", three: "ポ" }],
  ["編", { reading: "ヘン", kind: "h", three: "ペン" }],
  ["階", { reading: "カイ", kind: "k", three: "ガイ" }],
  ["軒", { reading: "ケン", kind: "k", three: "ゲン" }],
  ["足", { reading: "ソク", kind: "s", three: "ゾク" }],
  ["年", { reading: "ネン", ends: YO }],
  ["年間", { reading: "ネンカン", ends: YO }],
  ["年生", { reading: "ネンセイ", ends: YO }],
  ["円", { reading: "エン", ends: YO }],
  ["時", { reading: "ジ", ends: HOUR }],
  ["時間", { reading: "ジカン", ends: HOUR }],
  ["時間目", { reading: "ジカンメ", ends: HOUR }],
  ["月", { reading: "ガツ", ends: { ヨン: "シ", ナナ: "シチ", キュー: "ク" } }],
  ["人", { reading: "ニン", ends: { ヨン: "ヨ", ナナ: "シチ" }, whole: { "1": "ヒトリ", "2": "フタリ" } }],
  ["日", { reading: "ニチ", ends: { ナナ: "シチ", キュー: "ク" }, whole: DAYS }],
  [
    "日間",
    {
      reading: "ニチカン",
      whole: Object.fromEntries(Object.entries(DAYS).map(([n, day]) => [n, `${day}カン`])),
    },
  ],
  ["歳", { reading: "サイ", kind: "s", whole: { "20": "ハタチ" } }],
  ["才", { reading: "サイ", kind: "s", whole: { "20": "ハタチ" } }],
  ["晩", { reading: "バン", whole: { "1": "ヒトバン", "2": "フタバン" } }],
  ["泊", { reading: "ハク", kind: "h", three: "パク" }],
  [
    "つ",
    {
      reading: "ツ",
      whole: {
        "1": "ヒトツ",
        "2": "フタツ",
        "3": "ミッツ",
        "4": "ヨッツ",
        "5": "イツツ",
        "6": "ムッツ",
        "7": "ナナツ",
        "8": "ヤッツ",
        "9": "ココノツ",
      },
    },
  ],
]);

/** Length of the longest counter that `text` begins with, in UTF-16 units; 0 for none. */
export function counterLength(text: string): number {
  for (let length = Math.min(8, text.length); length > 0; length--) {
    if (COUNTERS.has(text.slice(0, length))) return length;
  }
  return 0;
}

function afterHPart(number: string, counter: Counter): string {
  if (/(?:サン|セン|ゼン|マン|ナン)$/.test(number) && counter.three) return counter.three;
  // 4 takes p where the counter has p after 3 (ヨンプン, ヨンパク), otherwise the plain form.
  if (number.endsWith("ヨン") && counter.three && /^[パピプペポ]/.test(counter.three)) return counter.three;
  return counter.reading;
}

const HARD: Readonly<Record<string, string>> = { ハ: "パ", ヒ: "ピ", フ: "プ", ヘ: "ペ", ホ: "ポ" };

/**
 * A number with its counter as words in katakana: 3本 サンボン, 8分 ハップン, 20日 ハツカ. `number` is the reading
 * of the number in words, `value` its value where it is a number and not 何 or 数.
 */
export function readCounted(number: readonly string[], written: string, value?: bigint): string[] {
  const counter = COUNTERS.get(written);
  const last = number.at(-1) ?? "";
  if (!counter) return [...number, written];
  const whole = value === undefined ? undefined : counter.whole?.[String(value)];
  if (whole) return [whole];
  let stem = last;
  for (const [from, to] of Object.entries(counter.ends ?? {})) {
    if (stem.endsWith(from)) stem = stem.slice(0, -from.length) + to;
  }
  let reading = counter.three ? afterHPart(last, counter) : counter.reading;
  if (counter.kind) {
    // 1パーセント and 1キロ keep イチ; the others geminate.
    const keepsOne =
      (counter.kind === "p" || counter.reading.startsWith("キロ")) && /(?:イチ|ハチ)$/.test(stem);
    const fused = keepsOne ? stem : geminate(stem, counter.kind === "p" ? "t" : counter.kind);
    if (fused !== stem && counter.kind === "h")
      reading = counter.reading.replace(/^./, (kana) => HARD[kana] ?? kana);
    stem = fused;
  }
  const joined = stem !== last || reading !== counter.reading || (value !== undefined && value <= 10n);
  return joined ? [...number.slice(0, -1), stem + reading] : [...number, reading];
}
