import { and, asc, eq, gt, gte, inArray, lt, lte, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Db, Tx } from "../db/client.ts";
import type { ListPage } from "../db/page.ts";
import type { Actor } from "./audit.ts";
import { ENTRY_COLUMNS, type SealedEntry } from "./chain.ts";
import { type AuditOutcome, type AuditRow, auditChain, auditLog } from "./table.ts";

/** Which entries; what is left out or null does not restrict. */
export interface AuditFilter {
  readonly actions?: readonly string[] | null | undefined;
  readonly actor?: string | null | undefined;
  readonly tenant?: string | null | undefined;
  readonly targetType?: string | null | undefined;
  readonly targetId?: string | null | undefined;
  readonly outcomes?: readonly AuditOutcome[] | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

function equal(column: AnyPgColumn, value: string | null | undefined): SQL | undefined {
  return value == null ? undefined : eq(column, value);
}

function matches(filter: AuditFilter): SQL | undefined {
  const { actions, outcomes } = filter;
  return and(
    actions == null || actions.length === 0 ? undefined : inArray(auditLog.action, [...actions]),
    outcomes == null || outcomes.length === 0 ? undefined : inArray(auditLog.outcome, [...outcomes]),
    equal(auditLog.actor, filter.actor),
    equal(auditLog.tenant, filter.tenant),
    equal(auditLog.targetType, filter.targetType),
    equal(auditLog.targetId, filter.targetId),
    equal(auditLog.requestId, filter.requestId),
    filter.from == null ? undefined : gte(auditLog.at, filter.from),
    filter.to == null ? undefined : lt(auditLog.at, filter.to),
  );
}

/** Operators see every tenant's entries, others those of their own tenant. Null: none that was asked for. */
export function visibleAudit(
  actor: Pick<Actor, "scopes" | "tenant">,
  filter: AuditFilter,
): AuditFilter | null {
  if (actor.scopes.has("admin")) return filter;
  if (filter.tenant != null && filter.tenant !== actor.tenant) return null;
  return { ...filter, tenant: actor.tenant };
}

/** One page of the entries, newest first: ids are UUIDv7, so their order is that of writing. */
export async function listAudit(db: Db, filter: AuditFilter, page: ListPage): Promise<AuditRow[]> {
  return await db
    .select()
    .from(auditLog)
    .where(
      and(
        matches(filter),
        page.after === undefined ? undefined : lt(auditLog.id, page.after),
        page.before === undefined ? undefined : gt(auditLog.id, page.before),
      ),
    )
    .orderBy(page.inverted ? sql`${auditLog.id} asc` : sql`${auditLog.id} desc`)
    .limit(page.limit);
}

export async function countAudit(db: Db, filter: AuditFilter): Promise<number> {
  return await db.$count(auditLog, matches(filter));
}

/** Entries read at once while the chain is followed: memory stays bounded whatever its length. */
const BATCH = 500;

/**
 * Sealed entries in the order of the chain.
 *
 * @param afterSequence only entries behind this place; 0 for all
 * @param throughSequence only entries up to this place; null for all
 */
export async function* entriesInOrder(
  db: Db | Tx,
  filter: AuditFilter,
  afterSequence: number,
  throughSequence: number | null,
): AsyncGenerator<SealedEntry> {
  let place = afterSequence;
  for (;;) {
    const rows = await db
      .select(ENTRY_COLUMNS)
      .from(auditLog)
      .where(
        and(
          gt(auditLog.sequence, place),
          throughSequence === null ? undefined : lte(auditLog.sequence, throughSequence),
          matches(filter),
        ),
      )
      .orderBy(asc(auditLog.sequence))
      .limit(BATCH);
    yield* rows as SealedEntry[];
    const last = rows.at(-1)?.sequence;
    if (last == null || rows.length < BATCH) return;
    place = last;
  }
}

/** The two ends of the chain as the database keeps them. */
export async function readChainEnds(db: Db | Tx) {
  const [ends] = await db.select().from(auditChain);
  if (ends === undefined) return null;
  return {
    head: { sequence: ends.sequence, hash: ends.hash },
    start: { sequence: ends.prunedSequence, hash: ends.prunedHash },
  };
}
