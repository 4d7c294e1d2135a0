import { and, eq, inArray, sql } from "drizzle-orm";
import { validate } from "uuid";
import type { Db, Tx } from "../db/client.ts";
import { notify } from "../db/events.ts";
import { ConflictError, IdempotencyConflictError, NotFoundError, QueueFullError } from "../errors.ts";
import { type Quotas, requireJobQuota } from "../usage/quota.ts";
import { lockAdmission } from "./admission.ts";
import { recordJobEnd } from "./end.ts";
import { laneOf } from "./lane.ts";
import type { JobQueue, QueuedJob } from "./queue.ts";
import { nextRank } from "./rank.ts";
import { type JobPriority, type JobRow, type JobStatus, jobs } from "./table.ts";

const TERMINAL: readonly JobStatus[] = ["SUCCEEDED", "FAILED", "CANCELLED"];

export function isTerminal(status: JobStatus): boolean {
  return TERMINAL.includes(status);
}

export interface NewJob {
  readonly kind: string;
  readonly tenant: string;
  readonly keyId: string | null;
  readonly keyName: string;
  readonly input: unknown;
  /** Null for an inline mix of voices. */
  readonly voiceId: string | null;
  readonly characters: number;
  /** INTERACTIVE when left out. */
  readonly priority?: JobPriority;
  /** False when left out. */
  readonly cancelOnDisconnect?: boolean;
  readonly maxAttempts: number;
  readonly requestId: string;
  readonly idempotency: { readonly key: string; readonly hash: string } | null;
}

export interface JobDeps {
  readonly db: Db;
  readonly queue: JobQueue;
  readonly queueLimit: number;
  readonly quotas: Quotas;
}

/** What ends a job as soon as it is accepted: its result is there already. */
export interface ReadyJob {
  /** How many utterances it has. */
  readonly units: number;
  /** As a worker would tell them. */
  readonly figures: Readonly<Record<string, number>>;
  /** Writes the result, in the transaction that accepts the job. */
  publish(job: JobRow): Promise<void>;
}

/** About how long a worker takes to free a place: what a refused client is told to wait. */
const QUEUE_FULL_RETRY_SECONDS = 10;

/**
 * Accepts a job: its row, its place in the queue and whatever `also` writes, all or nothing.
 * The same idempotency key with the same input gives the job that exists. Where `ready` knows the result already, the
 * job has SUCCEEDED when this returns and takes no place in the queue.
 *
 * @throws QueueFullError when the queue holds its limit; QuotaExceededError; IdempotencyConflictError when the key was
 *   used for another input.
 */
export async function createJob(
  deps: JobDeps,
  job: NewJob,
  also: (tx: Tx, created: JobRow) => Promise<void>,
  ready?: ((tx: Tx) => Promise<ReadyJob | null>) | null,
): Promise<{ row: JobRow; created: boolean }> {
  return await deps.db.transaction(async (tx) => {
    await lockAdmission(tx);
    if (job.idempotency !== null) {
      const [existing] = await tx
        .select()
        .from(jobs)
        .where(and(eq(jobs.tenant, job.tenant), eq(jobs.idempotencyKey, job.idempotency.key)));
      if (existing !== undefined) {
        if (existing.idempotencyHash === job.idempotency.hash) return { row: existing, created: false };
        throw new IdempotencyConflictError();
      }
    }
    const result = (await ready?.(tx)) ?? null;
    if (result === null) await refuseWhenFull(tx, deps.queueLimit);
    await requireJobQuota(tx, deps.quotas, job, job.characters);
    const { priority = "INTERACTIVE", characters } = job;
    const [inserted] = await tx
      .insert(jobs)
      .values({
        kind: job.kind,
        tenant: job.tenant,
        keyId: job.keyId,
        keyName: job.keyName,
        status: "QUEUED",
        stage: "WAITING",
        input: job.input,
        voiceId: job.voiceId,
        characters,
        priority,
        cancelOnDisconnect: job.cancelOnDisconnect ?? false,
        rank: result === null ? await nextRank(tx, job.tenant, laneOf({ priority, characters })) : 0,
        maxAttempts: job.maxAttempts,
        requestId: job.requestId,
        idempotencyKey: job.idempotency?.key ?? null,
        idempotencyHash: job.idempotency?.hash ?? null,
        ...(result !== null && endedWith(result)),
      })
      .returning();
    if (inserted === undefined) throw new Error("insert returned no row");
    if (result !== null) {
      await result.publish(inserted);
      await also(tx, inserted);
      await recordJobEnd(tx, inserted, { status: "SUCCEEDED", figures: result.figures });
      return { row: inserted, created: true };
    }
    const row = await deliver(tx, deps.queue, inserted);
    await also(tx, row);
    return { row, created: true };
  });
}

function endedWith({ units }: ReadyJob) {
  return {
    ...({ status: "SUCCEEDED", stage: "DONE", progress: 1, cached: true } as const),
    ...{ unitsDone: units, unitsTotal: units, startedAt: sql`now()`, finishedAt: sql`now()` },
  };
}

async function refuseWhenFull(tx: Tx, limit: number): Promise<void> {
  const waiting = await tx.$count(jobs, eq(jobs.status, "QUEUED"));
  if (waiting >= limit) throw new QueueFullError(limit, QUEUE_FULL_RETRY_SECONDS);
}

/** Sends the job to the workers, at the rank that it has, and keeps the delivery's id in its row. */
export async function deliver(tx: Tx, queue: JobQueue, job: QueuedJob, afterSeconds = 0): Promise<JobRow> {
  const { id } = job;
  const deliveryId = await queue.send(tx, job, { afterSeconds });
  const [row] = await tx
    .update(jobs)
    .set({ deliveryId, queuedAt: sql`now()` })
    .where(eq(jobs.id, id))
    .returning();
  if (row === undefined) throw new NotFoundError("There is no such job.");
  await notify(tx, `job:${id}`);
  return row;
}

/**
 * Cancels a job that waits or runs. The row is final at once: the worker that runs it has lost its lease and
 * stops at the signal. Cancelling a cancelled job changes nothing.
 *
 * @throws NotFoundError, or ConflictError when the job has already ended otherwise.
 */
export async function cancelJob(deps: JobDeps, tenant: string, id: string): Promise<JobRow> {
  return await deps.db.transaction(async (tx) => {
    const job = await lockJob(tx, tenant, id);
    if (job.status === "CANCELLED") return job;
    if (isTerminal(job.status))
      throw new ConflictError(
        `The job has ended as ${job.status}; only one that is QUEUED or RUNNING can be cancelled.`,
      );
    if (job.status === "QUEUED") await deps.queue.cancel(tx, job);
    const [row] = await tx
      .update(jobs)
      .set({
        status: "CANCELLED",
        stage: "DONE",
        finishedAt: sql`now()`,
        leaseToken: null,
        leaseUntil: null,
        errorCode: "CANCELLED",
        errorMessage: "The job was cancelled.",
      })
      .where(eq(jobs.id, id))
      .returning();
    await recordJobEnd(tx, job, { status: "CANCELLED" });
    await notify(tx, `job:${id}`);
    return row ?? job;
  });
}

/**
 * Puts a failed or cancelled job back into the queue with all its attempts.
 *
 * @throws NotFoundError; ConflictError when it has not failed or was not cancelled; QueueFullError; QuotaExceededError.
 */
export async function retryJob(deps: JobDeps, tenant: string, id: string): Promise<JobRow> {
  return await deps.db.transaction(async (tx) => {
    await lockAdmission(tx);
    const job = await lockJob(tx, tenant, id);
    if (job.status !== "FAILED" && job.status !== "CANCELLED") {
      throw new ConflictError(
        `The job is ${job.status}; only one that is FAILED or CANCELLED can be tried again.`,
      );
    }
    await refuseWhenFull(tx, deps.queueLimit);
    await requireJobQuota(tx, deps.quotas, job, job.characters);
    const rank = await nextRank(tx, tenant, laneOf(job));
    await tx
      .update(jobs)
      .set({
        status: "QUEUED",
        stage: "WAITING",
        rank,
        progress: 0,
        unitsDone: 0,
        unitsTotal: null,
        attempts: 0,
        startedAt: null,
        finishedAt: null,
        errorCode: null,
        errorMessage: null,
      })
      .where(eq(jobs.id, id));
    return await deliver(tx, deps.queue, { ...job, rank });
  });
}

/** Ids are UUIDs: anything else names nothing, and PostgreSQL would refuse to compare it. */
const isJobId = (id: string): boolean => validate(id);

/** Of one tenant: another's job is not there, in the same words and by the same query. */
const owned = (tenant: string, id: string) => and(eq(jobs.id, id), eq(jobs.tenant, tenant));

async function lockJob(tx: Tx, tenant: string, id: string): Promise<JobRow> {
  const [job] = isJobId(id) ? await tx.select().from(jobs).where(owned(tenant, id)).for("update") : [];
  if (job === undefined) throw new NotFoundError("There is no such job.");
  return job;
}

/** A job as its tenant sees it; another tenant's is not there. */
export async function findJob(db: Db, tenant: string, id: string): Promise<JobRow | null> {
  const [job] = isJobId(id) ? await db.select().from(jobs).where(owned(tenant, id)) : [];
  return job ?? null;
}

/** Whose job it is; null when there is none. For files, whose addresses open them without a key. */
export async function tenantOfJob(db: Db, id: string): Promise<string | null> {
  if (!isJobId(id)) return null;
  const [job] = await db.select({ tenant: jobs.tenant }).from(jobs).where(eq(jobs.id, id));
  return job?.tenant ?? null;
}

export async function countJobs(db: Db, statuses: readonly JobStatus[]): Promise<number> {
  return await db.$count(jobs, and(inArray(jobs.status, [...statuses])));
}
