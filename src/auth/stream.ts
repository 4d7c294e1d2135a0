import type { EventBus, Signal, Topic } from "../db/events.ts";
import { UnauthenticatedError } from "../errors.ts";
import type { Authenticator } from "./authenticator.ts";
import { type Identity, OPEN } from "./identity.ts";

/** `setTimeout` takes no more; a later end is looked at again then. */
const MAX_TIMER_MS = 2_000_000_000;

/**
 * Calls `onEnd` once when the key behind a stream is revoked or expires, or when open access is closed.
 * Keys of the environment last as long as the process.
 *
 * @returns a function that stops watching.
 */
export function watchIdentity(
  authenticator: Authenticator,
  bus: EventBus,
  identity: Identity,
  onEnd: (error: UnauthenticatedError) => void,
): () => void {
  const topic: Topic | null =
    identity.keyId !== null ? `key:${identity.keyId}` : identity === OPEN ? "keys" : null;
  if (topic === null) return () => {};
  const changes: Signal = bus.subscribe(topic);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    changes.close();
  };
  const look = async (): Promise<void> => {
    if (topic === "keys") await authenticator.refresh();
    const renewed = await authenticator.renew(identity);
    if (stopped) return;
    if (renewed === null) {
      stop();
      onEnd(
        new UnauthenticatedError(
          "The API key of this stream has been revoked or has expired. Open it again with another.",
        ),
      );
      return;
    }
    clearTimeout(timer);
    if (renewed.expiresAt !== null) {
      // Just behind the instant: a timer may fire a little early.
      const delay = renewed.expiresAt.getTime() - Date.now() + 5;
      timer = setTimeout(lookAgain, Math.min(Math.max(delay, 0), MAX_TIMER_MS));
      timer.unref();
    }
  };
  // A database that does not answer ends no stream; the next signal looks again.
  const lookAgain = () => void look().catch(() => {});
  void (async () => {
    while (await changes.next()) await look().catch(() => {});
  })();
  lookAgain();
  return stop;
}

/** A stream that can be ended from outside with one last value, also while its source is silent. */
export class EndableStream<T> implements AsyncIterableIterator<T> {
  readonly #source: AsyncIterator<T>;
  readonly #waiting = new Set<(result: IteratorResult<T>) => void>();
  readonly #onOver: () => void;
  #last: { readonly value: T } | null = null;
  #over = false;

  /** @param onOver called once, when the stream is over for whatever reason */
  constructor(source: AsyncIterable<T>, onOver: () => void) {
    this.#source = source[Symbol.asyncIterator]();
    this.#onOver = onOver;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#over) return this.#takeLast();
    let settle: (result: IteratorResult<T>) => void = () => {};
    const interrupted = new Promise<IteratorResult<T>>((resolve) => {
      settle = resolve;
    });
    this.#waiting.add(settle);
    try {
      const result = await Promise.race([this.#source.next(), interrupted]);
      if (result.done === true) this.#finish();
      return result;
    } catch (error) {
      this.#finish();
      throw error;
    } finally {
      this.#waiting.delete(settle);
    }
  }

  async return(): Promise<IteratorResult<T>> {
    this.#finish();
    for (const settle of this.#waiting) settle({ done: true, value: undefined });
    this.#leaveSource();
    return { done: true, value: undefined };
  }

  /** Gives one last value, then ends. */
  end(last: T): void {
    if (this.#over) return;
    this.#finish();
    this.#last = { value: last };
    for (const settle of [...this.#waiting]) settle(this.#takeLast());
    this.#leaveSource();
  }

  #takeLast(): IteratorResult<T> {
    const last = this.#last;
    this.#last = null;
    return last === null ? { done: true, value: undefined } : { done: false, value: last.value };
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver();
  }

  /** Not waited for: a source that is silent would only answer with its next value. */
  #leaveSource(): void {
    void this.#source.return?.().catch(() => {});
  }
}
