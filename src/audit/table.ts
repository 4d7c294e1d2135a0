import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, primaryId } from "../db/columns.ts";

/** Who did what, append-only: a trigger made by the migrations refuses update, delete and truncate. */
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
    outcome: text({ enum: ["ACCEPTED", "REFUSED"] }).notNull(),
    details: jsonb().notNull(),
  },
  (table) => [
    index("audit_log_at").on(table.at, table.id),
    index("audit_log_target").on(table.targetType, table.targetId),
  ],
);
