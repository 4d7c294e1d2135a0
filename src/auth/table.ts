import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, instant, primaryId } from "../db/columns.ts";
import type { KeyLimits } from "./limits.ts";
import type { Scope } from "./scopes.ts";

/** Managed keys. The secret itself is nowhere: `hash` is keyed with the server's own secret. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: primaryId(),
    /** Whose voices and jobs it sees and makes. */
    tenant: text().notNull(),
    name: text().notNull(),
    /** The part of the secret that may be seen: finds the row, and tells people which key it is. */
    prefix: text().notNull(),
    /** HMAC-SHA-256 of the whole secret, in hexadecimal. */
    hash: text().notNull(),
    scopes: text().array().$type<Scope[]>().notNull(),
    limits: jsonb().$type<KeyLimits>().notNull(),
    /** Name of the actor that made it. */
    createdBy: text().notNull(),
    /** The key that this one replaces. */
    rotatedFrom: uuid(),
    createdAt: createdAt(),
    expiresAt: instant(),
    revokedAt: instant(),
    /** Written at most once a minute. */
    lastUsedAt: instant(),
  },
  (table) => [
    uniqueIndex("api_keys_prefix").on(table.prefix),
    index("api_keys_tenant").on(table.tenant, table.id),
    check("api_keys_hash", sql`${table.hash} ~ '^[0-9a-f]{64}$'`),
    check("api_keys_scopes", sql`cardinality(${table.scopes}) > 0`),
  ],
);

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** Secrets that the nodes of a fleet share when the configuration gives none. */
export const serverSecrets = pgTable("server_secrets", {
  name: text().primaryKey(),
  value: text().notNull(),
  createdAt: createdAt(),
});
