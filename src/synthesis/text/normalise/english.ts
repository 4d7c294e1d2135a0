import { type MoneyWords, moneyRules } from "./money.ts";
import { abbreviations, group, type Rule } from "./rule.ts";
import { webRules } from "./web.ts";

/** English: what espeak-ng misreads when it is given the text as written. Whole numbers it reads well. */

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

const TITLES: Readonly<Record<string, string>> = {
  "Mr.": "Mister",
  Mr: "Mister",
  "Mrs.": "Mrs",
  "Ms.": "Ms",
  "Messrs.": "Messieurs",
  "Prof.": "Professor",
  "Gen.": "General",
  "Col.": "Colonel",
  "Sgt.": "Sergeant",
  "Capt.": "Captain",
  "Lt.": "Lieutenant",
  "Maj.": "Major",
  "Rev.": "Reverend",
  "Hon.": "Honourable",
  "Gov.": "Governor",
  "Sen.": "Senator",
  "Rep.": "Representative",
  "Jr.": "Junior",
  "Sr.": "Senior",
  "vs.": "versus",
  vs: "versus",
  "etc.": "etcetera",
  etc: "etcetera",
  "e.g.": "for example",
  "i.e.": "that is",
  "cf.": "compare",
  "approx.": "approximately",
  "dept.": "department",
  "Dept.": "Department",
  "est.": "established",
  "Inc.": "Incorporated",
  "Ltd.": "Limited",
  "Corp.": "Corporation",
  "Mt.": "Mount",
  "Ft.": "Fort",
  "Ave.": "Avenue",
  "Blvd.": "Boulevard",
  "Rd.": "Road",
  "a.m.": "AM",
  "p.m.": "PM",
  "A.M.": "AM",
  "P.M.": "PM",
  "w/": "with",
  "w/o": "without",
};

const SHORT_MONTHS: Readonly<Record<string, string>> = Object.fromEntries(
  MONTHS.filter((month) => month !== "May").flatMap((month) => {
    const short = month === "September" ? ["Sep.", "Sept."] : [`${month.slice(0, 3)}.`];
    return short.map((key) => [key, month]);
  }),
);

/** Units behind a number: [one, many]. Letters that are also words or names ("in", "A") are left out. */
const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  km: ["kilometer", "kilometers"],
  cm: ["centimeter", "centimeters"],
  mm: ["millimeter", "millimeters"],
  m: ["meter", "meters"],
  mi: ["mile", "miles"],
  ft: ["foot", "feet"],
  yd: ["yard", "yards"],
  kg: ["kilogram", "kilograms"],
  g: ["gram", "grams"],
  mg: ["milligram", "milligrams"],
  lb: ["pound", "pounds"],
  lbs: ["pound", "pounds"],
  oz: ["ounce", "ounces"],
  l: ["liter", "liters"],
  L: ["liter", "liters"],
  ml: ["milliliter", "milliliters"],
  mph: ["mile per hour", "miles per hour"],
  "km/h": ["kilometer per hour", "kilometers per hour"],
  kmh: ["kilometer per hour", "kilometers per hour"],
  "m/s": ["meter per second", "meters per second"],
  "km²": ["square kilometer", "square kilometers"],
  "m²": ["square meter", "square meters"],
  "m³": ["cubic meter", "cubic meters"],
  Hz: ["hertz", "hertz"],
  kHz: ["kilohertz", "kilohertz"],
  MHz: ["megahertz", "megahertz"],
  GHz: ["gigahertz", "gigahertz"],
  KB: ["kilobyte", "kilobytes"],
  kB: ["kilobyte", "kilobytes"],
  MB: ["megabyte", "megabytes"],
  GB: ["gigabyte", "gigabytes"],
  TB: ["terabyte", "terabytes"],
  W: ["watt", "watts"],
  kW: ["kilowatt", "kilowatts"],
  MW: ["megawatt", "megawatts"],
  kWh: ["kilowatt hour", "kilowatt hours"],
  V: ["volt", "volts"],
  ms: ["millisecond", "milliseconds"],
  sec: ["second", "seconds"],
  min: ["minute", "minutes"],
  hr: ["hour", "hours"],
  hrs: ["hour", "hours"],
  "°C": ["degree Celsius", "degrees Celsius"],
  "°F": ["degree Fahrenheit", "degrees Fahrenheit"],
  "°": ["degree", "degrees"],
};

const MONEY: Omit<MoneyWords, "currencies"> = {
  joiner: "and",
  decimal: ".",
  scales: [
    "hundred",
    "thousand",
    "million",
    "billion",
    "trillion",
    "bn",
    "tn",
    "mn",
    "k",
    "K",
    "m",
    "M",
    "B",
  ],
  scaleJoiner: "",
};

const CENTS = ["cent", "cents"] as const;
const CURRENCIES: MoneyWords["currencies"] = {
  US$: { unit: ["US dollar", "US dollars"], part: CENTS },
  $: { unit: ["dollar", "dollars"], part: CENTS },
  "£": { unit: ["pound", "pounds"], part: ["penny", "pence"] },
  "€": { unit: ["euro", "euros"], part: CENTS },
  "¥": { unit: ["yen", "yen"], part: null },
  "₹": { unit: ["rupee", "rupees"], part: ["paisa", "paise"] },
};

/** "05" as in 1905 or 10:05. */
function pair(digits: string): string {
  return digits.startsWith("0") ? `oh ${digits.charAt(1)}` : digits;
}

/** A year the way it is said: 1999 "nineteen ninety-nine", 1905 "nineteen oh five", 2005 and 2000 as numbers. */
function year(digits: string): string {
  const century = digits.slice(0, 2);
  const rest = digits.slice(2);
  if (digits.slice(1, 3) === "00") return digits;
  return rest === "00" ? `${century} hundred` : `${century} ${pair(rest)}`;
}

function ordinal(day: number): string {
  const teen = day % 100 > 10 && day % 100 < 14;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${ending}`;
}

function date(month: number, day: number, digits: string, british: boolean): string | null {
  const name = MONTHS[month - 1];
  if (name === undefined || day < 1 || day > 31) return null;
  const spoken = year(digits);
  return british ? `the ${ordinal(day)} of ${name} ${spoken}` : `${name} ${ordinal(day)}, ${spoken}`;
}

function dates(british: boolean): readonly Rule[] {
  return [
    {
      pattern: /(?<![\d/-])(?<year>1[1-9]\d\d|20\d\d)-(?<month>0\d|1[0-2])-(?<day>[0-3]\d)(?![\d/-])/g,
      say: (match) =>
        date(Number(group(match, "month")), Number(group(match, "day")), group(match, "year"), british),
    },
    {
      pattern: /(?<![\d/-])(?<first>[0-3]?\d)\/(?<second>[0-3]?\d)\/(?<year>1[1-9]\d\d|20\d\d)(?![\d/])/g,
      say: (match) => {
        const first = Number(group(match, "first"));
        const second = Number(group(match, "second"));
        // What can be only a day is one, whatever the country's order.
        const dayFirst = first > 12 || (british && second <= 12);
        return dayFirst
          ? date(second, first, group(match, "year"), british)
          : date(first, second, group(match, "year"), british);
      },
    },
  ];
}

const TIMES: Rule = {
  pattern:
    /(?<![\d:.])(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)(?![\d:])(?<half> ?(?:[ap]\.m\.|[AP]\.M\.|[ap]m\b|[AP]M\b))?/g,
  say: (match, text) => {
    const hour = String(Number(group(match, "hour")));
    const half = group(match, "half").trim();
    const minute = group(match, "minute");
    const clock = minute === "00" ? (half === "" ? "o'clock" : "") : pair(minute);
    const end = match.index + match[0].length;
    const stop =
      half.endsWith(".") && /^\s*(?:$|\n|["”')]*\s+\p{Lu})/u.test(text.slice(end, end + 4)) ? "." : "";
    return `${hour} ${clock} ${half === "" ? "" : `${half.charAt(0).toUpperCase()}M`}${stop}`.trimEnd();
  },
};

/** "Jan. 5" is the fifth. */
const DAY_OF_MONTH: Rule = {
  pattern: new RegExp(
    `(?<=(?<!\\p{L})(?:${MONTHS.join("|")}) )(?<day>[12]?\\d|3[01])(?![\\d:%/]|[.,]\\d)`,
    "gu",
  ),
  say: (match) => ordinal(Number(match[0])),
};

const FRACTIONS: Readonly<Record<string, string>> = {
  "1/2": "one half",
  "1/3": "one third",
  "2/3": "two thirds",
  "1/4": "one quarter",
  "3/4": "three quarters",
};

const NUMBERS: readonly Rule[] = [
  {
    pattern: /(?<![\d/.,])(?<over>\d{1,3})\/(?<under>\d{1,3})(?![\d/])/g,
    say: (match) => FRACTIONS[match[0]] ?? `${group(match, "over")} over ${group(match, "under")}`,
  },
  // "2.0.1", "192.168.0.1": a version or an address, part by part.
  {
    pattern: /(?<![\d.])\d{1,9}(?:\.\d{1,9}){2,8}(?![\d]|\.\d)/g,
    say: (match) => match[0].replaceAll(".", " point "),
  },
  // A telephone number: digit by digit in its groups.
  {
    pattern: /(?<![\d-])(?:\(?(?<area>\d{3})\)?[ -])?(?<local>\d{3})-(?<rest>\d{4})(?![\d-])/g,
    say: (match) =>
      [group(match, "area"), group(match, "local"), group(match, "rest")]
        .filter((digits) => digits !== "")
        .map((digits) => [...digits].join(" "))
        .join(", "),
  },
  // Ranges, before years are split: "1999-2005", "pp. 5-6".
  { pattern: /(?<=\d) ?[–-] ?(?=\d)/g, say: " to " },
  // "1980s", "the '90s": the ending goes to the number, not to a letter of its own.
  {
    pattern: /(?<![\d.,$£€])(?:(?<century>1[1-9]|20)|')(?<decade>[1-9]0)['’]?s(?!\p{L})/gu,
    say: (match) =>
      `${group(match, "century")} ${DECADES[Number(group(match, "decade").charAt(0))] ?? ""}`.trim(),
  },
  {
    pattern:
      /(?<![\d.,:/$£€-])(?:1[1-9]|20)\d\d(?![\d:/%]|[.,]\d|°| ?(?:[kcm]?m|k?g|[KMG]B|[kMG]?Hz|ml|mph|ft|lbs?)\b)/g,
    say: (match) => year(match[0]),
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

const UNIT_KEYS = Object.keys(UNITS).sort((a, b) => b.length - a.length);
const UNIT: Rule = {
  pattern: new RegExp(
    `(?<=(?<![\\p{L}\\d])(?<number>[\\d.,]{1,20}))[ -]?(?<unit>${UNIT_KEYS.join("|")})(?![\\p{L}\\d/²³])`,
    "gu",
  ),
  say: (match) => {
    const unit = UNITS[group(match, "unit")];
    if (unit === undefined) return null;
    return ` ${group(match, "number") === "1" ? unit[0] : unit[1]}`;
  },
};

const SIGNS: readonly Rule[] = [
  { pattern: / & /g, say: " and " },
  { pattern: /#(?=\d)|(?:\bNo\.|№) ?(?=\d)/g, say: "number " },
  { pattern: /~(?=\d)/g, say: "about " },
  { pattern: / ?± ?/g, say: " plus or minus " },
  { pattern: / ?× ?(?=\d)/g, say: " times " },
  { pattern: /(?<=\d) ?= ?| = /g, say: " equals " },
  { pattern: / < |(?<=\d)<(?=\d)|<(?=\d)/g, say: " less than " },
  { pattern: / > |(?<=\d)>(?=\d)|>(?=\d)/g, say: " greater than " },
  { pattern: /≤/g, say: " at most " },
  { pattern: /≥/g, say: " at least " },
  { pattern: /≈/g, say: " about " },
];

/** "St. John" is a saint, "221 Baker St." a street; "Dr. Smith" a doctor, "9 Mulholland Dr." a drive. */
const AMBIGUOUS: readonly Rule[] = [
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )St\./gu, say: streetEnd("Street") },
  { pattern: /(?<=\d \p{Lu}\p{Ll}{1,20} )Dr\./gu, say: streetEnd("Drive") },
  { pattern: /(?<!\p{L})St\.(?= ?\p{Lu})/gu, say: "Saint" },
  { pattern: /(?<=\p{Lu}\p{Ll}{1,20} )St\./gu, say: streetEnd("Street") },
  { pattern: /(?<!\p{L})D[rR]\.?(?= ?\p{Lu})/gu, say: "Doctor" },
];

function streetEnd(word: string): Rule["say"] {
  return (match, text) => {
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 3);
    return /^(?:$|\n|\s+\p{Lu})/u.test(after) ? `${word}.` : word;
  };
}

/** The rules for English, American or British, in their order. */
export function englishRules(british: boolean): readonly Rule[] {
  return [
    ...webRules({ at: "at", dot: "dot", slash: "slash", dash: "dash", underscore: "underscore" }),
    ...AMBIGUOUS,
    TIMES,
    abbreviations({ ...TITLES, ...SHORT_MONTHS }),
    ...moneyRules({ ...MONEY, currencies: CURRENCIES }),
    DAY_OF_MONTH,
    ...dates(british),
    UNIT,
    ...NUMBERS,
    ...SIGNS,
  ];
}
