import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { asc, eq, gt, min, sql } from "drizzle-orm";
import { countJobs } from "../jobs/job.ts";
import { jobs } from "../jobs/table.ts";
import { lastSweep } from "../maintenance/sweeper.ts";
import type { Resources } from "../resources.ts";
import type { WorkerNode } from "../worker.ts";
import { workerNodes } from "./table.ts";

/** A worker that has been silent for longer counts as gone: three heartbeats. */
const WORKER_LOST_SECONDS = 15;
/** Less than this left for audio is a warning. */
const LOW_DISK_BYTES = 1024 ** 3;
/** A check that takes longer has failed. */
const CHECK_TIMEOUT_MS = 5_000;

type HealthStatus = "OK" | "DEGRADED" | "DOWN";

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
  readonly cpu: { readonly cores: number; readonly loadAverage1m: number };
  readonly memory: {
    readonly totalBytes: number;
    readonly freeBytes: number;
    readonly residentBytes: number;
  };
}

interface Finding {
  readonly status: HealthStatus;
  readonly message: string;
}

/** Looks at everything a user depends on. It never throws: what cannot be reached is part of the answer. */
export async function checkHealth(resources: Resources): Promise<Health> {
  const { db, database, storage } = resources;
  let queue: QueueHealth | null = null;
  let workers: WorkerRow[] = [];
  let freeDiskBytes: number | null = null;

  const checks = await Promise.all([
    check("database", async () => ({ status: "OK", message: await database.version() })),
    check("queue", async () => {
      queue = await readQueue(resources);
      const full = queue.waiting >= queue.limit;
      return {
        status: full ? "DEGRADED" : "OK",
        message: `${queue.waiting} waiting of ${queue.limit}, ${queue.running} running`,
      };
    }),
    check("workers", async () => {
      workers = await db
        .select()
        .from(workerNodes)
        .where(gt(workerNodes.heartbeatAt, sql`now() - make_interval(secs => ${WORKER_LOST_SECONDS})`))
        .orderBy(asc(workerNodes.id));
      return judgeWorkers(workers);
    }),
    check("storage", async () => {
      await storage.check();
      freeDiskBytes = await storage.freeBytes();
      const missing = (await lastSweep(db))?.missing ?? 0;
      const faults = [
        ...(freeDiskBytes !== null && freeDiskBytes < LOW_DISK_BYTES ? ["less than 1 GiB is left"] : []),
        ...(missing > 0 ? [`${missing} stored objects are missing, see \`speaker storage check\``] : []),
      ];
      return {
        status: faults.length > 0 ? "DEGRADED" : "OK",
        message: faults.length > 0 ? `writable, but ${faults.join("; ")}` : "writable",
      };
    }),
  ]);
  return {
    status: overall(checks),
    checkedAt: new Date(),
    checks,
    queue,
    workers,
    freeDiskBytes,
    cpu: { cores: availableParallelism(), loadAverage1m: loadavg()[0] ?? 0 },
    memory: { totalBytes: totalmem(), freeBytes: freemem(), residentBytes: process.memoryUsage.rss() },
  };
}

/** Without its database the service is down; anything else leaves a part of it working. */
function overall(checks: readonly HealthCheck[]): HealthStatus {
  if (checks.some(({ name, status }) => name === "database" && status !== "OK")) return "DOWN";
  return checks.some(({ status }) => status !== "OK") ? "DEGRADED" : "OK";
}

function judgeWorkers(workers: readonly WorkerRow[]): Finding {
  if (workers.length === 0)
    return { status: "DEGRADED", message: "no worker is alive; jobs wait until one is" };
  const broken = workers.filter(({ pool }) => pool.state === "unavailable");
  if (broken.length > 0) {
    return {
      status: "DEGRADED",
      message: `${broken.length} of ${workers.length} cannot speak: ${broken[0]?.pool.reason}`,
    };
  }
  return { status: "OK", message: `${workers.length} alive` };
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

async function readQueue({ db, config }: Resources): Promise<QueueHealth> {
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
  return state === "ready"
    ? { ready: true, reason: null }
    : { ready: false, reason: reason ?? `the engine is ${state}` };
}
