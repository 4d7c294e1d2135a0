import { kanjiDigits, kanjiInteger } from "./japanese-numbers.ts";

/** Signs that are read as words. */
const SIGNS: Readonly<Record<string, string>> = {
  "%": "パーセント",
  "&": "アンド",
  "+": "プラス",
  "=": "イコール",
  "×": "かける",
  "÷": "わる",
  "@": "アットマーク",
  "#": "シャープ",
  "°": "度",
  "¥": "円",
  $: "ドル",
  "€": "ユーロ",
  "£": "ポンド",
  "〒": "郵便番号",
  〆: "しめ",
  "→": "、",
};

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d)\s?km\/h(?![a-z])/gi, "キロメートル毎時"],
  [/(?<=\d)\s?km(?![a-z])/gi, "キロメートル"],
  [/(?<=\d)\s?cm(?![a-z])/gi, "センチメートル"],
  [/(?<=\d)\s?mm(?![a-z])/gi, "ミリメートル"],
  [/(?<=\d)\s?m2(?![a-z\d])/gi, "平方メートル"],
  [/(?<=\d)\s?m(?![a-zA-Z])/g, "メートル"],
  [/(?<=\d)\s?kg(?![a-z])/gi, "キログラム"],
  [/(?<=\d)\s?mg(?![a-z])/gi, "ミリグラム"],
  [/(?<=\d)\s?g(?![a-zA-Z])/g, "グラム"],
  [/(?<=\d)\s?ml(?![a-z])/gi, "ミリリットル"],
  [/(?<=\d)\s?[lL](?![a-zA-Z])/g, "リットル"],
];

const NUMBER = String.raw`\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*`;

function integer(digits: string): string {
  return (digits.length > 1 && digits.startsWith("0")) || digits.length > 19
    ? kanjiDigits(digits)
    : kanjiInteger(digits);
}

/** A number in kanji; the point and what follows it in kana, because kanji digits in a row could be a number. */
function number(written: string): string {
  const [whole = "0", ...fractions] = written.replaceAll(",", "").split(".");
  return [integer(whole), ...fractions.map(kanjiDigits)].join("点");
}

function numbers(text: string): string {
  return text
    .replace(
      /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g,
      (_, y, m, d) => `${integer(y)}年${integer(String(Number(m)))}月${integer(String(Number(d)))}日`,
    )
    .replace(/(?<!\d)0(\d)(?=[月日時分])/g, "$1")
    .replace(
      /(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])/g,
      (_, h, m, s) =>
        `${integer(String(Number(h)))}時${m === "00" && !s ? "" : `${integer(String(Number(m)))}分`}${s ? `${integer(String(Number(s)))}秒` : ""}`,
    )
    .replace(
      new RegExp(`([¥$€£])\\s?(${NUMBER})([万億兆千百]*)`, "g"),
      (_, sign, n, scale) => `${number(n)}${scale}${SIGNS[sign]}`,
    )
    .replace(/(?<!\d)(0\d{1,4})-(\d{1,4})-(\d{3,4})(?!\d)/g, (_, a, b, c) =>
      [a, b, c].map(kanjiDigits).join("の"),
    )
    .replace(/(?<![\d/])(\d{1,4})\/(\d{1,4})(?![\d/])/g, (_, a, b) => `${integer(b)}ぶんの${integer(a)}`)
    .replace(/(?<=\d)\s?[~〜～–]\s?(?=\d)/g, "から")
    .replace(/(?<![\w.)\p{L}])-(?=\d)/gu, "マイナス")
    .replace(new RegExp(NUMBER, "g"), number);
}

/**
 * Japanese text in the form that the analyser knows: full-size kana, half-width alphabets, numbers in kanji, signs
 * and units as words.
 */
export function normaliseJapanese(text: string): string {
  let out = text
    .replace(/m²/g, "m2")
    .replace(/℃/g, "度")
    .normalize("NFKC")
    .replace(/\p{Cc}+/gu, " ")
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, "")
    .replace(/\.{3,}|。{2,}|・{2,}/g, "…")
    .replace(/(?<=\p{Script=Katakana})[-‐‑−](?=\p{Script=Katakana})/gu, "ー")
    .replace(/(?<=[\p{Script=Hiragana}\p{Script=Katakana}ー])[~〜～]+/gu, "ー")
    .replace(/ー{2,}/g, "ー");
  out = out.replace(/\(笑\)/g, "(わらい)").replace(/%(?=\p{Script=Katakana})/gu, "% ");
  for (const [unit, name] of UNITS) out = out.replace(unit, name);
  return numbers(out).replace(/./gsu, (sign) => SIGNS[sign] ?? sign);
}
