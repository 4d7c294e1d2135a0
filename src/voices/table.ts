import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, instant } from "../db/columns.ts";

export const VOICE_KINDS = ["STOCK", "CLONED", "MIXED"] as const;
export const VOICE_STATUSES = ["READY", "ENROLLING", "FAILED"] as const;
export const VOICE_GENDERS = ["FEMALE", "MALE", "UNKNOWN"] as const;

/** Stock voices are rows too; their id is the name Kokoro gave them (`af_heart`). */
export const voices = pgTable(
  "voices",
  {
    id: text().primaryKey(),
    kind: text({ enum: VOICE_KINDS }).notNull(),
    status: text({ enum: VOICE_STATUSES }).notNull(),
    name: text().notNull(),
    description: text().notNull().default(""),
    language: text().notNull(),
    gender: text({ enum: VOICE_GENDERS }).notNull(),
    tags: text().array().notNull().default(sql`'{}'::text[]`),
    engine: text().notNull(),
    /** Grade A to F that the model's authors gave a stock voice; null where there is none. */
    grade: text(),
    createdAt: createdAt(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (table) => [
    check("voices_kind", sql`${table.kind} in ('STOCK', 'CLONED', 'MIXED')`),
    check("voices_status", sql`${table.status} in ('READY', 'ENROLLING', 'FAILED')`),
    check("voices_gender", sql`${table.gender} in ('FEMALE', 'MALE', 'UNKNOWN')`),
    index("voices_language_name").on(table.language, table.name, table.id),
    index("voices_name").on(table.name, table.id),
  ],
);

export type VoiceRow = typeof voices.$inferSelect;
