import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules } from "../roman.ts";
import { group, type Rule } from "../rule.ts";

const numerals = numeralsOf("es");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);
const MOST_ORDINAL = 10;

/** "1.º", "3.ª", "1er": beyond ten, Spanish counts on with cardinals, and "20º" is a temperature. */
function ordinal(value: number, ending: string): string {
  const word = value > MOST_ORDINAL ? cardinal(value) : (numerals?.ordinal?.(BigInt(value)) ?? String(value));
  if (ending === "er") return word.replace(/o$/, "");
  return /[ªa]/.test(ending) ? word.replace(/o$/, "a") : word;
}

const ORDINALS: Rule = {
  pattern:
    /(?<![\d.,])(?<value>\d{1,3})(?:(?<dot>\.)?(?<sign>[ºª])(?! ?[CF](?!\p{L}))|\.?(?<letters>er|[oa])(?!\p{L}))/gu,
  say: (match) => {
    const value = Number(group(match, "value"));
    const degrees = group(match, "sign") === "º" && group(match, "dot") === "" && value > MOST_ORDINAL;
    return value === 0 || degrees ? null : ordinal(value, group(match, "sign") || group(match, "letters"));
  },
};

const CENTURIES: readonly Rule[] = romanRules({
  counted:
    "siglo|siglos|capítulo|cap|tomo|volumen|libro|acto|escena|parte|título|artículo|fase|anexo|guerra mundial|grado|tema|unidad",
  count: (value) => cardinal(value),
  names:
    "Felipe|Carlos|Fernando|Alfonso|Isabel|Juan|Juan Carlos|Pablo|Pedro|Luis|Enrique|Jorge|Francisco|Napoleón|Papa|Benedicto|León|Pío|Jaime|Sancho",
  rank: (value) => ordinal(value, ""),
});

export const SPANISH: Locale = {
  tag: "es",
  numerals,
  decimal: ",",
  signs: {
    minus: "menos",
    plus: "más",
    point: "coma",
    times: "por",
    equals: "igual a",
    over: "sobre",
    to: "a",
    and: "y",
    number: "número",
    less: "menor que",
    greater: "mayor que",
    about: "unos",
    plusMinus: "más menos",
    per: "por",
    hashtag: "hashtag",
    mention: "arroba",
    of: "de",
    squared: "al cuadrado",
    cubed: "al cubo",
    power: "elevado a",
  },
  web: { at: "arroba", dot: "punto", slash: "barra", dash: "guion", underscore: "guion bajo" },
  abbreviations: {
    "Sr.": "señor",
    "Sra.": "señora",
    "Srta.": "señorita",
    "Sres.": "señores",
    "Dr.": "doctor",
    "Dra.": "doctora",
    "Dña.": "doña",
    "D.ª": "doña",
    "Ud.": "usted",
    "Uds.": "ustedes",
    "Vd.": "usted",
    "Prof.": "profesor",
    "Profa.": "profesora",
    "Ing.": "ingeniero",
    "Lic.": "licenciado",
    "EE. UU.": "Estados Unidos",
    "EE.UU.": "Estados Unidos",
    "EE UU": "Estados Unidos",
    "p. ej.": "por ejemplo",
    "p.ej.": "por ejemplo",
    "Avda.": "avenida",
    "Av.": "avenida",
    "C/": "calle ",
    "c/": "calle ",
    "Pza.": "plaza",
    "Tel.": "teléfono",
    "tel.": "teléfono",
    "Tfno.": "teléfono",
    "aprox.": "aproximadamente",
    "a. C.": "antes de Cristo",
    "a.C.": "antes de Cristo",
    "d. C.": "después de Cristo",
    "d.C.": "después de Cristo",
    "S. A.": "sociedad anónima",
    "S.A.": "sociedad anónima",
    "S.L.": "sociedad limitada",
    "incl.": "incluido",
    "min.": "minutos",
    "etc.": "etcétera",
  },
  beforeNumber: {
    "pág.": "página",
    "pp.": "páginas",
    "págs.": "páginas",
    "núm.": "número",
    "n.º": "número",
    nº: "número",
    "N.º": "número",
    Nº: "número",
    "art.": "artículo",
    "cap.": "capítulo",
    "s.": "siglo",
    "ss.": "siglos",
    "vol.": "volumen",
    "fig.": "figura",
    "c. p.": "código postal",
    "C.P.": "código postal",
  },
  date: (day, month, year) =>
    `${cardinal(day)} de ${month}${year === "" ? "" : ` de ${cardinal(Number(year))}`}`,
  time: (hour, minute, second, marked) => {
    const seconds = second > 0 ? ` y ${cardinal(second)} segundos` : "";
    const hours = cardinal(hour).replace(/un[oó]?$/, "una");
    if (minute === 0) return `${hours}${marked ? (hour === 1 ? " hora" : " horas") : ""}${seconds}`;
    const minutes = minute === 30 ? "y media" : minute === 15 ? "y cuarto" : `y ${cardinal(minute)}`;
    return hour <= 12 ? `${hours} ${minutes}${seconds}` : `${hours} ${cardinal(minute)}${seconds}`;
  },
  timeMarks: { before: "", behind: "h|hs|hrs|horas" },
  decimalsAsNumber: 2,
  gender: (noun) => (/^(?:\p{L}+a|\p{L}*dad)(?= |$)/u.test(noun) ? "feminine" : "masculine"),
  fractions: {
    "1/2": "un medio",
    "1/3": "un tercio",
    "2/3": "dos tercios",
    "1/4": "un cuarto",
    "3/4": "tres cuartos",
    "1/8": "un octavo",
    "1/5": "un quinto",
  },
  units: {
    mg: "miligramo|miligramos",
    "m²": "metro cuadrado|metros cuadrados",
    "km²": "kilómetro cuadrado|kilómetros cuadrados",
    "m³": "metro cúbico|metros cúbicos",
    W: "vatio|vatios",
    kW: "kilovatio|kilovatios",
    MW: "megavatio|megavatios",
    kWh: "kilovatio hora|kilovatios hora",
    V: "voltio|voltios",
    Hz: "hercio|hercios",
    kHz: "kilohercio|kilohercios",
    MHz: "megahercio|megahercios",
    GHz: "gigahercio|gigahercios",
    kcal: "kilocaloría|kilocalorías",
    dB: "decibelio|decibelios",
    t: "tonelada|toneladas",
    "€/kg": "euro por kilo|euros por kilo",
  },
  currencies: {
    "€": "euro|euros",
    US$: "dólar|dólares",
    R$: "real|reales",
    $: "dólar|dólares",
    "£": "libra|libras",
    "¥": "yen|yenes",
    "₹": "rupia|rupias",
  },
  cents: {
    "": "céntimo|céntimos",
    $: "centavo|centavos",
    US$: "centavo|centavos",
    R$: "centavo|centavos",
    "£": "penique|peniques",
    "¥": "",
  },
  centJoiner: "con",
  scales: {
    mil: "mil",
    millón: "millón",
    millones: "millones",
    M: "millones",
    mill: "millones",
    "mill.": "millones",
  },
  scaleJoiner: (noun) => (noun === "" ? "" : "de "),
  early: [ORDINALS],
  own: CENTURIES,
};
