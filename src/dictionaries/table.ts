import { sql } from "drizzle-orm";
import {
  check,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, instant, primaryId } from "../db/columns.ts";

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** One row a dictionary; what it says is in its versions. */
export const dictionaries = pgTable(
  "dictionaries",
  {
    id: primaryId(),
    tenant: text().notNull(),
    name: text().notNull(),
    description: text().notNull().default(""),
    /** The version that new requests use, counted from 1. */
    version: integer().notNull(),
    createdAt: createdAt(),
    updatedAt: instant().notNull().defaultNow(),
    /** A deleted one stays as long as its versions do, without its name. */
    deletedAt: instant(),
  },
  (table) => [
    index("dictionaries_tenant_name").on(table.tenant, table.name, table.id),
    check("dictionaries_version", sql`${table.version} > 0`),
  ],
);

export type DictionaryRow = typeof dictionaries.$inferSelect;

/** What a dictionary said at one time. Nothing in a version ever changes: a job speaks with the one it was accepted with. */
export const dictionaryVersions = pgTable(
  "dictionary_versions",
  {
    dictionaryId: uuid()
      .notNull()
      .references(() => dictionaries.id, { onDelete: "cascade" }),
    version: integer().notNull(),
    /** SHA-256 of the entries; see `PronunciationData`. */
    digest: text().notNull(),
    entryCount: integer().notNull(),
    /** Languages of its entries, in order; without the entries for every language. */
    languages: text().array().notNull(),
    packed: bytes().notNull(),
    bytes: integer().notNull(),
    createdAt: createdAt(),
    /** Since when no new request uses it; null for the present version. */
    supersededAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.dictionaryId, table.version] }),
    uniqueIndex("dictionary_versions_present")
      .on(table.dictionaryId)
      .where(sql`${table.supersededAt} is null`),
    index("dictionary_versions_superseded")
      .on(table.supersededAt)
      .where(sql`${table.supersededAt} is not null`),
    check("dictionary_versions_digest", sql`${table.digest} ~ '^[0-9a-f]{64}$'`),
  ],
);

export type DictionaryVersionRow = typeof dictionaryVersions.$inferSelect;
