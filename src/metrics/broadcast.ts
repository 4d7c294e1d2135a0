import { Repeater, SlidingBuffer } from "graphql-yoga";
import type { Snapshot } from "./snapshot.ts";

interface Listener {
  readonly intervalMs: number;
  dueAt: number;
  deliver(snapshot: Snapshot): void;
  end(): void;
}

/** A tick may come this share of an interval early: timers of equal length must not miss each other. */
const TOLERANCE = 0.2;

/** One timer and one sample for all who listen, however many; none while nobody does. */
export class MetricsBroadcast {
  readonly #sample: () => Promise<Snapshot>;
  readonly #onFault: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #sampling = false;

  /** @param onFault is told when a sample could not be taken; the next tick tries again */
  constructor(sample: () => Promise<Snapshot>, onFault: (error: unknown) => void) {
    this.#sample = sample;
    this.#onFault = onFault;
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Snapshots every `intervalMs`, the first at once. A reader that is slow gets the newest and misses others. */
  listen(intervalMs: number): AsyncIterableIterator<Snapshot> {
    return new Repeater<Snapshot>(async (push, stop) => {
      const deliver = (snapshot: Snapshot) => void push(snapshot);
      const dueAt = performance.now() + intervalMs;
      const listener: Listener = { intervalMs, dueAt, deliver, end: () => stop() };
      this.#listeners.add(listener);
      this.#retime();
      this.#sample().then(deliver, stop);
      await stop;
      this.#listeners.delete(listener);
      this.#retime();
    }, new SlidingBuffer(1));
  }

  /** Ends every stream. */
  close(): void {
    for (const { end } of this.#listeners) end();
  }

  /** The timer follows whoever wants it most often. */
  #retime(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#listeners.size === 0) return;
    const everyMs = Math.min(...[...this.#listeners].map(({ intervalMs }) => intervalMs));
    this.#timer = setInterval(() => void this.#tick(everyMs), everyMs);
  }

  async #tick(everyMs: number): Promise<void> {
    // A sample that takes longer than the interval is not overtaken by the next.
    if (this.#sampling) return;
    this.#sampling = true;
    try {
      const snapshot = await this.#sample();
      const now = performance.now() + everyMs * TOLERANCE;
      for (const listener of this.#listeners) {
        if (now < listener.dueAt) continue;
        listener.dueAt = Math.max(listener.dueAt, now - listener.intervalMs) + listener.intervalMs;
        listener.deliver(snapshot);
      }
    } catch (error) {
      this.#onFault(error);
    } finally {
      this.#sampling = false;
    }
  }
}
