import { polishGenitive } from "../genitive.ts";
import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules, romanValue } from "../roman.ts";
import { group, type Rule } from "../rule.ts";
import { type PolishForm, polishOrdinal } from "../slavic.ts";

const numerals = numeralsOf("pl");
const cardinal = (value: number): string => numerals?.cardinal(BigInt(value)) ?? String(value);
const ordinal = (value: number, form: PolishForm): string =>
  polishOrdinal(numerals?.ordinal?.(BigInt(value)) ?? String(value), form);

/** The case of a century or a year by the noun's own ending: "XX wieku", "2024 roku". */
const nounForm = (noun: string, front: string): PolishForm => {
  if (!noun.endsWith("u")) return "nominative";
  return /(?:^|\s)(?:[Ww]e?|[Pp]o|[Oo]) $/.test(front) ? "locative" : "genitive";
};

const front = (match: RegExpExecArray, text: string) => text.slice(Math.max(0, match.index - 6), match.index);

const OWN: readonly Rule[] = [
  {
    pattern: /(?<![\p{L}\d])(?<roman>[IVX]{1,7}) (?<noun>wieku|wiek|w\.)(?!\p{L})/gu,
    say: (match, text) => {
      const value = romanValue(group(match, "roman"));
      if (value === null) return null;
      const noun = group(match, "noun") === "w." ? "wieku" : group(match, "noun");
      return `${ordinal(value, nounForm(noun, front(match, text)))} ${noun}`;
    },
  },
  ...romanRules({
    counted: "rozdział|tom|księga|akt|scena|część|artykuł|faza|załącznik|poziom",
    count: (value) => ordinal(value, "nominative"),
    names:
      "Jan Paweł|Zygmunt|Kazimierz|Bolesław|Władysław|Jan|Henryk|Karol|Ludwik|Benedykt|Pius|August|Mieszko|Stefan|Napoleon|Papież",
    rank: (value) => ordinal(value, "nominative"),
  }),
];

const DECADES: Readonly<Record<string, string>> = { lata: "e", latach: "ych", lat: "ych", latami: "ymi" };

const EARLY: readonly Rule[] = [
  {
    pattern: /(?<![\d.,])(?<year>1\d{3}|20\d\d) ?(?<noun>roku|rok|r\.)(?!\p{L})/gu,
    say: (match, text) => {
      const noun = group(match, "noun") === "r." ? "roku" : group(match, "noun");
      return `${ordinal(Number(group(match, "year")), nounForm(noun, front(match, text)))} ${noun}`;
    },
  },
  {
    // "w latach 80."
    pattern: /(?<=(?<!\p{L})(?<noun>[Ll]at(?:a|ach|ami)?) )(?<decade>[1-9]0)\.(?! \d)/gu,
    say: (match) => {
      const ending = DECADES[group(match, "noun").toLowerCase()] ?? "ych";
      return `${ordinal(Number(group(match, "decade")), "nominative").slice(0, -1)}${ending}`;
    },
  },
];

export const POLISH: Locale = {
  tag: "pl",
  numerals,
  decimal: ",",
  signs: {
    minus: "minus",
    plus: "plus",
    point: "przecinek",
    times: "razy",
    equals: "równa się",
    over: "przez",
    to: "do",
    and: "i",
    number: "numer",
    less: "mniejsze niż",
    greater: "większe niż",
    about: "około",
    plusMinus: "plus minus",
    per: "na",
    hashtag: "hasztag",
    mention: "małpa",
    of: "",
    squared: "do kwadratu",
    cubed: "do sześcianu",
    power: "do potęgi",
  },
  web: { at: "małpa", dot: "kropka", slash: "ukośnik", dash: "myślnik", underscore: "podkreślenie" },
  abbreviations: {
    "np.": "na przykład",
    "Np.": "Na przykład",
    "tj.": "to jest",
    "tzn.": "to znaczy",
    "itd.": "i tak dalej",
    "itp.": "i tym podobne",
    "m.in.": "między innymi",
    "m. in.": "między innymi",
    "tzw.": "tak zwany",
    "ok.": "około",
    wg: "według",
    dr: "doktor",
    "prof.": "profesor",
    "Prof.": "profesor",
    "inż.": "inżynier",
    mgr: "magister",
    "ul.": "ulica",
    "al.": "aleja",
    "pl.": "plac",
    "os.": "osiedle",
    "św.": "święty",
    "tel.": "telefon",
    "Tel.": "telefon",
    "p.n.e.": "przed naszą erą",
    "n.e.": "naszej ery",
    "sp. z o.o.": "spółka z ograniczoną odpowiedzialnością",
    "ws.": "w sprawie",
    "br.": "bieżącego roku",
    "pt.": "pod tytułem",
    "o godz.": "o godzinie",
    "od godz.": "od godziny",
    "do godz.": "do godziny",
    "godz.": "godzina",
    "Dz. U.": "Dziennik Ustaw",
    "cd.": "ciąg dalszy",
    "por.": "porównaj",
  },
  beforeNumber: {
    nr: "numer",
    Nr: "numer",
    "str.": "strona",
    "s.": "strona",
    "art.": "artykuł",
    "ust.": "ustęp",
    "poz.": "pozycja",
    "rozdz.": "rozdział",
    "rys.": "rysunek",
    "§": "paragraf",
    "m.": "mieszkania",
  },
  date: (day, month, year) =>
    `${ordinal(day, "genitive")} ${month}${year === "" ? "" : ` ${ordinal(Number(year), "genitive")} roku`}`,
  yearMark: "roku|r\\.",
  time: (hour, minute, second, _marked, before) => {
    const locative = /(?:^|\s)(?:[Oo]d?|[Pp]o|[Dd]o|[Pp]rzed) (?:godz(?:\.|in(?:ie|y|ą)) )?$/.test(before);
    const hours = hour === 0 ? "zero" : ordinal(hour, locative ? "feminineLocative" : "feminine");
    const minutes = minute === 0 ? "" : ` ${minute < 10 ? "zero " : ""}${cardinal(minute)}`;
    return `${hours}${minutes}${second > 0 ? ` ${cardinal(second)} sekund` : ""}`;
  },
  timeMarks: { before: "godz\\.?|godzina|godzinie|godziny|o|do|od", behind: "" },
  decimalsAsNumber: 2,
  decimals: (whole, fraction) =>
    fraction === "5" && whole !== "0" ? `${cardinal(Number(whole))} i pół` : null,
  gender: (noun) => (/^(?:\p{L}+a)(?= |$)/u.test(noun) ? "feminine" : "masculine"),
  fractions: {
    "1/2": "pół",
    "1/3": "jedna trzecia",
    "2/3": "dwie trzecie",
    "1/4": "jedna czwarta",
    "3/4": "trzy czwarte",
    "1/8": "jedna ósma",
    "1/5": "jedna piąta",
  },
  units: {
    mg: "miligram|miligramy|miligramów|miligrama",
    dag: "dekagram|dekagramy|dekagramów|dekagrama",
    dkg: "dekagram|dekagramy|dekagramów|dekagrama",
    "m²": "metr kwadratowy|metry kwadratowe|metrów kwadratowych|metra kwadratowego",
    "km²": "kilometr kwadratowy|kilometry kwadratowe|kilometrów kwadratowych|kilometra kwadratowego",
    "m³": "metr sześcienny|metry sześcienne|metrów sześciennych|metra sześciennego",
    W: "wat|waty|watów|wata",
    kW: "kilowat|kilowaty|kilowatów|kilowata",
    MW: "megawat|megawaty|megawatów|megawata",
    kWh: "kilowatogodzina|kilowatogodziny|kilowatogodzin|kilowatogodziny",
    V: "wolt|wolty|woltów|wolta",
    Hz: "herc|herce|herców|herca",
    kHz: "kiloherc|kiloherce|kiloherców|kiloherca",
    MHz: "megaherc|megaherce|megaherców|megaherca",
    GHz: "gigaherc|gigaherce|gigaherców|gigaherca",
    kcal: "kilokaloria|kilokalorie|kilokalorii|kilokalorii",
    dB: "decybel|decybele|decybeli|decybela",
    t: "tona|tony|ton|tony",
    szt: "sztuka|sztuki|sztuk|sztuki",
    "szt.": "sztuka|sztuki|sztuk|sztuki",
  },
  currencies: {
    zł: "złoty|złote|złotych|złotego",
    PLN: "złoty|złote|złotych|złotego",
    "€": "euro",
    US$: "dolar|dolary|dolarów|dolara",
    $: "dolar|dolary|dolarów|dolara",
    "£": "funt|funty|funtów|funta",
    "¥": "jen|jeny|jenów|jena",
    "₹": "rupia|rupie|rupii|rupii",
  },
  cents: {
    "": "cent|centy|centów|centa",
    zł: "grosz|grosze|groszy|grosza",
    PLN: "grosz|grosze|groszy|grosza",
    "£": "pens|pensy|pensów|pensa",
    "¥": "",
  },
  centJoiner: "",
  scales: {
    "tys.": "tysiąc|tysiące|tysięcy|tysiąca",
    mln: "milion|miliony|milionów|miliona",
    mld: "miliard|miliardy|miliardów|miliarda",
    tysięcy: "tysięcy",
    milion: "milion",
    miliony: "miliony",
    milionów: "milionów",
    miliardów: "miliardów",
  },
  scaleJoiner: () => "",
  early: EARLY,
  genitive: {
    asked: /(?:^|\s)(?:od|do|około|ok\.|powyżej|poniżej|bez|dla|spośród|blisko) $/i,
    of: polishGenitive,
  },
  own: OWN,
};
