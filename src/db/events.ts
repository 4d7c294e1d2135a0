import { sql } from "drizzle-orm";
import type { Database, Db, Tx } from "./client.ts";

const CHANNEL = "speaker_events";

/** What changed: the id only, never the data. The row is the truth. */
export type Topic =
  | `job:${string}`
  | `voice:${string}`
  | `voices:${string}`
  | "queue"
  | "audit"
  | `key:${string}`
  | "keys";

/** Wakes its reader for every change since the last look; several changes in between wake it once. */
export interface Signal {
  /** Resolves with true on the next change, with false once the signal or the bus is closed. */
  next(): Promise<boolean>;
  close(): void;
}

/** Tells every node of the fleet, when the surrounding transaction commits and not before. */
export async function notify(db: Db | Tx, topic: Topic): Promise<void> {
  await db.execute(sql`select pg_notify(${CHANNEL}, ${topic})`);
}

/** The events of all nodes, by LISTEN/NOTIFY on both databases. */
export class EventBus {
  readonly #signals = new Map<string, Set<() => void>>();
  readonly #closers = new Set<() => void>();
  #closed = false;

  async start(database: Database): Promise<void> {
    // What was sent while the connection was down is lost: on (re)connection everyone looks again.
    await database.listen(
      CHANNEL,
      (topic) => this.#wake(topic),
      () => this.#wakeAll(),
    );
  }

  /** Subscribe first, read the row after: nothing can fall in between. */
  subscribe(topic: Topic): Signal {
    let changed = false;
    let closed = this.#closed;
    let waiting: ((open: boolean) => void) | null = null;
    const settle = () => {
      if (waiting !== null && (changed || closed)) {
        const resolve = waiting;
        waiting = null;
        changed = false;
        resolve(!closed);
      }
    };
    const wake = () => {
      changed = true;
      settle();
    };
    const close = () => {
      closed = true;
      const set = this.#signals.get(topic);
      set?.delete(wake);
      if (set?.size === 0) this.#signals.delete(topic);
      this.#closers.delete(close);
      settle();
    };
    const set = this.#signals.get(topic) ?? new Set();
    this.#signals.set(topic, set.add(wake));
    this.#closers.add(close);
    return {
      next: () =>
        new Promise((resolve) => {
          waiting = resolve;
          settle();
        }),
      close,
    };
  }

  /** Ends every subscription; their readers see the end of the stream. */
  close(): void {
    this.#closed = true;
    for (const close of [...this.#closers]) close();
  }

  #wake(topic: string): void {
    for (const wake of this.#signals.get(topic) ?? []) wake();
  }

  #wakeAll(): void {
    for (const topic of this.#signals.keys()) this.#wake(topic);
  }
}
