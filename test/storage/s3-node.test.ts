import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Synthesize } from "../../src/client/operations.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createTestDatabase, describePostgres, type TestDatabase, testConfig } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode, TestProgram } from "../helpers/node.ts";
import { describeS3, S3Server } from "../helpers/s3-server.ts";

const TEXT = "One sentence that lies in a bucket. And another one, so that there is something to cut.";

async function speak({ client }: TestNode) {
  const { synthesize } = await client.request(Synthesize, {
    input: { text: TEXT, voiceId: "af_heart", format: "WAV" },
  });
  if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
  const { audio, id, status } = await finished(client, synthesize.id);
  if (audio == null) throw new Error(`the job is ${status}`);
  return { id, audio };
}

async function errorOf(response: Response): Promise<{ code: string; message: string }> {
  return ((await response.json()) as { error: { code: string; message: string } }).error;
}

async function storageHealth({ url }: TestNode): Promise<{ status: string; message: string }> {
  const query = "{ health { checks { name status message } } }";
  const response = await fetch(`${url}/graphql?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as {
    data: { health: { checks: { name: string; status: string; message: string }[] } };
  };
  const check = data.health.checks.find(({ name }) => name === "storage");
  if (check === undefined) throw new Error("no storage check");
  return check;
}

/** Reads a file over HTTP in every way a player does. */
async function checkServed(audio: { url: string; bytes: number; sha256: string }): Promise<void> {
  const response = await fetch(audio.url);
  expect([response.status, response.headers.get("content-length")]).toEqual([200, String(audio.bytes)]);
  const whole = Buffer.from(await response.arrayBuffer());
  expect(createHash("sha256").update(whole).digest("hex")).toBe(audio.sha256);
  const etag = `"${audio.sha256}"`;
  expect(response.headers.get("etag")).toBe(etag);

  const last = audio.bytes - 1;
  for (const [range, start, end] of [
    ["bytes=0-0", 0, 0],
    ["bytes=100-4999", 100, 4999],
    [`bytes=${last - 9}-`, last - 9, last],
    ["bytes=-10", last - 9, last],
  ] as const) {
    const part = await fetch(audio.url, { headers: { Range: range, "If-Range": etag } });
    expect([part.status, part.headers.get("content-range")]).toEqual([
      206,
      `bytes ${start}-${end}/${audio.bytes}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(start, end + 1));
  }
  const beyond = await fetch(audio.url, { headers: { Range: `bytes=${audio.bytes}-` } });
  expect(beyond.status).toBe(416);
  const head = await fetch(audio.url, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), head.headers.get("etag")]).toEqual([
    200,
    String(audio.bytes),
    etag,
  ]);
  expect((await fetch(audio.url, { headers: { "If-None-Match": etag } })).status).toBe(304);
}

describeS3("a node whose store is a bucket", () => {
  let server: S3Server;
  let test: TestDatabase;

  beforeAll(async () => {
    server = await S3Server.start();
    test = await createTestDatabase("embedded");
  });
  afterAll(async () => {
    await server.kill();
    await test.drop();
  });

  it("speaks into it and serves from it; tells of what is missing and of a bucket that is gone", {
    timeout: 120_000,
  }, async () => {
    await server.createBucket("node");
    const env = { ...server.env("node"), S3_PREFIX: "speaker/test" };
    const node = await startTestNode(test, env);
    const { id, audio } = await speak(node);
    await checkServed(audio);
    expect(await storageHealth(node)).toMatchObject({ status: "OK", message: "writable" });
    // What follows the end of a job has been done once its node has stopped.
    await node.stop();
    expect(await readdir(join(test.env.DATA_DIR, "storage"))).toEqual(["tmp"]);
    expect(await readdir(join(test.env.DATA_DIR, "storage", "tmp"))).toEqual([]);

    const storage = await openStorage(testConfig(test, env).storage);
    const [key] = await storage.list(`audio/${id}/`);
    expect(await storage.size(key ?? "")).toBe(audio.bytes);
    for await (const piece of storage.entries("pieces/")) expect.fail(`${piece.key} is left`);

    await storage.remove(`audio/${id}/`);
    const again = await startTestNode(test, env);
    const url = audio.url.replace(/^http:\/\/[^/]+/, again.url);
    for (const method of ["GET", "HEAD"]) expect((await fetch(url, { method })).status).toBe(410);
    expect(await errorOf(await fetch(url))).toMatchObject({ code: "GONE" });

    const other = await speak(again);
    await server.kill();
    const lost = await fetch(other.audio.url);
    expect([lost.status, await errorOf(lost)]).toEqual([
      503,
      expect.objectContaining({
        code: "SERVICE_UNAVAILABLE",
        message: expect.stringContaining("does not answer"),
      }),
    ]);
    expect(await storageHealth(again)).toMatchObject({ status: "DOWN" });
    await again.stop();
  });
});

describePostgres("a fleet that shares a bucket", () => {
  describeS3("and nothing else but the database", () => {
    it("serves on one node what another one has spoken", { timeout: 120_000 }, async () => {
      const server = await S3Server.start();
      await server.createBucket("fleet");
      const test = await createTestDatabase("postgres");
      const folders = [
        await mkdtemp(join(tmpdir(), "speaker-api-")),
        await mkdtemp(join(tmpdir(), "speaker-worker-")),
      ];
      const env = server.env("fleet");
      const api = await startTestNode(test, { ...env, ROLE: "api", DATA_DIR: folders[0] });
      const worker = new TestProgram({
        database: test,
        env: {
          ...env,
          ...{ ROLE: "worker", DATA_DIR: folders[1], INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1" },
          LOG_LEVEL: "trace",
        },
      });
      await worker.ready();
      const { audio } = await speak(api);
      await checkServed(audio);
      expect(await worker.end("SIGTERM")).toBe(0);
      const secret = env.S3_SECRET_ACCESS_KEY ?? "";
      expect(worker.output.length).toBeGreaterThan(0);
      expect(worker.output.filter((line) => line.includes(secret))).toEqual([]);
      await api.stop();
      await test.drop();
      await server.kill();
      for (const folder of folders) await rm(folder, { recursive: true });
    });

    it("says in one line why a node cannot start without its bucket", { timeout: 120_000 }, async () => {
      const server = await S3Server.start();
      const test = await createTestDatabase("embedded");
      const program = new TestProgram({ database: test, env: server.env("forgotten") });
      expect(await program.end()).toBe(1);
      expect(program.output.join("\n")).toContain(
        "Speaker could not start. The bucket for audio and voices does not exist.",
      );
      await test.drop();
      await server.kill();
    });
  });
});
