import { russianGenitive } from "../genitive.ts";
import { formFor, type Locale, pluralForms } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules, romanValue } from "../roman.ts";
import { group, type Rule } from "../rule.ts";
import { type RussianForm, russianOrdinal } from "../slavic.ts";

const numerals = numeralsOf("ru");
const cardinal = (value: number, feminine = false): string =>
  numerals?.cardinal(BigInt(value), feminine ? "feminine" : "masculine") ?? String(value);
const ordinal = (value: number, form: RussianForm): string =>
  russianOrdinal(numerals?.ordinal?.(BigInt(value)) ?? String(value), form).replace(/^одна (?=тысяча )/, "");

/** "5-й", "3-го", "90-х": the letters behind the hyphen are the end of the word. */
const ENDINGS: Readonly<Record<string, RussianForm>> = {
  й: "nominative",
  ый: "nominative",
  ий: "nominative",
  го: "genitive",
  ого: "genitive",
  м: "prepositional",
  ом: "prepositional",
  му: "dative",
  ому: "dative",
  я: "feminine",
  ая: "feminine",
  е: "plural",
  ые: "plural",
  х: "pluralOblique",
  ых: "pluralOblique",
};

const NOUNS: Readonly<Record<string, RussianForm>> = {
  год: "nominative",
  году: "prepositional",
  года: "genitive",
  "г.": "genitive",
  веке: "prepositional",
  века: "genitive",
  век: "nominative",
  "в.": "genitive",
  веку: "dative",
};

const FULL: Readonly<Record<string, string>> = { "г.": "года", "в.": "века" };

/** Whole part and tenths or hundredths, as Russian counts them. */
function decimals(whole: string, fraction: string): string | null {
  const parts = [
    "десятая|десятых|десятых|десятых",
    "сотая|сотых|сотых|сотых",
    "тысячная|тысячных|тысячных|тысячных",
  ];
  const name = parts[fraction.length - 1];
  if (name === undefined || whole.length > 15) return null;
  const value = Number(whole);
  const share = Number(fraction);
  const wholes = formFor("ru", value, pluralForms("целая|целых|целых|целых"));
  const shares = formFor("ru", share, pluralForms(name));
  return `${cardinal(value, true)} ${wholes} ${cardinal(share, true)} ${shares}`;
}

const before = (match: RegExpExecArray, text: string) =>
  text.slice(Math.max(0, match.index - 4), match.index);

/** Before measures, because "3-м" is no metre and "1961 г." no gram. */
const EARLY: readonly Rule[] = [
  {
    // "с 9 до 18": with an end, "с" is "from".
    pattern: /(?<=(?<!\p{L})[Сс] )\d{1,4}(?= (?:до|по) \d)/gu,
    say: (match) => russianGenitive(cardinal(Number(match[0]))),
  },
  {
    pattern: /(?<![\d.,])(?<from>1\d{3}|20\d\d) ?[–—-] ?(?<year>1\d{3}|20\d\d) ?(?:гг\.|годов|годы)/gu,
    say: (match) =>
      `${ordinal(Number(group(match, "from")), "genitive")} — ${ordinal(Number(group(match, "year")), "genitive")} годов`,
  },
  {
    pattern: /(?<![\d.,])(?<value>\d{1,4})-(?<ending>ый|ий|й|ого|го|ом|ому|му|м|ая|я|ые|е|ых|х)(?!\p{L})/gu,
    say: (match) => {
      const form = ENDINGS[group(match, "ending")];
      return form === undefined ? null : ordinal(Number(group(match, "value")), form);
    },
  },
  {
    pattern: /(?<![\d.,])(?<year>1\d{3}|20\d\d) ?(?<noun>году|года|год|г\.)(?!\p{L})/gu,
    say: (match, text) => {
      const noun = group(match, "noun");
      const inYear = noun === "г." && /(?:^|\s)[Вв] $/.test(before(match, text));
      const form = inYear ? "prepositional" : (NOUNS[noun] ?? "nominative");
      return `${ordinal(Number(group(match, "year")), form)} ${inYear ? "году" : (FULL[noun] ?? noun)}`;
    },
  },
];

const OWN: readonly Rule[] = [
  {
    pattern: /(?<![\p{L}\d])(?<roman>[IVX]{1,7}) (?<noun>веке|века|веку|век|в\.)(?!\p{L})/gu,
    say: (match, text) => {
      const value = romanValue(group(match, "roman"));
      if (value === null) return null;
      const noun = group(match, "noun");
      const inCentury = noun === "в." && /(?:^|\s)[Вв] $/.test(before(match, text));
      const form = inCentury ? "prepositional" : (NOUNS[noun] ?? "nominative");
      return `${ordinal(value, form)} ${inCentury ? "веке" : (FULL[noun] ?? noun)}`;
    },
  },
  {
    pattern: /(?<=(?<!\p{L})(?:Екатерин[аы]|Елизавет[аы]) )(?<roman>[IVX]{1,5})(?![\p{L}\d])/gu,
    say: (match, text) => {
      const value = romanValue(match[0]);
      if (value === null) return null;
      return ordinal(value, /ы $/.test(before(match, text)) ? "feminineOblique" : "feminine");
    },
  },
  ...romanRules({
    counted: "глава|том|часть|книга|акт|сцена|статья|этап|приложение",
    count: (value, word) => {
      const noun = word.toLowerCase();
      if (/^(?:глава|часть|книга|сцена|статья)$/.test(noun)) return ordinal(value, "feminine");
      return ordinal(value, noun === "приложение" ? "neuter" : "nominative");
    },
    names:
      "Пётр|Петр|Александр|Николай|Павел|Иван|Людовик|Карл|Генрих|Наполеон|Бенедикт|Пий|Фридрих|Вильгельм|Георг|Филипп",
    rank: (value) => ordinal(value, "nominative"),
  }),
];

export const RUSSIAN: Locale = {
  tag: "ru",
  numerals,
  decimal: ",",
  signs: {
    minus: "минус",
    plus: "плюс",
    point: "запятая",
    times: "на",
    equals: "равно",
    over: "дробь",
    to: "—",
    and: "и",
    number: "номер",
    less: "меньше",
    greater: "больше",
    about: "около",
    plusMinus: "плюс-минус",
    per: "в",
    hashtag: "хэштег",
    mention: "собака",
    of: "",
    squared: "в квадрате",
    cubed: "в кубе",
    power: "в степени",
  },
  web: { at: "собака", dot: "точка", slash: "слэш", dash: "дефис", underscore: "подчёркивание" },
  abbreviations: {
    "т. е.": "то есть",
    "т.е.": "то есть",
    "т. к.": "так как",
    "т.к.": "так как",
    "т. д.": "так далее",
    "т.д.": "так далее",
    "т. п.": "тому подобное",
    "т.п.": "тому подобное",
    "и др.": "и другие",
    "др.": "другие",
    "ул.": "улица",
    "пр.": "проспект",
    "чел.": "человек",
    "просп.": "проспект",
    "пл.": "площадь",
    "г-н": "господин",
    "г-жа": "госпожа",
    "тел.": "телефон",
    "Тел.": "телефон",
    "см.": "смотри",
    "напр.": "например",
    "проф.": "профессор",
    "им.": "имени",
    "до н. э.": "до нашей эры",
    "н. э.": "нашей эры",
    ООО: "о о о",
    "обл.": "область",
  },
  beforeNumber: {
    "д.": "дом",
    "кв.": "квартира",
    "стр.": "страница",
    "с.": "страница",
    "рис.": "рисунок",
    "гл.": "глава",
    "ст.": "статья",
    "п.": "пункт",
    "корп.": "корпус",
  },
  date: (day, month, year) =>
    `${ordinal(day, "genitive")} ${month}${year === "" ? "" : ` ${ordinal(Number(year), "genitive")} года`}`,
  yearMark: "г\\.|года",
  time: (hour, minute, second) => {
    const hours = cardinal(hour);
    const seconds = second > 0 ? ` ${cardinal(second)}` : "";
    return `${hours} ${minute < 10 ? "ноль " : ""}${cardinal(minute)}${seconds}`;
  },
  timeMarks: { before: "", behind: "" },
  decimalsAsNumber: 3,
  decimals,
  gender: (noun) => {
    if (/^(?:евро|песо)/.test(noun)) return "masculine";
    return /^(?:\p{L}+[ая])(?= |$)/u.test(noun) ? "feminine" : "masculine";
  },
  fractions: {
    "1/2": "половина",
    "1/3": "одна треть",
    "2/3": "две трети",
    "1/4": "одна четверть",
    "3/4": "три четверти",
    "1/8": "одна восьмая",
    "1/5": "одна пятая",
  },
  units: {
    mg: "миллиграмм|миллиграмма|миллиграммов|миллиграмма",
    "m²": "квадратный метр|квадратных метра|квадратных метров|квадратного метра",
    "km²": "квадратный километр|квадратных километра|квадратных километров|квадратного километра",
    "m³": "кубический метр|кубических метра|кубических метров|кубического метра",
    "кв. м": "квадратный метр|квадратных метра|квадратных метров|квадратного метра",
    W: "ватт|ватта|ватт|ватта",
    kW: "киловатт|киловатта|киловатт|киловатта",
    MW: "мегаватт|мегаватта|мегаватт|мегаватта",
    kWh: "киловатт-час|киловатт-часа|киловатт-часов|киловатт-часа",
    V: "вольт|вольта|вольт|вольта",
    Hz: "герц|герца|герц|герца",
    kHz: "килогерц|килогерца|килогерц|килогерца",
    MHz: "мегагерц|мегагерца|мегагерц|мегагерца",
    GHz: "гигагерц|гигагерца|гигагерц|гигагерца",
    kcal: "килокалория|килокалории|килокалорий|килокалории",
    ккал: "килокалория|килокалории|килокалорий|килокалории",
    t: "тонна|тонны|тонн|тонны",
    т: "тонна|тонны|тонн|тонны",
    "шт.": "штука|штуки|штук|штуки",
    коп: "копейка|копейки|копеек|копейки",
    "коп.": "копейка|копейки|копеек|копейки",
    "мин.": "минута|минуты|минут|минуты",
    "сек.": "секунда|секунды|секунд|секунды",
    "чел.": "человек|человека|человек|человека",
    "ч. л.": "чайная ложка|чайные ложки|чайных ложек|чайной ложки",
    "ст. л.": "столовая ложка|столовые ложки|столовых ложек|столовой ложки",
  },
  currencies: {
    "₽": "рубль|рубля|рублей|рубля",
    RUB: "рубль|рубля|рублей|рубля",
    "руб.": "рубль|рубля|рублей|рубля",
    руб: "рубль|рубля|рублей|рубля",
    "€": "евро",
    US$: "доллар|доллара|долларов|доллара",
    $: "доллар|доллара|долларов|доллара",
    "£": "фунт|фунта|фунтов|фунта",
    "¥": "иена|иены|иен|иены",
    "₹": "рупия|рупии|рупий|рупии",
    "₴": "гривна|гривны|гривен|гривны",
  },
  cents: {
    "": "цент|цента|центов|цента",
    "₽": "копейка|копейки|копеек|копейки",
    RUB: "копейка|копейки|копеек|копейки",
    "руб.": "копейка|копейки|копеек|копейки",
    руб: "копейка|копейки|копеек|копейки",
    "£": "пенс|пенса|пенсов|пенса",
    "¥": "",
  },
  centJoiner: "",
  scales: {
    "тыс.": "тысяча|тысячи|тысяч|тысячи",
    тыс: "тысяча|тысячи|тысяч|тысячи",
    млн: "миллион|миллиона|миллионов|миллиона",
    "млн.": "миллион|миллиона|миллионов|миллиона",
    млрд: "миллиард|миллиарда|миллиардов|миллиарда",
    миллион: "миллион",
    миллиона: "миллиона",
    миллионов: "миллионов",
    миллиардов: "миллиардов",
  },
  scaleJoiner: () => "",
  early: EARLY,
  genitive: {
    asked: /(?:^|\s)(?:от|до|около|более|менее|свыше|больше|меньше|после|без|из|для|у) $/i,
    of: russianGenitive,
  },
  own: OWN,
};
