import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules } from "../roman.ts";
import { group } from "../rule.ts";

const numerals = numeralsOf("nl");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);
const ordinal = (value: number): string => numerals?.ordinal?.(BigInt(value)) ?? String(value);

/** 1999 is said in hundreds, 2024 in thousands. */
function year(digits: string): string {
  const value = Number(digits);
  if (value < 1100 || value > 1999) return cardinal(value);
  const rest = value % 100;
  return `${cardinal(Math.floor(value / 100))}honderd${rest === 0 ? "" : ` ${cardinal(rest)}`}`;
}

export const DUTCH: Locale = {
  tag: "nl",
  numerals,
  decimal: ",",
  signs: {
    minus: "min",
    plus: "plus",
    point: "komma",
    times: "keer",
    equals: "is",
    over: "gedeeld door",
    to: "tot",
    and: "en",
    number: "nummer",
    less: "kleiner dan",
    greater: "groter dan",
    about: "ongeveer",
    plusMinus: "plus of min",
    per: "per",
    hashtag: "hashtag",
    mention: "apenstaartje",
    of: "",
    squared: "kwadraat",
    cubed: "tot de derde",
    power: "tot de macht",
  },
  web: { at: "apenstaartje", dot: "punt", slash: "slash", dash: "streepje", underscore: "liggend streepje" },
  abbreviations: {
    "bijv.": "bijvoorbeeld",
    "bv.": "bijvoorbeeld",
    "d.w.z.": "dat wil zeggen",
    "enz.": "enzovoort",
    "etc.": "et cetera",
    "o.a.": "onder andere",
    "m.b.t.": "met betrekking tot",
    "i.v.m.": "in verband met",
    "t.o.v.": "ten opzichte van",
    "i.p.v.": "in plaats van",
    "a.u.b.": "alstublieft",
    "z.o.z.": "zie ommezijde",
    "t.a.v.": "ter attentie van",
    "m.v.g.": "met vriendelijke groet",
    "incl.": "inclusief",
    "excl.": "exclusief",
    "ca.": "circa",
    "dhr.": "de heer",
    "Dhr.": "De heer",
    "mevr.": "mevrouw",
    "Mevr.": "Mevrouw",
    "mw.": "mevrouw",
    "Mw.": "Mevrouw",
    "dr.": "dokter",
    "Dr.": "Dokter",
    "prof.": "professor",
    "Prof.": "Professor",
    "drs.": "doctorandus",
    "ir.": "ingenieur",
    "mr.": "meester",
    "St.": "Sint",
    "tel.": "telefoon",
    "Tel.": "Telefoon",
    "n.v.t.": "niet van toepassing",
    "a.s.": "aanstaande",
    "jl.": "jongstleden",
    "v.Chr.": "voor Christus",
    "n.Chr.": "na Christus",
    btw: "B T W",
    ipv: "in plaats van",
    aub: "alstublieft",
  },
  beforeNumber: {
    "nr.": "nummer",
    "Nr.": "nummer",
    "blz.": "bladzijde",
    "p.": "pagina",
    "art.": "artikel",
    "hfst.": "hoofdstuk",
    "afb.": "afbeelding",
  },
  date: (day, month, digits) => `${cardinal(day)} ${month}${digits === "" ? "" : ` ${year(digits)}`}`,
  year,
  time: (hour, minute, second) => {
    const minutes = minute === 0 ? "" : ` ${cardinal(minute)}`;
    return `${cardinal(hour)} uur${minutes}${second > 0 ? ` en ${cardinal(second)} seconden` : ""}`;
  },
  timeMarks: { before: "", behind: "uur|u\\.?" },
  decimalsAsNumber: 2,
  gender: () => "masculine",
  fractions: {
    "1/2": "een half",
    "1/3": "een derde",
    "2/3": "twee derde",
    "1/4": "een kwart",
    "3/4": "driekwart",
    "1/8": "een achtste",
    "1/5": "een vijfde",
  },
  units: {
    mg: "milligram",
    cl: "centiliter",
    dl: "deciliter",
    "m²": "vierkante meter",
    "km²": "vierkante kilometer",
    "m³": "kubieke meter",
    W: "watt",
    kW: "kilowatt",
    MW: "megawatt",
    kWh: "kilowattuur",
    V: "volt",
    Hz: "hertz",
    kHz: "kilohertz",
    MHz: "megahertz",
    GHz: "gigahertz",
    kcal: "kilocalorie|kilocalorieën",
    dB: "decibel",
    "km/u": "kilometer per uur",
    el: "eetlepel|eetlepels",
    tl: "theelepel|theelepels",
  },
  currencies: {
    "€": "euro",
    US$: "Amerikaanse dollar",
    R$: "real",
    $: "dollar",
    "£": "pond",
    "¥": "yen",
    "₹": "roepie",
  },
  cents: { "": "cent", "£": "penny|pence", "¥": "" },
  centJoiner: "en",
  scales: {
    duizend: "duizend",
    miljoen: "miljoen",
    miljard: "miljard",
    mln: "miljoen",
    mld: "miljard",
    "mln.": "miljoen",
  },
  scaleJoiner: () => "",
  own: [
    {
      pattern: /(?<![\d.,])(?<value>\d{1,3})(?:ste|de|e)(?!\p{L})/gu,
      say: (match) => (Number(group(match, "value")) === 0 ? null : ordinal(Number(group(match, "value")))),
    },
    ...romanRules({
      counted: "hoofdstuk|deel|band|akte|scène|artikel|fase|bijlage|niveau|boek|wereldoorlog",
      count: (value) => cardinal(value),
      names:
        "Willem|Lodewijk|Karel|Filips|Hendrik|Johannes Paulus|Benedictus|Pius|Leopold|Albert|Boudewijn|Elizabeth|Napoleon|Paus",
      rank: (value) => `de ${ordinal(value)}`,
    }),
    {
      pattern: /(?<![\d.,:/-])1[1-9]\d\d(?![\d:/%]|[.,]\d)/g,
      say: (match) => year(match[0]),
    },
  ],
};
