import { isNull } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { CHAIN_START, type ChainEnd, type ChainVerdict, verifyChain } from "./chain.ts";
import { entriesInOrder, readChainEnds } from "./list.ts";
import { auditLog } from "./table.ts";

export interface AuditVerdict extends ChainVerdict {
  /** Entries that wait to be sealed: written moments ago, or while no node ran. */
  readonly unsealed: number;
  /** Where the chain begins: behind what retention removed, or at its very start. */
  readonly start: ChainEnd;
}

/**
 * Follows the whole chain in the database, from one moment's view of it.
 *
 * @param anchor see `ChainKnowledge`
 */
export async function verifyAudit(db: Db, anchor: ChainEnd | null = null): Promise<AuditVerdict> {
  return await db.transaction(
    async (tx) => {
      const unsealed = await tx.$count(auditLog, isNull(auditLog.sequence));
      const ends = await readChainEnds(tx);
      if (ends === null) {
        const fault = {
          sequence: 1,
          id: null,
          reason: "the row that holds the ends of the chain was removed",
        };
        return { entries: 0, end: CHAIN_START, start: CHAIN_START, unsealed, fault };
      }
      const entries = entriesInOrder(tx, {}, 0, null);
      const verdict = await verifyChain(entries, ends.start, { head: ends.head, anchor });
      return { ...verdict, start: ends.start, unsealed };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}
