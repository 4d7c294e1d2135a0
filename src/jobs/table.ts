import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, instant, primaryId } from "../db/columns.ts";
import { voices } from "../voices/table.ts";

export const JOB_STATUSES = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** INTERACTIVE: somebody waits for the first sound. BATCH: nobody does, so others go first. */
const JOB_PRIORITIES = ["INTERACTIVE", "BATCH"] as const;
export type JobPriority = (typeof JOB_PRIORITIES)[number];

export const JOB_STAGES = [
  "WAITING",
  "PREPARING",
  "SPEAKING",
  "ENCODING",
  "MEASURING",
  "MIXING",
  "REFINING",
  "DONE",
] as const;
export type JobStage = (typeof JOB_STAGES)[number];

/**
 * One row a job: the truth about it. The queue only carries the id; `leaseToken` fences the worker that
 * runs it, so that one that was thought dead can no longer write.
 */
export const jobs = pgTable(
  "jobs",
  {
    id: primaryId(),
    /** Whose it is. */
    tenant: text().notNull().default("default"),
    /** The managed key that asked for it; null for keys of the environment and for open access. */
    keyId: uuid(),
    /** Its name, as the audit log and the usage have it. */
    keyName: text().notNull().default("anonymous"),
    kind: text().notNull(),
    status: text({ enum: JOB_STATUSES }).notNull(),
    stage: text({ enum: JOB_STAGES }).notNull(),
    progress: real().notNull().default(0),
    attempts: integer().notNull().default(0),
    maxAttempts: integer().notNull(),
    priority: text({ enum: JOB_PRIORITIES }).notNull().default("INTERACTIVE"),
    /** Place among the waiting jobs of its priority, the lowest first: start-time fair queueing between tenants. */
    rank: doublePrecision().notNull().default(0),
    /** A listener that leaves before the end takes the job with it. */
    cancelOnDisconnect: boolean().notNull().default(false),
    /** Answered from audio that was made before. */
    cached: boolean().notNull().default(false),
    voiceId: text().references(() => voices.id, { onDelete: "set null" }),
    characters: integer().notNull().default(0),
    unitsDone: integer().notNull().default(0),
    unitsTotal: integer(),
    input: jsonb().notNull(),
    errorCode: text(),
    errorMessage: text(),
    idempotencyKey: text(),
    idempotencyHash: text(),
    requestId: text().notNull(),
    deliveryId: uuid(),
    leaseToken: uuid(),
    leaseUntil: instant(),
    nodeId: uuid(),
    createdAt: createdAt(),
    queuedAt: instant().notNull().defaultNow(),
    startedAt: instant(),
    finishedAt: instant(),
  },
  (table) => [
    check("jobs_status", sql`${table.status} in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')`),
    check(
      "jobs_stage",
      sql`${table.stage} in ('WAITING', 'PREPARING', 'SPEAKING', 'ENCODING', 'MEASURING', 'MIXING', 'REFINING', 'DONE')`,
    ),
    check("jobs_progress", sql`${table.progress} between 0 and 1`),
    check("jobs_lease", sql`(${table.status} = 'RUNNING') = (${table.leaseToken} is not null)`),
    check(
      "jobs_finished",
      sql`(${table.status} in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (${table.finishedAt} is not null)`,
    ),
    check("jobs_priority", sql`${table.priority} in ('INTERACTIVE', 'BATCH')`),
    uniqueIndex("jobs_idempotency_key").on(table.tenant, table.idempotencyKey),
    // Keys are UUIDv7: their order is that of creation, so they serve as the list's sort key.
    index("jobs_tenant_id").on(table.tenant, table.id),
    index("jobs_status_id").on(table.status, table.id),
    index("jobs_voice_id").on(table.voiceId, table.id),
    index("jobs_created_at").on(table.createdAt),
    index("jobs_waiting").on(table.priority, table.rank).where(sql`${table.status} = 'QUEUED'`),
    index("jobs_lease_until").on(table.leaseUntil).where(sql`${table.status} = 'RUNNING'`),
  ],
);

export type JobRow = typeof jobs.$inferSelect;
