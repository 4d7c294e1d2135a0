import { eq, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../db/client.ts";
import { type Lane, laneColumn } from "./lane.ts";
import { jobs } from "./table.ts";

/** Every job takes some work besides its text: what counts less than this counts as much. */
const LEAST_COST = 100;

/** What a job uses of its tenant's share, in characters. */
const costColumn: SQL<number> = sql<number>`greatest(${jobs.characters}, ${sql.raw(String(LEAST_COST))})`;

/**
 * The place of a new job in its lane: start-time fair queueing. A tenant's next job starts where its last one ends, by
 * the characters of both, or now; "now" is the rank of the job that is next. So tenants take turns by what they use,
 * a tenant of one job does not wait for all those of another, and nobody saves up turns by staying away.
 *
 * Called under the admission lock.
 */
export async function nextRank(tx: Tx, tenant: string, lane: Lane): Promise<number> {
  const waiting = eq(jobs.status, "QUEUED");
  const [at] = await tx
    .select({
      // A job that waits for another attempt came long ago: it says nothing of where the others are.
      next: sql<number | null>`min(${jobs.rank}) filter (where ${waiting} and ${jobs.attempts} = 0)`,
      waiting: sql<number | null>`min(${jobs.rank}) filter (where ${waiting})`,
      running: sql<number | null>`max(${jobs.rank}) filter (where not ${waiting})`,
      ownEnd: sql<number | null>`max(${jobs.rank} + ${costColumn}) filter (where ${eq(jobs.tenant, tenant)})`,
    })
    .from(jobs)
    .where(sql`${jobs.status} in ('QUEUED', 'RUNNING') and ${laneColumn} = ${lane}`);
  const now = at?.next ?? at?.waiting ?? at?.running ?? 0;
  return Math.max(now, at?.ownEnd ?? 0);
}

/** Where an idle service starts counting again, so far is this away: the largest integer of the queue's column. */
const MOST_URGENT = 2 ** 31 - 1;

/**
 * A rank as a number that is larger the sooner the job is due. Ranks that differ by less than the smallest job are
 * one: then the first come is the first served.
 */
export function urgencyOf(rank: number): number {
  return Math.max(-MOST_URGENT, -Math.floor(rank / LEAST_COST));
}

/** Orders the waiting jobs of a lane as they are taken. */
export const takingOrder: SQL = sql`floor(${jobs.rank} / ${sql.raw(String(LEAST_COST))}), ${jobs.queuedAt}, ${jobs.id}`;
