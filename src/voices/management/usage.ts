import { asc, inArray, sql } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { voices } from "../table.ts";

/** Counts a job that ended well for each voice that spoke in it; to be called in the transaction that ends the job. */
export async function countVoiceUse(
  tx: Tx,
  voiceIds: readonly string[],
  use: { readonly characters: number; readonly audioSeconds: number },
): Promise<void> {
  const spoke = inArray(voices.id, [...voiceIds]);
  // Jobs that end at once take several voices in one order, or they would wait for each other.
  await tx.select({ id: voices.id }).from(voices).where(spoke).orderBy(asc(voices.id)).for("no key update");
  await tx
    .update(voices)
    .set({
      usedJobs: sql`${voices.usedJobs} + 1`,
      usedCharacters: sql`${voices.usedCharacters} + ${use.characters}`,
      usedAudioSeconds: sql`${voices.usedAudioSeconds} + ${use.audioSeconds}::float8`,
      lastUsedAt: sql`now()`,
    })
    .where(spoke);
}
