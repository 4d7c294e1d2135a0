import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Actor } from "../../../src/audit/audit.ts";
import { NotFoundError } from "../../../src/errors.ts";
import type { FakeUtterance, UtteranceAudio } from "../../../src/inference/engine.ts";
import { createJob } from "../../../src/jobs/job.ts";
import { claim, handBack, type Lease, succeed } from "../../../src/jobs/lease.ts";
import { type JobRow, jobs } from "../../../src/jobs/table.ts";
import { sweepStorage } from "../../../src/maintenance/sweep.ts";
import { openFolderStorage } from "../../../src/storage/fs.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { evictUtterances } from "../../../src/synthesis/cache/evict.ts";
import type { CacheObserver } from "../../../src/synthesis/cache/observer.ts";
import { cachedPieces } from "../../../src/synthesis/cache/utterances.ts";
import { encodePiece, type JobPieces, loadPiece } from "../../../src/synthesis/pieces.ts";
import { cachedUtterances, jobUtterances } from "../../../src/synthesis/table.ts";
import { deleteVoice } from "../../../src/voices/management/delete.ts";
import { voices } from "../../../src/voices/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../../helpers/database.ts";
import { newJob, openTestQueue, silent, type TestQueue } from "../../helpers/queue.ts";

const ACTOR: Actor = {
  ...{ name: "key", tenant: "red", keyId: null, scopes: new Set(), ip: null, userAgent: null },
  requestId: "request",
};
const NODE = "0190a000-0000-7000-8000-000000000001";
const SCOPE = { engine: "engine", precision: "float32", voiceIds: [] as string[] };
const KEEP_ALL = { maxBytes: 1_000_000_000, maxAgeHours: 168 };
const SAMPLES = 240;

const asked = (token: number): FakeUtterance => ({ engine: "fake", tokens: [token], speed: 1 });
const sound = (token: number): UtteranceAudio => ({
  samples: Float32Array.from({ length: SAMPLES }, (_, i) => Math.sin(token * i)),
  sampleRate: 24_000,
  tokenDurationsSeconds: Float32Array.of(0.25, 0.5, 0.25),
  computeSeconds: 1,
});
const PIECE_BYTES = encodePiece(sound(1)).length;

describeDatabases("the cache of utterances", (kind) => {
  let test: TestDatabase;
  let queue: TestQueue;
  let storage: Storage;
  const looks: string[] = [];
  const observer: CacheObserver = {
    looked: (cache, hit, bytes) => looks.push(`${cache} ${hit ? "hit" : "miss"} ${bytes}`),
    holds: (utterances, bytes) => looks.push(`holds ${utterances} ${bytes}`),
  };
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    queue = await openTestQueue(test, 1000);
    storage = await openFolderStorage(`${test.env.DATA_DIR}/storage`);
  });
  afterAll(async () => {
    await queue.close();
    await test.drop();
  });
  beforeEach(async () => {
    looks.length = 0;
    await queue.db.delete(jobs);
    await queue.db.delete(cachedUtterances);
    await storage.remove("utterances/");
  });

  interface Running {
    readonly lease: Lease;
    readonly pieces: JobPieces;
  }

  async function run(job: JobRow, voiceIds: readonly string[] = [], store = storage): Promise<Running> {
    const lease = await claim(queue.db, job.id, NODE, 30);
    if (lease === null) throw new Error("nothing to take");
    const deps = { db: queue.db, storage: store, observer };
    return { lease, pieces: cachedPieces(deps, lease.job, { ...SCOPE, voiceIds }) };
  }
  const create = async (fields: object = {}) =>
    (await createJob(queue, newJob({ tenant: "red", kind: "SYNTHESIS", ...fields }), async () => {})).row;
  const start = async (fields: object = {}, voiceIds: readonly string[] = [], store = storage) =>
    await run(await create(fields), voiceIds, store);

  /** What a worker does with one utterance. @returns where its audio is kept. */
  async function speak({ lease, pieces }: Running, token: number): Promise<string> {
    const kept = await pieces.load(asked(token));
    if (kept !== null) expect(kept.audio.samples).toEqual(sound(token).samples);
    const pieceKey = kept?.key ?? (await pieces.save(asked(token), sound(token)));
    return await tell({ lease, pieces }, token, pieceKey);
  }
  const tell = ({ lease, pieces }: Running, index: number, pieceKey: string) =>
    queue.db.transaction(async (tx) => {
      const key = await pieces.record(tx, pieceKey);
      await tx.insert(jobUtterances).values({
        ...{ jobId: lease.job.id, index, textStart: 0, textEnd: 1, phonemes: "p", pieceKey: key, words: [] },
        ...{ pauseAfterSeconds: 0, offsetSeconds: 0, startSeconds: 0, durationSeconds: 1 },
      });
      return key;
    });
  async function end({ lease, pieces }: Running): Promise<void> {
    expect(await succeed(queue.db, lease, (tx) => pieces.commit(tx))).toBe(true);
    await pieces.settled();
  }
  async function spoken(tokens: readonly number[], fields: object = {}, voiceIds: readonly string[] = []) {
    const running = await start(fields, voiceIds);
    for (const token of tokens) await speak(running, token);
    await end(running);
    return running.lease.job;
  }
  const evict = (bounds: Partial<typeof KEEP_ALL> = {}) =>
    evictUtterances({ db: queue.db, storage, log: silent, observer }, { ...KEEP_ALL, ...bounds });
  const rows = () => queue.db.select().from(cachedUtterances).orderBy(cachedUtterances.usedAt);
  const usedHoursAgo = (storageKey: string, hours: number) =>
    queue.db
      .update(cachedUtterances)
      .set({ usedAt: sql`now() - make_interval(hours => ${hours})` })
      .where(eq(cachedUtterances.storageKey, storageKey));
  async function files(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of storage.entries("utterances/")) keys.push(key);
    return keys;
  }
  const isCached = async (token: number, fields: object = {}, voiceIds: readonly string[] = []) =>
    (await (await start(fields, voiceIds)).pieces.load(asked(token))) !== null;

  it("gives one job what another has said, sample by sample, and no other tenant", async () => {
    const first = await spoken([1, 2]);
    expect(await files()).toHaveLength(2);
    expect(looks).toEqual(["utterance miss 0", "utterance miss 0"]);
    const second = await start();
    const kept = await second.pieces.load(asked(2));
    expect(kept?.key).toContain(`utterances/${first.id}/`);
    expect(kept?.audio).toEqual({ ...sound(2), computeSeconds: 0 });
    expect(looks.at(-1)).toBe(`utterance hit ${4 * SAMPLES}`);
    await speak(second, 2);
    await speak(second, 3);
    await end(second);
    expect((await rows()).map(({ bytes }) => bytes)).toEqual([PIECE_BYTES, PIECE_BYTES, PIECE_BYTES]);
    expect(await isCached(2, { tenant: "blue" })).toBe(false);
  });

  it("stays within its size, the least recently used going first, and within its age", async () => {
    const running = await start();
    const keys: string[] = [];
    for (const token of [1, 2, 3, 4]) keys.push(await speak(running, token));
    await end(running);
    for (const [i, key] of keys.entries()) await usedHoursAgo(key, [30, 10, 20, 40][i] ?? 0);
    expect(await evict()).toBe(0);
    expect(await evict({ maxBytes: 2 * PIECE_BYTES })).toBe(2);
    expect((await rows()).map(({ storageKey }) => storageKey)).toEqual([keys[2], keys[1]]);
    expect((await files()).sort()).toEqual([keys[1], keys[2]].sort());
    expect(looks.at(-1)).toBe(`holds 2 ${2 * PIECE_BYTES}`);
    expect(await evict({ maxAgeHours: 15 })).toBe(1);
    expect(await files()).toEqual([keys[1]]);
    expect(await evict({ maxBytes: 0 })).toBe(1);
    expect(await files()).toEqual([]);
  });

  it("evicts more than one batch, past what is in use", async () => {
    const values = Array.from({ length: 250 }, (_, i) => ({
      ...{ key: `k${i}`, tenant: "red", voiceIds: [], bytes: 10, storageKey: `utterances/x/y/${i}.piece` },
      usedAt: sql`now() - make_interval(mins => ${1000 - i})`,
    }));
    await queue.db.insert(cachedUtterances).values(values);
    const { lease } = await start();
    await queue.db.insert(jobUtterances).values(
      Array.from({ length: 120 }, (_, index) => ({
        ...{ jobId: lease.job.id, index, textStart: 0, textEnd: 1, phonemes: "p", words: [] },
        ...{ pieceKey: `utterances/x/y/${index}.piece`, pauseAfterSeconds: 0, offsetSeconds: 0 },
        ...{ startSeconds: 0, durationSeconds: 1 },
      })),
    );
    expect(await evict({ maxBytes: 1300 })).toBe(120);
    expect((await rows()).map(({ key }) => key)).toEqual([
      ...Array.from({ length: 120 }, (_, i) => `k${i}`),
      ...Array.from({ length: 10 }, (_, i) => `k${240 + i}`),
    ]);
  });

  it("keeps what waiting and running jobs rely on, until they have ended", async () => {
    const first = await spoken([1]);
    const [running, waiting] = [await start(), await start()];
    await speak(running, 1);
    await speak(running, 2);
    await speak(waiting, 3);
    await handBack(queue.db, queue.queue, waiting.lease);
    expect(await evict({ maxBytes: 0 })).toBe(0);
    expect(await files()).toHaveLength(3);
    await end(running);
    expect(await evict({ maxBytes: 0 })).toBe(2);
    expect((await files()).every((key) => key.includes(waiting.lease.job.id))).toBe(true);
    expect(await storage.list(`utterances/${first.id}/`)).toEqual([]);
    // The job that waits goes on where it stopped.
    const again = await run(waiting.lease.job);
    expect(await again.pieces.load(asked(3))).not.toBeNull();
  });

  it("writes again what is evicted between its look and its row", async () => {
    await spoken([1]);
    const late = await start();
    const kept = await late.pieces.load(asked(1));
    expect(await evict({ maxBytes: 0 })).toBe(1);
    const key = await tell(late, 1, kept?.key ?? "");
    expect(key).toContain(`utterances/${late.lease.job.id}/`);
    expect((await loadPiece(storage, key))?.samples).toEqual(sound(1).samples);
    expect(await evict({ maxBytes: 0 })).toBe(0);
    await end(late);
    expect(await isCached(1)).toBe(true);
  });

  it("is never without a file that a row names, while jobs speak and others evict", async () => {
    for (let round = 0; round < 4; round++) {
      const running = await Promise.all([1, 2, 3].map(() => start()));
      const evicting = Promise.all([1, 2, 3].map(() => evict({ maxBytes: 0 })));
      const keys = await Promise.all(
        running.map(async (job) => {
          const said: string[] = [];
          for (const token of [1, 2, 3]) said.push(await speak(job, token));
          return said;
        }),
      );
      await evicting;
      await evict({ maxBytes: PIECE_BYTES });
      for (const key of keys.flat()) expect(await loadPiece(storage, key)).not.toBeNull();
      for (const job of running) await end(job);
      const named = (await rows()).map(({ storageKey }) => storageKey);
      expect((await files()).sort()).toEqual(named.sort());
    }
  });

  it("takes the same utterance from two jobs at once, and keeps one of them", async () => {
    const both = [await start(), await start()];
    const saved = await Promise.all(both.map(({ pieces }) => pieces.save(asked(1), sound(1))));
    await Promise.all(both.map((job, i) => tell(job, 1, saved[i] ?? "")));
    expect(await files()).toHaveLength(2);
    for (const job of both) await end(job);
    expect(await files()).toEqual((await rows()).map(({ storageKey }) => storageKey));
    expect(await files()).toHaveLength(1);
  });

  it("goes on with what an attempt had spoken ahead, and leaves none of it in the end", async () => {
    const lost = await start();
    await speak(lost, 1);
    await lost.pieces.save(asked(2), sound(2));
    await lost.pieces.save(asked(9), sound(9));
    await handBack(queue.db, queue.queue, lost.lease);
    // The old attempt tidies up late: what the next one begins with stays.
    await lost.pieces.abandoned();
    await queue.db.update(jobs).set({ unitsDone: 1 }).where(eq(jobs.id, lost.lease.job.id));
    const again = await run(lost.lease.job);
    await speak(again, 2);
    expect(looks.at(-1)).toMatch(/utterance hit/);
    await end(again);
    expect(await rows()).toHaveLength(2);
    expect((await files()).sort()).toEqual((await rows()).map(({ storageKey }) => storageKey).sort());
  });

  it("has nothing left of what a cancelled job had spoken ahead", async () => {
    const job = await start();
    await job.pieces.save(asked(1), sound(1));
    const ended = { status: "CANCELLED", stage: "DONE", leaseToken: null, finishedAt: sql`now()` } as const;
    await queue.db.update(jobs).set(ended).where(eq(jobs.id, job.lease.job.id));
    await job.pieces.abandoned();
    expect(await files()).toEqual([]);
  });

  it("speaks again what is damaged or missing, and replaces it", async () => {
    const damages: ((key: string) => Promise<void>)[] = [
      (key) => storage.put(key, encodePiece(sound(1)).subarray(0, 50)),
      (key) => storage.put(key, encodePiece(sound(1)).fill(7, 60, 64)),
      (key) => storage.remove(key),
    ];
    await spoken([1]);
    for (const damage of damages) {
      const [before] = await rows();
      await damage(before?.storageKey ?? "");
      await spoken([1]);
      expect(looks.at(-1)).toBe("utterance miss 0");
      const [after] = await rows();
      expect(after?.storageKey).not.toBe(before?.storageKey);
      expect(await files()).toEqual([after?.storageKey]);
      expect(await isCached(1)).toBe(true);
    }
  });

  it("writes down once in an hour that something was used", async () => {
    await spoken([1]);
    const usedAt = async () => (await rows())[0]?.usedAt.getTime() ?? 0;
    const before = await usedAt();
    await spoken([1]);
    expect(await usedAt()).toBe(before);
    await usedHoursAgo((await rows())[0]?.storageKey ?? "", 2);
    await spoken([1]);
    expect(await usedAt()).toBeGreaterThanOrEqual(before);
  });

  it("keeps nothing of a voice that is deleted, alone or in a mix, said or spoken ahead", async () => {
    const facts = {
      tenant: "red",
      status: "READY",
      language: "en-US",
      gender: "UNKNOWN",
      engine: "kokoro",
    } as const;
    await queue.db.insert(voices).values([
      { id: "clone", name: "Clone", kind: "CLONED", ...facts },
      { id: "mix", name: "Mix", kind: "MIXED", origins: ["clone"], ...facts },
    ]);
    await spoken([1], { voiceId: "clone" }, ["clone"]);
    await spoken([2], { voiceId: "mix" }, ["clone", "mix"]);
    await spoken([3]);
    const running = await start({ voiceId: "clone" }, ["clone"]);
    const ahead = await running.pieces.save(asked(4), sound(4));
    await deleteVoice({ db: queue.db, storage, log: silent }, ACTOR, "clone");
    expect((await rows()).map(({ voiceIds }) => voiceIds)).toEqual([[]]);
    expect(await files()).toEqual((await rows()).map(({ storageKey }) => storageKey));
    // A worker that has not heard of it yet.
    await running.pieces.save(asked(5), sound(5));
    await expect(tell(running, 4, ahead)).rejects.toThrow(NotFoundError);
    await running.pieces.abandoned();
    expect(await files()).toHaveLength(1);
  });

  it("has its files told from orphans by the sweep of the store", async () => {
    await spoken([1]);
    const open = await start();
    await open.pieces.save(asked(2), sound(2));
    await storage.put("utterances/gone/token/k.piece", Buffer.from("x"));
    const sweep = () => sweepStorage({ db: queue.db, storage }, { graceMs: -60_000, dryRun: false });
    expect(await sweep()).toMatchObject({ orphans: 1, missing: 0 });
    expect(await files()).toHaveLength(2);
    await storage.remove((await rows())[0]?.storageKey ?? "");
    // It would be spoken again: nothing is lost, so nobody is alarmed.
    expect(await sweep()).toMatchObject({ missing: 0 });
  });
});
