import { asc, isNull, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { type ChainEntry, ENTRY_COLUMNS, entryHash, type SealedEntry } from "./chain.ts";
import { auditChain, auditLog } from "./table.ts";

/** Entries that one transaction seals. */
const BATCH = 500;

/**
 * Gives committed entries their places in the chain, in the order of their ids. Sealing comes after the commit and
 * not with it, so that transactions never wait for each other to take the next place: a lock held until the commit
 * would bring every write of the fleet into one line, and its place in the order of locks would be one more thing
 * for every writer to get right. What that costs is a moment in which an entry is not yet chained.
 *
 * Any node may do it; the row of the chain's ends lets one at a time, and the others leave it to that one.
 *
 * @returns what was sealed; empty when nothing waits or another node is at it.
 */
export async function sealAudit(db: Db): Promise<readonly SealedEntry[]> {
  return await db.transaction(async (tx) => {
    const [head] = await tx.select().from(auditChain).for("update", { skipLocked: true });
    if (head === undefined) return [];
    const waiting = await tx
      .select(ENTRY_COLUMNS)
      .from(auditLog)
      .where(isNull(auditLog.sequence))
      .orderBy(asc(auditLog.id))
      .limit(BATCH);
    let { sequence, hash } = head;
    const sealed = waiting.map((row): SealedEntry => {
      sequence++;
      const entry: ChainEntry = { ...row, sequence };
      hash = entryHash(hash, entry);
      return { ...entry, hash };
    });
    if (sealed.length === 0) return sealed;
    const places = JSON.stringify(
      sealed.map((entry) => ({ id: entry.id, s: entry.sequence, h: entry.hash })),
    );
    await tx.execute(
      sql`update ${auditLog} set sequence = place.s, hash = place.h
        from jsonb_to_recordset(${places}::jsonb) as place(id uuid, s bigint, h text)
        where ${auditLog.id} = place.id`,
    );
    await tx.update(auditChain).set({ sequence, hash, sealedAt: sql`now()` });
    return sealed;
  });
}
