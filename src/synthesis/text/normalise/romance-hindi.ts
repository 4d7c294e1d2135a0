import { type Currency, type MoneyWords, moneyRules } from "./money.ts";
import { abbreviations, type Rule } from "./rule.ts";
import { type WebWords, webRules } from "./web.ts";

/** What espeak-ng misreads in the languages that it otherwise reads well: addresses, titles, money. */
interface LanguageWords {
  readonly web: WebWords;
  readonly money: MoneyWords;
  readonly abbreviations: Readonly<Record<string, string>>;
}

type Forms = readonly [one: string, many: string];

function currencies(
  cents: Forms,
  names: Readonly<Record<"dollar" | "euro" | "pound" | "yen" | "rupee" | "real", Forms>>,
): Readonly<Record<string, Currency>> {
  return {
    R$: { unit: names.real, part: cents },
    US$: { unit: names.dollar, part: cents },
    $: { unit: names.dollar, part: cents },
    "€": { unit: names.euro, part: cents },
    "£": { unit: names.pound, part: cents },
    "¥": { unit: names.yen, part: null },
    "₹": { unit: names.rupee, part: cents },
  };
}

const SPANISH: LanguageWords = {
  web: { at: "arroba", dot: "punto", slash: "barra", dash: "guion", underscore: "guion bajo" },
  money: {
    joiner: "con",
    decimal: ",",
    scales: ["mil", "millón", "millones"],
    scaleJoiner: "de ",
    currencies: currencies(["céntimo", "céntimos"], {
      dollar: ["dólar", "dólares"],
      euro: ["euro", "euros"],
      pound: ["libra", "libras"],
      yen: ["yen", "yenes"],
      rupee: ["rupia", "rupias"],
      real: ["real", "reales"],
    }),
  },
  abbreviations: {
    "Sr.": "señor",
    "Sra.": "señora",
    "Srta.": "señorita",
    "Sres.": "señores",
    "Dr.": "doctor",
    "Dra.": "doctora",
    "Dña.": "doña",
    "Ud.": "usted",
    "Uds.": "ustedes",
    "Prof.": "profesor",
    "EE. UU.": "Estados Unidos",
    "EE.UU.": "Estados Unidos",
    "p. ej.": "por ejemplo",
    "pág.": "página",
    "núm.": "número",
    "Avda.": "avenida",
    "etc.": "etcétera",
  },
};

const FRENCH: LanguageWords = {
  web: { at: "arobase", dot: "point", slash: "barre", dash: "tiret", underscore: "tiret bas" },
  money: {
    joiner: "et",
    decimal: ",",
    scales: ["mille", "million", "millions", "milliard", "milliards"],
    scaleJoiner: "d'",
    currencies: currencies(["centime", "centimes"], {
      dollar: ["dollar", "dollars"],
      euro: ["euro", "euros"],
      pound: ["livre", "livres"],
      yen: ["yen", "yens"],
      rupee: ["roupie", "roupies"],
      real: ["real", "reals"],
    }),
  },
  abbreviations: {
    "M.": "monsieur",
    "MM.": "messieurs",
    Mme: "madame",
    Mmes: "mesdames",
    Mlle: "mademoiselle",
    "Dr.": "docteur",
    Dr: "docteur",
    "Pr.": "professeur",
    "p. ex.": "par exemple",
    "c.-à-d.": "c'est-à-dire",
    "St.": "saint",
    "etc.": "et cétéra",
  },
};

const ITALIAN: LanguageWords = {
  web: { at: "chiocciola", dot: "punto", slash: "barra", dash: "trattino", underscore: "trattino basso" },
  money: {
    joiner: "e",
    decimal: ",",
    scales: ["mila", "milione", "milioni", "miliardo", "miliardi"],
    scaleJoiner: "di ",
    currencies: currencies(["centesimo", "centesimi"], {
      dollar: ["dollaro", "dollari"],
      euro: ["euro", "euro"],
      pound: ["sterlina", "sterline"],
      yen: ["yen", "yen"],
      rupee: ["rupia", "rupie"],
      real: ["real", "real"],
    }),
  },
  abbreviations: {
    "Sig.": "signor",
    "Sig.ra": "signora",
    "Sig.na": "signorina",
    "Sigg.": "signori",
    "Dott.": "dottor",
    "Dott.ssa": "dottoressa",
    "Dr.": "dottor",
    "Prof.": "professor",
    "Prof.ssa": "professoressa",
    "Avv.": "avvocato",
    "Ing.": "ingegner",
    "ecc.": "eccetera",
    "ad es.": "ad esempio",
    "pag.": "pagina",
  },
};

const PORTUGUESE: LanguageWords = {
  web: { at: "arroba", dot: "ponto", slash: "barra", dash: "hífen", underscore: "sublinhado" },
  money: {
    joiner: "e",
    decimal: ",",
    scales: ["mil", "milhão", "milhões", "bilhão", "bilhões"],
    scaleJoiner: "de ",
    currencies: currencies(["centavo", "centavos"], {
      dollar: ["dólar", "dólares"],
      euro: ["euro", "euros"],
      pound: ["libra", "libras"],
      yen: ["iene", "ienes"],
      rupee: ["rúpia", "rúpias"],
      real: ["real", "reais"],
    }),
  },
  abbreviations: {
    "Sr.": "senhor",
    "Sra.": "senhora",
    "Srta.": "senhorita",
    "Dr.": "doutor",
    "Dra.": "doutora",
    "Prof.": "professor",
    "Profa.": "professora",
    "Av.": "avenida",
    "p. ex.": "por exemplo",
    "pág.": "página",
    "etc.": "etcétera",
  },
};

const HINDI: LanguageWords = {
  web: { at: "ऐट", dot: "डॉट", slash: "स्लैश", dash: "डैश", underscore: "अंडरस्कोर" },
  money: {
    joiner: "",
    decimal: ".",
    scales: ["हज़ार", "हजार", "लाख", "करोड़", "अरब"],
    scaleJoiner: "",
    currencies: {
      "₹": { unit: ["रुपया", "रुपये"], part: ["पैसा", "पैसे"] },
      "रु.": { unit: ["रुपया", "रुपये"], part: ["पैसा", "पैसे"] },
      $: { unit: ["डॉलर", "डॉलर"], part: ["सेंट", "सेंट"] },
      "€": { unit: ["यूरो", "यूरो"], part: ["सेंट", "सेंट"] },
      "£": { unit: ["पाउंड", "पाउंड"], part: ["पेंस", "पेंस"] },
    },
  },
  abbreviations: { "डॉ.": "डॉक्टर", "प्रो.": "प्रोफ़ेसर", "श्री.": "श्री" },
};

const LANGUAGES = { es: SPANISH, fr: FRENCH, it: ITALIAN, "pt-BR": PORTUGUESE, hi: HINDI } as const;

/** The rules for a language that espeak-ng reads, other than English. */
export function romanceHindiRules(language: keyof typeof LANGUAGES): readonly Rule[] {
  const words: LanguageWords = LANGUAGES[language];
  return [
    ...webRules(words.web),
    ...moneyRules(words.money),
    abbreviations(words.abbreviations),
    { pattern: /(?<=\d) ?[–] ?(?=\d)/g, say: " - " },
  ];
}
