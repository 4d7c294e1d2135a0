import { acronymRules } from "./acronyms.ts";
import { clockRangeRules, dateRules, timeRules } from "./dates.ts";
import type { Locale } from "./locale.ts";
import { GERMAN } from "./locales/de.ts";
import { english } from "./locales/en.ts";
import { SPANISH } from "./locales/es.ts";
import { FRENCH } from "./locales/fr.ts";
import { genericLocale } from "./locales/generic.ts";
import { HINDI } from "./locales/hi.ts";
import { ITALIAN } from "./locales/it.ts";
import { DUTCH } from "./locales/nl.ts";
import { POLISH } from "./locales/pl.ts";
import { portuguese } from "./locales/pt.ts";
import { RUSSIAN } from "./locales/ru.ts";
import { SWEDISH } from "./locales/sv.ts";
import { moneyRules } from "./money.ts";
import {
  announcedPhoneRule,
  digitsToWords,
  fractionRules,
  numberRules,
  phoneRule,
  rangeRules,
  scaleRules,
} from "./numbers.ts";
import { abbreviations, group, literal, type Rule } from "./rule.ts";
import { createSpeech } from "./speech.ts";
import { unitRules } from "./units.ts";
import { tagRules, webRules } from "./web.ts";

/** Languages with rules of their own, by tag or bare language. */
const LOCALES: Readonly<Record<string, () => Locale>> = {
  en: () => english(false),
  "en-GB": () => english(true),
  es: () => SPANISH,
  fr: () => FRENCH,
  de: () => GERMAN,
  it: () => ITALIAN,
  pt: () => portuguese("pt-PT"),
  "pt-BR": () => portuguese("pt-BR"),
  nl: () => DUTCH,
  pl: () => POLISH,
  ru: () => RUSSIAN,
  sv: () => SWEDISH,
  hi: () => HINDI,
};

/** Read by front ends of their own, which know numbers, dates and money. */
const SELF_READ: ReadonlySet<string> = new Set(["ja", "zh"]);

const locales = new Map<string, Locale | null>();
const rules = new Map<string, readonly Rule[]>();

const bare = (language: string): string => language.split("-")[0] ?? language;

const isKnown = (language: string): boolean => (LOCALES[language] ?? LOCALES[bare(language)]) !== undefined;

/** What is known of a language; null for the ones that their readers normalise. */
export function localeOf(language: string): Locale | null {
  let locale = locales.get(language);
  if (locale === undefined) {
    const make = LOCALES[language] ?? LOCALES[bare(language)] ?? (() => genericLocale(language));
    locale = SELF_READ.has(bare(language)) ? null : make();
    locales.set(language, locale);
  }
  return locale;
}

/** An abbreviation in front of a number: "p. 5". */
function beforeNumber(table: Readonly<Record<string, string>>): readonly Rule[] {
  const keys = Object.keys(table).sort((a, b) => b.length - a.length);
  if (keys.length === 0) return [];
  return [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\p{N}.])(?:${keys.map(literal).join("|")}) ?(?=\\d|[IVXLC]+\\b)`,
        "gu",
      ),
      say: (match) => `${table[match[0].trimEnd()] ?? match[0]} `,
    },
  ];
}

/** Stands in front of a number that begins a sentence. No text has it: control characters are folded before. */
const SENTENCE = "\u0002";

/** A word of four letters or a number and a point, or another mark, end a sentence: "It was great. 5 people came." */
const MARK_SENTENCES: Rule = {
  pattern: /(?<=(?:(?:\p{L}{4}|\d\d|[%€)])[.]|[!?…])[”')]{0,2} )(?=[$£€]?\d)/gu,
  say: SENTENCE,
};

/** A sentence that begins with a number still begins, now that the number is a word: with a capital. */
const CAPITALS: Rule = {
  pattern: new RegExp(`${SENTENCE}(?<first>\\p{Ll})?`, "gu"),
  say: (match) => group(match, "first").toUpperCase(),
};

/** The rules of a language in their order: what is whole in writing first, bare numbers last. */
export function localeRules(locale: Locale): readonly Rule[] {
  const speech = createSpeech(locale);
  return [
    ...webRules(locale.web),
    ...tagRules(locale.signs),
    ...(locale.early ?? []),
    ...dateRules(locale, speech),
    announcedPhoneRule(locale, speech),
    phoneRule(locale, speech),
    ...(locale.times === undefined ? clockRangeRules(locale) : []),
    ...rangeRules(locale, speech),
    ...(locale.times ?? timeRules(locale)),
    ...(Object.keys(locale.abbreviations).length === 0 ? [] : [abbreviations(locale.abbreviations)]),
    ...acronymRules(locale.tag),
    ...beforeNumber(locale.beforeNumber),
    MARK_SENTENCES,
    ...fractionRules(locale, speech),
    ...moneyRules(locale, speech),
    ...unitRules(locale, speech),
    ...scaleRules(locale, speech),
    ...locale.own,
    ...numberRules(locale, speech),
    ...(locale.last ?? []),
    CAPITALS,
  ];
}

/** A language whose words for signs are unknown: what Unicode's locale data can say, and no more. */
function genericRules(locale: Locale): readonly Rule[] {
  const speech = createSpeech(locale);
  return [
    // The scheme, a query and a fragment of an address are not read.
    { pattern: /(?<![\p{L}\p{N}])https?:\/\//giu, say: "" },
    { pattern: /(?<=\p{L}{2}\/?)\?[\w.-]{1,64}=[^\s<>"“”]{0,2000}/gu, say: "" },
    ...dateRules(locale, speech),
    phoneRule(locale, speech),
    ...moneyRules(locale, speech),
    ...unitRules(locale, speech),
    digitsToWords(locale, speech),
  ];
}

/** Rules of a language, made when it is first met. */
export function rulesOf(language: string): readonly Rule[] {
  let found = rules.get(language);
  if (found === undefined) {
    const locale = localeOf(language);
    if (locale === null) found = [];
    else found = isKnown(language) ? localeRules(locale) : genericRules(locale);
    rules.set(language, found);
  }
  return found;
}
