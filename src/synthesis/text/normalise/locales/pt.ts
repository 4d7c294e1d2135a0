import type { Locale } from "../locale.ts";
import { numeralsOf } from "../numerals.ts";
import { romanRules } from "../roman.ts";
import { group, type Rule } from "../rule.ts";

const MOST_ORDINAL = 10;
const MOST_RANK = 31;

/** Portuguese of Brazil or Portugal: they differ in some numbers and in the name of the currency's parts. */
export function portuguese(tag: "pt-BR" | "pt-PT"): Locale {
  const numerals = numeralsOf(tag);
  const cardinal = (value: number, feminine = false): string =>
    numerals?.cardinal(BigInt(value), feminine ? "feminine" : "masculine") ?? String(value);
  const ordinal = (value: number): string => numerals?.ordinal?.(BigInt(value)) ?? String(value);
  const brazilian = tag === "pt-BR";
  const ordinals: Rule = {
    pattern: /(?<![\d.,])(?<value>\d{1,3})\.?(?<ending>[ºª°]|[oa](?!\p{L}))(?! ?[CF](?!\p{L}))/gu,
    say: (match) => {
      const value = Number(group(match, "value"));
      // "180º" is a temperature.
      if (value === 0 || (/[º°]/.test(group(match, "ending")) && value > MOST_RANK)) return null;
      const word = ordinal(value);
      return /[ªa]/.test(group(match, "ending")) ? word.replace(/o(?= |$)/g, "a") : word;
    },
  };
  return {
    tag,
    numerals,
    decimal: ",",
    signs: {
      minus: "menos",
      plus: "mais",
      point: "vírgula",
      times: "vezes",
      equals: "igual a",
      over: "sobre",
      to: "a",
      and: "e",
      number: "número",
      less: "menor que",
      greater: "maior que",
      about: "cerca de",
      plusMinus: "mais ou menos",
      per: "por",
      hashtag: "hashtag",
      mention: "arroba",
      of: "de",
      squared: "ao quadrado",
      cubed: "ao cubo",
      power: "elevado a",
    },
    web: { at: "arroba", dot: "ponto", slash: "barra", dash: "hífen", underscore: "sublinhado" },
    abbreviations: {
      "Sr.": "senhor",
      "Sra.": "senhora",
      "Srta.": "senhorita",
      "Srs.": "senhores",
      "Dr.": "doutor",
      "Dra.": "doutora",
      "Prof.": "professor",
      "Profa.": "professora",
      Profª: "professora",
      "Eng.": "engenheiro",
      "Av.": "avenida",
      "R.": "rua",
      "p. ex.": "por exemplo",
      "p.ex.": "por exemplo",
      "etc.": "etcétera",
      "tel.": "telefone",
      "Tel.": "telefone",
      "Ltda.": "limitada",
      "S.A.": "sociedade anônima",
      "a.C.": "antes de Cristo",
      "d.C.": "depois de Cristo",
      "aprox.": "aproximadamente",
      "V. Exa.": "Vossa Excelência",
      vc: "você",
      vcs: "vocês",
      obg: "obrigado",
    },
    beforeNumber: {
      "pág.": "página",
      "págs.": "páginas",
      "p.": "página",
      nº: "número",
      "n.º": "número",
      "n°": "número",
      Nº: "número",
      "art.": "artigo",
      "cap.": "capítulo",
      "séc.": "século",
      "vol.": "volume",
      "fig.": "figura",
      "apto.": "apartamento",
      "ap.": "apartamento",
    },
    date: (day, month, year) =>
      `${day === 1 ? "primeiro" : cardinal(day)} de ${month}${year === "" ? "" : ` de ${cardinal(Number(year))}`}`,
    time: (hour, minute, second) => {
      const seconds = second > 0 ? ` e ${cardinal(second)} segundos` : "";
      const hours = cardinal(hour, true);
      if (minute === 0) return `${hours} hora${hour === 1 || hour === 0 ? "" : "s"}${seconds}`;
      return `${hours} e ${minute === 30 && hour <= 12 ? "meia" : cardinal(minute)}${seconds}`;
    },
    timeMarks: { before: "", behind: "h|hs|hrs|horas" },
    decimalsAsNumber: 2,
    gender: (noun) =>
      /^(?!\p{L}*grama)(?:\p{L}+a|\p{L}*dade)(?= |$)/u.test(noun) && !/^grama/.test(noun)
        ? "feminine"
        : "masculine",
    fractions: {
      "1/2": "meio",
      "1/3": "um terço",
      "2/3": "dois terços",
      "1/4": "um quarto",
      "3/4": "três quartos",
      "1/8": "um oitavo",
      "1/5": "um quinto",
    },
    units: {
      mg: "miligrama|miligramas",
      "m²": "metro quadrado|metros quadrados",
      "km²": brazilian
        ? "quilômetro quadrado|quilômetros quadrados"
        : "quilómetro quadrado|quilómetros quadrados",
      "m³": "metro cúbico|metros cúbicos",
      W: "watt|watts",
      kW: brazilian ? "quilowatt|quilowatts" : "quilovátio|quilovátios",
      MW: "megawatt|megawatts",
      kWh: "quilowatt-hora|quilowatts-hora",
      V: "volt|volts",
      Hz: "hertz",
      kHz: "quilohertz",
      MHz: "megahertz",
      GHz: "gigahertz",
      kcal: "quilocaloria|quilocalorias",
      dB: "decibel|decibéis",
      t: "tonelada|toneladas",
    },
    currencies: {
      R$: "real|reais",
      US$: "dólar|dólares",
      $: "dólar|dólares",
      "€": "euro|euros",
      "£": "libra|libras",
      "¥": "iene|ienes",
      "₹": brazilian ? "rúpia|rúpias" : "rupia|rupias",
    },
    cents: {
      "": brazilian ? "centavo|centavos" : "cêntimo|cêntimos",
      $: "centavo|centavos",
      "£": "pêni|pence",
      "¥": "",
    },
    centJoiner: "e",
    scales: {
      mil: "mil",
      milhão: "milhão",
      milhões: "milhões",
      bilhão: "bilhão",
      bilhões: "bilhões",
      mi: "milhões",
      bi: "bilhões",
    },
    scaleJoiner: (noun) => (noun === "" ? "" : "de "),
    early: [ordinals],
    own: [
      ...romanRules({
        counted:
          "século|séculos|capítulo|cap|tomo|volume|livro|ato|cena|parte|título|artigo|fase|anexo|guerra mundial",
        count: (value) => cardinal(value),
        names:
          "Pedro|João|João Paulo|Paulo|Dom João|Dom Pedro|Carlos|Luís|Henrique|Bento|Pio|Filipe|Isabel|Elizabeth|Papa|Afonso|Manuel|Leão",
        rank: (value) => (value <= MOST_ORDINAL ? ordinal(value) : cardinal(value)),
      }),
    ],
  };
}
