import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules } from "../roman.ts";
import { group } from "../rule.ts";

const numerals = numeralsOf("sv");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);

const FIRST =
  "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte trettonde fjortonde femtonde sextonde sjuttonde artonde nittonde".split(
    " ",
  );

/** n2words makes no Swedish ordinals that are right beyond twenty. */
function ordinal(value: number): string {
  const rest = value % 100;
  const front = value > 100 && rest > 0 ? cardinal(value - rest) : "";
  if (rest > 0 && rest < 20) return front + (FIRST[rest - 1] ?? "");
  if (rest % 10 === 0) return `${cardinal(value)}${rest === 0 ? "de" : "nde"}`;
  return `${front}${cardinal(rest - (rest % 10))}${FIRST[(rest % 10) - 1] ?? ""}`;
}

function year(digits: string): string {
  const value = Number(digits);
  if (value < 1100 || (value >= 2000 && value < 2010) || value > 2099) return cardinal(value);
  const rest = value % 100;
  return `${cardinal(Math.floor(value / 100))}hundra${rest === 0 ? "" : cardinal(rest)}`;
}

export const SWEDISH: Locale = {
  tag: "sv",
  numerals,
  decimal: ",",
  signs: {
    minus: "minus",
    plus: "plus",
    point: "komma",
    times: "gånger",
    equals: "lika med",
    over: "genom",
    to: "till",
    and: "och",
    number: "nummer",
    less: "mindre än",
    greater: "större än",
    about: "ungefär",
    plusMinus: "plus minus",
    per: "per",
    hashtag: "hashtag",
    mention: "snabel-a",
    of: "",
    squared: "i kvadrat",
    cubed: "i kubik",
    power: "upphöjt till",
  },
  web: { at: "snabel-a", dot: "punkt", slash: "snedstreck", dash: "bindestreck", underscore: "understreck" },
  abbreviations: {
    "t.ex.": "till exempel",
    "t ex": "till exempel",
    "bl.a.": "bland annat",
    "bl a": "bland annat",
    "m.m.": "med mera",
    "o.s.v.": "och så vidare",
    "osv.": "och så vidare",
    "d.v.s.": "det vill säga",
    "dvs.": "det vill säga",
    ca: "cirka",
    "ca.": "cirka",
    "fr.o.m.": "från och med",
    "t.o.m.": "till och med",
    "p.g.a.": "på grund av",
    "f.d.": "före detta",
    "s.k.": "så kallad",
    "kl.": "klockan",
    "Kl.": "Klockan",
    kl: "klockan",
    "inkl.": "inklusive",
    "exkl.": "exklusive",
    "tel.": "telefon",
    "Tel.": "Telefon",
    "dr.": "doktor",
    "prof.": "professor",
    "f.Kr.": "före Kristus",
    "e.Kr.": "efter Kristus",
    "etc.": "etcetera",
    mvh: "med vänliga hälsningar",
    Mvh: "Med vänliga hälsningar",
  },
  beforeNumber: {
    nr: "nummer",
    "nr.": "nummer",
    "sid.": "sida",
    "s.": "sida",
    "kap.": "kapitel",
    "§": "paragraf",
  },
  date: (day, month, digits) => `${ordinal(day)} ${month}${digits === "" ? "" : ` ${year(digits)}`}`,
  year,
  time: (hour, minute, second) => {
    const hours = cardinal(hour);
    const minutes = minute === 0 ? "" : ` och ${cardinal(minute)}`;
    return `${hours}${minutes}${second > 0 ? ` och ${cardinal(second)} sekunder` : ""}`;
  },
  timeMarks: { before: "klockan|kl\\.?", behind: "" },
  decimalsAsNumber: 2,
  gender: (noun) =>
    /^(?:kilo|ton|pund|öre|euro)$|^(?:kilogram|gram|milligram|år|megabyte)/.test(noun)
      ? "neuter"
      : "masculine",
  fractions: {
    "1/2": "en halv",
    "1/3": "en tredjedel",
    "2/3": "två tredjedelar",
    "1/4": "en fjärdedel",
    "3/4": "tre fjärdedelar",
    "1/8": "en åttondel",
    "1/5": "en femtedel",
  },
  units: {
    mg: "milligram",
    cl: "centiliter",
    dl: "deciliter",
    "km/tim": "kilometer per timme",
    msk: "matsked|matskedar",
    tsk: "tesked|teskedar",
    st: "styck|stycken",
    "m²": "kvadratmeter",
    "km²": "kvadratkilometer",
    "m³": "kubikmeter",
    W: "watt",
    kW: "kilowatt",
    MW: "megawatt",
    kWh: "kilowattimme|kilowattimmar",
    V: "volt",
    Hz: "hertz",
    kHz: "kilohertz",
    MHz: "megahertz",
    GHz: "gigahertz",
    kcal: "kilokalori|kilokalorier",
    dB: "decibel",
    t: "ton",
  },
  currencies: {
    kr: "krona|kronor",
    SEK: "krona|kronor",
    "€": "euro",
    US$: "dollar",
    $: "dollar",
    "£": "pund",
    "¥": "yen",
    "₹": "rupie|rupier",
  },
  cents: { "": "cent", kr: "öre", SEK: "öre", "£": "penny|pence", "¥": "" },
  centJoiner: "och",
  scales: {
    tusen: "tusen",
    miljon: "miljon",
    miljoner: "miljoner",
    miljard: "miljard",
    miljarder: "miljarder",
    mn: "miljoner",
    mkr: "miljoner",
    md: "miljarder",
  },
  scaleJoiner: () => "",
  own: [
    {
      pattern: /(?<![\d.,])(?<value>\d{1,3}):[ae](?!\p{L})/gu,
      say: (match) => ordinal(Number(group(match, "value"))),
    },
    ...romanRules({
      counted: "kapitel|del|band|akt|scen|artikel|fas|bilaga|nivå|bok|världskriget",
      count: (value) => cardinal(value),
      names:
        "Karl|Carl|Gustav|Gustaf|Oscar|Erik|Johan|Fredrik|Ludvig|Henrik|Elizabeth|Elisabet|Johannes Paulus|Benedictus",
      rank: (value) => `den ${ordinal(value)}`,
    }),
    {
      pattern:
        /(?<=(?<!\p{L})(?:[Åå]r(?:et)?|[Ss]edan|[Ff]rån|[Ii]|[Uu]nder|[Tt]ill) |[(])(?:20[1-9]\d)(?!\d|[.,:]\d| ?(?:kr|kronor|km|kg|meter|m)(?!\p{L}))/gu,
      say: (match) => year(match[0]),
    },
    {
      pattern: /(?<![\d.,:/-])1[1-9]\d\d(?![\d:/%]|[.,]\d|00-talet|-talet)/g,
      say: (match) => year(match[0]),
    },
    {
      pattern: /(?<![\d.,])(?<century>1[1-9]|20)00-talet/g,
      say: (match) => `${cardinal(Number(group(match, "century")))}hundratalet`,
    },
    {
      pattern: /(?<![\d.,])(?:19)?(?<decade>[2-9]0)-talet/g,
      say: (match) =>
        `${match[0].startsWith("19") ? "nittonhundra" : ""}${cardinal(Number(group(match, "decade")))}talet`,
    },
  ],
};
