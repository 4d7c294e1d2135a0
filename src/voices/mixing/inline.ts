import type { Db } from "../../db/client.ts";
import { NotFoundError } from "../../errors.ts";
import type { VoicePacks } from "../packs.ts";
import type { VoiceRow } from "../table.ts";
import { findVoice } from "../voice.ts";
import { mixPacks } from "./pack.ts";
import type { MixPart } from "./reference.ts";

/** An inline mix that can speak. */
export interface InlineMix {
  readonly pack: Float32Array;
  /** Its voices with their weights, in the order of the request. */
  readonly parts: readonly { readonly voice: VoiceRow; readonly weight: number }[];
}

/**
 * An inline mix, its pack made anew from the packs that its parts have now: a part that was refined since the job was
 * accepted is heard as it is, as a job in that voice alone would.
 *
 * @throws NotFoundError when a part has been deleted; SpeakerError MODEL_UNAVAILABLE when a pack cannot be had.
 */
export async function inlineMix(db: Db, packs: VoicePacks, mix: readonly MixPart[]): Promise<InlineMix> {
  const parts = await Promise.all(
    mix.map(async ({ voiceId, weight }) => {
      const voice = await existing(db, voiceId);
      return { voice, weight, pack: await packs.load(voice) };
    }),
  );
  return { pack: mixPacks(parts), parts };
}

async function existing(db: Db, id: string): Promise<VoiceRow> {
  const voice = await findVoice(db, id);
  if (voice === null) throw new NotFoundError(`The voice ${id} of this job has been deleted.`);
  return voice;
}
