import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { v7 } from "uuid";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Database } from "../../src/db/client.ts";
import { type JobStatus, jobs } from "../../src/jobs/table.ts";
import { sweepStorage } from "../../src/maintenance/sweep.ts";
import { lastSweep, sweepAndRecord } from "../../src/maintenance/sweeper.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { openFolderStorage } from "../../src/storage/fs.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { audioAssets } from "../../src/synthesis/table.ts";
import { voicePreviews, voiceSamples, voices } from "../../src/voices/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase, testConfig } from "../helpers/database.ts";
import { silent } from "../helpers/queue.ts";

const MINUTE_MS = 60_000;
const GRACE_MS = 60 * MINUTE_MS;
const SHA256 = "0".repeat(64);

describeDatabases("the sweep of the store", (kind) => {
  let test: TestDatabase;
  let database: Database;
  let storage: Storage;
  let root: string;

  beforeAll(async () => {
    test = await createTestDatabase(kind);
    database = await openMigratedDatabase(testConfig(test));
    root = join(test.env.DATA_DIR, "storage");
    storage = await openFolderStorage(root);
  });
  afterEach(async () => {
    for (const prefix of ["audio/", "pieces/", "voices/", "other/"]) await storage.remove(prefix);
    await database.db.delete(audioAssets);
    await database.db.delete(jobs);
    await database.db.delete(voices).where(eq(voices.tenant, "default"));
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const sweep = (options: Partial<Parameters<typeof sweepStorage>[1]> = {}) =>
    sweepStorage({ db: database.db, storage }, { graceMs: GRACE_MS, dryRun: false, ...options });

  /** An object of ten bytes that was last written so many minutes ago. */
  async function store(key: string, minutesAgo = 120): Promise<string> {
    await storage.put(key, Buffer.alloc(10));
    const at = new Date(Date.now() - minutesAgo * MINUTE_MS);
    await utimes(join(root, key), at, at);
    return key;
  }

  async function addJob(status: JobStatus): Promise<string> {
    const terminal = status !== "QUEUED" && status !== "RUNNING";
    const id = v7();
    await database.db.insert(jobs).values({
      id,
      kind: "SYNTHESIS",
      status,
      stage: terminal ? "DONE" : "WAITING",
      maxAttempts: 1,
      input: {},
      requestId: "test",
      leaseToken: status === "RUNNING" ? v7() : null,
      finishedAt: terminal ? new Date() : null,
    });
    return id;
  }

  async function addAudio(jobId: string, storageKey: string, deletedAt: Date | null = null): Promise<void> {
    const facts = {
      format: "wav",
      sampleRate: 24_000,
      sampleCount: 1,
      durationSeconds: 1,
      bytes: 10,
    } as const;
    await database.db.insert(audioAssets).values({ jobId, storageKey, ...facts, sha256: SHA256, deletedAt });
  }

  async function addVoice(
    status: "READY" | "ENROLLING",
    keys: { pack?: string; sample?: string; preview?: string },
  ) {
    const id = v7();
    await database.db.insert(voices).values({
      ...{
        id,
        tenant: "default",
        kind: "CLONED",
        status,
        name: "Someone",
        language: "en-US",
        gender: "UNKNOWN",
      },
      ...{
        engine: "kokoro",
        packKey: keys.pack ?? null,
        packSha256: keys.pack === undefined ? null : SHA256,
      },
    });
    if (keys.sample !== undefined) {
      await database.db.insert(voiceSamples).values({
        ...{ voiceId: id, storageKey: keys.sample, container: "wav", codec: "pcm", durationSeconds: 5 },
        ...{
          sampleRate: 16_000,
          channels: 1,
          bytes: 10,
          sha256: SHA256,
          consentKind: "OWN_VOICE",
          consentBy: "test",
        },
      });
    }
    if (keys.preview !== undefined) {
      await database.db.insert(voicePreviews).values({
        ...{ voiceId: id, language: "en-US", packSha256: SHA256, storageKey: keys.preview },
        ...{ durationSeconds: 1, bytes: 10, sha256: SHA256 },
      });
    }
    return id;
  }

  async function everything(): Promise<string[]> {
    const keys: string[] = [];
    for (const prefix of ["audio/", "other/", "pieces/", "voices/"])
      for await (const { key } of storage.entries(prefix)) keys.push(key);
    return keys.sort();
  }

  it("removes what no row names, and nothing else", async () => {
    const done = await addJob("SUCCEEDED");
    const running = await addJob("RUNNING");
    const waiting = await addJob("QUEUED");
    await addAudio(done, `audio/${done}/published.wav`);
    const ready = await addVoice("READY", {
      pack: "voices/ready/packs/a.bin",
      sample: "voices/ready/sample.wav",
      preview: "voices/ready/previews/en.wav",
    });
    const enrolling = await addVoice("ENROLLING", {});
    const alive = [
      await store(`audio/${done}/published.wav`),
      await store(`audio/${running}/not-yet.wav`),
      await store(`pieces/${running}/one.piece`),
      await store(`pieces/${waiting}/one.piece`),
      await store("voices/ready/packs/a.bin"),
      await store("voices/ready/sample.wav"),
      await store("voices/ready/previews/en.wav"),
      await store(`voices/${enrolling}/packs/first.bin`),
      await store("other/who/knows.bin"),
      await store(`audio/${v7()}/young.wav`, 30),
      await store("voices/young/sample.wav", 59),
    ].sort();
    const orphans = [
      await store(`audio/${done}/overtaken.wav`),
      await store(`audio/${v7()}/nobody.wav`),
      await store("audio/not-even-an-id/nobody.wav"),
      await store(`pieces/${done}/one.piece`),
      await store(`voices/${ready}/packs/old.bin`),
      await store("voices/gone/sample.wav"),
      await store("voices/gone/previews/en.wav"),
    ];

    const foretold = await sweep({ dryRun: true, windowSize: 3 });
    expect(foretold).toMatchObject({ orphans: orphans.length, orphanBytes: 10 * orphans.length, missing: 0 });
    expect(await everything()).toEqual([...alive, ...orphans].sort());

    const report = await sweep({ windowSize: 3 });
    expect(report).toMatchObject({
      orphans: orphans.length,
      objects: alive.length + orphans.length - 1,
      missing: 0,
    });
    expect(await everything()).toEqual(alive);
    expect(await sweep()).toMatchObject({ orphans: 0, missing: 0 });
  });

  it("counts an object whose row says it was deleted as nobody's", async () => {
    const expired = await addJob("SUCCEEDED");
    await addAudio(expired, `audio/${expired}/old.wav`, new Date());
    await store(`audio/${expired}/old.wav`);
    expect(await sweep()).toMatchObject({ orphans: 1, missing: 0 });
    expect(await everything()).toEqual([]);
  });

  it.each([1, 4, 7, 1000])("finds every missing object, in windows of %i", async (windowSize) => {
    const missing: string[] = [];
    for (let i = 0; i < 30; i++) {
      const job = await addJob("SUCCEEDED");
      const key = `audio/${job}/published.wav`;
      await addAudio(job, key);
      if (i % 4 === 0 || i > 25) missing.push(job);
      else await store(key);
    }
    const voice = await addVoice("READY", { pack: "voices/x/packs/p.bin", sample: "voices/x/sample.wav" });
    await store("voices/x/sample.wav");
    const report = await sweep({ windowSize });
    expect(report).toMatchObject({ orphans: 0, missing: missing.length + 1 });
    const found = report.missingExamples.filter(({ what }) => what === "audio of job").map(({ id }) => id);
    expect(found.sort()).toEqual(missing.sort());
    expect(report.missingExamples.at(-1)).toEqual({
      what: "pack of voice",
      id: voice,
      key: "voices/x/packs/p.bin",
    });
    expect((await everything()).length).toBe(30 - missing.length + 1);
  });

  it("keeps its findings for the whole fleet, the last one only", async () => {
    const job = await addJob("SUCCEEDED");
    await addAudio(job, `audio/${job}/published.wav`);
    const options = { graceMs: GRACE_MS, dryRun: false };
    await sweepAndRecord({ db: database.db, storage, log: silent }, options);
    expect(await lastSweep(database.db)).toMatchObject({ missing: 1, missingExamples: [{ id: job }] });
    await store(`audio/${job}/published.wav`);
    await sweepAndRecord({ db: database.db, storage, log: silent }, options);
    expect(await lastSweep(database.db)).toMatchObject({ missing: 0, objects: 1, missingExamples: [] });
  });

  it("stops when its node does", async () => {
    await store("audio/gone/one.wav");
    await expect(sweep({ signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await everything()).toEqual(["audio/gone/one.wav"]);
  });

  it("cleans up after a process that was killed while it wrote", { timeout: 120_000 }, async () => {
    const writer = fileURLToPath(new URL("../storage/writer.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", writer, root, "write"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    let lines = 0;
    for await (const _ of createInterface({ input: child.stdout })) if (++lines === 8) child.kill("SIGKILL");
    await ended;
    const left = await everything();
    expect(left.length).toBeGreaterThanOrEqual(8);
    expect(await sweep()).toMatchObject({ orphans: 0, unfinished: 0 });
    // Their grace is over at once; the next moment counts as later.
    const report = await sweep({ graceMs: -MINUTE_MS });
    expect(report.orphans).toBe(left.length);
    expect(await everything()).toEqual([]);
    expect(await readdir(join(root, "tmp"))).toEqual([]);
  });
});
