import { loadConfig } from "../config.ts";
import { openMigratedDatabase } from "../resources.ts";

/** `speaker migrate`: what every start does to the database, for deployments that do it apart. */
export async function runMigrate(): Promise<void> {
  const database = await openMigratedDatabase(loadConfig());
  try {
    process.stdout.write(`The ${database.kind} database is up to date (${await database.version()}).\n`);
  } finally {
    await database.close();
  }
}
