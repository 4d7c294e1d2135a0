import { americanHabits, britishHabits, separateWords } from "./english-accents.ts";

/**
 * From espeak-ng's IPA to the phonemes that Kokoro-82M was trained on. Kokoro's own front end (misaki) asks
 * espeak-ng for tie bars and rewrites tied pairs; the WASM build separates phonemes by "_" instead, which says
 * the same: "eɪ" between two separators is one diphthong, "e_ɪ" is two vowels.
 * Source of the tables: misaki 0.9.4, `EspeakFallback` (English) and `EspeakG2P` (the other languages); English
 * goes further, see `english-accents.ts`.
 */

/** One phoneme of espeak-ng that is one symbol of Kokoro, in every language. */
const UNITS: readonly (readonly [string, string])[] = [
  ["aɪ", "I"],
  ["aʊ", "W"],
  ["eɪ", "A"],
  ["oʊ", "O"],
  ["əʊ", "Q"],
  ["ɔɪ", "Y"],
  ["dʒ", "ʤ"],
  ["tʃ", "ʧ"],
];
const UNITS_OTHER: readonly (readonly [string, string])[] = [...UNITS, ["dz", "ʣ"], ["ts", "ʦ"], ["ss", "S"]];

export type PhonemeStyle = "american" | "british" | "other";

/** Language switches ("(en)…(fr)"), clause separators and stress-only leftovers of espeak-ng. */
const FLAGS = /\([a-z][a-z0-9-]{0,15}\)/g;

/** Letters that sound; stress and length marks are letters too, to Unicode ("Lm"). */
const SOUND = /[\p{Ll}\p{Lu}\p{Lo}]/u;

/**
 * One chunk of espeak-ng output, "_" between phonemes and " " between words, in Kokoro's symbols. What is
 * still outside the vocabulary is left for `toVocabulary`.
 */
export function kokoroPhonemes(espeak: string, style: PhonemeStyle): string {
  const plain = espeak.replace(FLAGS, " ").replaceAll("|", " ");
  const words = plain
    .split(/\s+/)
    .flatMap((word) => (style === "other" ? word : separateWords(word, style).split(" ")));
  const units = style === "other" ? UNITS_OTHER : UNITS;
  const mapped = words.map((word) => mapWord(word, units, style)).filter((word) => word !== "");
  return mapped.join(" ");
}

function mapWord(word: string, units: readonly (readonly [string, string])[], style: PhonemeStyle): string {
  let result = "";
  for (const phoneme of word.split("_")) {
    let unit = phoneme;
    for (const [from, to] of units) unit = unit.replace(from, to);
    if (style !== "other") unit = unit.replace("əl", "ᵊl");
    if (style === "british") unit = unit.replace("eə", "ɛː").replace("iə", "ɪə");
    result += unit;
  }
  // The article, which Kokoro tells from a schwa.
  if (style !== "other" && (result === "ɐ" || result === "ɐn")) return result;
  // A word of nothing but stress marks or tone digits has no sound.
  if (!SOUND.test(result)) return "";
  if (style === "other") return result.replaceAll("-", "");
  return style === "british" ? britishHabits(english(result)) : american(english(result));
}

/** What both accents share. Kokoro writes schwa + r for ɚ and never the r twice; t for the glottal stop. */
function english(word: string): string {
  return word
    .replace(/ʔˌ?n\u0329/g, "tn")
    .replaceAll("e", "A")
    .replace(/ʲ(?=[oOəQ])/g, "j")
    .replaceAll("ʲ", "")
    .replace(/ɚ_?ɹ?/g, "əɹ")
    .replaceAll("r", "ɹ")
    .replace(/[xç]/g, "k")
    .replaceAll("ɐ", "ə")
    .replaceAll("ɬ", "l")
    .replaceAll("\u0303", "")
    .replace(/(\S)\u0329/g, "ᵊ$1")
    .replaceAll("o", "ɔ")
    .replaceAll("ɾ", "T")
    .replaceAll("ʔ", "t");
}

function american(word: string): string {
  return americanHabits(word.replace(/ɜːɹ?/g, "ɜɹ").replaceAll("ɪə", "iə").replaceAll("ː", ""));
}
