import { and, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Db, Tx } from "../db/client.ts";
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
  const due = and(isNull(audioAssets.deletedAt), lt(audioAssets.expiresAt, sql`now()`));
  let count = 0;
  for (;;) {
    const batch = await db
      .selectDistinct({ storageKey: audioAssets.storageKey })
      .from(audioAssets)
      .where(due)
      .limit(BATCH);
    for (const { storageKey } of batch) {
      count += await db.transaction((tx) => expireFile(tx, storage, storageKey, due));
    }
    if (batch.length < BATCH) return count;
  }
}

/** Ends the rows of one file whose time is up. The file goes with the last row that names it. */
async function expireFile(
  tx: Tx,
  storage: Storage,
  storageKey: string,
  due: SQL | undefined,
): Promise<number> {
  const naming = eq(audioAssets.storageKey, storageKey);
  // Whoever answers a request with this file holds one of its rows: all of them are held before anything is decided.
  await tx
    .select({ id: audioAssets.id })
    .from(audioAssets)
    .where(naming)
    .orderBy(audioAssets.id)
    .for("update");
  const ended = await tx
    .update(audioAssets)
    .set({ deletedAt: sql`now()` })
    .where(and(naming, due))
    .returning({ id: audioAssets.id });
  const alive = await tx.$count(audioAssets, and(naming, isNull(audioAssets.deletedAt)));
  // Before the end of the transaction: a crash in between repeats the removal, which is harmless.
  if (ended.length > 0 && alive === 0) await storage.remove(storageKey);
  return ended.length;
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
