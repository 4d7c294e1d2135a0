import Nzh from "nzh";

const DIGITS = "零一二三四五六七八九";
/** Measure words and units in front of which the number 2 is 两. Dates, ordinals and floors keep 二. */
const TAKES_LIANG =
  /^(?:个(?!位)|位|只|条|张|本|块|次|天|年(?!级|代)|岁|件|杯|瓶|家|名|人|种|台|辆|间|倍|千|万|亿|米|公里|公斤|斤|小时|分钟|秒|周|星期|元|美元|点|两|场|部|把|座|支|双|对|份|句|遍|回|门|片|碗|口|头|匹|棵|朵|封|顿|首|趟|套|组|群|行|代|层)/;

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^km\/h(?![a-z])/i, "公里每小时"],
  [/^km(?:2|²)(?![a-z])/i, "平方公里"],
  [/^(?:m2|m²|㎡)(?![a-z])/i, "平方米"],
  [/^km(?![a-z])/i, "公里"],
  [/^cm(?![a-z])/i, "厘米"],
  [/^mm(?![a-z])/i, "毫米"],
  [/^m(?![a-z])/, "米"],
  [/^kg(?![a-z])/i, "公斤"],
  [/^mg(?![a-z])/i, "毫克"],
  [/^g(?![a-z])/, "克"],
  [/^ml(?![a-z])/i, "毫升"],
  [/^[lL](?![a-z])/i, "升"],
];

const CURRENCIES: Readonly<Record<string, string>> = {
  "¥": "元",
  "￥": "元",
  $: "美元",
  "€": "欧元",
  "£": "英镑",
};

function digitwise(digits: string, one = "一"): string {
  return [...digits].map((digit) => (digit === "1" ? one : (DIGITS[Number(digit)] ?? ""))).join("");
}

function integer(digits: string): string {
  // A number written with leading zeros, or longer than any quantity people say, is a code: digit by digit.
  if ((digits.length > 1 && digits.startsWith("0")) || digits.length > 16) return digitwise(digits);
  return Nzh.cn.encodeS(digits, { tenMin: true }).replace(/^二(?=[千万亿])/, "两");
}

function decimal(number: string): string {
  const [whole = "", ...fractions] = number.replaceAll(",", "").split(".");
  return [integer(whole || "0"), ...fractions.map((part) => digitwise(part))].join("点");
}

/** `-5`, `1,234.5`: the sign, then the number. */
function signed(number: string): string {
  return number.startsWith("-") ? `负${decimal(number.slice(1))}` : decimal(number);
}

function clock(_: string, hour: string, minute: string, second?: string): string {
  const h = hour === "2" || hour === "02" ? "两" : integer(String(Number(hour)));
  const m =
    minute === "00"
      ? second
        ? "零分"
        : ""
      : `${minute.startsWith("0") ? "零" : ""}${integer(String(Number(minute)))}分`;
  return `${h}点${m}${second ? `${integer(String(Number(second)))}秒` : ""}`;
}

function unitName(rest: string): readonly [string, number] {
  for (const [pattern, name] of UNITS) {
    const match = pattern.exec(rest);
    if (match) return [name, match[0].length];
  }
  return ["", 0];
}

const NUMBER = String.raw`\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*`;

/** Numbers that are not part of a longer pattern, with 两 for a counted 2 and their units by name. */
function plainNumbers(text: string): string {
  const pattern = new RegExp(`(?<![\\d.])(${NUMBER})`, "g");
  let out = "";
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index < at) continue;
    out += text.slice(at, match.index);
    at = match.index + match[0].length;
    const [unit, length] = unitName(text.slice(at).replace(/^ /, ""));
    if (length > 0) at = at + length + (text[at] === " " ? 1 : 0);
    const counted = unit + text.slice(at);
    const ordinal = /[第星期周初]$/.test(out);
    const latinBefore = /[A-Za-z-]$/.test(out);
    out +=
      match[0] === "2" && !ordinal && !latinBefore && TAKES_LIANG.test(counted) ? "两" : decimal(match[0]);
    out += unit;
  }
  return out + text.slice(at);
}

/**
 * Writes every number of a text in Chinese characters, as it is read aloud: dates, clock times, percentages,
 * fractions, money, temperatures, telephone numbers, ranges, decimals. Expects half-width digits.
 */
export function spellMandarinNumbers(text: string): string {
  const spelled = text
    .replace(/(?<![\w.])-(\d+(?:\.\d+)?)\s?(?=°)/g, (_, n) => `零下${decimal(n)}`)
    .replace(/°C/gi, "摄氏度")
    .replace(/°F/gi, "华氏度")
    .replaceAll("°", "度")
    .replace(
      /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g,
      (_, y, m, d) => `${digitwise(y)}年${integer(String(Number(m)))}月${integer(String(Number(d)))}日`,
    )
    .replace(/(?<!\d)(\d{4}|\d{2}(?=年\d))年/g, (_, y) => `${digitwise(y)}年`)
    .replace(/(?<!\d)(\d{2})年代/g, (_, y) => `${integer(y)}年代`)
    .replace(/(?<!\d)0(\d)(?=[月日号时点])/g, "$1")
    .replace(/(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])/g, clock)
    .replace(
      new RegExp(`([¥￥$€£])\\s?(${NUMBER})([万亿千百]*)`, "g"),
      (_, sign, n, scale) => `${decimal(n)}${scale}${CURRENCIES[sign]}`,
    )
    .replace(new RegExp(`(?<![\\d.])(-?(?:${NUMBER}))\\s?%`, "g"), (_, n) => `百分之${signed(n)}`)
    .replace(new RegExp(`(?<![\\d.])(${NUMBER})\\s?‰`, "g"), (_, n) => `千分之${decimal(n)}`)
    .replace(/(?<![\d/])(\d{1,4})\/(\d{1,4})(?![\d/])/g, (_, a, b) => `${integer(b)}分之${integer(a)}`)
    .replace(
      /(?<!\d)(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)/g,
      (_, a, b, c) => `${digitwise(a, "幺")}，${digitwise(b, "幺")}，${digitwise(c, "幺")}`,
    )
    .replace(
      /(?<!\d)(0\d{2,3})-(\d{7,8})(?!\d)/g,
      (_, a, b) => `${digitwise(a, "幺")}，${digitwise(b, "幺")}`,
    )
    .replace(
      /(?<![\d.A-Za-z-])(\d{1,5}(?:\.\d+)?)\s?[-~～–—至]\s?(\d{1,5}(?:\.\d+)?)(?![\d-])/g,
      (_, a, b) => `${decimal(a)}到${b}`,
    )
    .replace(/(?<![\w.)])-(?=\d)/g, "负");
  return plainNumbers(spelled);
}
