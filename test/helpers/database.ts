import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { v7 } from "uuid";
import { describe, inject } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { embeddedTemplate, postgresTemplate, TEST_SERVER, testServerUrl } from "./template.ts";

export interface TestDatabase {
  /** What the configuration needs to use it. */
  readonly env: { readonly DATABASE_URL?: string; readonly DATA_DIR: string };
  readonly kind: "embedded" | "postgres";
  drop(): Promise<void>;
}

async function reachable(): Promise<boolean> {
  const sql = postgres(TEST_SERVER, { max: 1, connect_timeout: 3, onnotice: () => {} });
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

/**
 * A database of its own, with a data folder of its own: as the first start of a node leaves it, or, where that start is
 * what is tested, as it was before.
 */
export async function createTestDatabase(
  kind: TestDatabase["kind"],
  { empty = false }: { empty?: boolean } = {},
): Promise<TestDatabase> {
  const DATA_DIR = await mkdtemp(join(tmpdir(), "speaker-test-"));
  const dropFolder = () => rm(DATA_DIR, { recursive: true, force: true, maxRetries: 5 });
  const templates = inject("templates");
  if (kind === "embedded") {
    if (!empty) await cp(await embeddedTemplate(templates), join(DATA_DIR, "postgres"), { recursive: true });
    return { kind, env: { DATA_DIR }, drop: dropFolder };
  }
  const name = `speaker_test_${v7().replaceAll("-", "")}`;
  const admin = postgres(TEST_SERVER, { max: 1, onnotice: () => {} });
  const template = empty ? "" : ` template ${await postgresTemplate(templates, admin)}`;
  await admin.unsafe(`create database ${name}${template}`);
  return {
    kind,
    env: { DATABASE_URL: testServerUrl(name), DATA_DIR },
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
