import { type RateCounter, type Taken, WINDOW_MS } from "./counter.ts";

interface Window {
  used: number;
  readonly endsAt: number;
}

/**
 * More callers than these within one window push out the one whose window began first: memory is bounded
 * (about 15 MB) and only a flood from as many addresses can win anything by it.
 */
const MAX_WINDOWS = 100_000;

/** The counter of a node that is alone. Exact: between reading and writing nothing else runs. */
export class MemoryCounter implements RateCounter {
  /** In the order of their ends, because each is put in when it begins and all are as long. */
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;
  readonly #max: number;

  constructor(now: () => number = () => performance.now(), max = MAX_WINDOWS) {
    this.#now = now;
    this.#max = max;
  }

  get size(): number {
    return this.#windows.size;
  }

  take(id: string, cost: number, limit: number): Promise<Taken> {
    return Promise.resolve(this.takeNow(id, cost, limit));
  }

  takeNow(id: string, cost: number, limit: number): Taken {
    const now = this.#now();
    this.#forgetEnded(now);
    let window = this.#windows.get(id);
    if (window === undefined) {
      window = { used: 0, endsAt: now + WINDOW_MS };
      this.#windows.set(id, window);
      this.#makeRoom();
    }
    const admitted = window.used + cost <= limit;
    if (admitted) window.used += cost;
    return { admitted, remaining: Math.max(0, limit - window.used), resetMs: window.endsAt - now };
  }

  #forgetEnded(now: number): void {
    for (const [id, { endsAt }] of this.#windows) {
      if (endsAt > now) return;
      this.#windows.delete(id);
    }
  }

  #makeRoom(): void {
    if (this.#windows.size <= this.#max) return;
    const [first] = this.#windows.keys();
    if (first !== undefined) this.#windows.delete(first);
  }
}
