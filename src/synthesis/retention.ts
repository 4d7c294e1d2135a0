import { and, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Db } from "../db/client.ts";
import { isTerminal } from "../jobs/job.ts";
import { jobs } from "../jobs/table.ts";
import type { Storage } from "../storage/storage.ts";
import { audioAssets } from "./table.ts";

const BATCH = 200;

/** Removes audio whose time is up and what ended jobs have left behind. Safe on several nodes at once. */
export async function sweepAudio(db: Db, storage: Storage, log: Logger): Promise<void> {
  const expired = await expireAudio(db, storage);
  const pieces = await removeEndedPieces(db, storage);
  if (expired + pieces > 0) log.info({ expired, pieces }, "removed old audio");
}

async function expireAudio(db: Db, storage: Storage): Promise<number> {
  let count = 0;
  for (;;) {
    const due = await db
      .select({ id: audioAssets.id, jobId: audioAssets.jobId })
      .from(audioAssets)
      .where(and(isNull(audioAssets.deletedAt), lt(audioAssets.expiresAt, sql`now()`)))
      .limit(BATCH);
    for (const { id, jobId } of due) {
      // Bytes first: a crash in between repeats the removal, which is harmless.
      await storage.remove(`audio/${jobId}/`);
      await db.update(audioAssets).set({ deletedAt: sql`now()` }).where(eq(audioAssets.id, id));
    }
    count += due.length;
    if (due.length < BATCH) return count;
  }
}

async function removeEndedPieces(db: Db, storage: Storage): Promise<number> {
  const folders = await storage.list("pieces/");
  const ids = folders.map((key) => key.slice("pieces/".length, -1));
  let count = 0;
  for (let i = 0; i < ids.length; i += BATCH) {
    const batch = ids.slice(i, i + BATCH);
    const rows = await db
      .select({ id: jobs.id, status: jobs.status })
      .from(jobs)
      .where(inArray(jobs.id, batch));
    const live = new Set(rows.filter(({ status }) => !isTerminal(status)).map(({ id }) => id));
    for (const id of batch.filter((candidate) => !live.has(candidate))) {
      await storage.remove(`pieces/${id}/`);
      count++;
    }
  }
  return count;
}
