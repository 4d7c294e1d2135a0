import { dictionaryIpa, unspeakableIpa } from "../pronunciation-ipa.ts";
import { checkedName } from "./builder.ts";
import type { Attributes } from "./elements.ts";
import { ScriptError, shown } from "./error.ts";

/** A transcription that a text gives: as the readers take it, or what is wrong with it. */
type Transcription = { readonly ipa: string } | { readonly problem: string };

/** Checks IPA by the rules that hold for dictionaries: what no model can say is refused. */
export function readTranscription(written: string): Transcription {
  const symbol = unspeakableIpa(written);
  if (symbol === null) return { ipa: dictionaryIpa(written).trim() };
  return {
    problem: symbol === "" ? "holds no sound" : `holds "${shown(symbol)}", which no model can say as IPA`,
  };
}

const MAX_IPA_LENGTH = 200;

/**
 * The sounds that `<phoneme>` gives.
 *
 * @throws ScriptError for another alphabet, and for what no model can say
 */
export function phonemeOf(attributes: Attributes, offset: number): string {
  const alphabet = attributes.get("alphabet") ?? "ipa";
  if (alphabet.trim().toLowerCase() !== "ipa") {
    throw new ScriptError(offset, `alphabet of <phoneme> accepts "ipa", not "${shown(alphabet)}"`);
  }
  const ipa = checkedName(offset, "ph of <phoneme>", attributes.get("ph") ?? "", MAX_IPA_LENGTH);
  const read = readTranscription(ipa);
  if ("ipa" in read) return read.ipa;
  throw new ScriptError(offset, `ph of <phoneme> ${read.problem}`);
}
