import { onTestFinished } from "vitest";
import type { InferencePool, InferencePoolOptions, PoolLogger } from "../../src/inference/contract.ts";
import { createInferencePool } from "../../src/inference/pool.ts";

export const GENEROUS_DEADLINE_MS = 30_000;

interface LogLine {
  readonly message: string;
  readonly details: object;
}

/** Collects what the pool logs and lets a test wait for a line. */
export class CollectingLogger implements PoolLogger {
  readonly lines: LogLine[] = [];
  #changed: () => void = () => undefined;

  info(details: object, message: string): void {
    this.lines.push({ message, details });
    this.#changed();
  }

  warn(details: object, message: string): void {
    this.info(details, message);
  }

  count(message: string): number {
    return this.lines.filter((line) => line.message === message).length;
  }

  /** Resolves when `message` has been logged `times` times. */
  async seen(message: string, times: number): Promise<void> {
    while (this.count(message) < times) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

/** A pool of fake engines; closed, and its members gone, when the test ends. */
export function fakePool(options: Partial<InferencePoolOptions> = {}): {
  pool: InferencePool;
  logger: CollectingLogger;
} {
  const logger = new CollectingLogger();
  const pool = createInferencePool({
    members: 1,
    threads: 1,
    providers: ["cpu"],
    precision: "auto",
    queueLimit: 100,
    engines: { fake: {} },
    decisionFile: null,
    logger,
    ...options,
  });
  onTestFinished(async () => {
    await pool.close({ drainMs: 0 });
  });
  return { pool, logger };
}
