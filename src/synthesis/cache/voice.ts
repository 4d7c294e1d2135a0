import type { VoicePacks } from "../../voices/packs.ts";
import type { VoiceRow } from "../../voices/table.ts";
import type { KeyedParts } from "./identity.ts";

/** A voice of a job as the caches know it. */
export interface CachedVoice {
  /** As `requestKey` takes it; null when a part of it has no pack. */
  readonly keyed: KeyedParts | null;
  /** The voices that are heard in it and can be deleted, and with them what was made of them. */
  readonly deletable: readonly string[];
}

/** A voice with its share of an inline mix, or alone. */
export interface VoicePart {
  readonly voice: VoiceRow;
  /** Null for one that speaks alone. */
  readonly weight: number | null;
}

/**
 * @param parts what speaks, as it is at this moment
 * @param reference how a voice that speaks alone is referred to
 */
export function cachedVoice(
  packs: Pick<VoicePacks, "digest">,
  parts: readonly VoicePart[],
  reference?: string,
): CachedVoice {
  const keyed = parts.flatMap(({ voice, weight }) => {
    const packSha256 = packs.digest(voice);
    return packSha256 === null ? [] : [{ voiceId: reference ?? voice.id, weight, packSha256 }];
  });
  const heard = parts.flatMap(({ voice }) => (voice.kind === "STOCK" ? [] : [voice.id, ...voice.origins]));
  return { keyed: keyed.length === parts.length ? keyed : null, deletable: [...new Set(heard)].sort() };
}
