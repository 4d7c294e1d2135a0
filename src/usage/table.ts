import {
  bigint,
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
} from "drizzle-orm/pg-core";

/**
 * What was used on a day (UTC), by whom and for what: counted in the transaction that ends a synthesis job, so it
 * stays exact after crashes and outlives jobs and voices.
 */
export const usageDaily = pgTable(
  "usage_daily",
  {
    day: date({ mode: "string" }).notNull(),
    tenant: text().notNull(),
    /** The managed key; empty for keys of the environment and for open access. */
    keyId: text().notNull(),
    keyName: text().notNull(),
    /** Empty when the voice was deleted before the job ended. */
    voiceId: text().notNull(),
    /** BCP-47 tag. */
    language: text().notNull(),
    jobs: integer().notNull().default(0),
    succeeded: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    cancelled: integer().notNull().default(0),
    /** Of succeeded jobs, as the sums below. */
    characters: bigint({ mode: "number" }).notNull().default(0),
    audioSeconds: doublePrecision().notNull().default(0),
    computeSeconds: doublePrecision().notNull().default(0),
  },
  (table) => [
    primaryKey({
      name: "usage_daily_pk",
      columns: [table.day, table.tenant, table.keyId, table.keyName, table.voiceId, table.language],
    }),
    index("usage_daily_tenant").on(table.tenant, table.day),
  ],
);
