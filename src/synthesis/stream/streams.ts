import type { Logger } from "pino";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import { ConflictError, NotFoundError, SpeakerError } from "../../errors.ts";
import { cancelJob, type JobDeps } from "../../jobs/job.ts";
import type { JobRow } from "../../jobs/table.ts";
import { inputOf } from "../input.ts";
import { StreamEncoders } from "./encoders.ts";
import { type FollowDeps, followAudio } from "./follow.ts";
import type { AudioPart } from "./stored.ts";

/** About how long a listener listens: what one who is refused is told to wait. */
const BUSY_RETRY_SECONDS = 5;

export interface StreamsDeps extends Omit<FollowDeps, "encoders"> {
  /** What cancelling a job takes. */
  readonly jobs: JobDeps;
  readonly log: Logger;
  /** The most listeners at once on this node. */
  readonly maxListeners: number;
}

/** Who listens, as far as the audit log is concerned, and when to stop. */
export interface Listener {
  readonly actor: Actor;
  readonly signal?: AbortSignal;
}

/** A stream that is read with `for await`; `return` leaves it at once, also while it waits. */
export type Listening = Required<AsyncIterableIterator<AudioPart>>;

/** Those who listen to jobs on this node. */
export class AudioStreams {
  readonly #deps: StreamsDeps;
  readonly #encoders = new StreamEncoders();
  readonly #listeners = new Map<string, number>();
  #open = 0;
  #stopping = false;

  constructor(deps: StreamsDeps) {
    this.#deps = deps;
  }

  /** Starts the encoder's thread, so that the first listener need not wait for it. */
  warm(): void {
    this.#encoders.warm();
  }

  /**
   * The audio of a synthesis job, from its first byte on, in its own format: see `followAudio` for how it goes and what
   * it throws. A listener counts from the first `next` until the stream has ended, or `return` was called or the signal
   * aborted. When the last one of this node leaves a job before its end that has `cancelOnDisconnect`, the job is
   * cancelled.
   *
   * @throws ConflictError for a job of another kind; TOO_MANY_CONNECTIONS with the first `next`.
   */
  listen(job: JobRow, { actor, signal }: Listener): Listening {
    if (job.kind !== "SYNTHESIS") throw new ConflictError("Only jobs that speak a text can be listened to.");
    const left = new AbortController();
    const { format, sampleRate, loudnessLufs } = inputOf(job);
    const followed = { jobId: job.id, format, sampleRate, levelled: loudnessLufs !== undefined };
    const either = signal === undefined ? left.signal : AbortSignal.any([left.signal, signal]);
    const parts = followAudio({ ...this.#deps, encoders: this.#encoders }, followed, either);
    const source = this.#counted(job, actor, parts, either);
    return {
      next: () => source.next(),
      // A generator that waits for the next utterance would return only when that has come.
      return(value) {
        left.abort(new SpeakerError("CANCELLED", "Nobody listens any more."));
        return source.return(value);
      },
      throw(error) {
        left.abort(error);
        return source.throw(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** The node stops: those who leave from now on do not do so of their own will. */
  stop(): void {
    this.#stopping = true;
  }

  /** Ends the thread, and with it every stream. */
  async close(): Promise<void> {
    this.stop();
    await this.#encoders.close();
  }

  async *#counted(
    job: JobRow,
    actor: Actor,
    parts: AsyncGenerator<AudioPart>,
    left: AbortSignal,
  ): AsyncGenerator<AudioPart> {
    if (this.#open >= this.#deps.maxListeners) {
      throw new SpeakerError(
        "TOO_MANY_CONNECTIONS",
        `As many listeners as this node takes (${this.#deps.maxListeners}) are there. Try again in ${BUSY_RETRY_SECONDS} s.`,
      );
    }
    this.#open += 1;
    this.#listeners.set(job.id, (this.#listeners.get(job.id) ?? 0) + 1);
    let ended = false;
    try {
      for await (const part of parts) {
        // Whoever has the last of it has heard it all, whatever becomes of the job.
        ended = part.final;
        yield part;
      }
      ended = true;
    } catch (error) {
      // What failed on our side is not the listener's leaving.
      ended = !left.aborted;
      throw error;
    } finally {
      this.#open -= 1;
      const others = (this.#listeners.get(job.id) ?? 1) - 1;
      if (others > 0) this.#listeners.set(job.id, others);
      else this.#listeners.delete(job.id);
      if (!ended && job.cancelOnDisconnect) setImmediate(() => void this.#abandoned(job, actor));
    }
  }

  /** Cancels a job that its listeners have left, unless one is back already. */
  async #abandoned(job: JobRow, actor: Actor): Promise<void> {
    if (this.#stopping || this.#listeners.has(job.id)) return;
    const { db, jobs, log } = this.#deps;
    try {
      await cancelJob(jobs, job.tenant, job.id);
      await recordAudit(db, actor, {
        action: "job.cancel",
        outcome: "ACCEPTED",
        targetType: "job",
        targetId: job.id,
        details: { reason: "disconnect" },
      });
    } catch (error) {
      // It has ended by itself, or was deleted.
      if (error instanceof ConflictError || error instanceof NotFoundError) return;
      log.warn({ err: error, jobId: job.id }, "a job that nobody listens to could not be cancelled");
    }
  }
}
