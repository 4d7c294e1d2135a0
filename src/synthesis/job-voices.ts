import type { Db } from "../db/client.ts";
import type { Speaker, SpeechEngine } from "../speech-engine.ts";
import { inlineMix } from "../voices/mixing/inline.ts";
import type { VoicePacks } from "../voices/packs.ts";
import type { VoiceRow } from "../voices/table.ts";
import { findVoice } from "../voices/voice.ts";
import { type CachedVoice, cachedVoice } from "./cache/voice.ts";
import { type InputVoice, voiceIdOf } from "./input.ts";

/** How often a voice's pack is looked for before it counts as missing. */
const MOST_LOOKS = 3;

/** A voice or an inline mix that speaks in a job. */
export interface JobVoice extends CachedVoice {
  readonly speaker: Speaker;
}

export interface JobVoiceDeps {
  readonly db: Db;
  readonly packs: VoicePacks;
  readonly speech: Pick<SpeechEngine, "stockSpeaker" | "packSpeaker">;
}

/**
 * The voice or the mix of a job as it is now; null when the voice no longer exists.
 *
 * @param signal of the job: aborted, it no longer waits for weights
 * @throws what stores of weights throw; the signal's reason when aborted
 */
export async function findJobVoice(
  { db, packs, speech }: JobVoiceDeps,
  { voiceId, mix }: InputVoice,
  signal: AbortSignal,
): Promise<JobVoice | null> {
  if (mix !== undefined) {
    const { pack, parts } = await inlineMix(db, packs, mix);
    const { voice: loudest } = parts.reduce((most, part) => (part.weight > most.weight ? part : most));
    return { speaker: speech.packSpeaker(pack, loudest.language), ...cachedVoice(packs, parts) };
  }
  for (let look = 1; ; look++) {
    const voice = await findVoice(db, voiceIdOf(voiceId));
    try {
      const speaker = voice && (await speakerOf({ packs, speech }, voice, { reference: voiceId, signal }));
      if (voice === null || speaker === null) return null;
      return { speaker, ...cachedVoice(packs, [{ voice, weight: null }], voiceId) };
    } catch (error) {
      signal.throwIfAborted();
      // A pack that was replaced by a better one after the row was read is gone: the row names the new one.
      if (look === MOST_LOOKS) throw error;
    }
  }
}

/**
 * A voice as its row has it: stock voices from the weights, all others from their pack.
 *
 * @param options.reference its id, with the speaker where it has several
 * @param options.signal aborted, it no longer waits for weights
 */
export async function speakerOf(
  { packs, speech }: Omit<JobVoiceDeps, "db">,
  voice: VoiceRow,
  { reference = voice.id, signal }: { readonly reference?: string; readonly signal: AbortSignal },
): Promise<Speaker | null> {
  if (voice.kind === "STOCK") return await speech.stockSpeaker(reference, { signal });
  return speech.packSpeaker(await packs.load(voice), voice.language);
}
