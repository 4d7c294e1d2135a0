import { group, type Rule } from "./rule.ts";

/** A currency in words: one, many, and the hundredth part of it (one, many), or `null` where there is none. */
export interface Currency {
  readonly unit: readonly [one: string, many: string];
  readonly part: readonly [one: string, many: string] | null;
}

export interface MoneyWords {
  readonly currencies: Readonly<Record<string, Currency>>;
  /** Between the whole amount and its cents: "and", "con", "et". */
  readonly joiner: string;
  /** "." or ",", as the language writes its decimals. */
  readonly decimal: "." | ",";
  /** Words that stand between amount and currency ("2 million dollars"); `of` as in "2 millones de euros". */
  readonly scales: readonly string[];
  readonly scaleJoiner: string;
}

/**
 * Amounts of money: "$42.50", "42,50 €", "£3m". espeak-ng reads the sign where it stands ("dollar forty-two
 * point five zero"), so sign and amount are put in the order of speech; the numbers stay digits for it to read.
 */
export function moneyRules(words: MoneyWords): readonly Rule[] {
  const signs = Object.keys(words.currencies)
    .sort((a, b) => b.length - a.length)
    .map((sign) => sign.replaceAll("$", "\\$"))
    .join("|");
  const grouping = words.decimal === "." ? "," : "[.\u0020]";
  const decimal = words.decimal === "." ? "\\." : ",";
  const amount = `(?<whole>\\d{1,3}(?:${grouping}\\d{3}){1,6}(?!\\d)|\\d{1,18})(?:${decimal}(?<part>\\d{1,9}))?`;
  const scale = words.scales.length === 0 ? "" : `(?:[ -]?(?<scale>${words.scales.join("|")})(?!\\p{L}))?`;
  const say = (match: RegExpExecArray, text: string) => {
    const said = sayAmount(match, words);
    // "$5billion" has no space to keep the words apart.
    return said !== null && /\p{L}/u.test(text.charAt(match.index + match[0].length)) ? `${said} ` : said;
  };
  return [
    { pattern: new RegExp(`(?<![\\p{L}\\d])(?<sign>${signs}) ?${amount}${scale}(?!\\d)`, "gu"), say },
    {
      pattern: new RegExp(`(?<![\\p{L}\\d.,])${amount}${scale} ?(?<sign>${signs})(?![\\p{L}\\d])`, "gu"),
      say,
    },
  ];
}

const SHORT_SCALES: Readonly<Record<string, string>> = {
  k: "thousand",
  K: "thousand",
  m: "million",
  M: "million",
  mn: "million",
  bn: "billion",
  B: "billion",
  tn: "trillion",
};

function sayAmount(match: RegExpExecArray, words: MoneyWords): string | null {
  const currency = words.currencies[group(match, "sign")];
  if (currency === undefined) return null;
  const whole = group(match, "whole").replace(/\D/g, "");
  const part = group(match, "part");
  const [one, many] = currency.unit;
  const scale = group(match, "scale");
  if (scale !== "") {
    const fraction = part === "" ? "" : `${words.decimal}${part}`;
    return `${whole}${fraction} ${SHORT_SCALES[scale] ?? scale} ${words.scaleJoiner}${many}`;
  }
  const unit = Number(whole) === 1 && Number(part) === 0 ? one : many;
  if (Number(part) === 0) return `${whole} ${unit}`;
  if (currency.part === null || part.length > 2) return `${whole}${words.decimal}${part} ${many}`;
  const hundredths = Number(part.padEnd(2, "0"));
  const [partOne, partMany] = currency.part;
  const cents = `${hundredths} ${hundredths === 1 ? partOne : partMany}`;
  if (Number(whole) === 0) return cents;
  return [whole, Number(whole) === 1 ? one : many, words.joiner, cents]
    .filter((word) => word !== "")
    .join(" ");
}
