import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import type { Db, Tx } from "../../db/client.ts";
import { ConflictError, NotFoundError } from "../../errors.ts";
import { notifyVoice } from "../changes.ts";
import { parseInput, voiceDescription, voiceLanguage, voiceName, voiceTags } from "../fields.ts";
import { VOICE_GENDERS, type VoiceRow, voices } from "../table.ts";
import { visibleTo } from "../voice.ts";

/** What `updateVoice` accepts; what is left out or null stays as it is. */
export const voiceUpdate = z.object({
  id: z.string(),
  name: voiceName.nullish(),
  description: voiceDescription.nullish(),
  tags: voiceTags.nullish(),
  language: voiceLanguage.nullish(),
  gender: z.enum(VOICE_GENDERS).nullish(),
  expectedUpdatedAt: z.date().nullish(),
});

export type VoiceUpdate = z.input<typeof voiceUpdate>;

/** When a change is made: later than the one before, also where two fall into one tick of the clock. */
export const changedNow = sql<Date>`greatest(now(), ${voices.updatedAt} + interval '1 millisecond')`;

/**
 * A voice of the tenant, locked until the transaction ends.
 *
 * @throws NotFoundError; ConflictError for a stock voice, which nobody changes.
 */
export async function lockOwnVoice(tx: Tx, tenant: string, id: string): Promise<VoiceRow> {
  const [voice] = await tx
    .select()
    .from(voices)
    .where(and(eq(voices.id, id), visibleTo(tenant)))
    .for("update");
  if (voice === undefined) throw new NotFoundError("There is no such voice.");
  if (voice.kind === "STOCK") {
    throw new ConflictError("This is a stock voice: it is everyone's and cannot be changed or deleted.");
  }
  return voice;
}

/**
 * Changes what people read of a voice; how it sounds stays the same.
 *
 * @throws InvalidInputError, NotFoundError; ConflictError for a stock voice, and when the voice has changed since
 *   `expectedUpdatedAt`.
 */
export async function updateVoice(db: Db, actor: Actor, request: VoiceUpdate): Promise<VoiceRow> {
  const { id, expectedUpdatedAt, ...given } = parseInput(voiceUpdate, request);
  return await db.transaction(async (tx) => {
    const voice = await lockOwnVoice(tx, actor.tenant, id);
    if (expectedUpdatedAt != null && voice.updatedAt.getTime() !== expectedUpdatedAt.getTime()) {
      throw new ConflictError(
        `The voice was changed at ${voice.updatedAt.toISOString()}, after it was read. Read it again, then repeat the change.`,
      );
    }
    const changes = Object.fromEntries(
      Object.entries(given).filter(
        ([field, value]) =>
          value != null && JSON.stringify(value) !== JSON.stringify(voice[field as keyof VoiceRow]),
      ),
    );
    if (Object.keys(changes).length === 0) return voice;
    const [changed] = await tx
      .update(voices)
      .set({ ...changes, updatedAt: changedNow })
      .where(eq(voices.id, id))
      .returning();
    await recordAudit(tx, actor, {
      action: "voice.update",
      outcome: "ACCEPTED",
      targetType: "voice",
      targetId: id,
      details: { fields: Object.keys(changes).join(" ") },
    });
    await notifyVoice(tx, voice);
    return changed ?? voice;
  });
}
