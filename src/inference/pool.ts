import type { UtteranceAudio, UtteranceRequest } from "./engine.ts";

/** ONNX Runtime's execution providers that Speaker tries. */
export type ExecutionProvider = "cuda" | "webgpu" | "cpu";

export type Precision = "int8" | "float32";

/** A weight file on this machine and the digest that names its content. */
export interface ModelFile {
  readonly path: string;
  readonly sha256: string;
}

export interface InferencePoolOptions {
  /** Member processes; "auto" follows cores and memory. */
  readonly members: number | "auto";
  /** Threads of each member; "auto" follows cores. */
  readonly threads: number | "auto";
  /** Tried in this order; what is missing is reported in `status().refused`. */
  readonly providers: readonly ExecutionProvider[];
  /** "auto" measures both files once and keeps the faster one. */
  readonly precision: "auto" | Precision;
  /** Utterances that may wait; one more is refused with `QueueFullError`. */
  readonly queueLimit: number;
  readonly engines: {
    readonly kokoro?: { readonly int8: ModelFile; readonly float32: ModelFile | null };
    /** The deterministic engine of the tests. */
    readonly fake?: { readonly startFailure?: "error" | "crash" };
  };
  /** JSON file that keeps the measured choice between starts; null measures at every start. */
  readonly decisionFile: string | null;
  readonly logger?: PoolLogger;
}

/** The part of pino's logger that the pool uses. */
export interface PoolLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface SynthesizeOptions {
  /** Utterances of one group (a job) take turns with those of other groups. */
  readonly group: string;
  /** Time a member may spend on the utterance; then it is killed and the call fails with DEADLINE_EXCEEDED. */
  readonly deadlineMs: number;
  /** Aborted while queued: leaves the queue at once. While running: the member is freed, the result dropped. */
  readonly signal?: AbortSignal;
}

export interface MemberStatus {
  readonly id: number;
  readonly pid: number | null;
  readonly state: "starting" | "ready" | "busy" | "waiting" | "stopped";
  readonly executionProvider: ExecutionProvider | null;
  readonly precision: Precision | null;
  readonly threads: number;
  /** Time from spawn to warm. */
  readonly loadedMs: number | null;
  readonly residentBytes: number | null;
  readonly restarts: number;
}

export interface PoolStatus {
  readonly state: "idle" | "starting" | "ready" | "unavailable" | "closed";
  /** Why requests are refused, when state is "unavailable". */
  readonly reason: string | null;
  readonly members: readonly MemberStatus[];
  readonly queued: number;
  readonly running: number;
  readonly limit: number;
  readonly executionProvider: ExecutionProvider | null;
  readonly refused: readonly { readonly provider: ExecutionProvider; readonly reason: string }[];
  readonly precision: Precision | null;
  readonly precisionReason: string | null;
  /** Compute seconds per second of audio over the last utterances, or null before the first. */
  readonly realTimeFactor: number | null;
}

export interface InferencePool {
  /** Resolves when the first member is warm. @throws SpeakerError MODEL_UNAVAILABLE when none can start. */
  start(): Promise<void>;
  /**
   * Speaks one utterance.
   * @throws QueueFullError, or SpeakerError with DEADLINE_EXCEEDED, CANCELLED, INFERENCE_FAILED,
   * MODEL_UNAVAILABLE or SERVICE_UNAVAILABLE (closed).
   */
  synthesize(request: UtteranceRequest, options: SynthesizeOptions): Promise<UtteranceAudio>;
  status(): PoolStatus;
  /** Refuses new work, waits up to `drainMs` for what is queued and running, then ends every member. */
  close(options: { drainMs: number }): Promise<void>;
}

/** A pool of member processes; nothing is spawned before `start()`. */
export function createInferencePool(_options: InferencePoolOptions): InferencePool {
  throw new Error("being built");
}
