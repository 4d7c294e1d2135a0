import { sql } from "drizzle-orm";
import { bigint, check, integer, jsonb, pgTable } from "drizzle-orm/pg-core";
import { instant } from "../db/columns.ts";

/** A row of some table that names an object which is not in the store. */
export interface MissingObject {
  /** What the row is: `audio of job`, `pack of voice`, `sample of voice`, `preview of voice`. */
  readonly what: string;
  /** Id of the job or the voice. */
  readonly id: string;
  readonly key: string;
}

/** What the last sweep of the store found: one row, for the whole fleet. */
export const storageSweeps = pgTable(
  "storage_sweeps",
  {
    id: integer().primaryKey().default(1),
    startedAt: instant().notNull(),
    finishedAt: instant().notNull(),
    objects: integer().notNull(),
    bytes: bigint({ mode: "number" }).notNull(),
    orphans: integer().notNull(),
    orphanBytes: bigint({ mode: "number" }).notNull(),
    unfinished: integer().notNull(),
    missing: integer().notNull(),
    /** The first of the missing ones. */
    missingExamples: jsonb().$type<readonly MissingObject[]>().notNull(),
  },
  (table) => [check("storage_sweeps_one", sql`${table.id} = 1`)],
);
