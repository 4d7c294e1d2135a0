import { and, desc, eq, getTableColumns, gt, isNull, or, sql } from "drizzle-orm";
import type { Db, Tx } from "../../db/client.ts";
import type { ReadyJob } from "../../jobs/job.ts";
import type { Storage } from "../../storage/storage.ts";
import { countVoiceUse } from "../../voices/management/usage.ts";
import { type AudioAssetRow, audioAssets, jobUtterances } from "../table.ts";
import type { CacheObserver } from "./observer.ts";
import { holdVoices } from "./utterances.ts";

export interface AnswerDeps {
  readonly db: Db;
  readonly storage: Storage;
  readonly retentionHours: number | null;
  readonly observer?: CacheObserver;
}

const alive = and(
  isNull(audioAssets.deletedAt),
  or(isNull(audioAssets.expiresAt), gt(audioAssets.expiresAt, sql`now()`)),
);

/**
 * Looks for audio that answers a request: made of the same, still kept, and in the store.
 *
 * @param voiceIds the voices that speak
 * @returns what ends the new job at once with the same file; null when there is no such audio.
 */
export async function findAnswer(
  deps: AnswerDeps,
  cacheKey: string,
  voiceIds: readonly string[],
): Promise<((tx: Tx) => Promise<ReadyJob | null>) | null> {
  const { db, storage, observer } = deps;
  // The latest: should the file of earlier ones be lost, another has been made since.
  const [source] = await db
    .select()
    .from(audioAssets)
    .where(and(eq(audioAssets.cacheKey, cacheKey), alive))
    .orderBy(desc(audioAssets.id))
    .limit(1);
  const kept = source !== undefined && (await storage.size(source.storageKey)) === source.bytes;
  if (!kept) {
    observer?.looked("request", false, 0);
    return null;
  }
  return (tx) => answerWith(tx, deps, source, voiceIds);
}

async function answerWith(
  tx: Tx,
  { retentionHours, observer }: AnswerDeps,
  source: AudioAssetRow,
  voiceIds: readonly string[],
): Promise<ReadyJob | null> {
  // Voices before audio, in the order of whoever deletes them.
  if (!(await holdVoices(tx, voiceIds))) return null;
  // Whoever removes the file waits until the new row names it too, or it is gone and is not found here.
  const [held] = await tx
    .select({ id: audioAssets.id })
    .from(audioAssets)
    .where(and(eq(audioAssets.id, source.id), alive))
    .for("share");
  observer?.looked("request", held !== undefined, held === undefined ? 0 : source.bytes);
  if (held === undefined) return null;
  const units = await tx.$count(jobUtterances, eq(jobUtterances.jobId, source.jobId));
  return {
    units,
    figures: { utterances: units, audioSeconds: source.durationSeconds, computeSeconds: 0, cached: 1 },
    async publish(job) {
      const { id: _, createdAt: _made, ...facts } = source;
      const expiresAt =
        retentionHours === null ? null : sql`now() + make_interval(hours => ${retentionHours})`;
      await tx.insert(audioAssets).values({ ...facts, jobId: job.id, expiresAt });
      await copyUtterances(tx, source.jobId, job.id);
      const { characters } = job;
      await countVoiceUse(tx, voiceIds, { characters, audioSeconds: source.durationSeconds });
    },
  };
}

/** Words and subtitles of the one are those of the other. */
async function copyUtterances(tx: Tx, from: string, to: string): Promise<void> {
  const copied = { ...getTableColumns(jobUtterances), jobId: sql<string>`${to}::uuid`.as("copied_job_id") };
  await tx
    .insert(jobUtterances)
    .select(tx.select(copied).from(jobUtterances).where(eq(jobUtterances.jobId, from)));
}
