import type { EventLoopDelay } from "./event-loop.ts";
import { type GpuReport, NO_GPU } from "./gpu.ts";
import type { Health, QueueHealth, WorkerRow } from "./health.ts";

/** A worker that has been silent for longer counts as gone: three heartbeats. */
export const WORKER_LOST_SECONDS = 15;
/** Less than this left for audio is a warning. */
const LOW_DISK_BYTES = 1024 ** 3;
/** A smaller share of the memory left than this is a warning. */
const LOW_MEMORY_SHARE = 0.05;
/** A job that has waited for longer is a warning: there are too few workers, or they are stuck. */
const LONG_WAIT_SECONDS = 300;
/** Timers that run later than this are a warning: requests wait as long. */
const LATE_LOOP_SECONDS = 1;

export type HealthStatus = "OK" | "DEGRADED" | "DOWN";

/** What a look found. */
export interface Finding {
  readonly status: HealthStatus;
  readonly message: string;
}

/** @param missing stored objects that the latest sweep looked for in vain */
export function judgeStorage(freeBytes: number | null, missing: number): Finding {
  const faults = [
    ...(freeBytes !== null && freeBytes < LOW_DISK_BYTES ? ["less than 1 GiB is left"] : []),
    ...(missing > 0 ? [`${missing} stored objects are missing, see \`speaker storage check\``] : []),
  ];
  return {
    status: faults.length > 0 ? "DEGRADED" : "OK",
    message: faults.length > 0 ? `writable, but ${faults.join("; ")}` : "writable",
  };
}

export function judgeWorkers(workers: readonly WorkerRow[]): Finding {
  if (workers.length === 0) {
    return { status: "DEGRADED", message: "no worker is alive; jobs wait until one is" };
  }
  const broken = workers.filter(({ pool }) => pool.state === "unavailable");
  if (broken.length > 0) {
    return {
      status: "DEGRADED",
      message: `${broken.length} of ${workers.length} cannot speak: ${broken[0]?.pool.reason}`,
    };
  }
  return { status: "OK", message: `${workers.length} alive` };
}

export function judgeQueue({ waiting, running, limit, oldestWaitingSeconds }: QueueHealth): Finding {
  const message = `${waiting} waiting of ${limit}, ${running} running`;
  if (waiting >= limit) return { status: "DEGRADED", message: `${message}; more are refused` };
  if (oldestWaitingSeconds !== null && oldestWaitingSeconds > LONG_WAIT_SECONDS) {
    const seconds = Math.round(oldestWaitingSeconds);
    return { status: "DEGRADED", message: `${message}; one has waited for ${seconds} s` };
  }
  return { status: "OK", message };
}

/** A worker can be alive and take nothing: its queue does not answer, or it hangs. */
export function judgeConsuming(workers: readonly WorkerRow[]): Finding {
  const consuming = workers.filter(({ lastLookAt, heartbeatAt }) => {
    const silentMs = lastLookAt === null ? Number.POSITIVE_INFINITY : +heartbeatAt - +lastLookAt;
    return silentMs < WORKER_LOST_SECONDS * 1000;
  });
  if (consuming.length === 0) return { status: "DEGRADED", message: "no worker takes jobs" };
  const message = `${consuming.length} of ${workers.length} workers take jobs`;
  return { status: consuming.length < workers.length ? "DEGRADED" : "OK", message };
}

export function judgeModels(workers: readonly WorkerRow[]): Finding {
  const members = workers.flatMap(({ pool }) => pool.members);
  const loaded = members.filter(({ state }) => state === "ready" || state === "busy");
  if (loaded.length === 0 && workers.some(({ pool }) => pool.state === "idle"))
    return { status: "OK", message: "no model is loaded; the next utterance loads one" };
  if (loaded.length === 0) return { status: "DEGRADED", message: "no worker has a model loaded" };
  const providers = [...new Set(loaded.map(({ executionProvider }) => executionProvider))].join(", ");
  const message = `${loaded.length} of ${members.length} members have their model loaded, on ${providers}`;
  return { status: "OK", message };
}

export function judgeMemory({ totalBytes, availableBytes }: Health["memory"]): Finding {
  const percent = Math.round((availableBytes / totalBytes) * 100);
  const low = availableBytes < totalBytes * LOW_MEMORY_SHARE;
  return { status: low ? "DEGRADED" : "OK", message: `${percent} % available` };
}

export function judgeEventLoop({ p99Seconds }: EventLoopDelay): Finding {
  const message = `p99 delay ${Math.round(p99Seconds * 1000)} ms`;
  return { status: p99Seconds > LATE_LOOP_SECONDS ? "DEGRADED" : "OK", message };
}

export function judgeGpu({ gpus, reason }: GpuReport): Finding {
  if (gpus.length === 0) {
    return { status: reason === NO_GPU ? "OK" : "DEGRADED", message: reason ?? NO_GPU };
  }
  return { status: "OK", message: gpus.map(({ name }) => name).join(", ") };
}
