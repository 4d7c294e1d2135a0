import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, describePostgres, type TestDatabase } from "../helpers/database.ts";
import { startTestNode, TestProgram } from "../helpers/node.ts";

const FAKE = { INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1" };

describe("a start that cannot be", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase("embedded");
  });
  afterEach(() => database.drop());

  async function refused(env: NodeJS.ProcessEnv): Promise<string> {
    const program = new TestProgram({ database, env: { ...FAKE, LOG_LEVEL: "silent", ...env } });
    expect(await program.end()).toBe(1);
    const text = program.output.join("\n");
    expect(text).not.toMatch(/\n\s+at /);
    return text;
  }

  it("says every fault of the configuration", async () => {
    const text = await refused({ PORT: "many", ROLE: "king" });
    expect(text).toMatch(/PORT accepts/);
    expect(text).toMatch(/ROLE accepts/);
  });

  it("says that the port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect(await refused({ PORT: String(port) })).toContain(`Port ${port} is in use`);
    server.close();
  });

  it("says that DATA_DIR is no folder", async () => {
    const file = join(database.env.DATA_DIR, "file");
    await writeFile(file, "");
    expect(await refused({ DATA_DIR: join(file, "data") })).toMatch(/DATA_DIR/);
  });

  it("says that the database does not answer, without its password", async () => {
    const text = await refused({ DATABASE_URL: "postgres://user:hunter2@127.0.0.1:1/none" });
    expect(text).toMatch(/DATABASE_URL does not answer/);
    expect(text).not.toContain("hunter2");
  });

  it("says which process holds the embedded database", async () => {
    const first = new TestProgram({ database, env: FAKE });
    await first.ready();
    const text = await refused({});
    expect(text).toContain(`process ${first.process.pid}`);
    expect(text).toContain("DATA_DIR");
    expect(await first.end("SIGTERM")).toBe(0);
  });

  it("says what to do when the weights cannot be had", async () => {
    const empty = await mkdtemp(join(tmpdir(), "speaker-models-"));
    const nowhere = {
      MODELS_DIR: join(empty, "models"),
      PATH: "/nonexistent",
      MODELS_MIRROR_URL: "http://127.0.0.1:1",
    };
    const text = await refused({ ...nowhere, INFERENCE_ENGINE: "kokoro" });
    expect(text).toMatch(/kokoro/);
    expect(text).toMatch(/MODELS_DIR|MODELS_MIRROR_URL|mirror/i);
    await rm(empty, { recursive: true, force: true });
  }, 180_000);
});

describePostgres("a database that goes away", () => {
  it("is told by health and readiness, masked in answers, and taken up again when it is back", async () => {
    const database = await createTestDatabase("postgres");
    const node = await startTestNode(database, { ROLE: "api" });
    const url = new URL(database.env.DATABASE_URL ?? "");
    const name = url.pathname.slice(1);
    const admin = postgres(new URL("/postgres", url).toString(), { max: 1, onnotice: () => {} });
    await admin.unsafe(`alter database ${name} with allow_connections false`);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;

    expect((await fetch(`${node.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
    const health = await fetch(
      `${node.url}/graphql?query={health{status queue{waiting} checks{name status message}}}`,
    );
    expect(await health.json()).toMatchObject({ data: { health: { status: "DOWN", queue: null } } });
    const voices = await fetch(`${node.url}/graphql?query={voices{totalCount}}`);
    const { errors } = (await voices.json()) as {
      errors: { message: string; extensions: { code: string } }[];
    };
    expect(["SERVICE_UNAVAILABLE", "INTERNAL"]).toContain(errors[0]?.extensions.code);
    expect(errors[0]?.message).not.toMatch(/select|voices|postgres/i);

    await admin.unsafe(`alter database ${name} with allow_connections true`);
    await admin.end();
    expect((await fetch(`${node.url}/readyz`)).status).toBe(200);
    await node.stop();
    await database.drop();
  });
});
