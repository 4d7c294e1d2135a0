import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules, romanValue } from "../roman.ts";
import { group, type Rule } from "../rule.ts";

const numerals = numeralsOf("it");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);
const ordinal = (value: number): string => numerals?.ordinal?.(BigInt(value)) ?? String(value);

const MOST_RANK = 31;

const ORDINALS: readonly Rule[] = [
  {
    pattern: /(?<![\d.,])(?<value>\d{1,3})(?<ending>[ºª°])(?! ?[CF](?!\p{L}))/gu,
    say: (match) => {
      // "180°" is a temperature.
      if (group(match, "ending") !== "ª" && Number(group(match, "value")) > MOST_RANK) return null;
      const word = ordinal(Number(group(match, "value")));
      return group(match, "ending") === "ª" ? word.replace(/o$/, "a") : word;
    },
  },
];

const OWN: readonly Rule[] = [
  {
    // "il XX secolo"
    pattern: /(?<![\p{L}\d])(?<roman>[IVX]{1,7})(?= (?:secolo|sec\.|edizione|capitolo))/gu,
    say: (match, text) => {
      const value = romanValue(match[0]);
      if (value === null) return null;
      const feminine = text.startsWith(" edizione", match.index + match[0].length);
      return feminine ? ordinal(value).replace(/o$/, "a") : ordinal(value);
    },
  },
  ...romanRules({
    counted: "capitolo|cap|tomo|volume|libro|atto|scena|parte|titolo|articolo|fase|allegato|canto",
    count: (value) => cardinal(value),
    names:
      "Vittorio Emanuele|Umberto|Carlo|Luigi|Enrico|Giovanni|Giovanni Paolo|Paolo|Pio|Benedetto|Papa|Federico|Elisabetta|Napoleone|Filippo|Leone|secolo",
    rank: (value) => ordinal(value),
  }),
];

export const ITALIAN: Locale = {
  tag: "it",
  numerals,
  decimal: ",",
  signs: {
    minus: "meno",
    plus: "più",
    point: "virgola",
    times: "per",
    equals: "uguale",
    over: "su",
    to: "a",
    and: "e",
    number: "numero",
    less: "minore di",
    greater: "maggiore di",
    about: "circa",
    plusMinus: "più o meno",
    per: "al",
    hashtag: "hashtag",
    mention: "chiocciola",
    of: "di",
    squared: "al quadrato",
    cubed: "al cubo",
    power: "alla",
  },
  web: { at: "chiocciola", dot: "punto", slash: "barra", dash: "trattino", underscore: "trattino basso" },
  abbreviations: {
    "Sig.": "signor",
    "sig.": "signor",
    "Sig.ra": "signora",
    "Sig.na": "signorina",
    "Sigg.": "signori",
    "Dott.": "dottor",
    "dott.": "dottor",
    "Dott.ssa": "dottoressa",
    "dott.ssa": "dottoressa",
    "Dr.": "dottor",
    "Prof.": "professor",
    "prof.": "professor",
    "Prof.ssa": "professoressa",
    "prof.ssa": "professoressa",
    "Avv.": "avvocato",
    "Ing.": "ingegner",
    "ecc.": "eccetera",
    "ad es.": "ad esempio",
    "p. es.": "per esempio",
    "p.es.": "per esempio",
    "S.p.A.": "società per azioni",
    "S.r.l.": "società a responsabilità limitata",
    "a.C.": "avanti Cristo",
    "d.C.": "dopo Cristo",
    "P.zza": "piazza",
    "p.zza": "piazza",
    "V.le": "viale",
    "C.so": "corso",
    "tel.": "telefono",
    "Tel.": "telefono",
    "Spett.le": "spettabile",
    "Gent.ma": "gentilissima",
    "Gent.mo": "gentilissimo",
  },
  beforeNumber: {
    "pag.": "pagina",
    "pagg.": "pagine",
    "p.": "pagina",
    "pp.": "pagine",
    "n.": "numero",
    "n°": "numero",
    "N.": "numero",
    "art.": "articolo",
    "sec.": "secolo",
    "cap.": "capitolo",
    "vol.": "volume",
    "fig.": "figura",
  },
  date: (day, month, year) =>
    `${day === 1 ? "primo" : cardinal(day)} ${month}${year === "" ? "" : ` ${cardinal(Number(year))}`}`,
  time: (hour, minute, second) => {
    const hours = hour === 1 ? "una" : cardinal(hour);
    const half = hour > 12 ? " e trenta" : " e mezza";
    const minutes = minute === 0 ? "" : minute === 30 ? half : ` e ${cardinal(minute)}`;
    return `${hours}${minutes}${second > 0 ? ` e ${cardinal(second)} secondi` : ""}`;
  },
  timeMarks: { before: "ore|alle|dalle|h", behind: "h" },
  decimalsAsNumber: 2,
  gender: (noun) => (/^(?:\p{L}+a)(?= |$)/u.test(noun) ? "feminine" : "masculine"),
  fractions: {
    "1/2": "un mezzo",
    "1/3": "un terzo",
    "2/3": "due terzi",
    "1/4": "un quarto",
    "3/4": "tre quarti",
    "1/8": "un ottavo",
    "1/5": "un quinto",
  },
  units: {
    mg: "milligrammo|milligrammi",
    cl: "centilitro|centilitri",
    dl: "decilitro|decilitri",
    "%": "per cento",
    "km/h": "chilometro all'ora|chilometri all'ora",
    "m²": "metro quadrato|metri quadrati",
    mq: "metro quadrato|metri quadrati",
    "km²": "chilometro quadrato|chilometri quadrati",
    "m³": "metro cubo|metri cubi",
    W: "watt",
    kW: "chilowatt",
    MW: "megawatt",
    kWh: "chilowattora",
    V: "volt",
    Hz: "hertz",
    kHz: "chilohertz",
    MHz: "megahertz",
    GHz: "gigahertz",
    kcal: "chilocaloria|chilocalorie",
    dB: "decibel",
    t: "tonnellata|tonnellate",
  },
  currencies: {
    "€": "euro",
    US$: "dollaro|dollari",
    R$: "real",
    $: "dollaro|dollari",
    "£": "sterlina|sterline",
    "¥": "yen",
    "₹": "rupia|rupie",
  },
  cents: { "": "centesimo|centesimi", "£": "penny|pence", "¥": "" },
  centJoiner: "e",
  scales: {
    mila: "mila",
    milione: "milione",
    milioni: "milioni",
    miliardo: "miliardo",
    miliardi: "miliardi",
    mln: "milioni",
    mld: "miliardi",
  },
  scaleJoiner: (noun) => (noun === "" ? "" : "di "),
  early: [
    ...ORDINALS,
    {
      // "dalle 10,30 alle 13,00": times with a comma.
      pattern: /(?<=(?<!\p{L})(?:alle|dalle|ore) (?:[01]?\d|2[0-4])),(?=[0-5]\d(?!\d| ?(?:€|euro)))/giu,
      say: ":",
    },
  ],
  own: OWN,
  last: [
    { pattern: /(?<!\p{L})una (?=(?:ora|oncia|edizione)(?!\p{L}))/gu, say: "un'" },
    { pattern: /(?<!\p{L})un (?=s[^aeiou\s]|z|gn|ps)/gu, say: "uno " },
  ],
};
