import { existsSync, mkdirSync, renameSync, rmSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import PgBoss from "pg-boss";
import postgres from "postgres";
import type { Config } from "../config.ts";
import { SpeakerError } from "../errors.ts";
import { acquireLock } from "../lockfile.ts";
import * as tables from "./tables.ts";

/** The one database type of the program, whichever of the two stands behind it. */
export type Db = PgDatabase<PgQueryResultHKT, typeof tables>;

/** An open transaction. Inside it nothing may use `Db` itself: PGlite has one connection and would wait for ever. */
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];

export interface Database {
  readonly kind: Config["database"]["kind"];
  readonly db: Db;
  /** Migrations from `folder`; those already applied are passed over. */
  migrate(folder: string): Promise<void>;
  /** Runs `work` while no other node runs its own: nodes that start together set the database up in turn. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Calls `onMessage` for every NOTIFY on `channel`, `onListening` each time the connection (re)starts listening. */
  listen(channel: string, onMessage: (payload: string) => void, onListening: () => void): Promise<void>;
  /** A pg-boss on this database. The caller starts and stops it. */
  createBoss(options: { supervise: boolean }): PgBoss;
  /** Which server answers, for the log and for health. */
  version(): Promise<string>;
  close(): Promise<void>;
}

const DRIZZLE_OPTIONS = { schema: tables, casing: "snake_case" } as const;

/**
 * Opens the database that the configuration names.
 *
 * @throws LockHeldError when another process has the embedded database open; any connection error as it is.
 */
export function openDatabase(config: Config["database"]): Promise<Database> {
  return config.kind === "embedded"
    ? openEmbedded(config.directory)
    : openPostgres(config.url, config.poolSize);
}

async function openEmbedded(directory: string): Promise<Database> {
  mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
  // PGlite takes no lock on its folder: two processes would silently see different data.
  const lock = await acquireLock(`${directory}.lock`, { wait: false });
  const client = await openFolder(directory).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const db = drizzlePglite(client, DRIZZLE_OPTIONS) as unknown as Db;
  return {
    kind: "embedded",
    db,
    async migrate(folder) {
      const { migrate } = await import("drizzle-orm/pglite/migrator");
      await migrate(db as never, { migrationsFolder: folder });
    },
    // One process has the database open.
    exclusively: (work) => work(),
    async listen(channel, onMessage, onListening) {
      await client.listen(channel, onMessage);
      onListening();
    },
    createBoss: (options) =>
      new PgBoss({
        ...options,
        schedule: false,
        db: {
          // Without values pg-boss sends blocks of several statements, which only `exec` takes.
          executeSql: async (text: string, values?: unknown[]) =>
            values === undefined || values.length === 0
              ? { rows: (await client.exec(text)).at(-1)?.rows ?? [] }
              : await client.query(text, values),
        },
      }),
    version: async () => (await client.query<{ version: string }>("select version()")).rows[0]?.version ?? "",
    async close() {
      await client.close();
      await lock.release();
    },
  };
}

/** Opens PGlite's folder; a new one is made beside its place, so that half a database is never taken for one. */
async function openFolder(directory: string): Promise<PGlite> {
  try {
    if (!existsSync(directory)) {
      const making = `${directory}.new`;
      rmSync(making, { recursive: true, force: true });
      await (await PGlite.create(making)).close();
      renameSync(making, directory);
    }
    return await PGlite.create(directory);
  } catch (error) {
    // Its file system throws numbers, not errors; the disk says what they mean.
    const { bavail, bsize } = statfsSync(dirname(directory));
    const full = bavail * bsize < NEW_DATABASE_BYTES;
    const reason = full ? "the disk has too little space left" : "its files cannot be read or written";
    throw new SpeakerError(
      "SERVICE_UNAVAILABLE",
      `The embedded database in DATA_DIR cannot be opened: ${reason}. Free space, mend the folder, or set DATA_DIR to another one.`,
      { cause: error },
    );
  }
}

/** What an empty database takes. */
const NEW_DATABASE_BYTES = 60_000_000;

/** A server that restarts can leave a connection hanging; the next one succeeds. */
const CONNECT_TIMEOUT_SECONDS = 5;

async function openPostgres(url: string, poolSize: number): Promise<Database> {
  const client = postgres(url, {
    max: poolSize,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => {},
    connection: { application_name: "speaker" },
  });
  // Drizzle replaces a client's serialisers, so the listener has a client of its own.
  const listener = postgres(url, {
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => {},
    connection: { application_name: "speaker-listen" },
  });
  try {
    await client`select 1`;
  } catch (error) {
    await Promise.all([client.end({ timeout: 1 }), listener.end({ timeout: 1 })]);
    throw error;
  }
  const db = drizzlePostgres(client, DRIZZLE_OPTIONS) as unknown as Db;
  return {
    kind: "postgres",
    db,
    async migrate(folder) {
      const { migrate } = await import("drizzle-orm/postgres-js/migrator");
      await migrate(db as never, { migrationsFolder: folder });
    },
    exclusively: (work) => underSetupLock(url, work),
    async listen(channel, onMessage, onListening) {
      await listener.listen(channel, onMessage, onListening);
    },
    createBoss: (options) => new PgBoss({ ...options, schedule: false, connectionString: url, max: 4 }),
    version: async () => (await client<{ version: string }[]>`select version()`)[0]?.version ?? "",
    async close() {
      await Promise.all([client.end({ timeout: 5 }), listener.end({ timeout: 5 })]);
    },
  };
}

/** "speaker" in ASCII: the advisory lock under which one node sets the database up while the others wait. */
const SETUP_LOCK = "32493085905544562";

async function underSetupLock<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  // A session lock belongs to its connection and goes with it, also when this process is killed.
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(${SETUP_LOCK}::bigint)`;
    return await work();
  } finally {
    await client.end({ timeout: 5 });
  }
}
