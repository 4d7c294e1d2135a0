import { formFor, type Locale, type PluralForms } from "./locale.ts";
import type { Gender } from "./numerals.ts";

/** A number as it was written, taken apart. */
export interface Amount {
  readonly negative: boolean;
  /** Digits without separators. */
  readonly whole: string;
  /** Digits behind the decimal sign; "" when there are none. */
  readonly fraction: string;
}

/** Longer numbers are codes: nobody says a quantity of more digits. */
const LONGEST_QUANTITY = 15;

/**
 * Source of a regular expression for a number as the language writes it: grouped or not, with decimals or not.
 * Where the comma is the decimal sign, groups stand behind points or spaces, and the English way is understood too
 * when it cannot be anything else.
 */
export function numberPattern({ decimal }: Pick<Locale, "decimal">): string {
  if (decimal === ".")
    return String.raw`(?:\d{1,3}(?:,\d{2,3}){0,5},\d{3}(?![\d])|\d{1,40})(?:\.\d{1,20}(?![\d]))?`;
  return (
    String.raw`(?:\d{1,3}(?:,\d{3}){1,6}\.\d{1,2}(?!\d)|` +
    String.raw`(?:\d{1,3}(?:[. ']\d{3}){1,6}(?!\d)|\d{1,40})(?:,\d{1,20}(?!\d)|\.(?!\d{3}(?!\d))\d{1,9}(?![\d.]))?)`
  );
}

/** What `numberPattern` matched, taken apart; a minus in front may be part of it. */
export function parseAmount(written: string, { decimal }: Pick<Locale, "decimal">): Amount {
  const negative = /^[-−]/.test(written);
  const digits = written.replace(/^[-−+]\s?/, "");
  const english = decimal === "." || /,\d{3}\.|^\d+\.(?!\d{3}(?!\d))\d+$/.test(digits);
  const at = digits.lastIndexOf(english ? "." : ",");
  const whole = (at < 0 ? digits : digits.slice(0, at)).replace(/\D/g, "");
  return { negative, whole, fraction: at < 0 ? "" : digits.slice(at + 1) };
}

/** What the text around asks of a number and its noun. */
export interface Place {
  /** They stand before another noun: "a five kilometer run". */
  readonly attributive?: boolean;
  /** The text in front. */
  readonly before?: string;
}

/** Says numbers in one language. */
export interface Speech {
  /** A whole number; a code (leading zero, too long) digit by digit. */
  readonly whole: (digits: string, gender?: Gender) => string;
  readonly digits: (digits: string) => string;
  readonly amount: (amount: Amount, gender?: Gender) => string;
  /** Number and noun in the form that belongs together. */
  readonly counted: (amount: Amount, forms: PluralForms, place?: Place) => string;
  readonly year: (digits: string) => string;
}

const amountValue = ({ whole, fraction }: Amount): number => Number(`${whole}.${fraction || "0"}`);

export function createSpeech(locale: Locale): Speech {
  const { numerals, signs } = locale;
  const digits = (text: string): string =>
    [...text].map((digit) => numerals?.cardinal(BigInt(digit)) ?? digit).join(" ");
  const whole = (text: string, gender?: Gender): string => {
    if ((text.length > 1 && text.startsWith("0")) || text.length > LONGEST_QUANTITY) return digits(text);
    return numerals?.cardinal(BigInt(text), gender) ?? text;
  };
  const fractionWords = (fraction: string): string => {
    if (fraction.length > locale.decimalsAsNumber || fraction.length > 2) return digits(fraction);
    return fraction.startsWith("0") ? digits(fraction) : whole(fraction);
  };
  const amount = (parts: Amount, gender?: Gender): string => {
    const minus = parts.negative ? `${signs.minus} ` : "";
    if (numerals === null || (signs.point === "" && parts.fraction !== "")) {
      const decimals = parts.fraction === "" ? "" : `${locale.decimal}${parts.fraction}`;
      return `${minus}${parts.whole}${decimals}`;
    }
    const plain = parts.whole.replace(/^0+(?=\d)/, "");
    if (parts.fraction === "") return `${minus}${whole(parts.whole, gender)}`;
    const own = locale.decimals?.(plain, parts.fraction) ?? null;
    return `${minus}${own ?? `${whole(plain)} ${signs.point} ${fractionWords(parts.fraction)}`}`;
  };
  return {
    whole,
    digits,
    amount,
    counted(parts, forms, { attributive = false, before = "" } = {}) {
      const { genitive } = locale;
      if (genitive?.asked.test(before) && parts.fraction === "") {
        const one = /(?:^|[^1])1$/.test(parts.whole);
        const words = genitive.of(amount(parts, locale.gender(forms.one ?? forms.other)));
        return `${words} ${one ? forms.other : (forms.many ?? forms.other)}`;
      }
      const noun = formFor(locale.tag, attributive ? 1 : amountValue(parts), forms);
      return `${amount(parts, locale.gender(forms.one ?? forms.other))} ${noun}`;
    },
    year: (text) => locale.year?.(text) ?? whole(text),
  };
}
