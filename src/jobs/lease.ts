import { and, eq, lt, not, sql } from "drizzle-orm";
import { v7 } from "uuid";
import type { Db, Tx } from "../db/client.ts";
import { notify } from "../db/events.ts";
import { SpeakerError } from "../errors.ts";
import { recordJobEnd } from "./end.ts";
import { deliver } from "./job.ts";
import { isWaiting, type JobQueue } from "./queue.ts";
import { type JobRow, jobs } from "./table.ts";
import type { JobProgress, TaskResult } from "./task.ts";

/** The right of one worker to run one job. Every write names its token: one that was lost changes nothing. */
export interface Lease {
  readonly job: JobRow;
  readonly token: string;
}

const until = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`;

const held = (lease: Lease) => and(eq(jobs.id, lease.job.id), eq(jobs.leaseToken, lease.token));

/** Takes the job if it still waits; null when it ended, was cancelled or runs elsewhere: nothing to do then. */
export async function claim(
  db: Db,
  jobId: string,
  nodeId: string,
  leaseSeconds: number,
): Promise<Lease | null> {
  const token = v7();
  return await db.transaction(async (tx) => {
    const [job] = await tx
      .update(jobs)
      .set({
        status: "RUNNING",
        stage: "PREPARING",
        attempts: sql`${jobs.attempts} + 1`,
        startedAt: sql`coalesce(${jobs.startedAt}, now())`,
        leaseToken: token,
        leaseUntil: until(leaseSeconds),
        nodeId,
      })
      .where(and(eq(jobs.id, jobId), eq(jobs.status, "QUEUED")))
      .returning();
    if (job === undefined) return null;
    await notify(tx, `job:${jobId}`);
    return { job, token };
  });
}

/** Extends the lease. False: it is no longer ours, so stop. */
export async function renew(db: Db, lease: Lease, leaseSeconds: number): Promise<boolean> {
  const rows = await db
    .update(jobs)
    .set({ leaseUntil: until(leaseSeconds) })
    .where(held(lease))
    .returning({ id: jobs.id });
  return rows.length === 1;
}

/** Writes progress, and with it what `also` writes, and tells every node. False: the lease is lost and nothing was written. */
export async function report(
  db: Db,
  lease: Lease,
  progress: JobProgress,
  also?: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const rows = await tx
      .update(jobs)
      .set({
        stage: progress.stage,
        progress: Math.min(1, Math.max(0, progress.progress)),
        ...(progress.unitsDone !== undefined && { unitsDone: progress.unitsDone }),
        ...(progress.unitsTotal !== undefined && { unitsTotal: progress.unitsTotal }),
      })
      .where(held(lease))
      .returning({ id: jobs.id });
    if (rows.length === 0) return false;
    await also?.(tx);
    await notify(tx, `job:${lease.job.id}`);
    return true;
  });
}

const ENDED = { leaseToken: null, leaseUntil: null, finishedAt: sql`now()`, stage: "DONE" } as const;

/** Ends the job well together with what `commit` writes. False: the lease was lost and nothing was written. */
export async function succeed(
  db: Db,
  lease: Lease,
  commit: (tx: Tx) => Promise<void>,
  figures: TaskResult["summary"] = {},
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const rows = await tx
      .update(jobs)
      .set({ ...ENDED, status: "SUCCEEDED", progress: 1, errorCode: null, errorMessage: null })
      .where(held(lease))
      .returning({ id: jobs.id });
    if (rows.length === 0) return false;
    await commit(tx);
    await recordJobEnd(tx, lease.job, { status: "SUCCEEDED", figures });
    await notify(tx, `job:${lease.job.id}`);
    return true;
  });
}

/** Failures that another attempt cannot cure. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  "INVALID_INPUT",
  "UNSPEAKABLE_TEXT",
  "UNSUPPORTED_AUDIO",
  "NOT_FOUND",
  "GONE",
  "CONFLICT",
]);

export interface RetryPolicy {
  /** The pause after the first failure; it doubles with each further one. */
  readonly retryDelaySeconds: number;
}

/** Ends the attempt badly: the job waits for its next attempt, or has failed. */
export async function fail(
  db: Db,
  queue: JobQueue,
  lease: Lease,
  error: unknown,
  policy: RetryPolicy,
): Promise<"RETRYING" | "FAILED" | "LOST"> {
  return await db.transaction(async (tx) => await endAttempt(tx, queue, lease, error, policy));
}

async function endAttempt(tx: Tx, queue: JobQueue, lease: Lease, error: unknown, policy: RetryPolicy) {
  const { job } = lease;
  const known = error instanceof SpeakerError;
  const outcome = {
    errorCode: known ? error.code : "INTERNAL",
    // The message of a fault may hold paths or text: the row is shown to clients, the log has the rest.
    errorMessage: known
      ? error.message
      : "An unexpected fault stopped the job. The log of the worker names it.",
  };
  const final = (known && FINAL_CODES.has(error.code)) || job.attempts >= job.maxAttempts;
  const rows = await tx
    .update(jobs)
    .set(
      final
        ? { ...ENDED, ...outcome, status: "FAILED" }
        : { ...outcome, status: "QUEUED", stage: "WAITING", leaseToken: null, leaseUntil: null },
    )
    .where(held(lease))
    .returning({ id: jobs.id });
  if (rows.length === 0) return "LOST";
  if (final) {
    await recordJobEnd(tx, job, { status: "FAILED", errorCode: outcome.errorCode });
    await notify(tx, `job:${job.id}`);
    return "FAILED";
  }
  await deliver(tx, queue, job, policy.retryDelaySeconds * 2 ** (job.attempts - 1));
  return "RETRYING";
}

/** Gives the job back unharmed, as a node does that stops: the attempt does not count. */
export async function handBack(db: Db, queue: JobQueue, lease: Lease): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx
      .update(jobs)
      .set({
        status: "QUEUED",
        stage: "WAITING",
        attempts: sql`greatest(${jobs.attempts} - 1, 0)`,
        leaseToken: null,
        leaseUntil: null,
      })
      .where(held(lease))
      .returning({ id: jobs.id });
    if (rows.length === 1) await deliver(tx, queue, lease.job);
  });
}

/**
 * Brings back the jobs of workers that are gone: running ones whose lease has run out, and waiting ones whose
 * delivery a dead node took with it. `alone` says that no other worker can exist, as at the start of an
 * embedded node: then nothing needs to run out first.
 *
 * @returns how many were brought back or given up.
 */
export async function reap(
  db: Db,
  queue: JobQueue,
  options: RetryPolicy & { alone: boolean; leaseSeconds: number },
): Promise<number> {
  const expired = await db
    .select()
    .from(jobs)
    .where(and(eq(jobs.status, "RUNNING"), options.alone ? undefined : lt(jobs.leaseUntil, sql`now()`)));
  const lost = new SpeakerError("INFERENCE_FAILED", "The worker that ran the job was lost.");
  for (const job of expired) {
    if (job.leaseToken !== null) await fail(db, queue, { job, token: job.leaseToken }, lost, options);
  }
  return expired.length + (await redeliver(db, queue, options));
}

async function redeliver(db: Db, queue: JobQueue, options: { alone: boolean; leaseSeconds: number }) {
  const lost = and(
    eq(jobs.status, "QUEUED"),
    lt(jobs.queuedAt, until(options.alone ? 0 : -options.leaseSeconds)),
    not(isWaiting(jobs.deliveryId)),
  );
  const candidates = await db.select({ id: jobs.id }).from(jobs).where(lost);
  let count = 0;
  for (const { id } of candidates) {
    count += await db.transaction(async (tx) => {
      // Another node may have looked at the same moment: under the row's lock only one still finds it lost.
      await tx.select({ id: jobs.id }).from(jobs).where(eq(jobs.id, id)).for("update");
      const [still] = await tx
        .select()
        .from(jobs)
        .where(and(eq(jobs.id, id), lost));
      if (still !== undefined) await deliver(tx, queue, still);
      return still === undefined ? 0 : 1;
    });
  }
  return count;
}
