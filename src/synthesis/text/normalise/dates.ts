import type { Locale } from "./locale.ts";
import { group, literal, type Rule } from "./rule.ts";
import type { Speech } from "./speech.ts";

/** The names of a month: as it stands behind a day, and every way in which it may be written. */
interface Month {
  readonly name: string;
  readonly written: readonly string[];
}

/** The months of a language, from Unicode's locale data. */
export function monthsOf(tag: string): readonly Month[] {
  return Array.from({ length: 12 }, (_, month) => {
    const date = new Date(Date.UTC(2024, month, 15));
    const part = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" })
        .formatToParts(date)
        .find(({ type }) => type === "month")?.value ?? "";
    const name = part({ day: "numeric", month: "long" });
    const short = [part({ day: "numeric", month: "short" }), part({ month: "short" })];
    const written = [
      name,
      part({ month: "long" }),
      ...short,
      ...short.map((form) => form.replace(/\.$/, "")),
    ];
    return { name, written: [...new Set(written)].filter((form) => /\p{L}{3}/u.test(form)) };
  });
}

const isDay = (day: number): boolean => day >= 1 && day <= 31;

/** What stands before a match, for the languages where it decides the case. */
const before = (match: RegExpExecArray, text: string): string =>
  text.slice(Math.max(0, match.index - 16), match.index);

const YEAR = String.raw`(?:1[1-9]\d\d|20\d\d|21\d\d)`;

/**
 * Dates as the language orders them ("3/4/2024", "3.4.2024", "3. März", "2024-03-04") and times of day. What can be
 * only a day is one, whatever the country's order.
 */
export function dateRules(locale: Locale, speech: Speech): readonly Rule[] {
  const months = monthsOf(locale.tag);
  const byName = new Map(
    months.flatMap(({ written }, index) => written.map((form) => [form.toLowerCase(), index] as const)),
  );
  const names = [...byName.keys()]
    .sort((a, b) => b.length - a.length)
    .map(literal)
    .join("|");
  const mark = locale.yearMark === undefined ? "" : `(?: ?(?:${locale.yearMark})(?!\\p{L}))?`;
  const say = (day: number, month: number, year: string, front: string): string | null => {
    const name = months[month - 1]?.name;
    return name === undefined || !isDay(day) ? null : locale.date(day, name, year, front);
  };
  return [
    {
      pattern: new RegExp(
        `(?<![\\d/.-])(?<year>${YEAR})(?:[-/]|\\. ?)(?<month>0?[1-9]|1[0-2])(?:[-/]|\\. ?)(?<day>0?[1-9]|[12]\\d|3[01])(?![\\d/-]|[.,]\\d)\\.?`,
        "g",
      ),
      say: (match, text) =>
        say(
          Number(group(match, "day")),
          Number(group(match, "month")),
          group(match, "year"),
          before(match, text),
        ),
    },
    {
      pattern: new RegExp(
        `(?<![\\d/.,-])(?<first>[0-3]?\\d)(?<mark>[/-]|\\. ?)(?<second>[0-3]?\\d)\\k<mark>(?<year>${YEAR}|\\d\\d)(?![\\d/-]|[.,]\\d)${mark}`,
        "gu",
      ),
      say: (match, text) => {
        const first = Number(group(match, "first"));
        const second = Number(group(match, "second"));
        const short = group(match, "year");
        if (short.length === 2 && group(match, "mark") === "-") return null;
        const year = short.length === 2 ? `${Number(short) < 50 ? "20" : "19"}${short}` : short;
        const monthFirst = first <= 12 && (second > 12 || locale.monthFirst === true);
        return monthFirst
          ? say(second, first, year, before(match, text))
          : say(first, second, year, before(match, text));
      },
    },
    {
      // "3–5 марта": both days, in the case of the second.
      pattern: new RegExp(
        `(?<![\\d.,/\\p{L}-])(?<from>[12]?\\d|3[01])\\.? ?[–—-] ?(?<day>[12]?\\d|3[01])\\.? (?:de )?(?<month>${names})(?!\\p{L})` +
          `(?: (?:de )?(?<year>${YEAR})(?!\\d)${mark})?`,
        "giu",
      ),
      say: (match, text) => {
        const index = byName.get(group(match, "month").toLowerCase());
        if (index === undefined) return null;
        const front = before(match, text);
        const last = say(Number(group(match, "day")), index + 1, group(match, "year"), front);
        const first = say(Number(group(match, "from")), index + 1, "", front);
        const name = months[index]?.name ?? "";
        if (last === null || first === null || !first.endsWith(name)) return null;
        const day = first.slice(0, -name.length).replace(/ de $/, " ").trimEnd();
        return `${day} ${locale.signs.to} ${last}`;
      },
    },
    {
      pattern: new RegExp(
        `(?<![\\d.,/\\p{L}-])(?<day>[12]?\\d|3[01]|0[1-9])(?:\\.|º|°|er|\\.º|st|nd|rd|th)? ?(?:de |d['’])?(?<month>${names})(?!\\p{L})` +
          `(?:,? (?:de |del )?(?<year>${YEAR})(?![\\d.,]\\d|\\d)${mark})?`,
        "giu",
      ),
      say: (match, text) => {
        const index = byName.get(group(match, "month").toLowerCase());
        if (index === undefined) return null;
        return say(Number(group(match, "day")), index + 1, group(match, "year"), before(match, text));
      },
    },
    ...(locale.decimal === "," ? shortDates(say) : []),
    ...(locale.year === undefined ? [] : [yearRule(names, speech)]),
  ];
}

/** "12.1.", "14/07": a day without its year, told by its point or its zero. */
function shortDates(
  say: (day: number, month: number, year: string, front: string) => string | null,
): readonly Rule[] {
  return [
    {
      pattern: /(?<![\d/.,-])(?<day>0?[1-9]|[12]\d|3[01])\. ?(?<month>0?[1-9]|1[0-2])\.(?! ?\d)/g,
      say: (match, text) =>
        say(Number(group(match, "day")), Number(group(match, "month")), "", before(match, text)),
    },
    {
      pattern: /(?<![\d/.,-])(?<day>0[1-9]|1[3-9]|2\d|3[01])\/(?<month>0?[1-9]|1[0-2])(?![\d/]|[.,]\d)/g,
      say: (match, text) =>
        say(Number(group(match, "day")), Number(group(match, "month")), "", before(match, text)),
    },
  ];
}

/** "Mai 1999", "im Jahr 1999": a year that its surroundings show to be one. */
function yearRule(names: string, speech: Speech): Rule {
  return {
    pattern: new RegExp(`(?<=(?<!\\p{L})(?:${names}) )(?<year>${YEAR})(?![\\d.,:]\\d|\\d)`, "giu"),
    say: (match) => speech.year(match[0]),
  };
}

/** Times of day: "10:30", "10.30 Uhr", "10h30", "10:30:15". */
export function timeRules(locale: Locale): readonly Rule[] {
  const { before: front, behind } = locale.timeMarks;
  const say = (match: RegExpExecArray, text: string, marked: boolean): string => {
    const second = group(match, "second");
    return locale.time(
      Number(group(match, "hour")),
      Number(group(match, "minute") || "0"),
      second === "" ? -1 : Number(second),
      marked,
      before(match, text),
    );
  };
  const clock =
    "(?<hour>[01]?\\d|2[0-4])[:.](?<minute>[0-5]\\d)(?:[:.](?<second>[0-5]\\d))?(?![\\d:]|[.,]\\d)";
  const marks: Rule[] = [];
  if (behind !== "") {
    marks.push({
      pattern: new RegExp(
        `(?<![\\d:.,])(?<hour>[01]?\\d|2[0-4])(?:[:.](?<minute>[0-5]\\d))?(?:[:.](?<second>[0-5]\\d))? ?(?:${behind})(?![\\p{L}\\d])`,
        "gu",
      ),
      say: (match, text) => say(match, text, true),
    });
  }
  if (/(?:^|\|)h(?:$|\|)/.test(behind)) {
    marks.push({
      pattern: /(?<![\d:.,])(?<hour>[01]?\d|2[0-4]) ?[hH] ?(?<minute>[0-5]\d)(?: ?min)?(?![\p{L}\d])/gu,
      say: (match, text) => say(match, text, true),
    });
  }
  if (front !== "") {
    marks.push({
      pattern: new RegExp(`(?<=(?<!\\p{L})(?:${front}) )${clock}`, "giu"),
      say: (match, text) => say(match, text, true),
    });
  }
  return [
    ...marks,
    {
      pattern:
        /(?<![\d:.,])(?<hour>[01]?\d|2[0-4]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d))?(?![\d:]|[.,]\d)/g,
      say: (match, text) => say(match, text, false),
    },
  ];
}

/** "10.00–18.00", "10.00 tot 17.00 uur": two times that show each other to be times. */
export function clockRangeRules(locale: Locale): readonly Rule[] {
  const to = locale.signs.to;
  return [
    {
      pattern: new RegExp(
        `(?<![\\d:.,])(?<hour>[01]?\\d|2[0-4])(?<mark>[:.])(?<minute>[0-5]\\d)(?<joint> ?[–—-] ?| ${to} )(?=(?:[01]?\\d|2[0-4])\\k<mark>[0-5]\\d(?![\\d:.]))`,
        "gu",
      ),
      say: (match, text) => {
        const first = locale.time(
          Number(group(match, "hour")),
          Number(group(match, "minute")),
          -1,
          false,
          before(match, text),
        );
        return `${first} ${to} ${TIME_FOLLOWS}`;
      },
    },
    {
      pattern: new RegExp(
        `${TIME_FOLLOWS}(?<hour>\\d{1,2})[:.](?<minute>\\d\\d)(?! ?(?:${locale.timeMarks.behind || "(?!)"})(?!\\p{L}))`,
        "gu",
      ),
      say: (match, text) =>
        locale.time(
          Number(group(match, "hour")),
          Number(group(match, "minute")),
          -1,
          false,
          before(match, text),
        ),
    },
    { pattern: new RegExp(TIME_FOLLOWS, "g"), say: "" },
  ];
}

/** Stands between two rules for a moment: no text has it, since control characters are folded before. */
const TIME_FOLLOWS = "\u0001";
