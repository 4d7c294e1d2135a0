import { numeralsOf } from "./numerals.ts";
import { group, type Rule } from "./rule.ts";

/** Years, days and times as English says them. */

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

const SHORT_MONTHS = MONTHS.map((month) => (month === "September" ? "Sept?" : month.slice(0, 3)));
const MONTH = `(?<month>${MONTHS.join("|")}|(?:${SHORT_MONTHS.join("|")})\\.?)`;
const WEEKDAYS: Readonly<Record<string, string>> = {
  Mon: "Monday",
  Tue: "Tuesday",
  Tues: "Tuesday",
  Wed: "Wednesday",
  Thu: "Thursday",
  Thur: "Thursday",
  Thurs: "Thursday",
  Fri: "Friday",
  Sat: "Saturday",
  Sun: "Sunday",
};

const numerals = numeralsOf("en");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);

export const ordinal = (value: number): string => numerals?.ordinal?.(BigInt(value)) ?? String(value);

/** "05" as in 1905 or 10:05. */
function pair(digits: string): string {
  return digits.startsWith("0") ? `oh ${cardinal(Number(digits.charAt(1)))}` : cardinal(Number(digits));
}

/** A year the way it is said: 1999 "nineteen ninety nine", 1905 "nineteen oh five", 2005 and 2000 as numbers. */
export function year(digits: string): string {
  const century = cardinal(Number(digits.slice(0, 2)));
  const rest = digits.slice(2);
  if (digits.slice(1, 3) === "00") return cardinal(Number(digits));
  return rest === "00" ? `${century} hundred` : `${century} ${pair(rest)}`;
}

function monthName(written: string): string {
  return MONTHS.find((month) => month.startsWith(written.slice(0, 3))) ?? written;
}

/** A day in words: "March third, twenty twenty four", "the third of March twenty twenty four". */
export function date(british: boolean) {
  return (day: number, month: string, digits: string, before: string): string => {
    const tail = digits === "" ? "" : year(digits);
    const article = /(?:^|\s)the $/i.test(before);
    if (!british && !article) return `${month} ${ordinal(day)}${tail === "" ? "" : `, ${tail}`}`;
    return `${article ? "" : "the "}${ordinal(day)} of ${month}${tail === "" ? "" : ` ${tail}`}`;
  };
}

const YEAR = String.raw`(?:1[1-9]\d\d|20\d\d|21\d\d)`;

/** "Jan. 5, 2021", "March 3rd", "March 3–5", "Mon, 4 Mar": what stands in the order of English. */
export const ENGLISH_DATES: readonly Rule[] = [
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\d])(?<day>${Object.keys(WEEKDAYS).join("|")})(?<mark>\\.?,|\\.)?(?= ${MONTH}| \\d{1,2}(?:st|nd|rd|th)?[ ,/]|,? \\d{1,2}:|[–-](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))`,
      "gu",
    ),
    say: (match) => `${WEEKDAYS[group(match, "day")] ?? ""}${group(match, "mark").endsWith(",") ? "," : ""}`,
  },
  {
    pattern:
      /(?<=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[–-](?<day>Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)(?:(?:[rs]|nes|ur)?day)?(?!\p{L})/gu,
    say: (match) => ` to ${WEEKDAYS[group(match, "day")] ?? ""}`,
  },
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\d])${MONTH} (?<day>[0-2]?\\d|3[01])(?:st|nd|rd|th)?(?: ?[–-] ?(?<last>[12]?\\d|3[01])(?:st|nd|rd|th)?)?(?!\\d|[:%/]|[.,]\\d)(?:,? (?<year>${YEAR})(?![\\d:]|[.,]\\d))?`,
      "gu",
    ),
    say: (match) => {
      const day = Number(group(match, "day"));
      if (day === 0) return null;
      const last = group(match, "last");
      const until = last === "" ? "" : ` to ${ordinal(Number(last))}`;
      const digits = group(match, "year");
      return `${monthName(group(match, "month"))} ${ordinal(day)}${until}${digits === "" ? "" : `, ${year(digits)}`}`;
    },
  },
  {
    // "due 3/14": no one has fourteenths of a message.
    pattern:
      /(?<![\d/.-])(?<month>1[0-2]|0?[1-9])\/(?<day>0?[1-9]|[12]\d|3[01])(?![\d/]|[.,]\d)(?<=(?:[02-9]\/(?:1[3-57-9]|2[1-35-9]|3[01])|(?:on|by|until|till|due|before|after|since|from) \d{1,2}\/\d{1,2}))/g,
    say: (match) =>
      `${MONTHS[Number(group(match, "month")) - 1] ?? ""} ${ordinal(Number(group(match, "day")))}`,
  },
  {
    // "the 3rd of March 2024" is said as it stands, whatever the country.
    pattern: new RegExp(`(?<day>\\d{1,2})(?:st|nd|rd|th) of ${MONTH}(?!\\p{L})`, "gu"),
    say: (match) => `${ordinal(Number(group(match, "day")))} of ${monthName(group(match, "month"))}`,
  },
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\d])(?<month>(?:${SHORT_MONTHS.join("|")})\\.|Sept|Jan|Feb|Aug|Oct|Nov|Dec),? (?=${YEAR}(?!\\d))`,
      "gu",
    ),
    say: (match) => `${monthName(group(match, "month"))} `,
  },
  {
    pattern: new RegExp(
      `(?<![\\p{L}\\d])(?<month>(?:${SHORT_MONTHS.filter((month) => month !== "May").join("|")})\\.)`,
      "gu",
    ),
    say: (match) => monthName(group(match, "month")),
  },
];

const stopFollows = (match: RegExpExecArray, text: string): string => {
  const end = match.index + match[0].length;
  if (/^ (?:[ECMP][SD]?T|GMT|UTC|BST|CES?T)(?!\p{L})/u.test(text.slice(end, end + 6))) return "";
  return /^\s*(?:$|\n|["”')]*\s+\p{Lu})/u.test(text.slice(end, end + 4)) ? "." : "";
};

const HALF = String.raw`[ap]\.m\.|[AP]\.M\.|[ap]m\b|[AP]M\b`;

export const ENGLISH_TIMES: readonly Rule[] = [
  {
    pattern: new RegExp(
      `(?<![\\d:.])(?<hour>[01]?\\d|2[0-3]):(?<minute>[0-5]\\d)(?::(?<second>[0-5]\\d))?(?![\\d:])(?<half> ?(?:${HALF}))?`,
      "g",
    ),
    say: (match, text) => {
      const hour = Number(group(match, "hour"));
      const half = group(match, "half").trim();
      const minute = group(match, "minute");
      const second = Number(group(match, "second"));
      const full = hour > 12 || group(match, "hour") === "00" ? "hundred" : "o'clock";
      const clock = minute === "00" ? (half === "" ? full : "") : pair(minute);
      const seconds = second === 0 ? "" : `and ${cardinal(second)} second${second === 1 ? "" : "s"}`;
      const mark = half === "" ? "" : `${half.charAt(0).toUpperCase()}M`;
      const stop = half.endsWith(".") ? stopFollows(match, text) : "";
      return `${[cardinal(hour), clock, seconds, mark].filter((word) => word !== "").join(" ")}${stop}`;
    },
  },
  {
    pattern: new RegExp(`(?<![\\d:.,])(?<hour>1[0-2]|0?[1-9]) ?(?<half>${HALF})`, "g"),
    say: (match, text) => {
      const half = group(match, "half");
      const stop = half.endsWith(".") ? stopFollows(match, text) : "";
      return `${cardinal(Number(group(match, "hour")))} ${half.charAt(0).toUpperCase()}M${stop}`;
    },
  },
];

const DECADES = [
  "",
  "tens",
  "twenties",
  "thirties",
  "forties",
  "fifties",
  "sixties",
  "seventies",
  "eighties",
  "nineties",
];
const BEFORE_DECADE = "(?:the|early|mid|late|his|her|their|my|your|our|its)";

/** "1980s", "the '90s", "in her 30s": before measures, because "30s" may be seconds. */
export const ENGLISH_DECADES: readonly Rule[] = [
  {
    pattern: new RegExp(
      `(?<![\\d.,$£€])(?:(?<century>1[1-9]|20)|'|(?<=(?<!\\p{L})${BEFORE_DECADE}[ -]))(?<decade>\\d0)['’]?s(?!\\p{L})`,
      "giu",
    ),
    say: (match) => {
      const century = group(match, "century");
      const decade = DECADES[Number(group(match, "decade").charAt(0))] ?? "";
      if (century === "") return decade === "" ? null : decade;
      const front = cardinal(Number(century));
      if (decade === "") return century === "20" ? "two thousands" : `${front} hundreds`;
      return `${front} ${decade}`;
    },
  },
];

export const ENGLISH_YEARS: readonly Rule[] = [
  {
    pattern: /(?<![\d.,:/$£€-])(?:1[1-9]|20)\d\d(?![\d:/%\p{L}]|[.,]\d|°)/gu,
    say: (match) => year(match[0]),
  },
  {
    // "'99", "the class of '24"
    pattern: /(?<![\p{L}\d'])'(?<short>\d\d)(?![\d\p{L}'”])/gu,
    say: (match) => pair(group(match, "short")),
  },
];
