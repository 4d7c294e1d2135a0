import type { EventLoopDelay } from "../health/event-loop.ts";
import type { GpuStatus } from "../health/gpu.ts";
import type { QueueHealth } from "../health/health.ts";
import type { Distribution } from "./quantile.ts";

/** A count with what it counts. */
interface LabelledCount {
  readonly kind: string;
  readonly outcome: string;
  readonly count: number;
}

export interface PoolSnapshot {
  readonly state: string;
  readonly members: number;
  readonly readyMembers: number;
  readonly busyMembers: number;
  readonly queued: number;
  readonly limit: number;
  readonly restarts: number;
  readonly residentBytes: number;
  readonly modelLoadSeconds: number | null;
  readonly realTimeFactor: number | null;
}

/** What one node measures, at one moment: the same numbers that `/metrics` has. */
export interface Snapshot {
  readonly nodeId: string;
  readonly at: Date;
  readonly uptimeSeconds: number;
  /** Share of one core that this process used since the sample before; above 1 with several threads. */
  readonly cpuRatio: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly eventLoop: EventLoopDelay;
  readonly loadAverage1m: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
  readonly freeDiskBytes: number | null;
  /** Of the whole fleet; null while the database does not answer. */
  readonly queue: QueueHealth | null;
  /** Null on a node that speaks nothing. */
  readonly pool: PoolSnapshot | null;
  readonly gpus: readonly GpuStatus[];
  readonly httpRequests: number;
  readonly graphqlErrors: readonly { readonly code: string; readonly count: number }[];
  readonly webSocketsOpen: number;
  readonly subscriptionsOpen: number;
  readonly jobs: readonly LabelledCount[];
  readonly utterances: number;
  readonly audioSeconds: number;
  readonly characters: number;
  readonly queueWaitSeconds: Distribution;
  readonly processingSeconds: Distribution;
  readonly firstAudioSeconds: Distribution;
  readonly operationSeconds: Distribution;
  readonly realTimeFactor: Distribution;
}
