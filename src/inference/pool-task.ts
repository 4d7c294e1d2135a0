import type { SpeakerError } from "../errors.ts";
import type { RunOptions, WorkPriority } from "./contract.ts";
import type { UtteranceRequest } from "./engine.ts";
import { styleForLength } from "./engines/style.ts";
import type { MemberResult, MemberWork } from "./protocol.ts";
import type { RunKind } from "./statistics.ts";

/** One call of the pool on its way through it. It is settled once; later outcomes are ignored. */
export class PoolTask {
  readonly work: MemberWork;
  readonly owner: string;
  readonly group: string;
  readonly priority: WorkPriority;
  readonly deadlineMs: number;
  readonly result: Promise<MemberResult>;
  /** Members that started it. */
  attempts = 0;
  /** `performance.now()` of the present start. */
  startedAt = 0;
  #settle: { resolve(result: MemberResult): void; reject(error: SpeakerError): void } | null = null;
  #deadline: NodeJS.Timeout | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;

  /** @param onAbort is called at most once, when the caller's signal aborts before the task is settled. */
  constructor(work: MemberWork, options: RunOptions, onAbort: (task: PoolTask) => void) {
    this.work = work.type === "speak" ? { type: "speak", request: withOneStyle(work.request) } : work;
    this.group = options.group;
    // The name of a group is no owner's: jobs are named by ids, and what stands before it is none.
    this.owner = options.owner ?? `group ${options.group}`;
    this.priority = options.priority ?? "interactive";
    this.deadlineMs = options.deadlineMs;
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#signal = options.signal;
    this.#onAbort = () => onAbort(this);
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** What is counted together to foresee how long a run takes. */
  get kind(): RunKind {
    return this.work.type === "speak" ? this.work.request.engine : this.work.request.kind;
  }

  /** How much work it is: tokens of an utterance, samples of a recording. */
  get units(): number {
    return this.work.type === "speak" ? this.work.request.tokens.length : this.work.request.samples.length;
  }

  /** For the messages of failures. */
  get what(): "utterance" | "recording" {
    return this.work.type === "speak" ? "utterance" : "recording";
  }

  get settled(): boolean {
    return this.#settle === null;
  }

  /** Counts an attempt and starts its deadline. */
  begin(onDeadline: () => void): void {
    this.attempts += 1;
    this.startedAt = performance.now();
    this.#deadline = setTimeout(onDeadline, this.deadlineMs);
  }

  /** Fails the call while its attempt goes on: the deadline still frees the member of a run that hangs. */
  abandon(error: SpeakerError): void {
    const deadline = this.#deadline;
    this.#deadline = undefined;
    this.reject(error);
    this.#deadline = deadline;
  }

  /** The attempt is over without an outcome: the task may begin again. */
  interrupt(): void {
    clearTimeout(this.#deadline);
  }

  resolve(result: MemberResult): void {
    this.#finish()?.resolve(result);
  }

  reject(error: SpeakerError): void {
    this.#finish()?.reject(error);
  }

  #finish(): { resolve(result: MemberResult): void; reject(error: SpeakerError): void } | null {
    clearTimeout(this.#deadline);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    const settle = this.#settle;
    this.#settle = null;
    return settle;
  }
}

/** A pack is half a megabyte, of which an utterance uses one row: only the row goes to the member. */
function withOneStyle(request: UtteranceRequest): UtteranceRequest {
  if (request.engine !== "kokoro" || !("pack" in request.voice)) return request;
  return { ...request, voice: { style: styleForLength(request.voice.pack, request.tokens.length) } };
}
