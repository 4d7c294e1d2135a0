import { and, eq, gt, gte, lte, min, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { recordAudit, SERVICE_ACTOR } from "./audit.ts";
import { auditChain, auditLog } from "./table.ts";

/** Entries that one transaction removes. */
const BATCH = 5_000;

/**
 * Removes entries older than `retentionDays` from the front of the chain. The place up to which they went, with its
 * hash, is kept as the chain's new beginning and told in an entry of its own, so what remains can still be verified.
 * An entry is only removed when all before it are old too: the chain has no holes.
 *
 * @returns how many were removed.
 */
export async function pruneAudit(db: Db, retentionDays: number): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await pruneBatch(db, retentionDays);
    total += count;
    if (count < BATCH) return total;
  }
}

async function pruneBatch(db: Db, retentionDays: number): Promise<number> {
  return await db.transaction(async (tx) => {
    const [chain] = await tx.select().from(auditChain).for("update");
    if (chain === undefined) throw new Error("the audit chain has no ends");
    const young = and(
      gt(auditLog.sequence, chain.prunedSequence),
      gte(auditLog.at, sql`now() - make_interval(days => ${retentionDays})`),
    );
    const [kept] = await tx
      .select({ first: min(auditLog.sequence) })
      .from(auditLog)
      .where(young);
    const through = Math.min(
      kept?.first == null ? chain.sequence : Number(kept.first) - 1,
      chain.prunedSequence + BATCH,
    );
    if (through <= chain.prunedSequence) return 0;
    const [last] = await tx
      .select({ hash: auditLog.hash })
      .from(auditLog)
      .where(eq(auditLog.sequence, through));
    if (last?.hash == null)
      throw new Error(`audit entry ${through} is missing: run \`speaker audit verify\``);
    const count = through - chain.prunedSequence;
    await tx.update(auditChain).set({ prunedSequence: through, prunedHash: last.hash, prunedAt: sql`now()` });
    // The trigger lets entries go that the checkpoint covers, in a transaction that says so.
    await tx.execute(sql`select set_config('speaker.audit_prune', 'on', true)`);
    await tx.delete(auditLog).where(lte(auditLog.sequence, through));
    await recordAudit(tx, SERVICE_ACTOR, {
      action: "audit.prune",
      outcome: "SUCCEEDED",
      targetType: "audit",
      targetId: String(through),
      details: { entries: count, throughSequence: through, hash: last.hash, retentionDays },
    });
    return count;
  });
}
