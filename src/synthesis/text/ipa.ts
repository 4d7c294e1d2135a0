import type { PhonemeStyle } from "./kokoro-phonemes.ts";
import { nearest } from "./vocabulary.ts";

/** Kokoro's own symbols, and the sounds that they stand for. */
const KOKORO_SOUNDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    A: "eɪ",
    I: "aɪ",
    W: "aʊ",
    Y: "ɔɪ",
    O: "oʊ",
    Q: "əʊ",
    S: "ss",
    T: "ɾ",
    ᵊ: "ə",
    ʣ: "dz",
    ʤ: "dʒ",
    ʥ: "dʑ",
    ʦ: "ts",
    ʧ: "tʃ",
    ʨ: "tɕ",
    ꭧ: "tʂ",
    ᵝ: "",
    "→": "",
    "↗": "",
    "↘": "",
    "↓": "",
  }),
);

/** Sounds in Kokoro's symbols as plain IPA. Tones, which no reader of other notations writes so, are left out. */
export function kokoroToIpa(phonemes: string): string {
  return [...phonemes].map((symbol) => KOKORO_SOUNDS.get(symbol) ?? symbol).join("");
}

/** Language switches of espeak-ng: "(en)…(fr)". */
const FLAGS = /\([a-z][a-z0-9-]{0,15}\)/g;

/** One chunk of espeak-ng's output as voices that learned from espeak-ng know it: IPA, a space between words. */
export function espeakIpa(espeak: string): string {
  return espeak
    .replace(FLAGS, " ")
    .replaceAll("|", " ")
    .replaceAll("_", "")
    .split(/\s+/)
    .filter((word) => /[\p{Ll}\p{Lu}\p{Lo}]/u.test(word))
    .join(" ");
}

/** Other ways to write a sound, the nearest first; none for one that only it can stand for. */
export function nearestSymbols(symbol: string): string[] {
  if (symbol === "g") return ["ɡ"];
  if (symbol === "ɡ") return ["g"];
  const own = KOKORO_SOUNDS.get(symbol);
  const near = nearest(symbol);
  return [own, near, near === undefined ? undefined : kokoroToIpa(near)].filter((form) => form !== undefined);
}

const PAIRS: readonly (readonly [string, string])[] = [
  ["aɪ", "I"],
  ["aʊ", "W"],
  ["eɪ", "A"],
  ["oʊ", "O"],
  ["ɔɪ", "Y"],
  ["dʒ", "ʤ"],
  ["tʃ", "ʧ"],
];
const PAIRS_OTHER: readonly (readonly [string, string])[] = [...PAIRS, ["əʊ", "Q"], ["dz", "ʣ"], ["ts", "ʦ"]];
const PAIRS_AMERICAN: readonly (readonly [string, string])[] = [
  ...PAIRS,
  ["əʊ", "O"],
  ["ɜː", "ɜɹ"],
  ["ɜr", "ɜɹ"],
  ["ɝː", "ɜɹ"],
  ["ɝ", "ɜɹ"],
  ["ɚ", "əɹ"],
  ["ː", ""],
];
const PAIRS_BRITISH: readonly (readonly [string, string])[] = [
  ...PAIRS,
  ["əʊ", "Q"],
  ["oʊ", "Q"],
  ["eə", "ɛː"],
];

/** IPA without what only people read: brackets, syllables, ties; words with one space between. */
export function plainIpa(ipa: string): string {
  return ipa
    .normalize("NFD")
    .replace(/[/[\]‖|]/g, " ")
    .replace(/[\u0361\u035c.‿]/g, "")
    .normalize("NFC")
    .trim()
    .replace(/\s+/g, " ");
}

/**
 * IPA that somebody wrote, in Kokoro's symbols; what is outside its vocabulary still is. In English the dictionaries'
 * habits hold: "e" and "r" are ɛ and ɹ, and American vowels have no length.
 */
export function ipaToKokoro(ipa: string, style: PhonemeStyle): string {
  const pairs = { american: PAIRS_AMERICAN, british: PAIRS_BRITISH, other: PAIRS_OTHER }[style];
  let result = plainIpa(ipa);
  for (const [from, to] of pairs) result = result.replaceAll(from, to);
  if (style === "other") return result;
  return result.replaceAll("e", "ɛ").replaceAll("r", "ɹ");
}
