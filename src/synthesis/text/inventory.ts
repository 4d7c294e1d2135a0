import { nearestSymbols } from "./ipa.ts";
import type { VoiceTarget } from "./target.ts";
import { toTokens, toVocabulary } from "./vocabulary.ts";

/** The symbols that a voice's utterances are written in. */
export interface Inventory {
  /** Kokoro's own notation of sounds, IPA, or the letters of the text itself. */
  readonly notation: "kokoro" | "ipa" | "letters";
  /** Brings sounds into the voice's symbols; `unknown` is told of what has none, not even a near one. */
  fit(phonemes: string, unknown: (symbol: string) => void): string;
  /** The voice's form of one of Kokoro's marks; "" when it knows none. */
  mark(mark: string): string;
  /** One id for each symbol; code points where the engine takes none. */
  tokens(phonemes: string): number[];
}

const KOKORO: Inventory = {
  notation: "kokoro",
  fit: toVocabulary,
  mark: (mark) => mark,
  tokens: toTokens,
};

/** What espeak-ng makes of marks, which the voices that learned from it have heard: quotes are silent. */
const ESPEAK_MARKS: Readonly<Record<string, string>> = {
  ".": ".",
  ",": ",",
  "?": "?",
  "!": "!",
  ":": ":",
  ";": ";",
  "—": ";",
  "…": ".",
};

const ESPEAK: Inventory = {
  notation: "ipa",
  fit: (phonemes) => phonemes.normalize("NFD"),
  mark: (mark) => ESPEAK_MARKS[mark] ?? "",
  tokens: (phonemes) => Array.from({ length: phonemes.length }, (_, index) => phonemes.charCodeAt(index)),
};

function piperInventory(target: Extract<VoiceTarget, { engine: "piper" }>): Inventory {
  const ids = new Map<string, number>();
  for (const [symbol, [id]] of Object.entries(target.phonemeIds)) {
    if (id !== undefined && symbol.length === 1) ids.set(symbol, id);
  }
  const letters = target.phonemeType === "text";
  const fitted = (symbol: string, unknown: (symbol: string) => void): string => {
    if (ids.has(symbol)) return symbol;
    const near = letters ? undefined : nearestSymbols(symbol).find((symbols) => known(symbols, ids));
    if (near === undefined) unknown(symbol);
    return near ?? "";
  };
  return {
    notation: letters ? "letters" : "ipa",
    fit: (phonemes, unknown) =>
      [...phonemes.normalize("NFD")].map((symbol) => fitted(symbol, unknown)).join(""),
    mark: (mark) => [ESPEAK_MARKS[mark] ?? "", ","].find((form) => form === "" || ids.has(form)) ?? "",
    tokens: (phonemes) =>
      Array.from(phonemes, (symbol) => {
        const id = ids.get(symbol);
        if (id === undefined) throw new RangeError("The phoneme string holds a symbol that the voice lacks.");
        return id;
      }),
  };
}

const known = (symbols: string, ids: ReadonlyMap<string, number>): boolean =>
  [...symbols].every((symbol) => ids.has(symbol));

/** The inventory of a voice. */
export function inventoryOf(target: VoiceTarget): Inventory {
  switch (target.engine) {
    case "kokoro":
      return KOKORO;
    case "espeak":
      return ESPEAK;
    case "piper":
      return piperInventory(target);
  }
}

/** Whether a string of fitted sounds is heard at all: letters are, marks, stress, length and tones alone are not. */
export function hasSound(phonemes: string): boolean {
  return /[\p{Ll}\p{Lu}\p{Lo}]/u.test(phonemes);
}
