const DIGITS = ["ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー"] as const;
const KANJI_DIGITS = "〇一二三四五六七八九";
const KANJI_UNITS: Readonly<Record<string, bigint>> = { 十: 10n, 百: 100n, 千: 1000n };
const KANJI_MYRIADS: Readonly<Record<string, bigint>> = {
  万: 10n ** 4n,
  億: 10n ** 8n,
  兆: 10n ** 12n,
  京: 10n ** 16n,
};

/** The characters a number in kanji is made of. */
export const NUMERALS = "〇零一二三四五六七八九十百千万億兆京";

/** `123` as 百二十三: the form in which the analyser knows numbers. */
export function kanjiInteger(digits: string): string {
  let rest = BigInt(digits);
  if (rest === 0n) return "〇";
  let out = "";
  for (const [name, size] of Object.entries(KANJI_MYRIADS).reverse()) {
    if (rest >= size) out += kanjiBelowMyriad(Number(rest / size)) + name;
    rest %= size;
  }
  return out + kanjiBelowMyriad(Number(rest));
}

function kanjiBelowMyriad(value: number): string {
  let out = "";
  let rest = value;
  for (const [name, size] of [
    ["千", 1000],
    ["百", 100],
    ["十", 10],
  ] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) out += (count > 1 ? KANJI_DIGITS[count] : "") + name;
    rest %= size;
  }
  return out + (rest > 0 ? KANJI_DIGITS[rest] : "");
}

/** Digits one after the other, as in telephone numbers and behind the decimal point. */
export function kanjiDigits(digits: string): string {
  return [...digits].map((digit) => KANJI_DIGITS[Number(digit)]).join("");
}

/** The value of a kanji number, or `undefined` for one that is not well formed. */
export function kanjiValue(kanji: string): bigint | undefined {
  // Longer than any number people say: a code, to be read digit by digit.
  if (kanji.length > 40) return undefined;
  if ([...kanji].every((c) => KANJI_DIGITS.includes(c) || c === "零")) {
    return BigInt([...kanji].map((c) => Math.max(0, KANJI_DIGITS.indexOf(c))).join(""));
  }
  let total = 0n;
  let myriad = 0n;
  let digit: bigint | undefined;
  for (const character of kanji) {
    const at = KANJI_DIGITS.indexOf(character);
    const unit = KANJI_UNITS[character];
    const size = KANJI_MYRIADS[character];
    if (at >= 0 && digit !== undefined) return undefined;
    if (at >= 0) digit = BigInt(at);
    else if (unit) {
      myriad += (digit ?? 1n) * unit;
      digit = undefined;
    } else if (size) {
      total += (myriad + (digit ?? 0n) || 1n) * size;
      myriad = 0n;
      digit = undefined;
    } else return undefined;
  }
  return total + myriad + (digit ?? 0n);
}

const HUNDREDS = [
  "",
  "ヒャク",
  "ニヒャク",
  "サンビャク",
  "ヨンヒャク",
  "ゴヒャク",
  "ロッピャク",
  "ナナヒャク",
  "ハッピャク",
  "キューヒャク",
];
const THOUSANDS = [
  "",
  "セン",
  "ニセン",
  "サンゼン",
  "ヨンセン",
  "ゴセン",
  "ロクセン",
  "ナナセン",
  "ハッセン",
  "キューセン",
];
const MYRIADS: readonly (readonly [bigint, string])[] = [
  [10n ** 16n, "ケイ"],
  [10n ** 12n, "チョー"],
  [10n ** 8n, "オク"],
  [10n ** 4n, "マン"],
];

function belowMyriad(value: number): string {
  const tens = Math.floor(value / 10) % 10;
  return [
    THOUSANDS[Math.floor(value / 1000)],
    HUNDREDS[Math.floor(value / 100) % 10],
    tens > 0 ? `${tens > 1 ? DIGITS[tens] : ""}ジュー` : "",
    value % 10 > 0 ? DIGITS[value % 10] : "",
  ].join("");
}

/** A whole number in katakana as it is said, one word for each power of ten thousand. */
export function readInteger(value: bigint): string[] {
  if (value === 0n) return ["ゼロ"];
  const words: string[] = [];
  let rest = value;
  for (const [size, name] of MYRIADS) {
    const count = rest / size;
    if (count > 0n) {
      const said = count > 9999n ? readInteger(count).join("") : belowMyriad(Number(count));
      words.push(name === "チョー" || name === "ケイ" ? geminate(said, "ht") + name : said + name);
    }
    rest %= size;
  }
  return rest > 0n ? [...words, belowMyriad(Number(rest))] : words;
}

const UNIT_NAMES: Readonly<Record<string, string>> = {
  十: "ジュー",
  百: "ヒャク",
  千: "セン",
  万: "マン",
  億: "オク",
  兆: "チョー",
  京: "ケー",
};

/** Digits (and misplaced units) read one by one. */
export function readDigits(kanji: string): string {
  return [...kanji].map((c) => UNIT_NAMES[c] ?? DIGITS[Math.max(0, KANJI_DIGITS.indexOf(c))]).join("");
}

/**
 * The end of a number in front of a voiceless counter. `kind` names the first consonant of the counter: 1 and 8
 * geminate before all of them, 6 before k and h, 10 before all, 100 before k and h.
 */
export function geminate(number: string, kind: string): string {
  const softens = kind.includes("k") || kind.includes("h");
  if (number.endsWith("イチ")) return number.replace(/イチ$/, "イッ");
  if (number.endsWith("ハチ")) return number.replace(/ハチ$/, "ハッ");
  if (number.endsWith("ジュー")) return number.replace(/ジュー$/, "ジュッ");
  if (softens && number.endsWith("ロク")) return number.replace(/ロク$/, "ロッ");
  if (softens && /(?:ヒャ|ピャ|ビャ)ク$/.test(number)) return number.replace(/ク$/, "ッ");
  return number;
}
