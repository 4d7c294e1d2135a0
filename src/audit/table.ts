import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, instant, primaryId } from "../db/columns.ts";

/** How what was asked for went: taken on or refused at once; how it ended when it took longer. */
export const AUDIT_OUTCOMES = ["ACCEPTED", "REFUSED", "SUCCEEDED", "FAILED", "CANCELLED"] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/**
 * Who did what. Append-only: triggers made by the migrations refuse update, delete and truncate, with two
 * exceptions: an entry gets its place in the chain once, and retention removes what a checkpoint covers.
 */
export const auditLog = pgTable(
  "audit_log",
  {
    id: primaryId(),
    at: createdAt(),
    action: text().notNull(),
    /** The key's name. */
    actor: text().notNull(),
    tenant: text().notNull().default("default"),
    ip: text(),
    userAgent: text(),
    requestId: text().notNull(),
    targetType: text(),
    targetId: text(),
    outcome: text({ enum: AUDIT_OUTCOMES }).notNull(),
    /** From the start of the request, or of the job, until the entry was written. */
    durationMs: integer(),
    details: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    /** Place in the chain, from 1 without gaps; null until the entry is sealed, shortly after its commit. */
    sequence: bigint({ mode: "number" }),
    /** SHA-256 over the hash of the entry before and this entry, see `chain.ts`; null until it is sealed. */
    hash: text(),
  },
  (table) => [
    index("audit_log_at").on(table.at, table.id),
    index("audit_log_target").on(table.targetType, table.targetId),
    index("audit_log_tenant").on(table.tenant, table.id),
    index("audit_log_action").on(table.action, table.id),
    index("audit_log_actor").on(table.actor, table.id),
    uniqueIndex("audit_log_sequence").on(table.sequence),
    index("audit_log_unsealed").on(table.id).where(sql`${table.sequence} is null`),
    check("audit_log_sealed", sql`(${table.sequence} is null) = (${table.hash} is null)`),
  ],
);

export type AuditRow = typeof auditLog.$inferSelect;

/** What the chain hangs on before its first entry. */
export const GENESIS_HASH = "0".repeat(64);

/** The two ends of the chain, one row: without its head nobody would miss entries cut off at the end. */
export const auditChain = pgTable(
  "audit_chain",
  {
    id: integer().primaryKey().default(1),
    sequence: bigint({ mode: "number" }).notNull().default(0),
    hash: text().notNull().default(GENESIS_HASH),
    sealedAt: instant(),
    /** The last entry that retention has removed, and its hash: where the chain now begins. */
    prunedSequence: bigint({ mode: "number" }).notNull().default(0),
    prunedHash: text().notNull().default(GENESIS_HASH),
    prunedAt: instant(),
  },
  (table) => [check("audit_chain_single", sql`${table.id} = 1`)],
);
