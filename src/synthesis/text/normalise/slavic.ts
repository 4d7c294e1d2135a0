/** Forms of Slavic ordinals, made from the masculine nominative that n2words gives. */

export type PolishForm = "nominative" | "genitive" | "locative" | "feminine" | "feminineLocative";

const POLISH: Readonly<Record<PolishForm, Readonly<Record<"hard" | "soft", string>>>> = {
  nominative: { hard: "y", soft: "i" },
  genitive: { hard: "ego", soft: "iego" },
  locative: { hard: "ym", soft: "im" },
  feminine: { hard: "a", soft: "ia" },
  feminineLocative: { hard: "ej", soft: "iej" },
};

/** Tens and units of a Polish ordinal both agree: "dwudziestego czwartego". */
export function polishOrdinal(nominative: string, form: PolishForm): string {
  const { hard, soft } = POLISH[form];
  return nominative
    .split(" ")
    .map((word) => {
      if (/(?:szy|[tms]y|[^o]ny|wy)$/.test(word)) return `${word.slice(0, -1)}${hard}`;
      if (!/(?:drugi|trzeci)$/.test(word)) return word;
      // "druga", but "trzecia".
      const ending = form === "feminine" && word === "drugi" ? "a" : soft;
      return `${word.slice(0, -1)}${ending}`;
    })
    .join(" ");
}

export type RussianForm =
  | "nominative"
  | "genitive"
  | "prepositional"
  | "dative"
  | "feminine"
  | "feminineOblique"
  | "neuter"
  | "plural"
  | "pluralOblique";

const RUSSIAN: Readonly<Record<RussianForm, readonly [hard: string, soft: string]>> = {
  nominative: ["", ""],
  genitive: ["ого", "ьего"],
  prepositional: ["ом", "ьем"],
  dative: ["ому", "ьему"],
  feminine: ["ая", "ья"],
  feminineOblique: ["ой", "ьей"],
  neuter: ["ое", "ье"],
  plural: ["ые", "ьи"],
  pluralOblique: ["ых", "ьих"],
};

/** Only the last word of a Russian ordinal changes: "двадцать четвёртого". */
export function russianOrdinal(nominative: string, form: RussianForm): string {
  if (form === "nominative") return nominative;
  const [hard, soft] = RUSSIAN[form];
  return nominative.endsWith("третий")
    ? `${nominative.slice(0, -2)}${soft}`
    : `${nominative.slice(0, -2)}${hard}`;
}
