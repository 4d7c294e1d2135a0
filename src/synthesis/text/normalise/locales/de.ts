import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules, romanValue } from "../roman.ts";
import { group, type Rule } from "../rule.ts";

const numerals = numeralsOf("de");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);
const ordinal = (value: number, ending: string): string =>
  `${numerals?.ordinal?.(BigInt(value)) ?? value}${ending}`.replace(/e(?=e)/, "");

/** The ending of an ordinal by the word in front: "der dritte", "am dritten", "dritter". */
function ending(front: string): string {
  const before = front.replace(/(?:\d{1,2}\., ?)+(?:und |oder |bis )?$/, "");
  const shared = /t(?<ending>en|er|e)(?:,| und| oder| bis) $/.exec(before)?.groups?.ending;
  if (shared !== undefined) return shared.slice(1);
  const word = /(?:^|\s)(\p{L}+),? $/u.exec(before)?.[1]?.toLowerCase() ?? "";
  if (
    /^(?:den|dem|des|am|im|zum|zur|vom|beim|ab|bis|seit|einem|einen|jeden|jedem|ihrem|seinem|ihren|seinen|nächsten|diesem)$/.test(
      word,
    )
  ) {
    return "n";
  }
  if (/^(?:der|die|das|jede|diese|ihre|seine|meine|unsere|eure)$/.test(word)) {
    return /(?:^|\s)(?:in|mit|von|aus|zu|nach|bei|seit|auf|an|unter|vor|während|wegen|und) der $/i.test(
      before,
    )
      ? "n"
      : "e";
  }
  return "r";
}

/** "Jahr 1999" in hundreds, as it is said up to 1999. */
function year(digits: string): string {
  const value = Number(digits);
  if (value < 1100 || value > 1999) return cardinal(value);
  const rest = value % 100;
  return `${cardinal(Math.floor(value / 100))}hundert${rest === 0 ? "" : cardinal(rest)}`;
}

const before = (match: RegExpExecArray, text: string) =>
  text.slice(Math.max(0, match.index - 20), match.index);

const MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember";

const WEEKDAYS: Readonly<Record<string, string>> = {
  Mo: "Montag",
  Di: "Dienstag",
  Mi: "Mittwoch",
  Do: "Donnerstag",
  Fr: "Freitag",
  Sa: "Samstag",
  So: "Sonntag",
};

const OWN: readonly Rule[] = [
  {
    // "der 2. Weltkrieg", "im 19. Jahrhundert": behind an article it is no end of a sentence.
    pattern:
      /(?<=(?<!\p{L})(?:[Dd](?:er|ie|as|en|em|es)|[AaIi]m|[Vv]om|[Zz]u[mr]|[Bb]eim|[Ss]eine[nmr]?|[Ii]hre[nmr]?|[Mm]eine[nmr]?|[Jj]ede[rnms]?|[Uu]nsere[rnm]?|[Ii]hr|[Ss]ein|[Mm]ein|[Dd]ein|[Uu]nser|[Ee]in) )(?<value>\d{1,3})\. ?(?=\p{L})/gu,
    say: (match, text) => `${ordinal(Number(group(match, "value")), ending(before(match, text)))} `,
  },
  {
    pattern:
      /(?<![\d.,])(?<value>\d{1,3})\. (?=(?:Jahrhundert|Stock|Etage|Klasse|Platz|Runde|Auflage|Kapitel|Liga|Bundesliga|Mal|Tag|Woche|Spieltag|Advent)(?!\p{L}))/gu,
    say: (match, text) => `${ordinal(Number(group(match, "value")), ending(before(match, text)))} `,
  },
  {
    // "Ludwig XIV." is "der Vierzehnte"; the point belongs to the numeral.
    pattern:
      /(?<=(?<!\p{L})(?:Ludwig|Wilhelm|Friedrich|Friedrich Wilhelm|Heinrich|Karl|Otto|Benedikt|Johannes Paul|Johannes|Pius|Elisabeth|Katharina|Papst|Napoleon|Georg|Charles|Leo|Maximilian|Franz|Philipp|Paul|Peter|Alexander|Nikolaus|Louis|Rudolf) )(?<roman>[IVX]{1,7})\.?(?<stop>(?= \p{Lu}\p{Ll}+ \p{Ll}|$|\n))?(?![\p{L}\d])/gu,
    say: (match, text) => {
      const value = romanValue(group(match, "roman"));
      if (value === null) return null;
      const feminine = /(?:Elisabeth|Katharina) $/.test(before(match, text));
      const word = ordinal(value, "");
      const stop =
        match[0].endsWith(".") && text.slice(match.index + match[0].length).trim() === "" ? "." : "";
      return `${feminine ? "die" : "der"} ${word.charAt(0).toUpperCase()}${word.slice(1)}${stop}`;
    },
  },
  ...romanRules({
    counted: "Kapitel|Kap|Band|Akt|Szene|Teil|Artikel|Phase|Anhang|Stufe|Buch|Rocky|Weltkrieg",
    count: (value) => cardinal(value),
    names: "Weltkrieg",
    rank: (value) => cardinal(value),
  }),
  // Of years and of amounts: "neunzehnhundert" either way.
  { pattern: /(?<![\d.,:/§-])1[1-9]\d\d(?![\d:/%]|[.,]\d)/g, say: (match) => year(match[0]) },
];

export const GERMAN: Locale = {
  tag: "de",
  numerals,
  decimal: ",",
  signs: {
    minus: "minus",
    plus: "plus",
    point: "Komma",
    times: "mal",
    equals: "gleich",
    over: "durch",
    to: "bis",
    and: "und",
    number: "Nummer",
    less: "kleiner als",
    greater: "größer als",
    about: "etwa",
    plusMinus: "plus minus",
    per: "pro",
    hashtag: "Hashtag",
    mention: "at",
    of: "",
    ratio: "zu",
    squared: "Quadrat",
    cubed: "hoch drei",
    power: "hoch",
  },
  web: { at: "at", dot: "Punkt", slash: "Schrägstrich", dash: "Bindestrich", underscore: "Unterstrich" },
  abbreviations: {
    "z. B.": "zum Beispiel",
    "z.B.": "zum Beispiel",
    "Z. B.": "Zum Beispiel",
    "d. h.": "das heißt",
    "d.h.": "das heißt",
    "u. a.": "unter anderem",
    "u.a.": "unter anderem",
    "usw.": "und so weiter",
    "bzw.": "beziehungsweise",
    "ca.": "circa",
    "evtl.": "eventuell",
    "ggf.": "gegebenenfalls",
    "inkl.": "inklusive",
    "zzgl.": "zuzüglich",
    "vgl.": "vergleiche",
    "sog.": "sogenannte",
    "o. Ä.": "oder Ähnliches",
    "i. d. R.": "in der Regel",
    "i.d.R.": "in der Regel",
    "m. E.": "meines Erachtens",
    "u. U.": "unter Umständen",
    "v. a.": "vor allem",
    "v.a.": "vor allem",
    "z. T.": "zum Teil",
    "z.T.": "zum Teil",
    "Dr.": "Doktor",
    "Prof.": "Professor",
    "Hr.": "Herr",
    "Hrn.": "Herrn",
    "Fr.": "Frau",
    "Dipl.-Ing.": "Diplomingenieur",
    "St.": "Sankt",
    "Tel.": "Telefon",
    "v. Chr.": "vor Christus",
    "n. Chr.": "nach Christus",
    "MwSt.": "Mehrwertsteuer",
    "etc.": "et cetera",
    MfG: "Mit freundlichen Grüßen",
    LG: "Liebe Grüße",
    VG: "Viele Grüße",
    EUR: "Euro",
  },
  beforeNumber: {
    "Nr.": "Nummer",
    "S.": "Seite",
    "Abb.": "Abbildung",
    "Abs.": "Absatz",
    "Art.": "Artikel",
    "Bd.": "Band",
    "Kap.": "Kapitel",
    "§": "Paragraf",
    "§§": "Paragrafen",
    "Tab.": "Tabelle",
  },
  date: (day, month, digits, front) =>
    `${ordinal(day, ending(front))} ${month}${digits === "" ? "" : ` ${year(digits)}`}`,
  year,
  time: (hour, minute, second) => {
    const hours = hour === 1 ? "ein" : cardinal(hour);
    const minutes = minute === 0 ? "" : ` ${cardinal(minute)}`;
    return `${hours} Uhr${minutes}${second > 0 ? ` und ${cardinal(second)} Sekunden` : ""}`;
  },
  timeMarks: { before: "", behind: "Uhr" },
  decimalsAsNumber: 0,
  gender: (noun) =>
    /^(?!Yen)\p{L}+(?:e|tunde|innung)$/u.test(noun.split(" ")[0] ?? "") ? "feminine" : "masculine",
  fractions: {
    "1/2": "ein halb",
    "1/3": "ein Drittel",
    "2/3": "zwei Drittel",
    "1/4": "ein Viertel",
    "3/4": "drei Viertel",
    "1/8": "ein Achtel",
    "1/5": "ein Fünftel",
  },
  units: {
    mg: "Milligramm",
    cl: "Zentiliter",
    "m²": "Quadratmeter",
    qm: "Quadratmeter",
    "km²": "Quadratkilometer",
    "m³": "Kubikmeter",
    W: "Watt",
    kW: "Kilowatt",
    MW: "Megawatt",
    kWh: "Kilowattstunde|Kilowattstunden",
    V: "Volt",
    Hz: "Hertz",
    kHz: "Kilohertz",
    MHz: "Megahertz",
    GHz: "Gigahertz",
    kcal: "Kilokalorie|Kilokalorien",
    dB: "Dezibel",
    t: "Tonne|Tonnen",
    PS: "PS",
    EL: "Esslöffel",
    TL: "Teelöffel",
    "km/h": "Kilometer pro Stunde",
    "°C": "Grad Celsius",
    "°": "Grad",
  },
  currencies: {
    "€": "Euro",
    Euro: "Euro",
    US$: "US-Dollar",
    R$: "Real",
    $: "Dollar",
    "£": "Pfund",
    "¥": "Yen",
    "₹": "Rupie|Rupien",
    "Fr.": "Franken",
    CHF: "Franken",
  },
  cents: { "": "Cent", "£": "Penny|Pence", "¥": "", CHF: "Rappen", "Fr.": "Rappen" },
  centJoiner: "",
  scales: {
    Tausend: "Tausend",
    Million: "Million",
    Millionen: "Millionen",
    "Mio.": "Million|Millionen",
    Mio: "Million|Millionen",
    Milliarde: "Milliarde",
    Milliarden: "Milliarden",
    "Mrd.": "Milliarde|Milliarden",
    Mrd: "Milliarde|Milliarden",
  },
  scaleJoiner: () => "",
  early: [
    { pattern: /(?<=\p{Ll})str\.(?= \d)/gu, say: "straße" },
    { pattern: /(?<!\p{L})Str\.(?= \d)/gu, say: "Straße" },
    {
      // "die 80er Jahre", "in den 1920ern"
      pattern: /(?<![\d.,])(?<value>\d{2}|1[1-9]\d\d)er(?<ending>n|s)?(?!\p{L})/gu,
      say: (match) => `${year(group(match, "value"))}er${group(match, "ending")}`,
    },
    {
      // "24., 25. und 31. Dezember": days that share their month.
      pattern: new RegExp(
        `(?<![\\d.,])(?<day>[12]?\\d|3[01])\\.(?=(?:, ?\\d{1,2}\\.){0,4}(?: (?:und|oder|bis) | ?[/–] ?)\\d{1,2}\\. ?(?:${MONTHS}))`,
        "gu",
      ),
      say: (match, text) => ordinal(Number(group(match, "day")), ending(before(match, text))),
    },
    {
      pattern:
        /(?<!\p{L})(?<day>Mo|Di|Mi|Do|Fr|Sa|So)(?<mark>\.?,|\.|(?=[–-]))(?= ?(?:\d|[–-] ?(?:Mo|Di|Mi|Do|Fr|Sa|So)(?!\p{Ll})))/gu,
      say: (match) =>
        `${WEEKDAYS[group(match, "day")] ?? ""}${group(match, "mark").endsWith(",") ? "," : ""}`,
    },
    {
      pattern:
        /(?<=(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag)) ?[–-] ?(?<day>Mo|Di|Mi|Do|Fr|Sa|So)(?:nntag|ntag|enstag|ttwoch|nnerstag|eitag|mstag|\.)?(?!\p{L})/gu,
      say: (match) => ` bis ${WEEKDAYS[group(match, "day")] ?? ""}`,
    },
  ],
  own: OWN,
};
