import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { v7 } from "uuid";
import { describe } from "vitest";
import { loadConfig } from "../../src/config.ts";

/** Where the tests look for a real PostgreSQL; its user must be allowed to create databases. */
const SERVER = process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";

export interface TestDatabase {
  /** What the configuration needs to use it. */
  readonly env: { readonly DATABASE_URL?: string; readonly DATA_DIR: string };
  readonly kind: "embedded" | "postgres";
  drop(): Promise<void>;
}

async function reachable(): Promise<boolean> {
  const sql = postgres(SERVER, { max: 1, connect_timeout: 3, onnotice: () => {} });
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    // Continuous integration proves both databases; a developer's machine may have only the embedded one.
    if (process.env.CI !== undefined)
      throw new Error("no PostgreSQL answers at TEST_DATABASE_URL", { cause: error });
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const hasPostgres = await reachable();

/** A database of its own, empty, with a data folder of its own. */
export async function createTestDatabase(kind: TestDatabase["kind"]): Promise<TestDatabase> {
  const DATA_DIR = await mkdtemp(join(tmpdir(), "speaker-test-"));
  const dropFolder = () => rm(DATA_DIR, { recursive: true, force: true, maxRetries: 5 });
  if (kind === "embedded") return { kind, env: { DATA_DIR }, drop: dropFolder };
  const name = `speaker_test_${v7().replaceAll("-", "")}`;
  const admin = postgres(SERVER, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return {
    kind,
    env: { DATABASE_URL: url.toString(), DATA_DIR },
    async drop() {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end({ timeout: 5 });
      await dropFolder();
    },
  };
}

/** The same tests on PGlite and, where one answers, on a real PostgreSQL. */
export function describeDatabases(name: string, body: (kind: TestDatabase["kind"]) => void): void {
  describe.each(hasPostgres ? (["embedded", "postgres"] as const) : (["embedded"] as const))(
    `${name} (%s)`,
    body,
  );
}

/** Tests that only make sense with several nodes, hence on a real PostgreSQL. */
export function describePostgres(name: string, body: () => void): void {
  describe.runIf(hasPostgres)(name, body);
}

/** A configuration for tests: quiet, on a free port, on this database, with these variables on top. */
export function testConfig(database: TestDatabase, overrides: NodeJS.ProcessEnv = {}) {
  const { MODELS_DIR, XDG_CACHE_HOME } = process.env;
  // Every test calls from one address: tests that are about limits set their own.
  const quiet = { NODE_ENV: "test", LOG_LEVEL: "fatal", PORT: "0", RATE_LIMIT_PER_MINUTE: "0" };
  // And the same text in two tests is spoken twice, but where the cache is the point.
  const anew = { CACHE_MAX_BYTES: "0" };
  return loadConfig({ ...quiet, ...anew, ...database.env, ...overrides }, { MODELS_DIR, XDG_CACHE_HOME });
}
