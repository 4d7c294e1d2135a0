import type { Db } from "../db/client.ts";
import { type InputIssue, InvalidInputError } from "../errors.ts";
import { partVoices } from "../voices/mixing/mix.ts";
import { type MixPart, parseVoiceReference } from "../voices/mixing/reference.ts";
import type { VoicePacks } from "../voices/packs.ts";
import { speakersOf } from "../voices/stock.ts";
import type { VoiceRow } from "../voices/table.ts";
import { loadVoices } from "../voices/voice.ts";

import type { KeyedVoice } from "./cache/identity.ts";
import { type InputVoice, voiceIdOf } from "./input.ts";

/** A voice that a job asks for: one that is kept, or an inline mix. */
export interface AskedVoice extends Pick<VoiceRow, "kind" | "status" | "language" | "engine"> {
  readonly mix?: NonNullable<InputVoice["mix"]>;
  /** As the caches know it; null while it has no pack. */
  readonly keyed: readonly KeyedVoice[] | null;
}

/** A reference to a voice, and where in the request it stands. */
export interface VoiceReferenceAt {
  readonly reference: string;
  readonly path: readonly string[];
}

/**
 * The voices that references name under a tenant, those that are no mixes by one query: an inline mix becomes its parts
 * with the packs they have now. Null where there is none.
 *
 * @throws InvalidInputError for references that cannot be read, or to mixes whose parts are not there.
 */
export async function askedVoices(
  { db, packs }: { readonly db: Db; readonly packs: Pick<VoicePacks, "digest"> },
  tenant: string,
  references: readonly VoiceReferenceAt[],
): Promise<(AskedVoice | null)[]> {
  const issues: InputIssue[] = [];
  const mixes = references.map((each) => partsOf(each, issues));
  if (issues.length > 0) throw new InvalidInputError(issues);
  const single = references.flatMap(({ reference }, index) =>
    mixes[index] === null ? [voiceIdOf(reference)] : [],
  );
  const found = single.length === 0 ? [] : await loadVoices(db, tenant, [...new Set(single)]);
  const byId = new Map(found.flatMap((voice) => (voice === null ? [] : [[voice.id, voice] as const])));
  return await Promise.all(
    references.map(async ({ reference, path }, index) => {
      const parts = mixes[index] ?? null;
      if (parts !== null) return await askedMix({ db, packs }, tenant, parts, path);
      const voice = byId.get(voiceIdOf(reference));
      if (voice === undefined) return null;
      const packSha256 = packs.digest(voice);
      const keyed = packSha256 === null ? null : [{ voiceId: reference, weight: null, packSha256 }];
      return { ...voice, keyed };
    }),
  );
}

/** The parts of an inline mix; null for what is none. A fault goes to where the reference stands. */
function partsOf({ reference, path }: VoiceReferenceAt, issues: InputIssue[]): readonly MixPart[] | null {
  try {
    return parseVoiceReference(reference);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    issues.push(...error.issues.map(({ message }) => ({ path, message })));
    return null;
  }
}

/** Speakers that are shown of a voice that may have hundreds. */
const SHOWN_SPEAKERS = 5;

/** What is wrong with the speaker that a reference names behind `#`; null when there is none, or it is there. */
export function speakerFault(reference: string): string | null {
  const voiceId = voiceIdOf(reference);
  if (voiceId === reference) return null;
  const speakers = speakersOf(voiceId);
  if (speakers.includes(reference.slice(voiceId.length + 1))) return null;
  if (speakers.length === 0)
    return "names a speaker of a voice that has one alone: leave out # and what follows";
  const more = speakers.length > SHOWN_SPEAKERS ? ", … (see `Voice.speakers`)" : "";
  return `names no speaker of that voice; it has ${speakers.slice(0, SHOWN_SPEAKERS).join(", ")}${more}`;
}

async function askedMix(
  { db, packs }: { readonly db: Db; readonly packs: Pick<VoicePacks, "digest"> },
  tenant: string,
  parts: readonly MixPart[],
  path: readonly string[],
): Promise<AskedVoice> {
  const sources = await partVoices(db, tenant, parts, () => path);
  // It speaks the language of the part that is heard most.
  const { voice: loudest } = sources.reduce((most, part) => (part.weight > most.weight ? part : most));
  const mix = sources.map(({ voice, weight }) => {
    const packSha256 = packs.digest(voice);
    if (packSha256 === null) throw new Error(`the voice ${voice.id} is READY without a pack`);
    return { voiceId: voice.id, weight, packSha256 };
  });
  return {
    ...({ kind: "MIXED", status: "READY", engine: "kokoro" } as const),
    ...{ language: loudest.language, mix, keyed: mix },
  };
}
