import { type Locale, type PluralForms, pluralForms } from "./locale.ts";
import { group, literal, type Rule } from "./rule.ts";
import { type Amount, numberPattern, type Place, parseAmount, type Speech } from "./speech.ts";
import { PLURAL_SAMPLES, placeOf } from "./units.ts";

/** Currencies that are written with their code. */
const CODES: Readonly<Record<string, string>> = {
  USD: "$",
  EUR: "€",
  GBP: "£",
  JPY: "¥",
  INR: "₹",
  BRL: "R$",
};
const CODE =
  "USD|EUR|GBP|JPY|INR|BRL|CHF|PLN|RUB|SEK|NOK|DKK|CZK|HUF|TRY|UAH|CNY|AUD|CAD|NZD|MXN|ARS|CLP|COP|ZAR|KRW";

/** The forms of a currency's name that Intl has: "Schweizer Franken". */
function intlForms(tag: string, currency: string): PluralForms {
  const plural = new Intl.PluralRules(tag);
  const format = new Intl.NumberFormat(tag, { style: "currency", currency, currencyDisplay: "name" });
  const forms: Partial<Record<Intl.LDMLPluralRule, string>> = {};
  for (const sample of PLURAL_SAMPLES) {
    const name = format.formatToParts(sample).find(({ type }) => type === "currency")?.value;
    if (name !== undefined) forms[plural.select(sample)] ??= name;
  }
  return { ...forms, other: forms.other ?? forms.many ?? currency };
}

interface Currency {
  readonly unit: PluralForms;
  readonly part: PluralForms | null;
}

function currencyOf(locale: Locale, written: string): Currency | null {
  const sign = CODES[written] ?? written;
  const own = locale.currencies[written] ?? locale.currencies[sign];
  const code = /^[A-Z]{3}$/.test(own ?? sign);
  if (own === undefined && !code) return null;
  const part = locale.cents[sign] ?? locale.cents[""] ?? "";
  return {
    unit: code ? intlForms(locale.tag, own ?? sign) : pluralForms(own ?? sign),
    part: part === "" ? null : pluralForms(part),
  };
}

/**
 * Amounts of money: "$42.50", "42,50 €", "£3m", "50 CHF". Sign and amount are put in the order of speech, each in
 * the form that belongs to the other.
 */
export function moneyRules(locale: Locale, speech: Speech): readonly Rule[] {
  const signs = [
    ...Object.keys(locale.currencies)
      .sort((a, b) => b.length - a.length)
      .map(literal),
    CODE,
  ].join("|");
  const scales = Object.keys(locale.scales)
    .sort((a, b) => b.length - a.length)
    .map(literal)
    .join("|");
  const scale = scales === "" ? "(?<scale>(?!))?" : `(?:[ -]?(?<scale>${scales})(?!\\p{L}))?`;
  // "3Rs" are no rupees.
  const trailing = signs.replace(/(?<=^|\|)Rs(?:\\\.)?\|/g, "");
  const per = "(?<per>/(?=\\p{L}))?";
  const amount = `(?<amount>${numberPattern(locale)})`;
  const minus = "(?<minus>(?<=^|[\\s(])[-−] ?)?";
  const say = (match: RegExpExecArray, text: string): string | null => {
    const said = sayMoney(match, text, locale, speech);
    // "$5billion" has no space to keep the words apart.
    if (said !== null && group(match, "per") !== "") return `${said} ${locale.signs.per} `;
    return said !== null && /\p{L}/u.test(text.charAt(match.index + match[0].length)) ? `${said} ` : said;
  };
  return [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d])${minus}(?<sign>${signs}) ?${amount}${scale}(?![\\d])${per}`,
        "gu",
      ),
      say,
    },
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d.,])${minus}${amount}${scale} ?(?<sign>${trailing})(?![\\p{L}\\d])${per}`,
        "gu",
      ),
      say,
    },
  ];
}

function sayMoney(match: RegExpExecArray, text: string, locale: Locale, speech: Speech): string | null {
  const sign = group(match, "minus") === "" ? "" : "-";
  const parts = parseAmount(sign + group(match, "amount"), locale);
  const scale = group(match, "scale");
  const currency = currencyOf(locale, group(match, "sign"));
  if (currency === null) return null;
  const { one = currency.unit.other } = currency.unit;
  const place = placeOf(match, text, locale);
  const unit = place.attributive === true ? { one, other: one } : currency.unit;
  return sayAmountOf(parts, { ...currency, unit }, locale.scales[scale] ?? scale, place, locale, speech);
}

function sayAmountOf(
  parts: Amount,
  currency: Currency,
  scale: string,
  place: Place,
  locale: Locale,
  speech: Speech,
): string {
  const { unit, part } = currency;
  const hundredths = Number(parts.fraction.slice(0, 2).padEnd(2, "0"));
  if (scale !== "") {
    const { other, many } = unit;
    const noun = many ?? other;
    const amount = { ...parts, whole: parts.whole.replace(/^0+(?=\d)/, "") };
    // "1|few|many": Slavic words for a million agree with their number too.
    return `${speech.counted(amount, pluralForms(scale), { before: place.before ?? "" })} ${locale.scaleJoiner(noun)}${noun}`;
  }
  const whole = { ...parts, fraction: "" };
  if (Number(parts.fraction) === 0) return speech.counted(whole, unit, { before: place.before ?? "" });
  if (part === null || parts.fraction.length > 2) return speech.counted(parts, unit);
  const cents = speech.counted({ negative: false, whole: String(hundredths), fraction: "" }, part);
  if (Number(parts.whole) === 0) return parts.negative ? `${locale.signs.minus} ${cents}` : cents;
  return [speech.counted(whole, unit), locale.centJoiner, cents].filter((word) => word !== "").join(" ");
}
