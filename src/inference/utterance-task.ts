import type { SpeakerError } from "../errors.ts";
import type { SynthesizeOptions } from "./contract.ts";
import type { UtteranceAudio, UtteranceRequest } from "./engine.ts";
import { styleForLength } from "./engines/style.ts";

/** One call of `synthesize` on its way through the pool. It is settled once; later outcomes are ignored. */
export class UtteranceTask {
  readonly request: UtteranceRequest;
  readonly group: string;
  readonly deadlineMs: number;
  readonly result: Promise<UtteranceAudio>;
  /** Members that started it. */
  attempts = 0;
  /** `performance.now()` of the present start. */
  startedAt = 0;
  #settle: { resolve(audio: UtteranceAudio): void; reject(error: SpeakerError): void } | null = null;
  #deadline: NodeJS.Timeout | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;

  /** @param onAbort is called at most once, when the caller's signal aborts before the task is settled. */
  constructor(request: UtteranceRequest, options: SynthesizeOptions, onAbort: (task: UtteranceTask) => void) {
    this.request = withOneStyle(request);
    this.group = options.group;
    this.deadlineMs = options.deadlineMs;
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#signal = options.signal;
    this.#onAbort = () => onAbort(this);
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
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

  resolve(audio: UtteranceAudio): void {
    this.#finish()?.resolve(audio);
  }

  reject(error: SpeakerError): void {
    this.#finish()?.reject(error);
  }

  #finish(): { resolve(audio: UtteranceAudio): void; reject(error: SpeakerError): void } | null {
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
