import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";

/** A tag that Intl can work with: the language's own, or English for one that nobody knows. */
function intlTag(language: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf([language])[0] ?? "en";
  } catch {
    return "en";
  }
}

/** Signs and their codes, which Intl names in every language. */
const CURRENCIES: Readonly<Record<string, string>> = {
  "€": "EUR",
  $: "USD",
  US$: "USD",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  "₽": "RUB",
  "₴": "UAH",
  "₺": "TRY",
  "₩": "KRW",
  "₪": "ILS",
  "₫": "VND",
  zł: "PLN",
  Kč: "CZK",
  Ft: "HUF",
};

/** Day, month and year in the order in which the language writes them. */
function dateOrder(tag: string): (day: string, month: string, year: string) => string {
  const parts = new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", year: "numeric" })
    .formatToParts(new Date(2024, 2, 15))
    .map(({ type }) => type);
  const yearFirst = parts.indexOf("year") < parts.indexOf("month");
  return (day, month, year) =>
    (yearFirst ? [year, month, day] : [day, month, year]).filter((part) => part !== "").join(" ");
}

/**
 * A language without rules of its own: units, currencies and months by Unicode's locale data, whole numbers in words
 * where n2words is trusted, else in digits, which readers know how to say. It has no words for signs.
 */
export function genericLocale(language: string): Locale {
  const tag = intlTag(language);
  const decimal =
    new Intl.NumberFormat(tag).formatToParts(1.5).find(({ type }) => type === "decimal")?.value === "."
      ? "."
      : ",";
  const ordered = dateOrder(tag);
  return {
    tag,
    numerals: numeralsOf(language),
    decimal,
    signs: {
      minus: "-",
      plus: "+",
      point: "",
      times: "×",
      equals: "=",
      over: "/",
      to: "–",
      and: "&",
      number: "№",
      less: "<",
      greater: ">",
      about: "~",
      plusMinus: "±",
      per: "/",
      hashtag: "#",
      mention: "@",
      of: "",
      squared: "²",
      cubed: "³",
      power: "^",
    },
    web: { at: "@", dot: ".", slash: "/", dash: "-", underscore: "_" },
    abbreviations: {},
    beforeNumber: {},
    date: (day, month, year) => ordered(String(day), month, year),
    time: (hour, minute) => `${hour}:${String(minute).padStart(2, "0")}`,
    timeMarks: { before: "", behind: "" },
    decimalsAsNumber: 0,
    gender: () => "masculine",
    fractions: {},
    units: {},
    currencies: CURRENCIES,
    cents: { "": "" },
    centJoiner: "",
    scales: {},
    scaleJoiner: () => "",
    own: [],
  };
}
