import { type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type PgBoss from "pg-boss";
import type { Logger } from "pino";
import { v7 } from "uuid";
import type { Database, Tx } from "../db/client.ts";
import { notify } from "../db/events.ts";
import { type Lane, laneOf } from "./lane.ts";
import { urgencyOf } from "./rank.ts";
import type { JobRow } from "./table.ts";

/**
 * A queue of pg-boss for each lane. That of long jobs has the name that all had once, so that what waits in it while a
 * node is brought up to date is taken by the new one, and by old nodes beside it.
 */
const QUEUES: Record<Lane, string> = {
  short: "speaker-jobs-short",
  long: "speaker-jobs",
  batch: "speaker-jobs-batch",
};

/** A delivery that a node never finishes is void after this; the row's lease has long brought the job back. */
const DELIVERY_EXPIRES_SECONDS = 12 * 60 * 60;

/** Holds while the delivery with the id in `column` waits to be fetched. */
export const isWaiting = (column: AnyPgColumn): SQL =>
  sql`exists (select 1 from pgboss.job where name in ${Object.values(QUEUES)} and id = ${column} and state in ('created', 'retry'))`;

/** One hand-over of a job to a worker. A job that is tried again gets a new delivery. */
export interface Delivery {
  readonly id: string;
  readonly jobId: string;
  readonly lane: Lane;
}

/** What the queue needs to know of a job. */
export type QueuedJob = Pick<JobRow, "id" | "priority" | "characters" | "rank">;

/** pg-boss as the carrier of job ids. It delivers; the job's row decides. */
export class JobQueue {
  readonly #boss: PgBoss;
  readonly #log: Logger;

  constructor(database: Database, log: Logger, options: { supervise: boolean }) {
    this.#boss = database.createBoss(options);
    this.#log = log;
    this.#boss.on("error", (error) => this.#log.warn({ err: error }, "job queue"));
  }

  async start(): Promise<void> {
    await this.#boss.start();
    for (const name of Object.values(QUEUES)) {
      // Retries are the row's business: one delivery is one attempt.
      await this.#boss.createQueue(name, { name, policy: "standard", retryLimit: 0 });
    }
  }

  /**
   * Schedules a job in its lane, at its rank, inside the transaction that writes its row, and wakes the workers when
   * that commits.
   *
   * @returns the id of the delivery, to be kept in the row.
   */
  async send(tx: Tx, job: QueuedJob, options: { afterSeconds?: number } = {}): Promise<string> {
    const id = v7();
    const { afterSeconds = 0 } = options;
    await this.#boss.send(
      QUEUES[laneOf(job)],
      { jobId: job.id },
      {
        id,
        priority: urgencyOf(job.rank),
        // As a time: pg-boss's number of seconds does not survive each use of a parameter becoming one of its own.
        ...(afterSeconds > 0 && { startAfter: new Date(Date.now() + afterSeconds * 1000) }),
        retryLimit: 0,
        expireInSeconds: DELIVERY_EXPIRES_SECONDS,
        db: { executeSql: async (text, values) => ({ rows: await rowsOf(tx, text, values) }) },
      },
    );
    await notify(tx, "queue");
    return id;
  }

  /** Takes the next job of a lane; null when none is due. */
  async fetch(lane: Lane): Promise<Delivery | null> {
    const [delivery] = await this.#boss.fetch<{ jobId: string }>(QUEUES[lane], { batchSize: 1 });
    return delivery === undefined ? null : { id: delivery.id, jobId: delivery.data.jobId, lane };
  }

  async complete({ id, lane }: Delivery): Promise<void> {
    await this.#boss.complete(QUEUES[lane], id);
  }

  /** Takes back what waits for a job, if anything does. A delivery of an old node is void when it is taken. */
  async cancel(tx: Tx, job: QueuedJob & Pick<JobRow, "deliveryId">): Promise<void> {
    if (job.deliveryId === null) return;
    await this.#boss.cancel(QUEUES[laneOf(job)], job.deliveryId, {
      db: { executeSql: async (text, values) => ({ rows: await rowsOf(tx, text, values) }) },
    });
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: false, wait: true });
  }
}

/** pg-boss writes `$1 … $n`; Drizzle's transaction takes the same statement as a template. */
async function rowsOf(tx: Tx, text: string, values: readonly unknown[] = []): Promise<unknown[]> {
  const chunks: SQL[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$(\d+)/g)) {
    chunks.push(sql.raw(text.slice(end, match.index)), sql`${parameter(values[Number(match[1]) - 1])}`);
    end = match.index + match[0].length;
  }
  chunks.push(sql.raw(text.slice(end)));
  const result = (await tx.execute(sql.join(chunks))) as unknown;
  // postgres.js answers with the rows, PGlite with an object that holds them.
  return Array.isArray(result) ? result : (result as { rows: unknown[] }).rows;
}

function parameter(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return sql.param(value);
  return typeof value === "object" ? JSON.stringify(value) : value;
}
