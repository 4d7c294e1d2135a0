import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import pino from "pino";
import postgres from "postgres";
import { loadConfig } from "../../src/config.ts";
import { acquireLock } from "../../src/lockfile.ts";

/** Where the tests look for a real PostgreSQL; its user must be allowed to create databases. */
export const TEST_SERVER = process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** The address of a database of this name on the server of the tests. */
export function testServerUrl(database: string): string {
  const url = new URL(TEST_SERVER);
  url.pathname = `/${database}`;
  return url.toString();
}

/** Brings a new database to where the first start of a node leaves it: migrated, seeded, and with its queue. */
async function setUp(env: NodeJS.ProcessEnv): Promise<void> {
  const [{ openMigratedDatabase }, { JobQueue }] = await Promise.all([
    import("../../src/resources.ts"),
    import("../../src/jobs/queue.ts"),
  ]);
  const database = await openMigratedDatabase(loadConfig({ NODE_ENV: "test", ...env }, {}));
  const queue = new JobQueue(database, pino({ level: "silent" }), { supervise: false });
  await queue.start();
  await queue.stop();
  await database.close();
}

/** What the first of the tests that asks for it makes, and all others of this run wait for. */
async function once(folder: string, kind: string, make: () => Promise<void>): Promise<void> {
  const made = join(folder, `${kind}.made`);
  if (existsSync(made)) return;
  const lock = await acquireLock(join(folder, `${kind}.lock`));
  try {
    if (existsSync(made)) return;
    await make();
    await writeFile(made, "");
  } finally {
    await lock.release();
  }
}

/** The folder of an embedded database that is set up and closed, to be copied. `folder` is that of this run. */
export async function embeddedTemplate(folder: string): Promise<string> {
  const DATA_DIR = join(folder, "embedded");
  await once(folder, "embedded", () => setUp({ DATA_DIR }));
  return join(DATA_DIR, "postgres");
}

/** The name of a database on the server that is set up and that nobody uses, to be cloned. */
export async function postgresTemplate(folder: string, admin: postgres.Sql): Promise<string> {
  const name = basename(folder);
  await once(folder, "postgres", async () => {
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.unsafe(`create database ${name}`);
    await setUp({ DATABASE_URL: testServerUrl(name), DATA_DIR: join(folder, "data") });
  });
  return name;
}

/** Removes the template of this run from the server, when one was made. */
export async function dropPostgresTemplate(folder: string): Promise<void> {
  if (!existsSync(join(folder, "postgres.lock")) && !existsSync(join(folder, "postgres.made"))) return;
  const admin = postgres(TEST_SERVER, { max: 1, onnotice: () => {} });
  await admin.unsafe(`drop database if exists ${basename(folder)} with (force)`);
  await admin.end({ timeout: 5 });
}
