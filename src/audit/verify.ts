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
 * @param anchor a place and its hash that were noted elsewhere: finds a chain that was made anew as a whole
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
      let anchored: string | null = ends.start.sequence === anchor?.sequence ? ends.start.hash : null;
      const watched = (async function* () {
        for await (const entry of entriesInOrder(tx, {}, 0, null)) {
          if (entry.sequence === anchor?.sequence) anchored = entry.hash;
          yield entry;
        }
      })();
      const verdict = await verifyChain(watched, ends.start, ends.head);
      const base = { ...verdict, start: ends.start, unsealed };
      const checkable = anchor !== null && anchor.sequence >= ends.start.sequence && verdict.fault === null;
      if (!checkable || anchored === anchor.hash) return base;
      const reason =
        anchored === null
          ? `the anchor names it, and the chain ends at number ${verdict.end.sequence}`
          : "the anchor says otherwise: the chain was made anew";
      return { ...base, fault: { sequence: anchor.sequence, id: null, reason } };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}
