import { and, eq, inArray, sql } from "drizzle-orm";
import type { Db, Tx } from "../../db/client.ts";
import { NotFoundError } from "../../errors.ts";
import type { UtteranceAudio } from "../../inference/engine.ts";
import { isTerminal } from "../../jobs/job.ts";
import { type JobRow, jobs } from "../../jobs/table.ts";
import type { Storage } from "../../storage/storage.ts";
import { voices } from "../../voices/table.ts";
import { encodePiece, type JobPieces, loadPiece, pieceBytes } from "../pieces.ts";
import { cachedUtterances } from "../table.ts";
import { type UtteranceScope, utteranceKey } from "./identity.ts";
import type { CacheObserver } from "./observer.ts";

const PREFIX = "utterances/";
/** What was used within this is not written down as used again. */
const TOUCH_AFTER = sql`interval '1 hour'`;

/** Where the files are that a job has added to the cache. */
export const utterancesPrefix = (jobId: string) => `${PREFIX}${jobId}/`;

export interface CachedPiecesDeps {
  readonly db: Db;
  readonly storage: Storage;
  readonly observer?: CacheObserver;
}

type CachedJob = Pick<JobRow, "id" | "tenant" | "leaseToken" | "attempts" | "unitsDone">;

/** An utterance that has a file, and whose row has not been looked at yet. */
interface Pending {
  readonly key: string;
  readonly audio: UtteranceAudio;
  /** Of this job: it is for this job to name it in a row. */
  readonly own: boolean;
}

/**
 * The utterances of one attempt at a job, in the cache that all jobs of a tenant share. A file is written under a name
 * of the attempt's own, and its row with that of the utterance. What a job relies on has its row held at that moment: it
 * is evicted either before, and then written again, or not while the job is open.
 */
export function cachedPieces(
  { db, storage, observer }: CachedPiecesDeps,
  job: CachedJob,
  scope: Omit<UtteranceScope, "tenant">,
): JobPieces {
  const ofTenant: UtteranceScope = { ...scope, tenant: job.tenant };
  const voiceIds = [...scope.voiceIds];
  const prefix = utterancesPrefix(job.id);
  const ownKey = (key: string) => `${prefix}${job.leaseToken}/${key}.piece`;
  const pending = new Map<string, Pending>();
  const written: string[] = [];
  /** Files that turned out to be missing or damaged, by the key of their row. */
  const broken = new Map<string, string>();
  const stale = new Set<string>();
  const saving = new Set<Promise<void>>();
  // What an earlier attempt had made and not yet told of.
  const resumed = job.attempts > 1 || job.unitsDone > 0;
  let leftovers: Promise<ReadonlyMap<string, string>> | undefined;
  const put = async (storageKey: string, audio: UtteranceAudio) => {
    written.push(storageKey);
    const writing = storage.put(storageKey, encodePiece(audio));
    saving.add(writing);
    await writing.finally(() => saving.delete(writing));
  };

  const keep = async (tx: Tx, storageKey: string, { key, audio }: Pending) => {
    if (!(await holdVoices(tx, voiceIds))) {
      throw new NotFoundError("The voice of this job has been deleted.");
    }
    const row = { storageKey, bytes: pieceBytes(audio) };
    const insert = tx.insert(cachedUtterances).values({ key, tenant: job.tenant, voiceIds, ...row });
    const damaged = broken.get(key);
    if (damaged === undefined) await insert.onConflictDoNothing();
    else
      await insert.onConflictDoUpdate({
        target: cachedUtterances.key,
        set: { ...row, usedAt: sql`now()` },
        setWhere: eq(cachedUtterances.storageKey, damaged),
      });
  };

  return {
    async load(request) {
      const key = utteranceKey(ofTenant, request);
      leftovers ??= resumed ? filesByKey(storage, prefix) : Promise.resolve(new Map());
      const left = (await leftovers).get(key);
      const row = left === undefined ? await findRow(db, key) : null;
      const storageKey = left ?? row?.storageKey;
      const audio = storageKey === undefined ? null : await loadPiece(storage, storageKey);
      observer?.looked("utterance", audio !== null, audio === null ? 0 : audio.samples.byteLength);
      if (storageKey === undefined) return null;
      if (audio === null) {
        if (row !== null) broken.set(key, storageKey);
        return null;
      }
      if (row?.stale) stale.add(key);
      pending.set(storageKey, { key, audio, own: left !== undefined });
      return { key: storageKey, audio };
    },
    async save(request, audio) {
      const key = utteranceKey(ofTenant, request);
      const storageKey = ownKey(key);
      pending.set(storageKey, { key, audio, own: true });
      await put(storageKey, audio);
      return storageKey;
    },
    async record(tx, pieceKey) {
      const utterance = pending.get(pieceKey);
      // Said twice in this job, and already on record.
      if (utterance === undefined) return pieceKey;
      pending.delete(pieceKey);
      if (utterance.own) {
        await keep(tx, pieceKey, utterance);
        return pieceKey;
      }
      const [held] = await tx
        .select({ key: cachedUtterances.key })
        .from(cachedUtterances)
        .where(and(eq(cachedUtterances.key, utterance.key), eq(cachedUtterances.storageKey, pieceKey)))
        .for("key share");
      if (held !== undefined) return pieceKey;
      // Evicted since it was loaded: rare enough to be written while the transaction waits.
      const storageKey = ownKey(utterance.key);
      await put(storageKey, utterance.audio);
      await keep(tx, storageKey, utterance);
      return storageKey;
    },
    async commit(tx) {
      if (stale.size === 0) return;
      // Whatever somebody else holds is in use anyway; waiting for several rows could end in a deadlock.
      const free = tx
        .select({ key: cachedUtterances.key })
        .from(cachedUtterances)
        .where(inArray(cachedUtterances.key, [...stale]))
        .for("update", { skipLocked: true });
      await tx
        .update(cachedUtterances)
        .set({ usedAt: sql`now()` })
        .where(inArray(cachedUtterances.key, free));
    },
    async settled() {
      const files = [...(await filesOf(storage, prefix)), ...broken.values()];
      await storage.removeMany(await unnamed(db, files));
    },
    async abandoned() {
      await Promise.allSettled(saving);
      if (written.length === 0) return;
      const [row] = await db.select({ status: jobs.status }).from(jobs).where(eq(jobs.id, job.id));
      // While it is open, its next attempt begins with these files.
      if (row === undefined || isTerminal(row.status)) await storage.removeMany(await unnamed(db, written));
    },
  };
}

/**
 * Holds voices in place until the transaction ends, so that whoever deletes one of them finds what it writes.
 *
 * @returns whether all of them are there.
 */
export async function holdVoices(tx: Tx, ids: readonly string[]): Promise<boolean> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return true;
  const found = await tx
    .select({ id: voices.id })
    .from(voices)
    .where(inArray(voices.id, wanted))
    .orderBy(voices.id)
    .for("key share");
  return found.length === wanted.length;
}

async function findRow(db: Db, key: string): Promise<{ storageKey: string; stale: boolean } | null> {
  const [row] = await db
    .select({
      storageKey: cachedUtterances.storageKey,
      stale: sql<boolean>`${cachedUtterances.usedAt} < now() - ${TOUCH_AFTER}`,
    })
    .from(cachedUtterances)
    .where(eq(cachedUtterances.key, key));
  return row ?? null;
}

/** The files that a job has added. */
async function filesOf(storage: Storage, prefix: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { key } of storage.entries(prefix)) files.push(key);
  return files;
}

async function filesByKey(storage: Storage, prefix: string): Promise<ReadonlyMap<string, string>> {
  const keyOf = (file: string) => file.slice(file.lastIndexOf("/") + 1, -".piece".length);
  return new Map((await filesOf(storage, prefix)).map((file) => [keyOf(file), file]));
}

/** Of these files, those that no row of the cache names. */
async function unnamed(db: Db, storageKeys: readonly string[]): Promise<string[]> {
  if (storageKeys.length === 0) return [];
  const rows = await db
    .select({ storageKey: cachedUtterances.storageKey })
    .from(cachedUtterances)
    .where(inArray(cachedUtterances.storageKey, [...storageKeys]));
  const named = new Set(rows.map(({ storageKey }) => storageKey));
  return storageKeys.filter((key) => !named.has(key));
}
