import { and, asc, gt, inArray, isNotNull, lte, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import type { Storage, StoredObject } from "../storage/storage.ts";
import { KEY_OWNERS, type KeyColumn, type KeyOwner } from "./owners.ts";
import type { MissingObject } from "./table.ts";

export interface SweepOptions {
  /** What is younger is left alone: it may be of work that has not written its row yet. */
  readonly graceMs: number;
  /** Looks and counts, and removes nothing. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
  /** Objects that are looked at together; memory grows with it. */
  readonly windowSize?: number;
}

/** What a sweep found; what it counts as orphans it has removed, but for a dry run. */
export interface SweepReport {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly objects: number;
  readonly bytes: number;
  /** Objects that no row names, older than the grace. */
  readonly orphans: number;
  readonly orphanBytes: number;
  /** Temporary files and uploads that were never finished. */
  readonly unfinished: number;
  /** Objects that rows name and that are not there. */
  readonly missing: number;
  readonly missingExamples: readonly MissingObject[];
}

const WINDOW_OBJECTS = 5_000;
const MAX_EXAMPLES = 50;

type Tally = { -readonly [Key in Exclude<keyof SweepReport, "missingExamples">]: SweepReport[Key] } & {
  missingExamples: MissingObject[];
};

/**
 * Compares the store with the rows that name its objects: what no row names is removed, what is named and not there is
 * reported. Both sides are read in windows of the same range of keys, so that memory stays bounded; each finding is
 * looked at again before it counts, since jobs go on meanwhile. Safe to repeat and to break off at any point.
 */
export async function sweepStorage(
  { db, storage }: { readonly db: Db; readonly storage: Storage },
  { graceMs, dryRun, signal, windowSize = WINDOW_OBJECTS }: SweepOptions,
): Promise<SweepReport> {
  const startedAt = new Date();
  const before = new Date(startedAt.getTime() - graceMs);
  const tally: Tally = {
    startedAt,
    finishedAt: startedAt,
    objects: 0,
    bytes: 0,
    orphans: 0,
    orphanBytes: 0,
    unfinished: await storage.removeUnfinished(before, dryRun),
    missing: 0,
    missingExamples: [],
  };
  for (const owner of KEY_OWNERS) {
    let from = "";
    for await (const { objects, to } of windows(storage.entries(owner.prefix), windowSize)) {
      signal?.throwIfAborted();
      tally.objects += objects.length;
      tally.bytes += objects.reduce((sum, { bytes }) => sum + bytes, 0);
      const present = new Set(objects.map(({ key }) => key));
      const named = new Set<string>();
      for await (const row of rowsBetween(db, owner, from, to, windowSize)) {
        named.add(row.key);
        if (!row.column.replaceable && !present.has(row.key) && (await isMissing(db, storage, row))) {
          tally.missing++;
          if (tally.missingExamples.length < MAX_EXAMPLES)
            tally.missingExamples.push({ what: row.column.what, id: row.id, key: row.key });
        }
      }
      const old = objects.filter(({ key, modifiedAt }) => !named.has(key) && modifiedAt < before);
      const orphans = await orphansAmong(db, owner, old);
      if (!dryRun) await storage.removeMany(orphans.map(({ key }) => key));
      tally.orphans += orphans.length;
      tally.orphanBytes += orphans.reduce((sum, { bytes }) => sum + bytes, 0);
      from = to ?? from;
    }
  }
  return { ...tally, finishedAt: new Date() };
}

interface Window {
  readonly objects: readonly StoredObject[];
  /** Last key of the range that the window covers; null for the last one, which has no end. */
  readonly to: string | null;
}

/** Groups of objects with ranges that cover every key there can be, also where a store lists in another order. */
async function* windows(entries: AsyncIterable<StoredObject>, size: number): AsyncGenerator<Window> {
  let objects: StoredObject[] = [];
  let to = "";
  for await (const object of entries) {
    objects.push(object);
    if (object.key > to) to = object.key;
    if (objects.length < size) continue;
    yield { objects, to };
    objects = [];
  }
  yield { objects, to: null };
}

interface NamingRow {
  readonly column: KeyColumn;
  readonly id: string;
  readonly key: string;
}

async function* rowsBetween(
  db: Db,
  owner: KeyOwner,
  from: string,
  to: string | null,
  pageSize: number,
): AsyncGenerator<NamingRow> {
  for (const column of owner.columns) {
    // The order of keys is that of their bytes, whatever the database's own collation.
    const key = sql<string>`${column.key} collate "C"`;
    for (let last = from; ; ) {
      const rows = await db
        // Several rows may name one object: it is one that is missing then, told by the first that named it.
        .select({ key: sql<string>`${column.key}`, id: sql<string>`min(${column.id}::text)` })
        .from(column.table)
        .where(
          and(isNotNull(column.key), column.where, gt(key, last), to === null ? undefined : lte(key, to)),
        )
        .groupBy(column.key)
        .orderBy(asc(key))
        .limit(pageSize);
      for (const row of rows) yield { column, ...row };
      const end = rows.at(-1);
      if (end === undefined || rows.length < pageSize) break;
      last = end.key;
    }
  }
}

/** Whether the object is not there although the row, read again after the look, still names it. */
async function isMissing(db: Db, storage: Storage, { column, key }: NamingRow): Promise<boolean> {
  if ((await storage.size(key)) !== null) return false;
  return (await namedAmong(db, [column], [key])).length > 0;
}

async function orphansAmong(db: Db, owner: KeyOwner, old: readonly StoredObject[]): Promise<StoredObject[]> {
  if (old.length === 0) return [];
  const idOf = (key: string) => key.slice(owner.prefix.length).split("/")[0] ?? "";
  // Who is busy first, who is named second: work that ends in between has written its row by then.
  const busy = new Set(await owner.busy(db, [...new Set(old.map(({ key }) => idOf(key)))]));
  const named = new Set(
    await namedAmong(
      db,
      owner.columns,
      old.map(({ key }) => key),
    ),
  );
  return old.filter(({ key }) => !named.has(key) && !busy.has(idOf(key)));
}

async function namedAmong(db: Db, columns: readonly KeyColumn[], keys: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const { table, key, where } of columns) {
    const rows = await db
      .select({ key: sql<string>`${key}` })
      .from(table)
      .where(and(inArray(key, [...keys]), where));
    found.push(...rows.map((row) => row.key));
  }
  return found;
}
