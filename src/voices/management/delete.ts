import { and, arrayContains, arrayOverlaps, eq, inArray, isNull, ne, type SQL, sql } from "drizzle-orm";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import type { Db, Tx } from "../../db/client.ts";
import { notify } from "../../db/events.ts";
import { isDeadlock } from "../../db/faults.ts";
import { recordJobEnd } from "../../jobs/end.ts";
import { jobs } from "../../jobs/table.ts";
import { hearsOneOf } from "../../jobs/voices.ts";
import type { Storage } from "../../storage/storage.ts";
import { utterancesPrefix } from "../../synthesis/cache/utterances.ts";
import { piecesPrefix } from "../../synthesis/pieces.ts";
import { audioAssets, cachedUtterances } from "../../synthesis/table.ts";
import { notifyVoice } from "../changes.ts";
import { voicePrefix } from "../mixing/mix.ts";
import { deletedVoices, type VoiceRow, voiceSamples, voices } from "../table.ts";
import { lockOwnVoice } from "./update.ts";

export interface DeleteDeps {
  readonly db: Db;
  readonly storage: Storage;
  readonly log: { warn(details: object, message: string): void };
}

export type DeletedVoice = typeof deletedVoices.$inferSelect;

const OPEN = ["QUEUED", "RUNNING"] as const;

/** Two that wait for each other: one is refused after a second, and succeeds when it comes again. */
const ATTEMPTS = 3;

/**
 * Deletes a voice with all that was made of it: sample, embedding, pack, previews, audio that it speaks in, and, for a
 * cloned voice, the mixes that it is heard in. Jobs that wait or run in it fail. The rows are gone when this returns, the
 * bytes too unless the store fails; the next sweep removes those. Deleting it again gives the same answer.
 *
 * @throws NotFoundError when there never was such a voice; ConflictError for a stock voice.
 */
export async function deleteVoice(deps: DeleteDeps, actor: Actor, id: string): Promise<DeletedVoice> {
  const { db, storage, log } = deps;
  const deleted = await deleteRows(db, actor, id, ATTEMPTS);
  try {
    await removeBytes(db, storage, deleted);
  } catch (error) {
    log.warn({ err: error, voiceId: id }, "files of a deleted voice remain; the next sweep removes them");
  }
  return deleted;
}

async function deleteRows(db: Db, actor: Actor, id: string, attempts: number): Promise<DeletedVoice> {
  try {
    return await db.transaction(async (tx) => await deleteIn(tx, actor, id));
  } catch (error) {
    if (attempts > 1 && isDeadlock(error)) return await deleteRows(db, actor, id, attempts - 1);
    throw error;
  }
}

async function deleteIn(tx: Tx, actor: Actor, id: string): Promise<DeletedVoice> {
  await lockOpenJobs(tx, actor.tenant, id);
  const voice = await lockOwnVoice(tx, actor.tenant, id).catch(async (error: unknown) => {
    // Asked after the lock, so that whoever deletes it at this moment has come to an end.
    const before = await findDeleted(tx, actor.tenant, id);
    if (before === null) throw error;
    return before;
  });
  if ("storageKeys" in voice) return voice;
  const mixes = await lockMixes(tx, voice);
  const ids = [id, ...mixes.map((mix) => mix.id)];
  const storageKeys = [
    ...ids.map(voicePrefix),
    ...(await strayKeys(tx, [voice, ...mixes])),
    ...(await endJobs(tx, actor.tenant, ids)),
    ...(await forgetUtterances(tx, ids)),
  ];
  const [deleted] = await tx
    .insert(deletedVoices)
    .values([
      { id, tenant: actor.tenant, mixes: mixes.map((mix) => mix.id), storageKeys },
      ...mixes.map((mix) => ({ id: mix.id, tenant: actor.tenant, storageKeys: [] })),
    ])
    .returning();
  if (deleted === undefined) throw new Error("insert returned no row");
  // Sample, embedding and previews go with their voice.
  await tx.delete(voices).where(inArray(voices.id, ids));
  for (const gone of [voice, ...mixes]) {
    await recordAudit(tx, actor, {
      action: "voice.delete",
      outcome: "ACCEPTED",
      targetType: "voice",
      targetId: gone.id,
      details: { kind: gone.kind, with: gone.id === id ? null : id },
    });
    await notifyVoice(tx, gone);
  }
  return deleted;
}

async function findDeleted(tx: Tx, tenant: string, id: string): Promise<DeletedVoice | null> {
  const [deleted] = await tx
    .select()
    .from(deletedVoices)
    .where(and(eq(deletedVoices.id, id), eq(deletedVoices.tenant, tenant)));
  return deleted ?? null;
}

/** The mixes that a cloned voice is heard in. A mix itself is nobody's voice: what was made of it may stay. */
async function lockMixes(tx: Tx, voice: VoiceRow): Promise<VoiceRow[]> {
  if (voice.kind !== "CLONED") return [];
  return await tx
    .select()
    .from(voices)
    .where(arrayContains(voices.origins, [voice.id]))
    .for("update");
}

/** In the order of a worker that ends a job, job before voice: the two would else wait for each other. */
async function lockOpenJobs(tx: Tx, tenant: string, voiceId: string): Promise<void> {
  await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(usesOneOf(tenant, [voiceId]), inArray(jobs.status, OPEN)))
    .orderBy(jobs.id)
    .for("update");
}

/** Files of the voices that lie elsewhere than under their own prefix. */
async function strayKeys(tx: Tx, gone: readonly VoiceRow[]): Promise<string[]> {
  const ids = gone.map(({ id }) => id);
  const samples = await tx
    .select({ key: voiceSamples.storageKey })
    .from(voiceSamples)
    .where(inArray(voiceSamples.voiceId, ids));
  const keys = [...samples.map(({ key }) => key), ...gone.flatMap(({ packKey }) => packKey ?? [])];
  return keys.filter((key) => !ids.some((id) => key.startsWith(voicePrefix(id))));
}

/** Jobs of a tenant in which one of these voices is heard. */
function usesOneOf(tenant: string, ids: readonly string[]): SQL | undefined {
  return and(eq(jobs.tenant, tenant), hearsOneOf(ids));
}

/**
 * Fails what waits or runs in these voices and marks the audio of all their jobs as removed.
 *
 * @returns the keys and prefixes of the bytes that are to be removed.
 */
async function endJobs(tx: Tx, tenant: string, ids: readonly string[]): Promise<string[]> {
  const affected = await tx
    .select({ id: jobs.id, status: jobs.status })
    .from(jobs)
    .where(usesOneOf(tenant, ids));
  if (affected.length === 0) return [];
  const jobIds = affected.map((job) => job.id);
  const failed = await tx
    .update(jobs)
    .set({
      status: "FAILED",
      stage: "DONE",
      finishedAt: sql`now()`,
      // Without its lease the worker that runs it stops at the notification and publishes nothing.
      leaseToken: null,
      leaseUntil: null,
      errorCode: "GONE",
      errorMessage: "The voice of this job has been deleted.",
    })
    .where(and(inArray(jobs.id, jobIds), inArray(jobs.status, OPEN)))
    .returning();
  for (const job of failed) {
    await recordJobEnd(tx, job, { status: "FAILED", errorCode: "GONE" });
    await notify(tx, `job:${job.id}`);
  }
  const removed = await tx
    .update(audioAssets)
    .set({ deletedAt: sql`now()` })
    .where(and(inArray(audioAssets.jobId, jobIds), isNull(audioAssets.deletedAt)))
    .returning({ jobId: audioAssets.jobId, storageKey: audioAssets.storageKey });
  // A job that was answered with the audio of another names a file of that one. All who share it speak in this voice.
  const shared = removed.filter(({ jobId, storageKey }) => !storageKey.startsWith(audioPrefix(jobId)));
  return [
    ...removed.map(({ jobId }) => audioPrefix(jobId)),
    ...new Set(shared.map(({ storageKey }) => storageKey)),
    ...failed.flatMap(({ id }) => [audioPrefix(id), piecesPrefix(id)]),
    // What jobs that did not come to a good end had spoken ahead has no row yet.
    ...affected.filter(({ status }) => status !== "SUCCEEDED").map(({ id }) => utterancesPrefix(id)),
  ];
}

const audioPrefix = (jobId: string) => `audio/${jobId}/`;

/** Takes from the cache what these voices have said, alone or in a mix. @returns the keys of the files. */
async function forgetUtterances(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const gone = await tx
    .delete(cachedUtterances)
    .where(arrayOverlaps(cachedUtterances.voiceIds, [...ids]))
    .returning({ storageKey: cachedUtterances.storageKey });
  return gone.map(({ storageKey }) => storageKey);
}

/** Bytes first: a crash in between repeats the removal, which is harmless. */
async function removeBytes(db: Db, storage: Storage, { id, storageKeys }: DeletedVoice): Promise<void> {
  if (storageKeys.length === 0) return;
  for (const key of storageKeys) await storage.remove(key);
  await db.update(deletedVoices).set({ storageKeys: [] }).where(eq(deletedVoices.id, id));
}

/** Removes what deletions have left behind that a crash or a failing store interrupted. Safe on several nodes at once. */
export async function sweepDeletedVoices({ db, storage, log }: DeleteDeps): Promise<void> {
  const unfinished = await db
    .select()
    .from(deletedVoices)
    .where(ne(deletedVoices.storageKeys, sql`'{}'::text[]`));
  for (const deleted of unfinished) await removeBytes(db, storage, deleted);
  if (unfinished.length > 0) log.warn({ voices: unfinished.length }, "removed files of deleted voices");
}
