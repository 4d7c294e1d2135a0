import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, instant, primaryId } from "../db/columns.ts";

export const VOICE_KINDS = ["STOCK", "CLONED", "MIXED"] as const;
export const VOICE_STATUSES = ["READY", "ENROLLING", "FAILED"] as const;
export const VOICE_GENDERS = ["FEMALE", "MALE", "UNKNOWN"] as const;
/** What gives an uploader the right to use a voice. */
export const CONSENT_KINDS = ["OWN_VOICE", "PERMISSION", "LICENSED"] as const;

/** Where an imported voice comes from: kept with it, also when its file held no sample. */
export interface ImportRecord {
  readonly fileSha256: string;
  /** The consent that was given where the voice was made; null for mixed voices. */
  readonly consent: {
    readonly kind: (typeof CONSENT_KINDS)[number];
    readonly note: string;
    readonly at: string;
    readonly by: string;
  } | null;
  /** What the importer stated. */
  readonly stated: {
    readonly kind: (typeof CONSENT_KINDS)[number];
    readonly note: string;
    readonly at: string;
    readonly by: string;
    readonly ip: string | null;
  };
  /** Speaker embedding of the sample, 256 numbers of unit length; null where there was none. */
  readonly embedding: readonly number[] | null;
}

/** Stock voices are rows too; their id is the name Kokoro gave them (`af_heart`). */
export const voices = pgTable(
  "voices",
  {
    id: text().primaryKey(),
    /** Whose it is; null for the stock voices, which are everyone's. */
    tenant: text(),
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
    /** Where the voice pack of a cloned or mixed voice is kept, and its digest; null while there is none. */
    packKey: text(),
    packSha256: text(),
    /** Parts and weights of a mixed voice, as they were asked for. */
    recipe: jsonb().$type<readonly { readonly voiceId: string; readonly weight: number }[]>(),
    /** The cloned voices that are heard in a mixed voice, also through other mixes: it goes when one of them goes. */
    origins: text().array().notNull().default(sql`'{}'::text[]`),
    /** What came with a voice that was imported; null for one that was made here. */
    imported: jsonb().$type<ImportRecord>(),
    /** Cosine between the speaker embeddings of the sample and of what the voice says; null for others than clones. */
    similarity: real(),
    /** The same between stranger (0) and same person (1). */
    similarityNormalised: real(),
    /** How `similarity` was measured. */
    similarityMethod: text(),
    /** Why a voice has FAILED. */
    failureCode: text(),
    failureMessage: text(),
    /** What it was used for: counted in the transaction that ends a synthesis job. */
    usedJobs: integer().notNull().default(0),
    usedCharacters: bigint({ mode: "number" }).notNull().default(0),
    usedAudioSeconds: doublePrecision().notNull().default(0),
    lastUsedAt: instant(),
    createdAt: createdAt(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (table) => [
    check("voices_kind", sql`${table.kind} in ('STOCK', 'CLONED', 'MIXED')`),
    check("voices_status", sql`${table.status} in ('READY', 'ENROLLING', 'FAILED')`),
    check("voices_gender", sql`${table.gender} in ('FEMALE', 'MALE', 'UNKNOWN')`),
    check("voices_pack", sql`(${table.packKey} is null) = (${table.packSha256} is null)`),
    check("voices_stock", sql`(${table.kind} = 'STOCK') = (${table.tenant} is null)`),
    index("voices_tenant_name").on(table.tenant, table.name, table.id),
    index("voices_origins").using("gin", table.origins),
    index("voices_language_name").on(table.language, table.name, table.id),
    index("voices_name").on(table.name, table.id),
  ],
);

export type VoiceRow = typeof voices.$inferSelect;

/** The recording that a cloned voice was made from, with what was measured on it and the consent given for it. */
export const voiceSamples = pgTable(
  "voice_samples",
  {
    id: primaryId(),
    voiceId: text()
      .notNull()
      .references(() => voices.id, { onDelete: "cascade" }),
    storageKey: text().notNull(),
    /** What was uploaded, told by its content: `wav`, `mp3`, `flac`, `m4a`, `ogg`, `webm`. */
    container: text().notNull(),
    codec: text().notNull(),
    durationSeconds: doublePrecision().notNull(),
    sampleRate: integer().notNull(),
    channels: integer().notNull(),
    bytes: bigint({ mode: "number" }).notNull(),
    sha256: text().notNull(),
    /** The quality report; null until it has been measured. */
    quality: jsonb(),
    /** Speaker embedding, 256 numbers of unit length; null until it has been measured. */
    embedding: real().array(),
    consentKind: text({ enum: CONSENT_KINDS }).notNull(),
    consentNote: text().notNull().default(""),
    consentAt: instant().notNull().defaultNow(),
    consentIp: text(),
    /** Name of the key that stated it. */
    consentBy: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("voice_samples_voice").on(table.voiceId),
    check("voice_samples_consent", sql`${table.consentKind} in ('OWN_VOICE', 'PERMISSION', 'LICENSED')`),
    check("voice_samples_sha256", sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
  ],
);

export type VoiceSampleRow = typeof voiceSamples.$inferSelect;

/** A short sample of a voice in one language, made once for each of its packs. */
export const voicePreviews = pgTable(
  "voice_previews",
  {
    id: primaryId(),
    voiceId: text()
      .notNull()
      .references(() => voices.id, { onDelete: "cascade" }),
    language: text().notNull(),
    /** Digest of the pack that speaks in it; one of another pack is out of date. */
    packSha256: text().notNull(),
    storageKey: text().notNull(),
    durationSeconds: doublePrecision().notNull(),
    bytes: bigint({ mode: "number" }).notNull(),
    sha256: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("voice_previews_voice_language").on(table.voiceId, table.language),
    check("voice_previews_sha256", sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
  ],
);

export type VoicePreviewRow = typeof voicePreviews.$inferSelect;

/**
 * That there was a voice, and nothing of what it was: a second deletion answers as the first did. `storageKeys` are the
 * prefixes that are still to be removed from the store; none once that is done.
 */
export const deletedVoices = pgTable(
  "deleted_voices",
  {
    id: text().primaryKey(),
    tenant: text().notNull(),
    /** The mixed voices that went with it. */
    mixes: text().array().notNull().default(sql`'{}'::text[]`),
    storageKeys: text().array().notNull(),
    deletedAt: instant().notNull().defaultNow(),
  },
  (table) => [
    index("deleted_voices_unfinished").on(table.deletedAt).where(sql`${table.storageKeys} <> '{}'::text[]`),
  ],
);
