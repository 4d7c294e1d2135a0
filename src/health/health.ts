import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { asc, eq, gt, min, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { countJobs } from "../jobs/job.ts";
import { jobs } from "../jobs/table.ts";
import { lastSweep } from "../maintenance/sweeper.ts";
import type { Resources } from "../resources.ts";
import type { WorkerNode } from "../worker.ts";
import type { EventLoopDelay } from "./event-loop.ts";
import type { GpuReport } from "./gpu.ts";
import {
  type Finding,
  type HealthStatus,
  judgeConsuming,
  judgeEventLoop,
  judgeGpu,
  judgeMemory,
  judgeModels,
  judgeQueue,
  judgeStorage,
  judgeWorkers,
  WORKER_LOST_SECONDS,
} from "./judge.ts";
import { workerNodes } from "./table.ts";

/** A check that takes longer has failed. */
const CHECK_TIMEOUT_MS = 5_000;

export interface HealthCheck {
  readonly name: string;
  readonly status: HealthStatus;
  readonly message: string;
  readonly durationMs: number;
}

export type WorkerRow = typeof workerNodes.$inferSelect;

/** State of the queue over all nodes. */
export interface QueueHealth {
  readonly waiting: number;
  readonly running: number;
  readonly limit: number;
  readonly oldestWaitingSeconds: number | null;
}

export interface Health {
  readonly status: HealthStatus;
  readonly checkedAt: Date;
  readonly checks: readonly HealthCheck[];
  /** Null while the database does not answer. */
  readonly queue: QueueHealth | null;
  readonly workers: readonly WorkerRow[];
  readonly freeDiskBytes: number | null;
  /** The graphics processors of this machine. */
  readonly gpu: GpuReport;
  readonly eventLoop: EventLoopDelay;
  readonly cpu: { readonly cores: number; readonly loadAverage1m: number };
  readonly memory: {
    readonly totalBytes: number;
    /** What nobody uses. */
    readonly freeBytes: number;
    /** What this process may still have, by the machine or by its container. */
    readonly availableBytes: number;
    readonly residentBytes: number;
  };
}

/** Looks at everything a user depends on. It never throws: what cannot be reached is part of the answer. */
export async function checkHealth(resources: Resources): Promise<Health> {
  const { db, database, storage, observability } = resources;
  let queue: QueueHealth | null = null;
  let workers: readonly WorkerRow[] = [];
  let freeDiskBytes: number | null = null;
  let gpu: GpuReport = { gpus: [], reason: null };
  const eventLoop = observability.eventLoop.delay;
  const memory = {
    totalBytes: totalmem(),
    freeBytes: freemem(),
    availableBytes: process.availableMemory(),
    residentBytes: process.memoryUsage.rss(),
  };

  const alive = aliveWorkers(db);
  const checks = await Promise.all([
    check("database", async () => ({ status: "OK", message: await database.version() })),
    check("queue", async () => {
      queue = await readQueue(resources);
      return judgeQueue(queue);
    }),
    check("workers", async () => {
      workers = await alive;
      return judgeWorkers(workers);
    }),
    check("consuming", async () => judgeConsuming(await alive)),
    check("models", async () => judgeModels(await alive)),
    check("storage", async () => {
      await storage.check();
      freeDiskBytes = await storage.freeBytes();
      return judgeStorage(freeDiskBytes, (await lastSweep(db))?.missing ?? 0);
    }),
    check("memory", async () => judgeMemory(memory)),
    check("eventLoop", async () => judgeEventLoop(eventLoop)),
    check("gpu", async () => {
      gpu = await observability.gpus.look();
      return judgeGpu(gpu);
    }),
  ]);
  return {
    status: overall(checks),
    checkedAt: new Date(),
    checks,
    queue,
    workers,
    freeDiskBytes,
    gpu,
    eventLoop,
    cpu: { cores: availableParallelism(), loadAverage1m: loadavg()[0] ?? 0 },
    memory,
  };
}

/** Worker nodes whose heartbeat is fresh. */
export async function aliveWorkers(db: Db): Promise<readonly WorkerRow[]> {
  return await db
    .select()
    .from(workerNodes)
    .where(gt(workerNodes.heartbeatAt, sql`now() - make_interval(secs => ${WORKER_LOST_SECONDS})`))
    .orderBy(asc(workerNodes.id));
}

/** Without its database the service is down; anything else leaves a part of it working. */
function overall(checks: readonly HealthCheck[]): HealthStatus {
  if (checks.some(({ name, status }) => name === "database" && status !== "OK")) return "DOWN";
  return checks.some(({ status }) => status !== "OK") ? "DEGRADED" : "OK";
}

async function check(name: string, look: () => Promise<Finding>): Promise<HealthCheck> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () => resolve({ status: "DOWN", message: `no answer within ${CHECK_TIMEOUT_MS / 1000} s` }),
      CHECK_TIMEOUT_MS,
    );
  });
  const finding = await Promise.race([look().catch(refused), late]);
  clearTimeout(timer);
  return { name, ...finding, durationMs: Math.round(performance.now() - startedAt) };
}

/** The error's code only: its message may hold addresses and paths. */
function refused(error: unknown): Finding {
  let code: unknown;
  for (let cause = error; cause instanceof Error; cause = cause.cause) if ("code" in cause) code = cause.code;
  return {
    status: "DOWN",
    message: typeof code === "string" ? `fails with ${code}` : "fails; the log says why",
  };
}

/** State of the queue over all nodes. */
export async function readQueue({ db, config }: Pick<Resources, "db" | "config">): Promise<QueueHealth> {
  const [oldest] = await db
    .select({ seconds: sql<number | null>`extract(epoch from now() - ${min(jobs.createdAt)})::float8` })
    .from(jobs)
    .where(eq(jobs.status, "QUEUED"));
  return {
    waiting: await countJobs(db, ["QUEUED"]),
    running: await countJobs(db, ["RUNNING"]),
    limit: config.jobs.queueLimit,
    oldestWaitingSeconds: oldest?.seconds ?? null,
  };
}

export interface Readiness {
  readonly ready: boolean;
  readonly reason: string | null;
}

/** Whether this node should get traffic: it has what its role needs and is not going down. */
export async function checkReadiness(
  { config, database }: Resources,
  worker: WorkerNode | null,
  stopping: boolean,
): Promise<Readiness> {
  if (stopping) return { ready: false, reason: "going down" };
  const { status } = await check("database", async () => ({
    status: "OK",
    message: await database.version(),
  }));
  if (status !== "OK") return { ready: false, reason: "the database does not answer" };
  if (config.role === "api") return { ready: true, reason: null };
  if (worker === null) return { ready: false, reason: "models are being loaded" };
  const { state, reason } = worker.pool.status();
  // A pool that is idle loads a model for the next utterance.
  return state === "ready" || state === "idle"
    ? { ready: true, reason: null }
    : { ready: false, reason: reason ?? `the engine is ${state}` };
}
