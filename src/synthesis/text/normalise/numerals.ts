import { toCardinal as az } from "n2words/az-AZ";
import { toCardinal as cs, toOrdinal as csOrdinal } from "n2words/cs-CZ";
import { toCardinal as de, toOrdinal as deOrdinal } from "n2words/de-DE";
import { toCardinal as enGb } from "n2words/en-GB";
import { toOrdinal as enOrdinal, toCardinal as enUs } from "n2words/en-US";
import { toCardinal as es, toOrdinal as esOrdinal } from "n2words/es-ES";
import { toCardinal as fr, toOrdinal as frOrdinal } from "n2words/fr-FR";
import { toCardinal as hi, toOrdinal as hiOrdinal } from "n2words/hi-IN";
import { toCardinal as hu } from "n2words/hu-HU";
import { toCardinal as id } from "n2words/id-ID";
import { toCardinal as it, toOrdinal as itOrdinal } from "n2words/it-IT";
import { toCardinal as lv } from "n2words/lv-LV";
import { toCardinal as ms } from "n2words/ms-MY";
import { toCardinal as nl, toOrdinal as nlOrdinal } from "n2words/nl-NL";
import { toCardinal as pl, toOrdinal as plOrdinal } from "n2words/pl-PL";
import { toCardinal as pt, toOrdinal as ptOrdinal } from "n2words/pt-PT";
import { toCardinal as ru, toOrdinal as ruOrdinal } from "n2words/ru-RU";
import { toCardinal as sv } from "n2words/sv-SE";
import { toCardinal as tr } from "n2words/tr-TR";

export type Gender = "masculine" | "feminine" | "neuter";

/** Whole numbers in words. */
export interface Numerals {
  /** With a gender: in front of a noun of that gender ("una milla", "ein Meter"); without: as one counts. */
  readonly cardinal: (value: bigint, gender?: Gender) => string;
  /** The bare ordinal of a masculine noun; null in languages that get none here. */
  readonly ordinal: ((value: bigint) => string) | null;
}

const spaced = (words: string): string => words.replaceAll("-", " ");

/** n2words: "dieciseis", "veintiuno mil", "cienta una". */
function spanish(value: bigint, gender?: Gender): string {
  const words = es(value)
    .replace(/dieciseis/g, "dieciséis")
    .replace(/veintiuno (?=mil)/g, "veintiún ")
    .replace(/uno (?=mil)/g, "un ")
    .replace(/mil millones (.+) millones/, "mil $1 millones");
  if (gender === "feminine") return words.replace(/uno$/, "una").replace(/cientos/g, "cientas");
  if (gender === undefined) return words;
  return words.replace(/veintiuno$/, "veintiún").replace(/uno$/, "un");
}

function italian(value: bigint, gender?: Gender): string {
  const words = it(value);
  if (gender === undefined || value !== 1n) return words;
  return gender === "feminine" ? "una" : "un";
}

function german(value: bigint, gender?: Gender): string {
  const words = de(value)
    .replace(/^eintausend/, "tausend")
    .replace(/^einhundert/, "hundert");
  if (gender === undefined || !words.endsWith("eins")) return words;
  return `${words.slice(0, -1)}${gender === "feminine" && value === 1n ? "e" : ""}`;
}

function portuguese(brazilian: boolean) {
  return (value: bigint, gender?: Gender): string => {
    const words = pt(value);
    const local = brazilian
      ? words
          .replace(/dezasseis/g, "dezesseis")
          .replace(/dezassete/g, "dezessete")
          .replace(/dezanove/g, "dezenove")
          .replace(/^um mil milhões/, "um bilhão")
          .replace(/ mil milhões/, " bilhões")
      : words.replace(/^um mil milhões/, "mil milhões");
    if (gender !== "feminine") return local;
    return local.replace(/um$/, "uma").replace(/dois$/, "duas").replace(/entos/g, "entas");
  };
}

/** n2words writes Swedish numbers apart, with hyphens and an "och" that nobody says. */
function swedish(value: bigint, gender?: Gender): string {
  const words = sv(value)
    .replaceAll(" och ", " ")
    .replaceAll("-", "")
    .replace(/ (?=hundra)/g, "")
    .replace(/hundra (?!miljon|miljard)/g, "hundra")
    .replace(/(?<!^en) (miljon|miljard)(?!\p{L})/gu, " $1er");
  return gender === "masculine" ? words.replace(/ett$/, "en") : words;
}

function polish(value: bigint, gender?: Gender): string {
  if (gender === "neuter" && value === 1n) return "jedno";
  return gender === "feminine"
    ? pl(value)
        .replace(/^jeden$/, "jedna")
        .replace(/dwa$/, "dwie")
    : pl(value);
}

function russian(value: bigint, gender?: Gender): string {
  const words = ru(value, { gender: gender === "feminine" ? "feminine" : "masculine" })
    .replace(/^одна тысяча/, "тысяча")
    .replace(/^один (?=миллион|миллиард)/, "");
  return gender === "neuter" ? words.replace(/один$/, "одно") : words;
}

const french = (value: bigint, gender?: Gender): string =>
  gender === "feminine" ? fr(value).replace(/(?<!quatre-vingt-)un$/, "une") : fr(value);

/** Hundreds in pairs are for years; amounts are counted in thousands. */
const dutch = (value: bigint): string =>
  nl(value, { noHundredPairing: true }).replace(/^één(?= (?:honderd|duizend))/, "");

function numerals(
  cardinal: Numerals["cardinal"],
  ordinal: ((value: bigint) => string) | null = null,
): Numerals {
  return { cardinal, ordinal };
}

/**
 * By language, in order of preference: the tag, then the bare language. Only where n2words agrees with how
 * espeak-ng reads the digits (docs/normalisation.md); elsewhere digits are left to the reader.
 */
const NUMERALS: Readonly<Record<string, Numerals>> = {
  en: numerals(
    (value) => spaced(enUs(value)),
    (value) => spaced(enOrdinal(value)),
  ),
  "en-GB": numerals(
    (value) => spaced(enGb(value)),
    (value) => spaced(enOrdinal(value)),
  ),
  es: numerals(spanish, (value) => esOrdinal(value)),
  fr: numerals(french, (value) => frOrdinal(value)),
  de: numerals(german, (value) => deOrdinal(value).replace(/^einhundert/, "hundert")),
  it: numerals(italian, (value) => itOrdinal(value)),
  pt: numerals(portuguese(false), (value) => ptOrdinal(value)),
  "pt-BR": numerals(portuguese(true), (value) => ptOrdinal(value)),
  nl: numerals(dutch, (value) => nlOrdinal(value)),
  pl: numerals(polish, (value) => plOrdinal(value)),
  ru: numerals(russian, (value) => ruOrdinal(value)),
  sv: numerals(swedish),
  hi: numerals(
    (value) => hi(value),
    (value) => hiOrdinal(value),
  ),
  cs: numerals(
    (value) => cs(value),
    (value) => csOrdinal(value),
  ),
  tr: numerals((value) => tr(value)),
  hu: numerals((value) => hu(value)),
  id: numerals((value) => id(value)),
  ms: numerals((value) => ms(value)),
  lv: numerals((value) => lv(value)),
  az: numerals((value) => az(value)),
};

/** Words of numbers in a language, or null where the reader says them better from digits. */
export function numeralsOf(language: string): Numerals | null {
  return NUMERALS[language] ?? NUMERALS[language.split("-")[0] ?? ""] ?? null;
}
