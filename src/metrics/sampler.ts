import { loadavg, totalmem } from "node:os";
import { isNull } from "drizzle-orm";
import type { Counter, Gauge } from "prom-client";
import { auditLog } from "../audit/table.ts";
import type { EventLoopMonitor } from "../health/event-loop.ts";
import type { GpuProbe, GpuStatus } from "../health/gpu.ts";
import { aliveWorkers, checkHealth, type QueueHealth, readQueue } from "../health/health.ts";
import type { InferencePool, PoolStatus } from "../inference/contract.ts";
import type { Resources } from "../resources.ts";
import type { Metrics } from "./definitions.ts";
import { distributionOf } from "./quantile.ts";
import type { PoolSnapshot, Snapshot } from "./snapshot.ts";

/** What is asked of the database, the disk and the driver is asked at most this often, whoever looks. */
const OUTSIDE_FRESH_MS = 1_000;
/** Health writes a file and looks at everything: a scrape every few seconds must not. */
const HEALTH_FRESH_MS = 10_000;

interface Outside {
  readonly queue: QueueHealth | null;
  readonly freeDiskBytes: number | null;
  readonly gpus: readonly GpuStatus[];
}

const STATUS_VALUE = { OK: 1, DEGRADED: 0.5, DOWN: 0 } as const;
const MEMBER_STATES = ["starting", "ready", "busy", "waiting", "stopped"] as const;

/** Reads what is not counted as it happens, into the metrics and into snapshots. */
export class Sampler {
  /** The pool of this node, once it has one. */
  pool: InferencePool | null = null;
  readonly #metrics: Metrics;
  readonly #gpus: GpuProbe;
  readonly #eventLoop: EventLoopMonitor;
  #outside: { at: number; value: Promise<Outside> } | null = null;
  #health: { at: number; done: Promise<void> } | null = null;
  #cpu = { at: performance.now(), usage: process.cpuUsage() };
  #restarts = 0;

  constructor(metrics: Metrics, gpus: GpuProbe, eventLoop: EventLoopMonitor) {
    this.#metrics = metrics;
    this.#gpus = gpus;
    this.#eventLoop = eventLoop;
  }

  /** Everything as it is now, for a scrape. */
  async refresh(resources: Resources): Promise<void> {
    await Promise.all([this.#readOutside(resources), this.#readHealth(resources)]);
    this.#readPool();
  }

  /** Everything as it is now, as one object. */
  async sample(resources: Resources): Promise<Snapshot> {
    const metrics = this.#metrics;
    const outside = await this.#readOutside(resources);
    const { rss, heapUsed } = process.memoryUsage();
    const { memoryTotalBytes, memoryAvailableBytes } = memory();
    const jobs = (await metrics.jobs.get()).values;
    return {
      nodeId: resources.nodeId,
      at: new Date(),
      uptimeSeconds: (Date.now() - resources.startedAt.getTime()) / 1000,
      cpuRatio: this.#cpuRatio(),
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      eventLoop: this.#eventLoop.delay,
      loadAverage1m: loadavg()[0] ?? 0,
      memoryTotalBytes,
      memoryAvailableBytes,
      ...outside,
      pool: this.#readPool(),
      httpRequests: await sum(metrics.httpRequests),
      graphqlErrors: (await metrics.graphqlErrors.get()).values.map(({ labels, value }) => ({
        code: String(labels.code),
        count: value,
      })),
      webSocketsOpen: await sum(metrics.webSockets),
      subscriptionsOpen: await sum(metrics.subscriptions),
      jobs: jobs.map(({ labels, value }) => ({
        kind: String(labels.kind),
        outcome: String(labels.outcome),
        count: value,
      })),
      utterances: await sum(metrics.utterances),
      audioSeconds: await sum(metrics.audioSeconds),
      characters: await sum(metrics.characters),
      queueWaitSeconds: await distributionOf(metrics.queueWait),
      processingSeconds: await distributionOf(metrics.processing),
      firstAudioSeconds: await distributionOf(metrics.firstAudio),
      operationSeconds: await distributionOf(metrics.operationDuration),
      realTimeFactor: await distributionOf(metrics.realTimeFactor),
    };
  }

  #cpuRatio(): number {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu.usage);
    const elapsedMs = Math.max(1, now - this.#cpu.at);
    this.#cpu = { at: now, usage: process.cpuUsage() };
    return (user + system) / 1000 / elapsedMs;
  }

  #readOutside(resources: Resources): Promise<Outside> {
    const now = performance.now();
    if (this.#outside === null || now - this.#outside.at > OUTSIDE_FRESH_MS)
      this.#outside = { at: now, value: this.#askOutside(resources) };
    return this.#outside.value;
  }

  async #askOutside(resources: Resources): Promise<Outside> {
    const { db, storage } = resources;
    const metrics = this.#metrics;
    // What does not answer is missing from the sample; health says why.
    const [queue, workers, unsealed, freeDiskBytes, { gpus }] = await Promise.all([
      readQueue(resources).catch(() => null),
      aliveWorkers(db).catch(() => null),
      db.$count(auditLog, isNull(auditLog.sequence)).catch(() => null),
      storage.freeBytes().catch(() => null),
      this.#gpus.look(),
    ]);
    if (queue !== null) {
      metrics.queueJobs.set({ state: "waiting" }, queue.waiting);
      metrics.queueJobs.set({ state: "running" }, queue.running);
      metrics.queueLimit.set(queue.limit);
      metrics.queueOldest.set(queue.oldestWaitingSeconds ?? 0);
    }
    if (workers !== null) metrics.workersAlive.set(workers.length);
    if (unsealed !== null) metrics.auditUnsealed.set(unsealed);
    if (freeDiskBytes !== null) metrics.diskFree.set(freeDiskBytes);
    const { memoryTotalBytes, memoryAvailableBytes } = memory();
    metrics.memoryTotal.set(memoryTotalBytes);
    metrics.memoryAvailable.set(memoryAvailableBytes);
    for (const gpu of gpus) this.#setGpu(gpu);
    return { queue, freeDiskBytes, gpus };
  }

  #setGpu(gpu: GpuStatus): void {
    const labels = { gpu: String(gpu.index), name: gpu.name };
    this.#metrics.gpuMemoryUsed.set(labels, gpu.memoryUsedBytes);
    this.#metrics.gpuMemoryTotal.set(labels, gpu.memoryTotalBytes);
    if (gpu.utilisation !== null) this.#metrics.gpuUtilisation.set(labels, gpu.utilisation);
    if (gpu.temperatureCelsius !== null) this.#metrics.gpuTemperature.set(labels, gpu.temperatureCelsius);
  }

  #readHealth(resources: Resources): Promise<void> {
    const now = performance.now();
    if (this.#health === null || now - this.#health.at > HEALTH_FRESH_MS) {
      const done = checkHealth(resources).then(({ checks }) => {
        for (const { name, status } of checks)
          this.#metrics.health.set({ check: name }, STATUS_VALUE[status]);
      });
      this.#health = { at: now, done };
    }
    return this.#health.done;
  }

  #readPool(): PoolSnapshot | null {
    const status = this.pool?.status();
    if (status === undefined) return null;
    const metrics = this.#metrics;
    const inState = (state: (typeof MEMBER_STATES)[number]) =>
      status.members.filter((member) => member.state === state).length;
    for (const state of MEMBER_STATES) metrics.poolMembers.set({ state }, inState(state));
    metrics.poolQueued.set(status.queued);
    metrics.poolLimit.set(status.limit);
    for (const { id, loadedMs } of status.members)
      if (loadedMs !== null) metrics.modelLoad.set({ member: String(id) }, loadedMs / 1000);
    metrics.provider.reset();
    if (status.executionProvider !== null) metrics.provider.set({ provider: status.executionProvider }, 1);
    const snapshot = poolSnapshot(status, inState("ready"), inState("busy"));
    metrics.poolResident.set(snapshot.residentBytes);
    metrics.poolRestarts.inc(Math.max(0, snapshot.restarts - this.#restarts));
    this.#restarts = snapshot.restarts;
    return snapshot;
  }
}

function poolSnapshot(status: PoolStatus, readyMembers: number, busyMembers: number): PoolSnapshot {
  const { members } = status;
  const loads = members.flatMap(({ loadedMs }) => (loadedMs === null ? [] : [loadedMs / 1000]));
  return {
    state: status.state,
    members: members.length,
    readyMembers,
    busyMembers,
    queued: status.queued,
    limit: status.limit,
    restarts: members.reduce((total, { restarts }) => total + restarts, 0),
    residentBytes: members.reduce((total, { residentBytes }) => total + (residentBytes ?? 0), 0),
    modelLoadSeconds: loads.length === 0 ? null : Math.max(...loads),
    realTimeFactor: status.realTimeFactor,
  };
}

/** Of the machine, or of the container when that has less. */
function memory(): { memoryTotalBytes: number; memoryAvailableBytes: number } {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return {
    memoryTotalBytes: constrained > 0 && constrained < total ? constrained : total,
    memoryAvailableBytes: process.availableMemory(),
  };
}

async function sum(metric: Counter<string> | Gauge<string>): Promise<number> {
  return (await metric.get()).values.reduce((total, { value }) => total + value, 0);
}
