import { sql } from "drizzle-orm";
import type { Tx } from "../db/client.ts";

const ADMISSION_LOCK = 5_064_001;

/**
 * Serialises whoever counts before it adds: the queue, idempotency keys, quotas. All those answers are exact
 * because of it. Held until the transaction ends; taking it twice is taking it once.
 */
export async function lockAdmission(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${ADMISSION_LOCK})`);
}
