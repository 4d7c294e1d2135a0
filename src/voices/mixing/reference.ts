import { InvalidInputError } from "../../errors.ts";

/** One voice of a mix and how much of it is heard, relative to the other parts. */
export interface MixPart {
  readonly voiceId: string;
  readonly weight: number;
}

export const MAX_MIX_PARTS = 16;
export const MAX_MIX_WEIGHT = 10;
/**
 * The least sum of weights, as a share of their magnitudes. Negative weights push away from a voice, and what is left
 * is scaled up to a whole voice again: at most twofold here, which costs no quality that can be measured. Beyond that
 * voices break (docs/voices.md has the figures).
 */
export const MIN_MIX_BALANCE = 0.5;

/** What is wrong with the parts of a mix and at which of them; null when they are right. */
export function mixFault(
  parts: readonly MixPart[],
): { readonly index: number; readonly message: string } | null {
  if (parts.length < 1 || parts.length > MAX_MIX_PARTS) {
    return { index: MAX_MIX_PARTS, message: `accepts 1 to ${MAX_MIX_PARTS} parts` };
  }
  const seen = new Set<string>();
  for (const [index, { voiceId, weight }] of parts.entries()) {
    if (!(Math.abs(weight) <= MAX_MIX_WEIGHT) || weight === 0) {
      return { index, message: `accepts weights from -${MAX_MIX_WEIGHT} to ${MAX_MIX_WEIGHT}, but not 0` };
    }
    if (seen.has(voiceId)) return { index, message: "names a voice twice; give it one weight" };
    seen.add(voiceId);
  }
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  const magnitude = parts.reduce((total, { weight }) => total + Math.abs(weight), 0);
  if (sum < MIN_MIX_BALANCE * magnitude) {
    return {
      index: parts.findIndex(({ weight }) => weight < 0),
      message: `takes too much away: the weights must sum to at least ${MIN_MIX_BALANCE} times the sum of their magnitudes`,
    };
  }
  return null;
}

/** What a reference to a voice can hold; far more than the longest mix needs. */
const MAX_REFERENCE_CHARACTERS = 2_000;
const SPACE = /\s*/y;
const VOICE = /[A-Za-z0-9_-]+/y;
const WEIGHT = /[+-]?(?:\d{1,10}(?:\.\d{0,10})?|\.\d{1,10})/y;

/**
 * Reads a reference to a voice: an id (`af_heart`), or an inline mix of several with their weights
 * (`af_heart(2)+af_sky(1)`, `af_heart + af_sky(-0.3)`). A weight that is left out is 1; white space does not matter.
 *
 * ```
 * mix  = part *( "+" part )
 * part = id [ "(" weight ")" ]
 * id   = 1*( letter / digit / "_" / "-" )
 * ```
 *
 * @returns the parts of a mix, or null for what is no mix but the id of one voice.
 * @throws InvalidInputError at `input.voiceId` that says at which character (from 0) what is expected.
 */
export function parseVoiceReference(text: string): readonly MixPart[] | null {
  if (!/[()+]/.test(text)) return null;
  const refuse = (offset: number, message: string): never => {
    throw new InvalidInputError([
      { path: ["input", "voiceId"], message: `${message} (at character ${offset})` },
    ]);
  };
  if (text.length > MAX_REFERENCE_CHARACTERS) {
    refuse(MAX_REFERENCE_CHARACTERS, `accepts up to ${MAX_REFERENCE_CHARACTERS} characters`);
  }
  let offset = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = offset;
    const found = pattern.exec(text)?.[0] ?? null;
    offset += found?.length ?? 0;
    return found;
  };
  const takeAfterSpace = (pattern: RegExp): string | null => {
    take(SPACE);
    return take(pattern);
  };
  const parts: MixPart[] = [];
  const offsets: number[] = [];
  do {
    take(SPACE);
    offsets.push(offset);
    const voiceId = take(VOICE) ?? refuse(offset, "expects the id of a voice here");
    let weight = 1;
    if (takeAfterSpace(/\(/y) !== null) {
      weight = Number(
        takeAfterSpace(WEIGHT) ?? refuse(offset, "expects a weight here, such as 2, 0.5 or -0.3"),
      );
      if (takeAfterSpace(/\)/y) === null) refuse(offset, "expects ) after the weight");
    }
    parts.push({ voiceId, weight });
  } while (takeAfterSpace(/\+/y) !== null);
  if (offset < text.length) refuse(offset, "expects + and another voice here, or the end");
  const fault = mixFault(parts);
  if (fault !== null) refuse(offsets[fault.index] ?? text.length, fault.message);
  return parts;
}
