import { AGREEMENT } from "./agreement.ts";
import { type Locale, pluralForms } from "./locale.ts";
import { group, literal, type Rule } from "./rule.ts";
import { numberPattern, parseAmount, type Speech } from "./speech.ts";
import { unitForms, unitSymbols } from "./units.ts";

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

/** A word that says that a telephone number follows. */
const PHONE_WORD =
  "(?:[Tt](?:el|él|lf|elf|fno|elefon[eo]?|eléfono|éléphone|ел|елефон)|[Pp]hone|[Ff]ax|[Mm]óvil|WhatsApp)";

/** Telephone numbers behind a word that announces them: "Tel. 915 551 234". */
export function announcedPhoneRule(locale: Locale, speech: Speech): Rule {
  return {
    pattern: new RegExp(
      `(?<=(?<!\\p{L})${PHONE_WORD}\\.? ?:? ?)[+(]?\\d[\\d()]{0,12}(?:[ ./-]{1,2}\\(?\\d{1,9}\\)?){0,6}(?![\\d]|[.,]\\d)`,
      "gu",
    ),
    say: (match) => {
      const digits = match[0].replace(/\D/g, "").length;
      return digits < 6 || digits > MOST_PHONE_DIGITS ? null : sayPhone(match[0], locale, speech);
    },
  };
}

/** Telephone numbers: what begins with a plus, a zero or an area code in brackets and has 8 to 15 digits in groups. */
export function phoneRule(locale: Locale, speech: Speech): Rule {
  return {
    pattern:
      /(?<![\d\p{L}.,/-])(?=[+(0])(?:\+\d{1,3}[ -]?)?(?:\(\d{1,5}\)[ -]?)?\d{1,12}(?:[ ./-]{1,2}\d{2,9}){0,6}(?:-\d{1,2})?(?![\d]|[.,]\d)/gu,
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
    // "nel '68": the apostrophe stands for a century that nobody says; "500/-": no cents.
    ...(locale.tag.startsWith("en") ? [] : [{ pattern: /(?<![\p{L}\d])'(?=\d\d(?!\d))/gu, say: "" }]),
    { pattern: /(?<=\d)\/-(?![\d\p{L}])/gu, say: "" },
    {
      pattern: /(?<![\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/g,
      say: (match) => (match[0].match(/\d+/g) ?? []).map(speech.digits).join(", "),
    },
    // "€ 20,-": no cents.
    ...(locale.decimal === "," ? [{ pattern: /(?<=\d),[-–—](?![\d\p{L}])/gu, say: "" }] : []),
    { pattern: /(?<![\p{L}\d])[~≈] ?(?=[$£€¥]?\d)/gu, say: `${locale.signs.about} ` },
    { pattern: /(?<=\d) ?[×x*] ?(?=\d)/g, say: ` ${locale.signs.times} ` },
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

/** Words that may follow a fraction and are not what it is a part of. */
const NO_NOUN =
  /^(?:des|del|della|delle|dei|degli|dos|das|que|che|por|para|com|con|avec|pour|sur|sont|est|são|son|una|uma|más|mais|plus|più|ou|of)$/;

/** "1/2", "1 1/2", "2½", alone or with a unit, which then is one: "½ l" is half a litre. */
export function fractionRules(locale: Locale, speech: Speech): readonly Rule[] {
  const { signs, fractions } = locale;
  const unit = `(?: ?(?<unit>${unitSymbols(locale)})(?![\\p{L}\\d/²³]))?`;
  /** "1/4 cucharadita" is a quarter of it. */
  const sharesNoun = (match: RegExpExecArray): boolean => {
    if (signs.of === "" || simple(match) === "1/2") return false;
    const end = match.index + match[0].length;
    const noun = /^ (\p{Ll}{3,30})/u.exec(match.input.slice(end, end + 32))?.[1];
    return noun !== undefined && !NO_NOUN.test(noun);
  };
  const say = (match: RegExpExecArray, said: string | undefined): string | null => {
    if (said === undefined) return null;
    const whole = group(match, "whole");
    const forms = unitForms(locale, group(match, "unit"));
    const counted = whole === "" ? said : `${speech.whole(whole)} ${signs.and} ${said}`;
    if (forms === null) return whole === "" && sharesNoun(match) ? `${counted} ${signs.of}` : counted;
    if (whole !== "" && forms.few === undefined) return `${counted} ${forms.other}`;
    const joiner = /^1\/2/.test(simple(match)) || signs.of === "" ? "" : `${signs.of} `;
    return `${counted} ${joiner}${forms.few === undefined ? (forms.one ?? forms.other) : forms.other}`;
  };
  return [
    {
      pattern: new RegExp(`(?<![\\d/.,])(?:(?<whole>\\d{1,3}) ?)?(?<sign>[½⅓⅔¼¾⅛⅜⅝⅞⅕])${unit}`, "gu"),
      say: (match) => say(match, fractions[simple(match)]),
    },
    {
      pattern: new RegExp(
        `(?<![\\d/.,])(?:(?<whole>\\d{1,3}) )?(?<over>\\d{1,3})/(?<under>\\d{1,3})(?![\\d/])${unit}`,
        "gu",
      ),
      say: (match) => {
        const plain = `${speech.whole(group(match, "over"))} ${signs.over} ${speech.whole(group(match, "under"))}`;
        const known = fractions[simple(match)];
        if (known !== undefined) return say(match, known);
        const whole = group(match, "whole");
        const behind = group(match, "unit");
        return `${whole === "" ? "" : `${speech.whole(whole)} `}${plain}${behind === "" ? "" : ` ${behind}`}`;
      },
    },
  ];
}

/** "2,3 mln", "5 тыс.": a shortened thousand or million without a currency, in the form that its number asks for. */
export function scaleRules(locale: Locale, speech: Speech): readonly Rule[] {
  const keys = Object.keys(locale.scales).filter((key) => key.length > 1 && locale.scales[key] !== key);
  if (keys.length === 0) return [];
  const scales = keys
    .sort((a, b) => b.length - a.length)
    .map(literal)
    .join("|");
  return [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d.,])(?<amount>${numberPattern(locale)}) ?(?<scale>${scales})(?![\\p{L}\\d])`,
        "gu",
      ),
      say: (match) => {
        const forms = pluralForms(locale.scales[group(match, "scale")] ?? "");
        return speech.counted(parseAmount(group(match, "amount"), locale), forms);
      },
    },
  ];
}

/** "3/4" of "¾" and "3/4" alike. */
function simple(match: RegExpExecArray): string {
  const sign = group(match, "sign");
  return sign === ""
    ? `${group(match, "over")}/${group(match, "under")}`
    : sign.normalize("NFKC").replace("⁄", "/");
}

/** Rules for numbers that are neither money nor measures, and for the signs around them; the last one says what is left. */
export function numberRules(locale: Locale, speech: Speech): readonly Rule[] {
  const { signs } = locale;
  const number = numberPattern(locale);
  return [
    {
      // "2.0.1", "192.168.0.1": a version or an address, part by part.
      pattern: /(?<![\d.,])v?\d{1,9}(?:\.\d{1,9}){2,8}(?![\d]|\.\d)/g,
      say: (match) => {
        // "1.234.567" is one number where points stand between thousands.
        if (locale.decimal === "," && /^\d{1,3}(?:\.\d{3})+$/.test(match[0])) return null;
        const parts = match[0].replace(/^v/, "").split(".");
        return parts.map((part) => speech.whole(part)).join(` ${locale.web.dot} `);
      },
    },
    {
      // "39/2015": a number of a year.
      pattern: /(?<![\d/.,-])(?<number>\d{1,5})\/(?<year>(?:19|20)\d\d)(?![\d/])/g,
      say: (match) =>
        `${speech.whole(group(match, "number"))} ${signs.of || locale.web.slash} ${speech.year(group(match, "year"))}`,
    },
    {
      pattern: /(?<![\d:.,])(?<left>\d{1,3}):(?<right>\d{1,3})(?![\d:]|[.,]\d)/g,
      say: (match) =>
        `${speech.whole(group(match, "left"))} ${signs.ratio ?? signs.to} ${speech.whole(group(match, "right"))}`,
    },
    { pattern: /(?<![\p{L}\d])(?:№|#) ?(?=\d)/gu, say: `${signs.number} ` },
    { pattern: / ?± ?(?=\d)/g, say: ` ${signs.plusMinus} ` },
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
  const agree = AGREEMENT[locale.tag.split("-")[0] ?? ""];
  return {
    pattern: new RegExp(`(?<minus>(?<=^|[\\s(“])[-−](?=\\d))?${number}`, "gu"),
    say: (match, text) => {
      if (locale.numerals === null) return null;
      const end = match.index + match[0].length;
      const front = /[\p{L}\p{M}]/u.test(text.charAt(match.index - 1)) ? " " : "";
      const behind = /[\p{L}\p{M}]/u.test(text.charAt(end)) ? " " : "";
      const amount = parseAmount(match[0], locale);
      const noun = agree === undefined ? undefined : /^ (\p{L}{1,30})/u.exec(text.slice(end, end + 32))?.[1];
      const gender = noun === undefined ? undefined : agree?.(noun, BigInt(amount.whole));
      const words = speech.amount(amount, gender);
      const { genitive } = locale;
      const inCase = genitive?.asked.test(text.slice(Math.max(0, match.index - 12), match.index)) === true;
      return `${front}${inCase && amount.fraction === "" ? genitive.of(words) : words}${behind}`;
    },
  };
}

/** Only the last step: numbers in words, for rules of a language that have left digits. */
export const digitsToWords = (locale: Locale, speech: Speech): Rule =>
  wordsRule(locale, speech, numberPattern(locale));
