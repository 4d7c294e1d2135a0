import type { Gender, Numerals } from "./numerals.ts";
import type { Rule } from "./rule.ts";
import type { WebWords } from "./web.ts";

/** Signs and what is said for them. A sign that is left out stays for the reader. */
interface SignWords {
  readonly minus: string;
  readonly plus: string;
  /** Between the whole number and its decimals. */
  readonly point: string;
  readonly times: string;
  readonly equals: string;
  readonly over: string;
  /** Between the ends of a range. */
  readonly to: string;
  readonly and: string;
  /** Of "№ 5" and "#5". */
  readonly number: string;
  readonly less: string;
  readonly greater: string;
  readonly about: string;
  readonly plusMinus: string;
  readonly per: string;
  readonly hashtag: string;
  readonly mention: string;
  /** Between a part and its whole: "tres cuartos de litro"; "" where nothing stands there. */
  readonly of: string;
  /** Of "3:1", where it is not said like a range. */
  readonly ratio?: string;
  readonly squared: string;
  readonly cubed: string;
  readonly power: string;
}

/** What one language needs beside what Unicode's locale data (Intl) knows of it. */
export interface Locale {
  /** BCP-47, for Intl. */
  readonly tag: string;
  readonly numerals: Numerals | null;
  readonly decimal: "." | ",";
  readonly signs: SignWords;
  readonly web: WebWords;
  readonly abbreviations: Readonly<Record<string, string>>;
  /** Further abbreviations that hold only before a number: "p." is "page". */
  readonly beforeNumber: Readonly<Record<string, string>>;
  /**
   * A day in words. `month` as it stands behind a day; `year` in digits or ""; `before` is the text in front, which
   * may decide the case.
   */
  readonly date: (day: number, month: string, year: string, before: string) => string;
  /** What may stand behind a year and is said by `date` itself ("г.", "roku"), as a regular expression. */
  readonly yearMark?: string;
  /** Whether a measure stands before a noun and keeps its form for one: "a five kilometer run". */
  readonly attributive?: (before: string, after: string) => boolean;
  /** Puts number words behind "from", "about" and the like into the case that these ask for. */
  readonly genitive?: { readonly asked: RegExp; readonly of: (words: string) => string };
  /** Which number comes first in "3/4/2024". */
  readonly monthFirst?: boolean;
  /** A year in words where it is not said like any number. */
  readonly year?: (digits: string) => string;
  /** A time of day; `marked` when the text said that it is one ("Uhr", "h"). Seconds are -1 where there are none. */
  readonly time: (hour: number, minute: number, second: number, marked: boolean, before: string) => string;
  /** Words that mark a time: in front ("ore", "kl.") and behind ("Uhr", "h"), as regular expressions. */
  readonly timeMarks: { readonly before: string; readonly behind: string };
  /** How many decimals are said as one number; longer ones digit by digit. */
  readonly decimalsAsNumber: number;
  /** Decimals in words where that is more than point and digits: "две целых пять десятых". */
  readonly decimals?: (whole: string, fraction: string) => string | null;
  /** Gender of a noun by its form for one. */
  readonly gender: (noun: string) => Gender;
  readonly fractions: Readonly<Record<string, string>>;
  /** Units that Intl lacks: forms by plural category, as `pluralForms` reads them. */
  readonly units: Readonly<Record<string, string>>;
  /** Currencies by sign, forms as in `units`. */
  readonly currencies: Readonly<Record<string, string>>;
  /** The hundredth part by currency sign; `""`: of all others. */
  readonly cents: Readonly<Record<string, string>>;
  readonly centJoiner: string;
  /** Words for thousands and more that stand between amount and currency. */
  readonly scales: Readonly<Record<string, string>>;
  /** Between such a word and the currency: "de ", "d'". */
  readonly scaleJoiner: (noun: string) => string;
  /** Telephone numbers in pairs ("zéro six douze") instead of digits. */
  readonly phonePairs?: boolean;
  /** Before everything but addresses: abbreviations with two meanings, dates that only this language writes. */
  readonly early?: readonly Rule[];
  /** Times that only this language writes. */
  readonly times?: readonly Rule[];
  /** What only this language has: ordinals, Roman numerals. Before the numbers are put into words. */
  readonly own: readonly Rule[];
  /** After all: what words do to each other ("una ora" is "un'ora"). */
  readonly last?: readonly Rule[];
}

/** Forms of a noun by plural category. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** "one|other", or "one|few|many|other" as Slavic languages have them; one form alone serves for all. */
export function pluralForms(written: string): PluralForms {
  const [one = "", second = one, many, other] = written.split("|");
  if (many === undefined) return { one, other: second };
  return { one, few: second, many, other: other ?? many };
}

const rules = new Map<string, Intl.PluralRules>();

/** The form that stands behind a number, which is given as digits with a point. */
export function formFor(tag: string, value: number, forms: PluralForms): string {
  let plural = rules.get(tag);
  if (plural === undefined) {
    plural = new Intl.PluralRules(tag);
    rules.set(tag, plural);
  }
  return forms[plural.select(value)] ?? forms.other;
}
