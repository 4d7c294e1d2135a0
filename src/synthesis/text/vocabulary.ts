/**
 * Kokoro-82M's input symbols and their ids (the `vocab` of the model's config.json, 0 is the pad). Capital
 * letters are Kokoro's own symbols: A, I, O, Q, W, Y are the diphthongs eɪ, aɪ, oʊ, əʊ, aʊ, ɔɪ; T is
 * the flapped t of "water", ᵊ a reduced schwa and ᵻ the vowel at the end of "roses".
 */
const SYMBOLS: readonly (readonly [id: number, symbols: string])[] = [
  [1, ";:,.!?"],
  [9, '—…"()“” \u0303ʣʥʦʨᵝ\uAB67A'],
  [25, "I"],
  [31, "O"],
  [33, "Q"],
  [35, "ST"],
  [39, "W"],
  [41, "Yᵊabcdef"],
  [50, "hijklmnopqrstuvwxyzɑɐɒæ"],
  [75, "βɔɕç"],
  [80, "ɖðʤə"],
  [85, "ɚɛɜ"],
  [90, "ɟ"],
  [92, "ɡ"],
  [99, "ɥ"],
  [101, "ɨɪʝ"],
  [110, "ɯɰŋɳɲɴø"],
  [118, "ɸθœ"],
  [123, "ɹ"],
  [125, "ɾɻ"],
  [128, "ʁɽʂʃʈʧ"],
  [135, "ʊʋ"],
  [138, "ʌɣɤ"],
  [142, "χʎ"],
  [147, "ʒʔ"],
  [156, "ˈˌː"],
  [162, "ʰ"],
  [164, "ʲ"],
  [169, "↓"],
  [171, "→↗↘"],
  [177, "ᵻ"],
];

/** Symbol to id, as the model was trained. */
export const VOCABULARY: ReadonlyMap<string, number> = new Map(
  SYMBOLS.flatMap(([first, symbols]) => [...symbols].map((symbol, offset) => [symbol, first + offset])),
);

/** The most ids that the model takes in one run, without the two pads. */
export const MAX_TOKENS = 510;

/** Punctuation that Kokoro was trained to hear; everything else in the vocabulary is sound. */
export const MARKS: ReadonlySet<string> = new Set(';:,.!?—…"()“”');

/** Whether any of these symbols is a mark. */
export const hasMark = (symbols: string): boolean => [...symbols].some((symbol) => MARKS.has(symbol));

/**
 * The nearest symbol of the vocabulary for sounds that espeak-ng writes and Kokoro has none for. An empty
 * string is a nuance (dental, lowered, unreleased …) that Kokoro does not distinguish.
 */
const NEAREST: ReadonlyMap<string, string> = new Map(
  Object.entries({
    g: "ɡ",
    ʱ: "ʰ",
    ɝ: "ɜɹ",
    ɫ: "l",
    ɬ: "l",
    ɮ: "l",
    ɭ: "l",
    ʟ: "l",
    ɺ: "ɾ",
    ʀ: "ʁ",
    ɦ: "h",
    ħ: "h",
    ʜ: "h",
    ʕ: "ʔ",
    ʡ: "ʔ",
    ʍ: "w",
    ʏ: "y",
    ɵ: "ø",
    ʉ: "u",
    ɘ: "ə",
    ɞ: "ɜ",
    ɶ: "œ",
    ɱ: "m",
    ʙ: "b",
    ɓ: "b",
    ɗ: "d",
    ᶑ: "ɖ",
    ʄ: "ɟ",
    ɠ: "ɡ",
    ɢ: "ɡ",
    ʛ: "ɡ",
    ʐ: "ʒ",
    ʑ: "ʒ",
    ɧ: "ʃ",
    ɷ: "ʊ",
    ɩ: "ɪ",
    ƛ: "l",
    ʼ: "",
    ʷ: "w",
    ˑ: "ː",
    ˠ: "",
    ˤ: "",
    ˀ: "ʔ",
    ʴ: "ɹ",
    ʳ: "ɹ",
    ⁿ: "n",
    ˡ: "l",
    "\u0325": "",
    "\u032a": "",
    "\u031a": "",
    "\u031e": "",
    "\u031d": "",
    "\u031f": "",
    "\u0320": "",
    "\u0306": "",
    "\u0308": "",
    "\u0329": "",
    "\u032f": "",
    "\u033a": "",
    "\u0324": "",
    "\u0330": "",
    "\u0361": "",
    "-": "",
    "'": "",
    // Of single languages: espeak-ng's leftovers of its own notation, and what stands before stops.
    ε: "ɛ",
    ᵐ: "m",
    ᵑ: "ŋ",
    X: "χ",
    N: "ŋ",
    Z: "ʒ",
    K: "k",
    "^": "ʲ",
    "`": "",
    "#": "",
    "+": "",
    ʘ: "p",
    ǀ: "t",
    ǁ: "l",
    ǂ: "c",
    ǃ: "k",
    ⱱ: "v",
    ʢ: "ʔ",
    "˞": "ɹ",
    "\u030a": "",
    "\u033b": "",
    "\u0318": "",
    "\u0319": "",
    "\u031c": "",
    "\u0339": "",
    "\u032c": "",
    "\u0334": "",
    "\u033c": "",
    "\u035c": "",
    "\u030d": "",
    "\u0311": "",
    "\u203f": "",
  }),
);

/** The nearest symbols of Kokoro for one that it has no id for, "" for a nuance; undefined when none is near. */
export const nearest = (symbol: string): string | undefined => NEAREST.get(symbol);

/** Brings a phoneme string into the vocabulary; `unknown` is told of every symbol that had to be left out. */
export function toVocabulary(phonemes: string, unknown: (symbol: string) => void): string {
  let result = "";
  for (const symbol of phonemes) {
    if (VOCABULARY.has(symbol)) {
      result += symbol;
      continue;
    }
    // Only unknown symbols are decomposed: "õ" becomes o + tilde, while "ç" has an id of its own.
    for (const part of symbol.normalize("NFD")) {
      const near = VOCABULARY.has(part) ? part : nearest(part);
      if (near === undefined) unknown(part);
      else result += near;
    }
  }
  return result;
}

/** Ids of a phoneme string; every symbol must be in the vocabulary (see `toVocabulary`). */
export function toTokens(phonemes: string): number[] {
  return Array.from(phonemes, (symbol) => {
    const id = VOCABULARY.get(symbol);
    if (id === undefined) throw new RangeError("The phoneme string holds a symbol outside the vocabulary.");
    return id;
  });
}
