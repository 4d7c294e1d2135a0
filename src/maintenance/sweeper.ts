import { sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Db } from "../db/client.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Storage } from "../storage/storage.ts";
import { type SweepReport, sweepStorage } from "./sweep.ts";
import { storageSweeps } from "./table.ts";
import { inTurn } from "./turn.ts";

const MINUTE_MS = 60_000;

export interface SweeperDeps {
  readonly config: Pick<Config, "database" | "storage">;
  readonly db: Db;
  readonly storage: Storage;
  readonly log: Logger;
}

/**
 * Sweeps the store now and then as often as configured. In a fleet one node does it at a time, and what another did
 * less than half a turn ago is not done again.
 */
export function startSweeper(deps: SweeperDeps, lifecycle: Lifecycle): void {
  const { config, log } = deps;
  const { everyMinutes, graceMinutes } = config.storage.sweep;
  if (everyMinutes === null) return;
  const stopping = new AbortController();
  const options = { graceMs: graceMinutes * MINUTE_MS, dryRun: false, signal: stopping.signal };
  let running = Promise.resolve();
  const turn = (minAgeMs: number) => {
    running = running
      .then(() =>
        inTurn(config.database, async () => {
          const last = await lastSweep(deps.db);
          if (last !== null && Date.now() - last.finishedAt.getTime() < minAgeMs) return;
          await sweepAndRecord(deps, options);
        }),
      )
      .then(
        () => {},
        (error: unknown) => {
          if (!stopping.signal.aborted) log.warn({ err: error }, "could not sweep the store");
        },
      );
  };
  turn(0);
  const timer = setInterval(turn, everyMinutes * MINUTE_MS, (everyMinutes * MINUTE_MS) / 2);
  lifecycle.add("storage sweep", async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  });
}

/** One sweep whose findings are kept for health and told in the log. */
export async function sweepAndRecord(
  { db, storage, log }: Omit<SweeperDeps, "config">,
  options: Parameters<typeof sweepStorage>[1],
): Promise<SweepReport> {
  const report = await sweepStorage({ db, storage }, options);
  const { missingExamples, ...counts } = report;
  // Only the last one is of interest: it stands for the present state.
  await db
    .insert(storageSweeps)
    .values({ ...counts, missingExamples })
    .onConflictDoUpdate({ target: storageSweeps.id, set: { ...counts, missingExamples } });
  const level = report.missing > 0 ? "warn" : report.orphans + report.unfinished > 0 ? "info" : "debug";
  log[level](
    {
      objects: report.objects,
      orphans: report.orphans,
      orphanBytes: report.orphanBytes,
      unfinished: report.unfinished,
      missing: report.missing,
      firstMissing: missingExamples[0],
    },
    "swept the store",
  );
  return report;
}

/** What the last sweep found, of whichever node; null before the first. */
export async function lastSweep(db: Db): Promise<typeof storageSweeps.$inferSelect | null> {
  const [row] = await db.select().from(storageSweeps).where(sql`${storageSweeps.id} = 1`);
  return row ?? null;
}
