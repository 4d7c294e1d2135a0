import type { VoicePacks } from "../../voices/packs.ts";
import type { VoiceRow } from "../../voices/table.ts";
import type { KeyedVoice } from "./identity.ts";

/** The voices of a job as the caches know them. */
export interface CachedVoices {
  /** As `requestKey` takes them; null when one of them has no pack. */
  readonly keyed: readonly KeyedVoice[] | null;
  /** Those that are heard and can be deleted, and with them what was made of them. */
  readonly deletable: readonly string[];
}

/** @param parts the voices that speak as they are at this moment; a weight is null for one that speaks alone */
export function cachedVoices(
  packs: Pick<VoicePacks, "digest">,
  parts: readonly { readonly voice: VoiceRow; readonly weight: number | null }[],
): CachedVoices {
  const keyed = parts.flatMap(({ voice, weight }) => {
    const packSha256 = packs.digest(voice);
    return packSha256 === null ? [] : [{ voiceId: voice.id, weight, packSha256 }];
  });
  const heard = parts.flatMap(({ voice }) => (voice.kind === "STOCK" ? [] : [voice.id, ...voice.origins]));
  return { keyed: keyed.length === parts.length ? keyed : null, deletable: [...new Set(heard)].sort() };
}
