import type { AnalysisFiles, AnalysisKind, AnalysisRequest, AnalysisResults } from "./analysis.ts";
import type { Failure, UtteranceAudio, UtteranceRequest } from "./engine.ts";

/** ONNX Runtime's execution providers that Speaker tries. */
export type ExecutionProvider = "cuda" | "webgpu" | "cpu";

export type Precision = "int8" | "float32";

/** A weight file on this machine and the digest that names its content. */
export interface ModelFile {
  readonly path: string;
  readonly sha256: string;
}

/** The files of one Kokoro model. */
export interface KokoroFiles {
  readonly int8: ModelFile;
  /** The same weights for processors that multiply uint8 by int8 exactly; null where there is no such file. */
  readonly int8Vnni: ModelFile | null;
  /** The float32 copy; null where there is none. */
  readonly float32: ModelFile | null;
}

/** How the deterministic engine fails to start, and the file whose presence heals it. */
export interface FakeEngineOptions {
  readonly startFailure?: Failure;
  readonly healedByFile?: string;
  /** Execution providers that fail it, as a broken driver would. */
  readonly providerFailures?: Partial<Record<ExecutionProvider, Failure>>;
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
  /** Utterances and recordings that may wait; one more is refused with `QueueFullError`. */
  readonly queueLimit: number;
  readonly engines: {
    readonly kokoro?: KokoroFiles;
    /** The deterministic engine of the tests. */
    readonly fake?: FakeEngineOptions;
  };
  /**
   * Brings the models of analysis, asked for with every recording; "fake" is the deterministic analysis of the
   * tests. Without it recordings are refused with MODEL_UNAVAILABLE.
   */
  readonly analysis?: "fake" | (() => Promise<AnalysisFiles>);
  /** JSON file that keeps the measured choice between starts; null measures at every start. */
  readonly decisionFile: string | null;
  /** True (the default) loads every member at start; false loads the first one with the first utterance. */
  readonly preload?: boolean;
  /** A member that has had nothing to do for so long is ended, until work wants it again; 0, the default: never. */
  readonly idleMs?: number;
  /** A member that is not warm by then is killed; default two minutes. */
  readonly startDeadlineMs?: number;
  readonly logger?: PoolLogger;
}

/** The part of pino's logger that the pool uses. */
export interface PoolLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export type WorkPriority = "first" | "interactive" | "batch" | "background";

export interface RunOptions {
  /** Utterances and recordings of one group (a job) take turns with those of other groups. */
  readonly group: string;
  /** Whose group it is: owners take turns, then the groups of each. Left out, the group is an owner of its own. */
  readonly owner?: string;
  /**
   * What goes before what. "first" is the first utterance of a job that somebody waits for; "interactive", the default,
   * its others; "batch" is what nobody waits for now. "background" runs on members that nobody else wants, and where
   * there are several leaves one of them free, so that what comes next does not wait for it.
   */
  readonly priority?: WorkPriority;
  /**
   * Time a member may spend on the utterance or recording, without queueing; then it is killed and replaced, and the call
   * fails with DEADLINE_EXCEEDED. A retry after a lost member starts a new deadline.
   */
  readonly deadlineMs: number;
  /**
   * Aborted while queued: leaves the queue at once. Aborted while running: the call fails at once, and the
   * member is killed when waiting for the run would take longer than loading a new member does.
   */
  readonly signal?: AbortSignal;
}

/** `waiting` = dead, and being replaced after a back-off; `stopped` = ended, as nothing wants it. */
export type MemberState = "starting" | "ready" | "busy" | "waiting" | "stopped";

export interface MemberStatus {
  /** Place in the pool, from 0; a replacement takes the place of the one it replaces. */
  readonly id: number;
  readonly pid: number | null;
  readonly state: MemberState;
  readonly executionProvider: ExecutionProvider | null;
  readonly precision: Precision | null;
  readonly threads: number;
  /** Time from spawn to warm. */
  readonly loadedMs: number | null;
  readonly residentBytes: number | null;
  readonly restarts: number;
}

export interface RefusedProvider {
  readonly provider: ExecutionProvider;
  readonly reason: string;
}

export interface PoolStatus {
  /**
   * `idle`: no member is loaded, and the next piece of work loads one; `unavailable`: members die at start again
   * and again; they are retried with back-off meanwhile.
   */
  readonly state: "idle" | "starting" | "ready" | "unavailable" | "closed";
  /** Why requests are refused, when state is "unavailable". */
  readonly reason: string | null;
  readonly members: readonly MemberStatus[];
  readonly queued: number;
  readonly running: number;
  readonly limit: number;
  readonly executionProvider: ExecutionProvider | null;
  readonly refused: readonly RefusedProvider[];
  /** Of the members that are loaded, or of the next one when none is; null before the first start. */
  readonly precision: Precision | null;
  readonly precisionReason: string | null;
  /** Compute seconds per second of audio over the last utterances, or null before the first. */
  readonly realTimeFactor: number | null;
}

export interface InferencePool {
  /** Resolves when the first member is warm, or without `preload` when precision is chosen. @throws SpeakerError MODEL_UNAVAILABLE when none can start. */
  start(): Promise<void>;
  /**
   * Speaks one utterance.
   * @throws QueueFullError, or SpeakerError with DEADLINE_EXCEEDED, CANCELLED, INFERENCE_FAILED,
   * MODEL_UNAVAILABLE or SERVICE_UNAVAILABLE (not started, or closing).
   */
  synthesize(request: UtteranceRequest, options: RunOptions): Promise<UtteranceAudio>;
  /** Analyses one recording on a member, under the rules of `synthesize`. Throws as it does. */
  analyse<Kind extends AnalysisKind>(
    request: AnalysisRequest<Kind>,
    options: RunOptions,
  ): Promise<AnalysisResults[Kind]>;
  status(): PoolStatus;
  /** Refuses new work, waits up to `drainMs` for what is queued and running, then ends every member. */
  close(options: { drainMs: number }): Promise<void>;
}
