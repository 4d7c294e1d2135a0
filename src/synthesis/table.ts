import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { AUDIO_FORMATS } from "../audio/format.ts";
import { createdAt, instant, primaryId } from "../db/columns.ts";
import { jobs } from "../jobs/table.ts";
import type { CoverageSpan, NormalizedText } from "./text/utterance.ts";
import type { TimedMark, TimedWord } from "./timing/words.ts";

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
    /** Integrated loudness that it was brought to and its true peak (EBU R 128), as measured; null where none was asked for. */
    loudnessLufs: doublePrecision(),
    truePeakDbtp: doublePrecision(),
    /** Digest of everything that the bytes follow from: the same request is answered with them. Null: not to be used again. */
    cacheKey: text(),
    createdAt: createdAt(),
    expiresAt: instant(),
    deletedAt: instant(),
  },
  (table) => [
    uniqueIndex("audio_assets_job").on(table.jobId),
    index("audio_assets_cache_key").on(table.cacheKey).where(sql`${table.deletedAt} is null`),
    // Several jobs may share the bytes of one.
    index("audio_assets_storage_key").on(table.storageKey),
    index("audio_assets_expiry").on(table.expiresAt).where(sql`${table.deletedAt} is null`),
    check("audio_assets_bytes", sql`${table.bytes} > 0`),
    check("audio_assets_sha256", sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
  ],
);

/**
 * The utterances of a job in the order in which they are heard, each written when it has been spoken: what listeners
 * to a running job follow, and what word times are made of.
 */
export const jobUtterances = pgTable(
  "job_utterances",
  {
    jobId: uuid()
      .notNull()
      .references(() => jobs.id, { onDelete: "cascade" }),
    /** Position in the job, from 0. */
    index: integer().notNull(),
    /** UTF-16 offsets of what it speaks in the job's text. */
    textStart: integer().notNull(),
    textEnd: integer().notNull(),
    phonemes: text().notNull(),
    /** Where its audio is kept while the job runs. */
    pieceKey: text().notNull(),
    /** Silence behind it, at the pace of the job. */
    pauseAfterSeconds: doublePrecision().notNull(),
    /** Added to a time within the utterance, this gives the time in the finished audio. */
    offsetSeconds: doublePrecision().notNull(),
    /** From its first to its last sound in the finished audio. */
    startSeconds: doublePrecision().notNull(),
    durationSeconds: doublePrecision().notNull(),
    /** Seconds that each token takes, pads included; null where the engine does not tell. */
    tokenSeconds: jsonb().$type<readonly number[]>(),
    words: jsonb().$type<readonly TimedWord[]>().notNull(),
    /** Which of the job's voices speaks it. */
    voice: integer().notNull().default(0),
    /** BCP-47 of what it is read as; null for rows of before that was written down, as the columns below. */
    language: text(),
    /** What is spoken, in words, and where that differs from what was sent. */
    normalized: jsonb().$type<NormalizedText>(),
    marks: jsonb().$type<readonly TimedMark[]>(),
    /** What of the text is not simply spoken, from where this utterance begins to where the next one does. */
    coverage: jsonb().$type<readonly CoverageSpan[]>(),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.index] }),
    check("job_utterances_text", sql`${table.textEnd} >= ${table.textStart}`),
  ],
);

/** Utterances that have been spoken before, so that repeated prompts are not spoken again. Bounded by size and age. */
export const cachedUtterances = pgTable(
  "cached_utterances",
  {
    /** Digest of tenant, engine, voices, style, tokens and speed. */
    key: text().primaryKey(),
    tenant: text().notNull(),
    /** A name that is never used again, so that whoever removes a file cannot hit another's: `utterances/<job>/…`. */
    storageKey: text().notNull(),
    /** The voices in it: when one is deleted, so is this. */
    voiceIds: text().array().notNull(),
    bytes: integer().notNull(),
    createdAt: createdAt(),
    usedAt: instant().notNull().defaultNow(),
  },
  (table) => [
    index("cached_utterances_used_at").on(table.usedAt),
    uniqueIndex("cached_utterances_storage_key").on(table.storageKey),
    index("cached_utterances_voices").using("gin", table.voiceIds),
    check("cached_utterances_bytes", sql`${table.bytes} > 0`),
  ],
);

export type AudioAssetRow = typeof audioAssets.$inferSelect;
