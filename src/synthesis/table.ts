import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { AUDIO_FORMATS } from "../audio/format.ts";
import { createdAt, instant, primaryId } from "../db/columns.ts";
import { jobs } from "../jobs/table.ts";

/** The stored result of a synthesis job. `deletedAt` is set when the bytes are gone and the fact remains. */
export const audioAssets = pgTable(
  "audio_assets",
  {
    id: primaryId(),
    jobId: uuid()
      .notNull()
      .references(() => jobs.id, { onDelete: "cascade" }),
    storageKey: text().notNull(),
    format: text({ enum: AUDIO_FORMATS }).notNull(),
    sampleRate: integer().notNull(),
    sampleCount: bigint({ mode: "number" }).notNull(),
    durationSeconds: doublePrecision().notNull(),
    bytes: bigint({ mode: "number" }).notNull(),
    sha256: text().notNull(),
    createdAt: createdAt(),
    expiresAt: instant(),
    deletedAt: instant(),
  },
  (table) => [
    uniqueIndex("audio_assets_job").on(table.jobId),
    index("audio_assets_expiry").on(table.expiresAt).where(sql`${table.deletedAt} is null`),
    check("audio_assets_bytes", sql`${table.bytes} > 0`),
    check("audio_assets_sha256", sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
  ],
);

export type AudioAssetRow = typeof audioAssets.$inferSelect;
