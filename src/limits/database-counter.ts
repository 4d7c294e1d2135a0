import { eq, lt, sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Db } from "../db/client.ts";
import { type RateCounter, type Taken, WINDOW_MS } from "./counter.ts";
import { MemoryCounter } from "./memory-counter.ts";
import { rateWindows } from "./table.ts";

const WINDOW_SECONDS = WINDOW_MS / 1000;
/** Refusals that are remembered; a flood of refused callers must not be one of statements. */
const MAX_REMEMBERED = 10_000;

interface Refusal {
  readonly untilMs: number;
  readonly remaining: number;
}

/**
 * The counter of a fleet: one statement a request, atomic by the row's own lock, so that all nodes together
 * admit exactly the limit. The database's clock alone decides. While the database does not answer each node
 * counts for itself.
 */
export class DatabaseCounter implements RateCounter {
  readonly #db: Db;
  readonly #log: Logger;
  readonly #alone = new MemoryCounter();
  /** Windows in which nothing that costs as much can pass any more: `used` never falls before the end. */
  readonly #refused = new Map<string, Refusal>();

  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Db, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  async take(id: string, cost: number, limit: number): Promise<Taken> {
    const known = this.#remembered(id, cost);
    if (known !== null) return known;
    try {
      return (await this.#use(id, cost, limit)) ?? (await this.#refuse(id, cost, limit));
    } catch (error) {
      this.#warn(error);
      return this.#alone.takeNow(id, cost, limit);
    }
  }

  /** Once a window: this happens for every request. */
  #warn(error: unknown): void {
    const now = performance.now();
    if (now - this.#warnedAt < WINDOW_MS) return;
    this.#warnedAt = now;
    this.#log.warn({ err: error }, "rate limits are counted by each node: the database does not answer");
  }

  /** @returns null when it does not fit. */
  async #use(id: string, cost: number, limit: number): Promise<Taken | null> {
    if (cost > limit) return null;
    const { used, endsAt } = rateWindows;
    const end = sql`now() + make_interval(secs => ${WINDOW_SECONDS})`;
    const over = sql`${endsAt} <= now()`;
    const [row] = await this.#db
      .insert(rateWindows)
      .values({ id, used: cost, endsAt: end as never })
      .onConflictDoUpdate({
        target: rateWindows.id,
        set: {
          used: sql`case when ${over} then ${cost} else ${used} + ${cost} end`,
          endsAt: sql`case when ${over} then ${end} else ${endsAt} end`,
        },
        setWhere: sql`${over} or ${used} + ${cost} <= ${limit}::bigint`,
      })
      .returning({ used, resetMs: resetMs() });
    return row === undefined
      ? null
      : { admitted: true, remaining: limit - row.used, resetMs: Math.max(1, Number(row.resetMs)) };
  }

  async #refuse(id: string, cost: number, limit: number): Promise<Taken> {
    const [row] = await this.#db
      .select({ used: rateWindows.used, resetMs: resetMs() })
      .from(rateWindows)
      .where(eq(rateWindows.id, id));
    const reset = Math.max(1, Number(row?.resetMs ?? WINDOW_MS));
    const remaining = Math.max(0, limit - (row?.used ?? 0));
    if (cost > remaining) this.#remember(id, { untilMs: performance.now() + reset, remaining });
    return { admitted: false, remaining, resetMs: reset };
  }

  #remember(id: string, refusal: Refusal): void {
    if (this.#refused.size >= MAX_REMEMBERED) {
      const [first] = this.#refused.keys();
      if (first !== undefined) this.#refused.delete(first);
    }
    this.#refused.set(id, refusal);
  }

  #remembered(id: string, cost: number): Taken | null {
    const refusal = this.#refused.get(id);
    if (refusal === undefined) return null;
    const left = refusal.untilMs - performance.now();
    if (left <= 0) this.#refused.delete(id);
    // What is left may have become less since, so it is good enough for refusing only.
    if (left <= 0 || cost <= refusal.remaining) return null;
    return { admitted: false, remaining: refusal.remaining, resetMs: left };
  }

  /** Removes windows that are over. */
  async sweep(): Promise<void> {
    await this.#db.delete(rateWindows).where(lt(rateWindows.endsAt, sql`now()`));
  }
}

const resetMs = () => sql<string>`extract(epoch from ${rateWindows.endsAt} - now()) * 1000`;
