import { type Inventory, inventoryOf } from "./inventory.ts";
import type { VoiceTarget } from "./target.ts";

/** How a stretch of text is spoken: in which language, and for which voice. */
export interface Speech {
  /** BCP-47. */
  readonly language: string;
  readonly target: VoiceTarget;
  readonly inventory: Inventory;
  /** The espeak-ng voice of the language. */
  readonly espeakVoice: string;
  /** Reads what is written as the language is. */
  readonly home: Reader;
}

type Notation = "kokoro" | "ipa";

/** Who turns a stretch of text into sounds, and in which notation. */
export type Reader =
  | { readonly kind: "espeak"; readonly voice: string; readonly notation: Notation }
  | { readonly kind: "japanese" | "mandarin"; readonly notation: Notation }
  /** For voices that learned from letters. */
  | { readonly kind: "letters" }
  /** Sounds that the text gives itself, as they are said in `voice`'s language. */
  | { readonly kind: "ipa"; readonly ipa: string; readonly voice: string; readonly notation: Notation };

const readers = new Map<string, Reader>();

/** The same object for the same reader, so that two are compared by identity. */
function shared(reader: Reader): Reader {
  const key = JSON.stringify(reader);
  const known = readers.get(key) ?? reader;
  readers.set(key, known);
  return known;
}

export const espeakReader = (voice: string, notation: Notation): Reader =>
  shared({ kind: "espeak", voice, notation });
export const japaneseReader = (notation: Notation): Reader => shared({ kind: "japanese", notation });
export const mandarinReader = (notation: Notation): Reader => shared({ kind: "mandarin", notation });
const LETTERS = shared({ kind: "letters" });

export const notationOf = ({ inventory }: Pick<Speech, "inventory">): Notation =>
  inventory.notation === "kokoro" ? "kokoro" : "ipa";

/** The language of a tag, without region and script. */
export const languageOf = (tag: string): string => tag.split("-", 1)[0]?.toLowerCase() ?? tag;

/** How a voice says a language. @param espeakVoiceOf the espeak-ng voice of a language */
export function speechOf(
  target: VoiceTarget,
  language: string,
  espeakVoiceOf: (language: string) => string,
): Speech {
  // Its own phonemes are what a voice knows best; a formant voice is one with its language.
  const own = target.engine !== "kokoro" && languageOf(language) === languageOf(target.language);
  const espeakVoice = own || target.engine === "espeak" ? target.espeakVoice : espeakVoiceOf(language);
  const inventory = inventoryOf(target);
  const home = homeReader({ language, target, inventory, espeakVoice }, own);
  return { language, target, inventory, espeakVoice, home };
}

function homeReader(speech: Omit<Speech, "home">, own: boolean): Reader {
  const { language, target, inventory, espeakVoice } = speech;
  if (inventory.notation === "letters" && own) return LETTERS;
  const notation = notationOf(speech);
  if (target.engine !== "espeak" && !own) {
    if (languageOf(language) === "ja") return japaneseReader(notation);
    if (languageOf(language) === "zh") return mandarinReader(notation);
  }
  return espeakReader(espeakVoice, notation);
}
