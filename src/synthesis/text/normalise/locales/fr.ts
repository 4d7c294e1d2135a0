import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules, romanValue } from "../roman.ts";
import { group, type Rule } from "../rule.ts";

const numerals = numeralsOf("fr");
const cardinal = (value: number, feminine = false): string =>
  numerals?.cardinal(BigInt(value), feminine ? "feminine" : "masculine") ?? String(value);
const ordinal = (value: number, feminine = false): string => {
  if (value === 1) return feminine ? "première" : "premier";
  return numerals?.ordinal?.(BigInt(value)) ?? String(value);
};

const ORDINALS: readonly Rule[] = [
  {
    pattern: /(?<![\d.,])(?<value>\d{1,4})(?<ending>ers|er|res|re|ères|ère|èmes|ème|e|es|nd|nde)(?!\p{L})/gu,
    say: (match) => {
      const value = Number(group(match, "value"));
      const ending = group(match, "ending");
      if (value === 0) return null;
      if (/^nd/.test(ending)) return value === 2 ? `second${ending === "nde" ? "e" : ""}` : null;
      const plural = ending.endsWith("s") ? "s" : "";
      return `${ordinal(value, /^(?:re|ère)/.test(ending))}${plural}`;
    },
  },
  {
    pattern: /(?<![\p{L}\d])(?<roman>[IVX]|[IVXLC]{2,7})(?<ending>er|re|ère|ème|e)(?!\p{L})/gu,
    say: (match) => {
      const value = romanValue(group(match, "roman"));
      return value === null ? null : ordinal(value, /^(?:re|ère)/.test(group(match, "ending")));
    },
  },
];

export const FRENCH: Locale = {
  tag: "fr",
  numerals,
  decimal: ",",
  signs: {
    minus: "moins",
    plus: "plus",
    point: "virgule",
    times: "fois",
    equals: "égale",
    over: "sur",
    to: "à",
    and: "et",
    number: "numéro",
    less: "inférieur à",
    greater: "supérieur à",
    about: "environ",
    plusMinus: "plus ou moins",
    per: "par",
    hashtag: "hashtag",
    mention: "arobase",
    of: "de",
    squared: "au carré",
    cubed: "au cube",
    power: "puissance",
  },
  web: { at: "arobase", dot: "point", slash: "barre", dash: "tiret", underscore: "tiret bas" },
  abbreviations: {
    "M.": "monsieur",
    "MM.": "messieurs",
    Mme: "madame",
    Mmes: "mesdames",
    Mlle: "mademoiselle",
    Mlles: "mesdemoiselles",
    "Dr.": "docteur",
    Dr: "docteur",
    "Pr.": "professeur",
    Pr: "professeur",
    Me: "maître",
    "p. ex.": "par exemple",
    "p.ex.": "par exemple",
    "c.-à-d.": "c'est-à-dire",
    "St.": "saint",
    St: "saint",
    Ste: "sainte",
    "av. J.-C.": "avant Jésus-Christ",
    "apr. J.-C.": "après Jésus-Christ",
    "bd.": "boulevard",
    Bd: "boulevard",
    bd: "boulevard",
    "av.": "avenue",
    "tél.": "téléphone",
    "Tél.": "téléphone",
    "env.": "environ",
    "c. à soupe": "cuillère à soupe",
    "c. à café": "cuillère à café",
    "etc.": "et cétéra",
    SVP: "s'il vous plaît",
    svp: "s'il vous plaît",
    stp: "s'il te plaît",
    RDV: "rendez-vous",
    rdv: "rendez-vous",
  },
  beforeNumber: {
    "p.": "page",
    "pp.": "pages",
    "n°": "numéro",
    "N°": "numéro",
    nº: "numéro",
    "art.": "article",
    "chap.": "chapitre",
    "vol.": "volume",
    "fig.": "figure",
    "t.": "tome",
  },
  date: (day, month, year) =>
    `${day === 1 ? "premier" : cardinal(day)} ${month}${year === "" ? "" : ` ${cardinal(Number(year))}`}`,
  time: (hour, minute, second) => {
    const hours = hour === 0 ? "zéro heure" : `${cardinal(hour, true)} heure${hour === 1 ? "" : "s"}`;
    const minutes = minute === 0 ? "" : ` ${cardinal(minute)}`;
    return `${hours}${minutes}${second > 0 ? ` et ${cardinal(second)} secondes` : ""}`;
  },
  timeMarks: { before: "", behind: "heures|heure|h|H" },
  decimalsAsNumber: 2,
  gender: (noun) =>
    /^(?:heure|minute|seconde|milliseconde|livre|once|tonne|couronne|roupie|calorie|kilocalorie)/.test(noun)
      ? "feminine"
      : "masculine",
  fractions: {
    "1/2": "un demi",
    "1/3": "un tiers",
    "2/3": "deux tiers",
    "1/4": "un quart",
    "3/4": "trois quarts",
    "1/8": "un huitième",
    "1/5": "un cinquième",
  },
  units: {
    mg: "milligramme|milligrammes",
    cl: "centilitre|centilitres",
    "m²": "mètre carré|mètres carrés",
    "km²": "kilomètre carré|kilomètres carrés",
    "m³": "mètre cube|mètres cubes",
    W: "watt|watts",
    kW: "kilowatt|kilowatts",
    MW: "mégawatt|mégawatts",
    kWh: "kilowattheure|kilowattheures",
    V: "volt|volts",
    Hz: "hertz|hertz",
    kHz: "kilohertz|kilohertz",
    MHz: "mégahertz|mégahertz",
    GHz: "gigahertz|gigahertz",
    kcal: "kilocalorie|kilocalories",
    dB: "décibel|décibels",
    t: "tonne|tonnes",
    Ko: "kilooctet|kilooctets",
    Mo: "mégaoctet|mégaoctets",
    Go: "gigaoctet|gigaoctets",
    To: "téraoctet|téraoctets",
  },
  currencies: {
    "€": "euro|euros",
    US$: "dollar|dollars",
    R$: "real|reals",
    $: "dollar|dollars",
    "£": "livre|livres",
    "¥": "yen|yens",
    "₹": "roupie|roupies",
  },
  cents: { "": "centime|centimes", $: "cent|cents", US$: "cent|cents", "£": "penny|pence", "¥": "" },
  centJoiner: "et",
  scales: {
    mille: "mille",
    million: "million",
    millions: "millions",
    milliard: "milliard",
    milliards: "milliards",
    M: "millions",
    Md: "milliards",
    Mds: "milliards",
    k: "mille",
  },
  scaleJoiner: (noun) => (/^[aeiouyhéè]/i.test(noun) ? "d'" : "de "),
  phonePairs: true,
  early: [
    { pattern: /(?<!\d)24 ?h ?\/ ?24(?!\d)/g, say: "vingt-quatre heures sur vingt-quatre" },
    { pattern: /(?<!\d)7 ?j ?\/ ?7(?!\d)/g, say: "sept jours sur sept" },
  ],
  own: [
    ...ORDINALS,
    ...romanRules({
      counted:
        "chapitre|chap|tome|volume|livre|acte|scène|partie|titre|article|phase|annexe|guerre mondiale|niveau|paris",
      count: (value) => cardinal(value),
      names:
        "Louis|Charles|Henri|François|Napoléon|Philippe|Jean|Paul|Benoît|Élisabeth|Elizabeth|Guillaume|Albert|Léopold|Pie",
      rank: (value) => (value === 1 ? "premier" : cardinal(value)),
    }),
  ],
};
