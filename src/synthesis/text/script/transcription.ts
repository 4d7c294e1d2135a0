import { dictionaryIpa, unspeakableIpa } from "../pronunciation-ipa.ts";
import { shown } from "./error.ts";

/** A transcription that a text gives: as the readers take it, or what is wrong with it. */
export type Transcription = { readonly ipa: string } | { readonly problem: string };

/** Checks IPA by the rules that hold for dictionaries: what no model can say is refused. */
export function readTranscription(written: string): Transcription {
  const symbol = unspeakableIpa(written);
  if (symbol === null) return { ipa: dictionaryIpa(written).trim() };
  return {
    problem: symbol === "" ? "holds no sound" : `holds "${shown(symbol)}", which no model can say as IPA`,
  };
}
