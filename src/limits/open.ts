import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { DatabaseCounter } from "./database-counter.ts";
import { MemoryCounter } from "./memory-counter.ts";
import { RateLimits } from "./rate-limit.ts";

const SWEEP_MS = 60_000;

/** The limits of this node: counted in memory where it is alone, in the database where others count too. */
export function openRateLimits(
  database: Database,
  config: Config["rateLimit"],
  log: Logger,
  lifecycle: Lifecycle,
): RateLimits {
  if (database.kind === "embedded") return new RateLimits(new MemoryCounter(), config);
  const counter = new DatabaseCounter(database.db, log);
  const timer = setInterval(() => {
    counter.sweep().catch((error: unknown) => log.warn({ err: error }, "could not remove old rate windows"));
  }, SWEEP_MS);
  lifecycle.add("rate windows", () => clearInterval(timer));
  return new RateLimits(counter, config);
}
