import { and, asc, gt, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Db, Tx } from "../../db/client.ts";
import { jobs } from "../../jobs/table.ts";
import type { Storage } from "../../storage/storage.ts";
import { cachedUtterances, jobUtterances } from "../table.ts";
import type { CacheObserver } from "./observer.ts";

/** "evict" in ASCII: one node of a fleet evicts at a time, or each would make all the room. */
const EVICTION_LOCK = "435661497204";
const BATCH = 100;

export interface CacheBounds {
  /** What the files of the cache may take together; 0 empties it. */
  readonly maxBytes: number;
  /** What has not been used for so long goes. */
  readonly maxAgeHours: number;
}

export interface EvictionDeps {
  readonly db: Db;
  readonly storage: Storage;
  readonly log: Pick<Logger, "info">;
  readonly observer?: CacheObserver;
}

interface Total {
  readonly utterances: number;
  readonly bytes: number;
}

/**
 * Holds the cache of utterances within its bounds: what is too old goes, then what was not used for the longest time,
 * but nothing that an open job relies on. Safe on several nodes at once.
 *
 * @returns how many utterances were removed.
 */
export async function evictUtterances(
  { db, storage, log, observer }: EvictionDeps,
  { maxBytes, maxAgeHours }: CacheBounds,
): Promise<number> {
  const old = sql`${cachedUtterances.usedAt} < now() - make_interval(hours => ${maxAgeHours})`;
  let count = 0;
  let last: Candidate | undefined;
  let total = await totalOf(db);
  // From the least recently used on, past those that are in use.
  for (;;) {
    const tooMuch = total.bytes - maxBytes;
    const round = await db.transaction((tx) => evictSome(tx, storage, last, old, tooMuch));
    last = round.last;
    count += round.removed;
    if (round.removed > 0) total = await totalOf(db);
    if (last === undefined) break;
  }
  observer?.holds(total.utterances, total.bytes);
  if (count > 0) log.info({ utterances: count, bytesLeft: total.bytes }, "removed utterances from the cache");
  return count;
}

interface Candidate {
  readonly key: string;
  readonly storageKey: string;
  readonly bytes: number;
  readonly old: boolean;
  /** By the database's clock to the microsecond, which a Date does not hold. */
  readonly usedAt: string;
}

async function evictSome(
  tx: Tx,
  storage: Storage,
  after: Candidate | undefined,
  old: SQL,
  tooMuch: number,
): Promise<{ removed: number; last?: Candidate }> {
  const { key, usedAt } = cachedUtterances;
  const [turn] = await tx
    .select({ ours: sql<boolean>`pg_try_advisory_xact_lock(${sql.raw(EVICTION_LOCK)})` })
    .from(sql`(values (1)) as one`);
  if (turn?.ours !== true) return { removed: 0 };
  const afterTime = sql`${after?.usedAt ?? null}::timestamptz`;
  const candidates = await tx
    .select({
      key,
      storageKey: cachedUtterances.storageKey,
      bytes: cachedUtterances.bytes,
      old: sql<boolean>`${old}`,
      usedAt: sql<string>`${usedAt}::text`,
    })
    .from(cachedUtterances)
    .where(
      and(
        tooMuch > 0 ? undefined : old,
        after && or(gt(usedAt, afterTime), and(sql`${usedAt} = ${afterTime}`, gt(key, after.key))),
      ),
    )
    .orderBy(asc(usedAt), asc(key))
    .limit(BATCH)
    // A job that relies on one at this moment holds it.
    .for("update", { skipLocked: true });
  // Asked once they are held: whoever has come to rely on one before has written its row by now.
  const inUse = await namedByOpenJobs(
    tx,
    candidates.map(({ storageKey }) => storageKey),
  );
  let excess = tooMuch;
  const chosen = candidates.filter((candidate) => {
    if (inUse.has(candidate.storageKey) || !(candidate.old || excess > 0)) return false;
    excess -= candidate.bytes;
    return true;
  });
  if (chosen.length > 0) {
    const keys = chosen.map((candidate) => candidate.key);
    await tx.delete(cachedUtterances).where(inArray(key, keys));
    // Bytes first: what is rolled back names files that are missing, and those are spoken again.
    await storage.removeMany(chosen.map(({ storageKey }) => storageKey));
  }
  const last = candidates.length < BATCH ? undefined : candidates.at(-1);
  return { removed: chosen.length, ...(last !== undefined && { last }) };
}

async function namedByOpenJobs(tx: Tx, storageKeys: readonly string[]): Promise<ReadonlySet<string>> {
  if (storageKeys.length === 0) return new Set();
  const rows = await tx
    .select({ key: jobUtterances.pieceKey })
    .from(jobs)
    .innerJoin(jobUtterances, sql`${jobUtterances.jobId} = ${jobs.id}`)
    .where(
      and(inArray(jobs.status, ["QUEUED", "RUNNING"]), inArray(jobUtterances.pieceKey, [...storageKeys])),
    );
  return new Set(rows.map((row) => row.key));
}

async function totalOf(db: Db): Promise<Total> {
  const [row] = await db
    .select({
      utterances: sql<number>`count(*)::int`,
      bytes: sql<number>`coalesce(sum(${cachedUtterances.bytes}), 0)::float8`,
    })
    .from(cachedUtterances);
  return row ?? { utterances: 0, bytes: 0 };
}
