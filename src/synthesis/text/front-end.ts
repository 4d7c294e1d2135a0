import type { Worker } from "node:worker_threads";
import { type ErrorCode, SpeakerError } from "../../errors.ts";
import { siblingThread } from "../../program.ts";
import type { LexiconPaths } from "./english-lexicon.ts";
import type { ScriptSource } from "./script.ts";
import type { Plan, PlanNotes, PlanOptions } from "./utterance.ts";

export type { Plan, Utterance } from "./utterance.ts";

/** The part of pino's logger that the front end uses. */
interface TextLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface TextFrontEndOptions {
  readonly logger?: TextLogger;
  /** Time for one plan, however long the text; then the planner is replaced and the plan fails. */
  readonly deadlineMs?: number;
  /** Dictionaries of English; without them (`null`) espeak-ng alone says how its words sound. */
  readonly lexicon?: LexiconPaths | null;
}

/** What the planner thread starts with. */
export interface PlannerData {
  readonly lexicon: LexiconPaths | null;
}

/** Text to utterances, away from the caller's event loop. */
export interface TextFrontEnd {
  /** Starts the planner and the phonemiser and waits until both answer. */
  start(): Promise<void>;
  /**
   * Splits, normalises and phonemises: a text as it stands, or one with directions. No utterance means that it
   * holds nothing speakable.
   * @throws SpeakerError DEADLINE_EXCEEDED, SERVICE_UNAVAILABLE (planner or phonemiser lost) or CANCELLED.
   */
  plan(
    source: ScriptSource | string,
    options: PlanOptions & { readonly signal?: AbortSignal },
  ): Promise<Plan>;
  /** Ends the planner and the phonemiser; pending plans reject with CANCELLED. */
  close(): Promise<void>;
}

/** Messages to the planner thread. */
export type ToPlanner =
  | {
      readonly type: "plan";
      readonly id: number;
      readonly source: ScriptSource | string;
      readonly options: PlanOptions;
    }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

/** Messages from the planner thread. */
export type FromPlanner =
  | { readonly type: "ready" }
  | { readonly type: "lost"; readonly reason: string }
  | { readonly type: "plan"; readonly id: number; readonly plan: Plan }
  | {
      readonly type: "failed";
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly detail: string;
    };

interface Pending {
  readonly resolve: (plan: Plan) => void;
  readonly reject: (error: Error) => void;
}

interface Planner {
  readonly thread: Worker;
  readonly ready: Promise<void>;
  readonly pending: Map<number, Pending>;
}

/** The planner ended under a plan that may have done nothing wrong: another one may finish it. */
class PlannerLostError extends SpeakerError {
  constructor(cause: unknown) {
    super("SERVICE_UNAVAILABLE", "The text planner stopped. Try again.", { cause });
  }
}

function cancelled(reason: unknown): SpeakerError {
  return new SpeakerError("CANCELLED", "The work was cancelled before it finished.", { cause: reason });
}

const ATTEMPTS = 2;
const DEADLINE_MS = 120_000;
/** A planner beyond this is out of bounds (50,000 characters and both dictionaries need a quarter of it). */
const MEMORY_LIMIT_MIB = 1024;

/**
 * Plans run in a worker thread, so the caller's event loop stays free while 50,000 characters are split and
 * read. The thread owns the espeak-ng program (see `src/espeak/host.ts`), which ends with it. A thread that dies
 * or overruns the deadline fails its plans and is replaced at the next one. Nothing runs before `start()` or
 * the first `plan()`.
 */
export function createTextFrontEnd(options: TextFrontEndOptions = {}): TextFrontEnd {
  const { logger, deadlineMs = DEADLINE_MS, lexicon = null } = options;
  let planner: Planner | null = null;
  let nextId = 1;
  let closed = false;

  const lose = (lost: Planner, error: Error) => {
    if (planner === lost) planner = null;
    for (const plan of lost.pending.values()) plan.reject(error);
    lost.pending.clear();
  };

  const receive = (from: Planner, message: Exclude<FromPlanner, { type: "ready" }>) => {
    if (message.type === "lost") {
      logger?.warn({ reason: message.reason }, "The phonemiser was lost and is replaced");
      return;
    }
    const plan = from.pending.get(message.id);
    from.pending.delete(message.id);
    if (plan === undefined) return;
    if (message.type === "failed") {
      plan.reject(new SpeakerError(message.code, message.message, { cause: message.detail }));
      return;
    }
    report(message.plan.notes, message.plan.languages);
    plan.resolve(message.plan);
  };

  const report = (notes: PlanNotes, languages: readonly string[]) => {
    if (Object.keys(notes.dropped).length > 0) {
      logger?.info({ dropped: notes.dropped, languages }, "Characters without sound were left out");
    }
    if (Object.keys(notes.unknownPhonemes).length > 0) {
      logger?.warn(
        { unknownPhonemes: notes.unknownPhonemes, languages },
        "Phonemes that the model does not know",
      );
    }
  };

  const launch = (): Planner => {
    const thread = siblingThread("planner-worker", import.meta.url, {
      name: "text-planner",
      workerData: { lexicon } satisfies PlannerData,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MIB },
    });
    let started: () => void = () => {};
    let failed: (error: Error) => void = () => {};
    const ready = new Promise<void>((resolve, reject) => {
      started = resolve;
      failed = reject;
    });
    ready.catch(() => {});
    const launched: Planner = { thread, ready, pending: new Map() };
    const end = (cause: unknown) => {
      const error = new PlannerLostError(cause);
      failed(error);
      lose(launched, error);
    };
    thread.on("message", (message: FromPlanner) => {
      if (message.type === "ready") started();
      else receive(launched, message);
    });
    thread.on("error", end);
    thread.on("exit", (code) => end(`exit ${code}`));
    return launched;
  };

  const current = (): Planner => {
    if (closed) throw new SpeakerError("CANCELLED", "The text front end is closed.");
    planner ??= launch();
    return planner;
  };

  const submit = async (
    target: Planner,
    source: ScriptSource | string,
    { signal, ...options }: PlanOptions & { readonly signal?: AbortSignal },
  ): Promise<Plan> => {
    if (signal?.aborted === true) throw cancelled(signal.reason);
    const id = nextId;
    nextId += 1;
    const answer = new Promise<Plan>((resolve, reject) => {
      target.pending.set(id, { resolve, reject });
    });
    const abandon = (error: Error) => {
      target.pending.get(id)?.reject(error);
      target.pending.delete(id);
    };
    const onAbort = () => {
      abandon(cancelled(signal?.reason));
      target.thread.postMessage({ type: "cancel", id } satisfies ToPlanner);
    };
    const timer = setTimeout(() => {
      abandon(
        new SpeakerError("DEADLINE_EXCEEDED", "Preparing the text took longer than its deadline allows."),
      );
      lose(target, new PlannerLostError("deadline"));
      void target.thread.terminate();
    }, deadlineMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      target.thread.postMessage({ type: "plan", id, source, options } satisfies ToPlanner);
      return await answer;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  };

  return {
    async start() {
      await current().ready;
    },
    async plan(source, planOptions) {
      for (let attempt = 1; ; attempt += 1) {
        const target = current();
        try {
          await target.ready;
          return await submit(target, source, planOptions);
        } catch (error) {
          if (!(error instanceof PlannerLostError) || attempt >= ATTEMPTS || closed) throw error;
          logger?.warn({ err: error.cause }, "The text planner was lost and is replaced");
        }
      }
    },
    async close() {
      closed = true;
      const last = planner;
      if (last === null) return;
      lose(last, new SpeakerError("CANCELLED", "The text front end is closed."));
      const exited = new Promise<void>((resolve) => last.thread.once("exit", () => resolve()));
      last.thread.postMessage({ type: "close" } satisfies ToPlanner);
      await exited;
    },
  };
}
