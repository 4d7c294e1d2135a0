import type { Locale } from "./locale.ts";
import { group, literal, type Rule } from "./rule.ts";
import { numberPattern, parseAmount, type Speech } from "./speech.ts";

const FEWEST_PHONE_DIGITS = 8;
const MOST_PHONE_DIGITS = 15;

/** Digits in the groups in which they are written, with a pause between groups. */
export function sayPhone(written: string, locale: Locale, speech: Speech): string {
  const plus = written.trimStart().startsWith("+") ? `${locale.signs.plus} ` : "";
  const groups = (written.match(/\d+/g) ?? []).map((digits) => {
    if (locale.phonePairs !== true) return speech.digits(digits);
    const pairs = digits.match(/^\d(?=(?:\d\d)+$)|\d\d/g) ?? [digits];
    return pairs.map((pair) => (pair.startsWith("0") ? speech.digits(pair) : speech.whole(pair))).join(", ");
  });
  return `${plus}${groups.join(", ")}`;
}

/** Telephone numbers: what begins with a plus, a zero or an area code in brackets and has 8 to 15 digits in groups. */
export function phoneRule(locale: Locale, speech: Speech): Rule {
  return {
    pattern:
      /(?<![\d\p{L}.,/-])(?=[+(0])(?:\+\d{1,3}[ -]?)?(?:\(\d{1,5}\)[ -]?)?\d{1,12}(?:[ ./-]{1,2}\d{2,6}){0,6}(?![\d]|[.,]\d)/gu,
    say: (match) => {
      const digits = match[0].replace(/\D/g, "");
      if (digits.length < FEWEST_PHONE_DIGITS || digits.length > MOST_PHONE_DIGITS) return null;
      return sayPhone(match[0], locale, speech);
    },
  };
}

/**
 * Ranges ("5–10 km", "$10-$20", "9:00–17:00") and codes of several groups ("978-3-16-148410-0"), while both are still
 * in digits.
 */
export function rangeRules(locale: Locale, speech: Speech): readonly Rule[] {
  const signs = Object.keys(locale.currencies)
    .filter((sign) => /^[^\p{L}\d]+$|\$$/u.test(sign))
    .map(literal)
    .join("|");
  const number = numberPattern(locale);
  const to = locale.signs.to;
  return [
    {
      pattern: /(?<![\p{L}\d.,/-])\d{1,6}(?:-\d{1,9}){2,6}(?![\p{L}\d/-]|[.,]\d)/gu,
      say: (match) => match[0].split("-").map(speech.digits).join(", "),
    },
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d])(?<sign>${signs})(?<from>${number}) ?[–—-] ?\\k<sign>?(?=\\d)`,
        "gu",
      ),
      say: (match) => `${group(match, "from")} ${to} ${group(match, "sign")}`,
    },
    {
      pattern: /(?<=\d(?: ?(?:°[CF]?|%|€|[ap]m|[AP]M|[ap]\.m\.|h))?) ?[–—-] ?(?=[$£€]?\d)/gu,
      say: ` ${to} `,
    },
  ];
}

/** Rules for numbers that are neither money nor measures, and for the signs around them; the last one says what is left. */
export function numberRules(locale: Locale, speech: Speech): readonly Rule[] {
  const { signs } = locale;
  const number = numberPattern(locale);
  const fractions = locale.fractions;
  return [
    {
      pattern: /(?<![\d/.,])(?:(?<whole>\d{1,3})[ ]?)?(?<sign>[½⅓⅔¼¾⅛⅜⅝⅞⅕])/g,
      say: (match) => {
        const said = fractions[group(match, "sign").normalize("NFKC").replace("⁄", "/")];
        if (said === undefined) return null;
        const whole = group(match, "whole");
        return whole === "" ? said : `${speech.whole(whole)} ${signs.and} ${said}`;
      },
    },
    {
      pattern: /(?<![\d/.,])(?:(?<whole>\d{1,3}) )?(?<over>\d{1,3})\/(?<under>\d{1,3})(?![\d/])/g,
      say: (match) => {
        const over = group(match, "over");
        const under = group(match, "under");
        const whole = group(match, "whole");
        const said = fractions[`${over}/${under}`];
        if (said !== undefined) return whole === "" ? said : `${speech.whole(whole)} ${signs.and} ${said}`;
        const front = whole === "" ? "" : `${speech.whole(whole)} `;
        return `${front}${speech.whole(over)} ${signs.over} ${speech.whole(under)}`;
      },
    },
    {
      // "2.0.1", "192.168.0.1": a version or an address, part by part.
      pattern: /(?<![\d.,])v?\d{1,9}(?:\.\d{1,9}){2,8}(?![\d]|\.\d)/g,
      say: (match) =>
        match[0]
          .replace(/^v/, "")
          .split(".")
          .map((part) => speech.whole(part))
          .join(` ${locale.web.dot} `),
    },
    { pattern: /(?<![\p{L}\d])(?:№|#) ?(?=\d)/gu, say: `${signs.number} ` },
    { pattern: /(?<![\p{L}\d])[~≈] ?(?=\d)/gu, say: `${signs.about} ` },
    { pattern: / ?± ?(?=\d)/g, say: ` ${signs.plusMinus} ` },
    { pattern: /(?<=\d) ?[×x*] ?(?=\d)/g, say: ` ${signs.times} ` },
    { pattern: /(?<=[\p{L}\d)²³]) ?= ?(?=[\p{L}\d(-])/gu, say: ` ${signs.equals} ` },
    { pattern: /(?<=\d) ?\+ ?(?=\d)/g, say: ` ${signs.plus} ` },
    { pattern: /(?<![\p{L}\d+])\+ ?(?=\d)/gu, say: `${signs.plus} ` },
    { pattern: /(?<=\d)\+(?![\p{L}\d+])/gu, say: ` ${signs.plus}` },
    { pattern: / ?< ?(?=\d)/g, say: ` ${signs.less} ` },
    { pattern: / ?> ?(?=\d)/g, say: ` ${signs.greater} ` },
    { pattern: /(?<=[\p{L}\d)])²/gu, say: ` ${signs.squared}` },
    { pattern: /(?<=[\p{L}\d)])³/gu, say: ` ${signs.cubed}` },
    { pattern: /(?<=\d)\^(?=[-\d])/g, say: ` ${signs.power} ` },
    { pattern: / & /g, say: ` ${signs.and} ` },
    wordsRule(locale, speech, number),
  ];
}

/** What is still written in digits, in words. A number inside a word ("MP3") is set apart from its letters. */
function wordsRule(locale: Locale, speech: Speech, number: string): Rule {
  return {
    pattern: new RegExp(`(?<minus>(?<=^|[\\s(“])[-−](?=\\d))?${number}`, "gu"),
    say: (match, text) => {
      if (locale.numerals === null) return null;
      const end = match.index + match[0].length;
      const front = /[\p{L}\p{M}]/u.test(text.charAt(match.index - 1)) ? " " : "";
      const behind = /[\p{L}\p{M}]/u.test(text.charAt(end)) ? " " : "";
      return `${front}${speech.amount(parseAmount(match[0], locale))}${behind}`;
    },
  };
}

/** Only the last step: numbers in words, for rules of a language that have left digits. */
export const digitsToWords = (locale: Locale, speech: Speech): Rule =>
  wordsRule(locale, speech, numberPattern(locale));
