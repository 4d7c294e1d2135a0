import { MappedText } from "../mapped-text.ts";
import type { SayAs } from "../script.ts";
import { monthsOf } from "./dates.ts";
import type { Locale } from "./locale.ts";
import { genericLocale } from "./locales/generic.ts";
import { moneyRules } from "./money.ts";
import { sayPhone } from "./numbers.ts";
import { romanValue } from "./roman.ts";
import { applyRules, type Rule } from "./rule.ts";
import { localeOf, localeRules } from "./rules.ts";
import { createSpeech, numberPattern, parseAmount, type Speech } from "./speech.ts";
import { unitRules } from "./units.ts";

/** What is heard instead of an expletive: the sound's name. */
const BLEEP: Readonly<Record<string, string>> = {
  de: "Piep",
  fr: "bip",
  es: "pip",
  it: "bip",
  pt: "pi",
  ru: "бип",
};

const LONGEST = 200;

/**
 * A stretch of text as `say-as` wants it read, in words of the language. What has no letters of its own to say ("@")
 * keeps its sign for the reader.
 * @returns null when the text is not what it is said to be ("tomorrow" as a number): then it is read as it stands
 */
export function sayAs(text: string, how: SayAs, language: string): string | null {
  const written = text.trim();
  if (written === "" || written.length > LONGEST) return null;
  const locale = localeOf(language) ?? genericLocale(language);
  const speech = createSpeech(locale);
  switch (how.as) {
    case "characters":
      return characters(written, locale, speech);
    case "digits":
      return /\d/.test(written) ? characters(written.replace(/[\s.,-]+/g, ""), locale, speech) : null;
    case "cardinal":
      return cardinal(written, locale, speech);
    case "ordinal":
      return ordinal(written, locale);
    case "fraction":
      return fraction(written, locale, speech);
    case "unit":
      return changed(written, unitRules(locale, speech));
    case "currency":
      return changed(written, moneyRules(locale, speech));
    case "telephone":
      return /\d/.test(written) ? sayPhone(written, locale, speech) : null;
    case "date":
      return date(written, how.format, locale, speech);
    case "time":
      return time(written, locale);
    case "expletive":
      return BLEEP[language.split("-")[0] ?? ""] ?? "beep";
  }
}

/** What rules make of a text, or null when they leave it as it is. */
function changed(text: string, rules: readonly Rule[]): string | null {
  const said = applyRules(MappedText.of(text), rules).text;
  return said === text ? null : said;
}

function characters(text: string, locale: Locale, speech: Speech): string {
  const { web, signs } = locale;
  const names: Readonly<Record<string, string>> = {
    "@": web.at,
    ".": web.dot,
    "/": web.slash,
    "-": web.dash,
    _: web.underscore,
    "+": signs.plus,
    "&": signs.and,
    "=": signs.equals,
  };
  return [...text]
    .filter((character) => character.trim() !== "")
    .map((character) => {
      if (/\d/.test(character)) return speech.digits(character);
      return names[character] ?? character.toLocaleUpperCase(locale.tag);
    })
    .join(" ");
}

function cardinal(text: string, locale: Locale, speech: Speech): string | null {
  const roman = romanValue(text.toUpperCase());
  if (roman !== null) return speech.whole(String(roman));
  const whole = new RegExp(`^[-−+]?\\s?${numberPattern(locale)}$`).test(text);
  return whole ? speech.amount(parseAmount(text, locale)) : null;
}

function ordinal(text: string, locale: Locale): string | null {
  const digits = /^\d{1,9}/.exec(text.replace(/[.,\s](?=\d{3})/g, ""))?.[0];
  const value = digits === undefined ? romanValue(text.toUpperCase()) : Number(digits);
  if (value === null || value === 0) return null;
  return locale.numerals?.ordinal?.(BigInt(value)) ?? locale.numerals?.cardinal(BigInt(value)) ?? null;
}

function fraction(text: string, locale: Locale, speech: Speech): string | null {
  const parts = /^(?:(\d{1,9})\s*[+ ]\s*)?(\d{1,9})\s*[/⁄]\s*(\d{1,9})$/.exec(text);
  if (parts === null) return changed(text, localeRules(locale));
  const [, whole, over = "", under = ""] = parts;
  const said =
    locale.fractions[`${over}/${under}`] ??
    `${speech.whole(over)} ${locale.signs.over} ${speech.whole(under)}`;
  return whole === undefined ? said : `${speech.whole(whole)} ${locale.signs.and} ${said}`;
}

/** The parts of a date by the letters of `format` ("mdy", "ymd" …), or by what they look like. */
function date(text: string, format: string | undefined, locale: Locale, speech: Speech): string | null {
  if (format === undefined || !/^[ymd]{1,3}$/.test(format)) return changed(text, localeRules(locale));
  const numbers = /^\d{8}$/.test(text) ? split(text, format) : (text.match(/\d+/g) ?? []);
  if (numbers.length !== format.length) return changed(text, localeRules(locale));
  const part = (letter: string): string => numbers[format.indexOf(letter)] ?? "";
  const short = part("y");
  const year = short.length === 2 ? `${Number(short) < 50 ? "20" : "19"}${short}` : short;
  if (format === "y") return speech.year(year);
  const month = monthsOf(locale.tag)[Number(part("m")) - 1]?.name;
  const day = Number(part("d"));
  if (format.includes("m") && month === undefined) return null;
  if (month === undefined) return ordinal(part("d"), locale);
  if (!format.includes("d")) return `${month}${year === "" ? "" : ` ${speech.year(year)}`}`;
  return day < 1 || day > 31 ? null : locale.date(day, month, year, "");
}

/** "20240301" by the letters of its format: four digits of a year, two of the rest. */
function split(text: string, format: string): string[] {
  let from = 0;
  return [...format].map((letter) => {
    const to = from + (letter === "y" ? 4 : 2);
    const part = text.slice(from, to);
    from = to;
    return part;
  });
}

/** Durations too: "5'30"" is minutes and seconds. */
function time(text: string, locale: Locale): string | null {
  const running = /^(\d{1,3})'\s?(?:(\d{1,2})["”]?)?$/.exec(text);
  if (running === null) return changed(text, localeRules(locale));
  const [, minutes = "0", seconds = ""] = running;
  return changed(`${minutes} min${seconds === "" ? "" : ` ${seconds} s`}`, localeRules(locale));
}
