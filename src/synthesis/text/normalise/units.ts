import { type Locale, type PluralForms, pluralForms } from "./locale.ts";
import { group, literal, type Rule } from "./rule.ts";
import { numberPattern, type Place, parseAmount, type Speech } from "./speech.ts";

/** Symbols of units and the names that Intl has for them, in every language. Letters that are also words are left out. */
const INTL_UNITS: Readonly<Record<string, string>> = {
  km: "kilometer",
  m: "meter",
  cm: "centimeter",
  mm: "millimeter",
  mi: "mile",
  ft: "foot",
  yd: "yard",
  kg: "kilogram",
  g: "gram",
  lb: "pound",
  lbs: "pound",
  oz: "ounce",
  l: "liter",
  L: "liter",
  ml: "milliliter",
  mL: "milliliter",
  ha: "hectare",
  h: "hour",
  min: "minute",
  s: "second",
  ms: "millisecond",
  "km/h": "kilometer-per-hour",
  "m/s": "meter-per-second",
  mph: "mile-per-hour",
  "%": "percent",
  "°C": "celsius",
  "℃": "celsius",
  "°F": "fahrenheit",
  "° C": "celsius",
  "° F": "fahrenheit",
  "°": "degree",
  kB: "kilobyte",
  KB: "kilobyte",
  MB: "megabyte",
  GB: "gigabyte",
  TB: "terabyte",
};

/** The number that Intl is asked with for each plural category there is. */
export const PLURAL_SAMPLES = [1, 2, 5, 1.5, 0, 3, 11, 20, 100] as const;

/** Other ways of writing the same unit, Cyrillic ones too. */
const ALIASES: Readonly<Record<string, string>> = {
  км: "km",
  м: "m",
  см: "cm",
  мм: "mm",
  кг: "kg",
  г: "g",
  мг: "mg",
  л: "l",
  мл: "ml",
  га: "ha",
  "км/ч": "km/h",
  "м/с": "m/s",
  ч: "h",
  мин: "min",
  сек: "s",
  МБ: "MB",
  ГБ: "GB",
  КБ: "KB",
  ТБ: "TB",
  кВт: "kW",
  Вт: "W",
  "кВт⋅ч": "kWh",
  Гц: "Hz",
  ГГц: "GHz",
  gr: "g",
  "gr.": "g",
  grs: "g",
  cms: "cm",
  mins: "min",
  º: "°",
  ºC: "°C",
  "º C": "°C",
  m2: "m²",
  km2: "km²",
  m3: "m³",
  "км²": "km²",
  "м²": "m²",
  "м³": "m³",
  std: "h",
  Std: "h",
  sek: "s",
  Sek: "s",
  godz: "h",
  Min: "min",
};

/** The forms of a unit's name by plural category, without the number. */
function intlForms(tag: string, unit: string): PluralForms {
  const forms: Partial<Record<Intl.LDMLPluralRule, string>> = {};
  const format = new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" });
  const plural = new Intl.PluralRules(tag);
  for (const sample of PLURAL_SAMPLES) {
    forms[plural.select(sample)] ??= format
      .formatToParts(sample)
      .filter(({ type }) => type === "unit" || type === "literal")
      .map(({ value }) => value)
      .join("")
      .trim();
  }
  return { ...forms, other: forms.other ?? forms.many ?? forms.one ?? unit };
}

/** Forms of every unit by its symbol, made when a symbol is first met. */
function unitNames(locale: Pick<Locale, "tag" | "units">): (symbol: string) => PluralForms | null {
  const known = new Map<string, PluralForms | null>();
  return (symbol) => {
    let forms = known.get(symbol);
    if (forms === undefined) {
      const key = ALIASES[symbol] ?? symbol;
      const own = locale.units[key];
      const unit = INTL_UNITS[key];
      if (own !== undefined) forms = pluralForms(own);
      else forms = unit === undefined ? null : intlForms(locale.tag, unit);
      known.set(symbol, forms);
    }
    return forms;
  };
}

/** Source of a regular expression for any unit's symbol. */
export function unitSymbols(locale: Pick<Locale, "units">): string {
  const all = [...Object.keys(INTL_UNITS), ...Object.keys(locale.units), ...Object.keys(ALIASES)];
  const known = unitNames({ tag: "en", units: locale.units });
  return [...new Set(all)]
    .filter((symbol) => known(symbol) !== null || locale.units[ALIASES[symbol] ?? symbol] !== undefined)
    .sort((a, b) => b.length - a.length)
    .map(literal)
    .join("|");
}

/**
 * A number and its unit in words, in the form that belongs together: "2 км" is "два километра". The unit of a
 * range ("5–10 km") agrees with its last number.
 */
export function unitRules(locale: Locale, speech: Speech): readonly Rule[] {
  const names = unitNames(locale);
  const number = numberPattern(locale);
  // "a 5-km run", but "3-м этаже" is no measure.
  const joint = locale.decimal === "." ? "[ -]?" : " ?";
  return [
    {
      pattern: new RegExp(
        `(?<![\\p{L}\\d.,])(?<minus>(?<=^|[\\s(])[-−] ?)?(?<number>${number})${joint}(?<unit>${unitSymbols(locale)})` +
          `(?![\\p{L}\\d²³/])(?<stop>\\.(?= \\p{Ll}))?`,
        "gu",
      ),
      say: (match, text) => {
        const forms = names(group(match, "unit"));
        if (forms === null) return null;
        const sign = group(match, "minus") === "" ? "" : "-";
        return speech.counted(
          parseAmount(sign + group(match, "number"), locale),
          forms,
          placeOf(match, text, locale),
        );
      },
    },
  ];
}

/** What stands around a match. */
export function placeOf(match: RegExpExecArray, text: string, locale: Locale): Place {
  const end = match.index + match[0].length;
  const before = text.slice(Math.max(0, match.index - 12), match.index);
  return { before, attributive: locale.attributive?.(before, text.slice(end, end + 3)) ?? false };
}

/** The forms of the unit of a symbol, or null when it is none. */
export function unitForms(locale: Pick<Locale, "tag" | "units">, symbol: string): PluralForms | null {
  return unitNames(locale)(symbol);
}
