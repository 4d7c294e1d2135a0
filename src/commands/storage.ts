import { type Config, loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import { type SweepReport, sweepStorage } from "../maintenance/sweep.ts";
import { sweepAndRecord } from "../maintenance/sweeper.ts";
import { inTurn } from "../maintenance/turn.ts";
import { openMigratedDatabase } from "../resources.ts";
import { openStorage } from "../storage/open.ts";
import { table } from "./table.ts";

const MINUTE_MS = 60_000;
const MEGABYTE = 1_000_000;

async function withStore(
  work: (config: Config, deps: Parameters<typeof sweepStorage>[0], description: string) => Promise<void>,
): Promise<void> {
  const config = loadConfig();
  const database = await openMigratedDatabase(config);
  try {
    const storage = await openStorage(config.storage);
    await work(config, { db: database.db, storage }, storage.description);
  } finally {
    await database.close();
  }
}

/** `speaker storage sweep`: removes what no row names; a node does the same by itself. */
export async function runStorageSweep({ dryRun = false }: { dryRun?: boolean }): Promise<void> {
  await withStore(async (config, deps, description) => {
    const options = { graceMs: config.storage.sweep.graceMinutes * MINUTE_MS, dryRun };
    let report: SweepReport | undefined;
    const ours = await inTurn(config.database, async () => {
      report = dryRun
        ? await sweepStorage(deps, options)
        : await sweepAndRecord({ ...deps, log: createLogger(config.log) }, options);
    });
    if (!ours || report === undefined) {
      process.stdout.write("Another node is sweeping the store at this moment.\n");
      return;
    }
    const verb = dryRun ? "would be removed" : "removed";
    process.stdout.write(
      `The ${description} holds ${report.objects} objects, ${megabytes(report.bytes)}.\n` +
        `Orphans ${verb}: ${report.orphans}, ${megabytes(report.orphanBytes)}. Unfinished files ${verb}: ${report.unfinished}.\n`,
    );
    tellMissing(report);
  });
}

/** `speaker storage check`: that the store works and holds what the database names; exit code 1 when it does not. */
export async function runStorageCheck(): Promise<void> {
  await withStore(async (config, deps, description) => {
    const graceMs = config.storage.sweep.graceMinutes * MINUTE_MS;
    const report = await sweepStorage(deps, { graceMs, dryRun: true });
    process.stdout.write(
      `The ${description} can be written and read. It holds ${report.objects} objects, ${megabytes(report.bytes)}; ` +
        `no row names ${report.orphans} of them.\n`,
    );
    tellMissing(report);
    if (report.missing > 0) process.exitCode = 1;
  });
}

function tellMissing({ missing, missingExamples }: SweepReport): void {
  if (missing === 0) {
    process.stdout.write("Every object that the database names is there.\n");
    return;
  }
  process.stdout.write(`${missing} objects that the database names are not there:\n`);
  const rows = missingExamples.map(({ what, id, key }) => [what, id, key]);
  process.stdout.write(table(["WHAT", "ID", "KEY"], rows));
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
