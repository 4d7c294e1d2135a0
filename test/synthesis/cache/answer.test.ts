import { eq, type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Actor } from "../../../src/audit/audit.ts";
import { auditLog } from "../../../src/audit/table.ts";
import { QueueFullError, QuotaExceededError } from "../../../src/errors.ts";
import { claim, succeed } from "../../../src/jobs/lease.ts";
import { type JobRow, jobs } from "../../../src/jobs/table.ts";
import { sweepStorage } from "../../../src/maintenance/sweep.ts";
import { openFolderStorage } from "../../../src/storage/fs.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { findAnswer } from "../../../src/synthesis/cache/answer.ts";
import { requestKey } from "../../../src/synthesis/cache/identity.ts";
import type { SynthesisInput } from "../../../src/synthesis/input.ts";
import type { SynthesisRequest } from "../../../src/synthesis/request.ts";
import { sweepAudio } from "../../../src/synthesis/retention.ts";
import { requestSynthesis, type SynthesisDeps } from "../../../src/synthesis/synthesis.ts";
import { audioAssets, jobUtterances } from "../../../src/synthesis/table.ts";
import { requireStorageQuota } from "../../../src/usage/quota.ts";
import { usageDaily } from "../../../src/usage/table.ts";
import { deleteVoice } from "../../../src/voices/management/delete.ts";
import { voices } from "../../../src/voices/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../../helpers/database.ts";
import { openTestQueue, silent, type TestQueue } from "../../helpers/queue.ts";

const ACTOR: Actor = {
  ...{ name: "key", tenant: "red", keyId: null, scopes: new Set(), ip: null, userAgent: null },
  requestId: "request",
};
const DIGEST = "0".repeat(64);
const OTHER_DIGEST = "1".repeat(64);
const NODE = "0190a000-0000-7000-8000-000000000001";
const ENGINE = "engine";
const REQUEST: SynthesisRequest = { text: "The same again.", voiceId: "af_heart", format: "wav" };
const QUEUE_LIMIT = 3;
const RETENTION_HOURS = 24;
const ONE = sql`(values (1)) as one`;
const SOUND = Buffer.from("sound");

describeDatabases("a request that was spoken before", (kind) => {
  let test: TestDatabase;
  let queue: TestQueue;
  let storage: Storage;
  let deps: SynthesisDeps;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    queue = await openTestQueue(test, QUEUE_LIMIT);
    storage = await openFolderStorage(`${test.env.DATA_DIR}/storage`);
    deps = {
      ...queue,
      attempts: 3,
      limits: { textCharacters: 1000 },
      installed: { voices: async () => new Set() },
      packs: { digest: ({ packSha256 }) => packSha256 ?? DIGEST },
      cache: { engine: ENGINE, storage, retentionHours: RETENTION_HOURS },
    };
  });
  afterAll(async () => {
    await queue.close();
    await test.drop();
  });
  beforeEach(async () => {
    await queue.db.delete(jobs);
    await queue.db.delete(usageDaily);
    await storage.remove("audio/");
  });

  const ask = (request: Partial<SynthesisRequest> = {}, actor: Actor = ACTOR) =>
    requestSynthesis(deps, actor, { ...REQUEST, ...request });
  const assetOf = async (jobId: string) =>
    (await queue.db.select().from(audioAssets).where(eq(audioAssets.jobId, jobId)))[0];
  const expire = (jobId: string) =>
    queue.db
      .update(audioAssets)
      .set({ expiresAt: sql`now() - interval '1 second'` })
      .where(eq(audioAssets.jobId, jobId));
  const sweep = () => sweepAudio(queue.db, storage, silent);

  /** Ends a job as a worker does. */
  async function speak(job: JobRow, packSha256 = DIGEST): Promise<JobRow> {
    const lease = await claim(queue.db, job.id, NODE, 30);
    if (lease === null) throw new Error("nothing to take");
    const storageKey = `audio/${job.id}/${lease.token}.wav`;
    await storage.put(storageKey, SOUND);
    const input = job.input as SynthesisInput;
    const keyed = [input.mix ?? [{ voiceId: input.voiceId, weight: null, packSha256 }]];
    const { tenant, priority } = job;
    const cacheKey = requestKey({ tenant, engine: ENGINE, voices: keyed, input, priority });
    await succeed(queue.db, lease, async (tx) => {
      await tx.insert(audioAssets).values({
        ...{ jobId: job.id, storageKey, cacheKey, format: "wav", sampleRate: 24_000, sampleCount: 48_000 },
        ...{ durationSeconds: 2, bytes: SOUND.length, sha256: DIGEST },
        expiresAt: sql`now() + interval '1 hour'`,
      });
      for (const index of [0, 1]) {
        await tx.insert(jobUtterances).values({
          ...{ jobId: job.id, index, textStart: 7 * index, textEnd: 7 * index + 6, phonemes: `p${index}` },
          ...{ pieceKey: `pieces/${job.id}/${index}`, pauseAfterSeconds: 0.2, offsetSeconds: index },
          ...{ startSeconds: index, durationSeconds: 0.8, tokenSeconds: [0.1, 0.7] },
          words: [{ start: 0, end: 3, tokenStart: 0, tokenEnd: 2, startSeconds: 0.15, endSeconds: 0.4 }],
        });
      }
    });
    return job;
  }

  it("has SUCCEEDED at once with the same file, its words, and everything that is counted", async () => {
    const first = await speak(await ask());
    const second = await ask();
    expect(second).toMatchObject({ status: "SUCCEEDED", stage: "DONE", progress: 1, cached: true });
    expect(second).toMatchObject({ unitsDone: 2, unitsTotal: 2, finishedAt: expect.any(Date) });
    expect(second.id).not.toBe(first.id);
    const [one, two] = [await assetOf(first.id), await assetOf(second.id)];
    expect(two).toMatchObject({ storageKey: one?.storageKey, sha256: one?.sha256, bytes: one?.bytes });
    // It is kept for as long as any other, though the first goes in an hour.
    expect(+(two?.expiresAt ?? 0) - Date.now()).toBeGreaterThan((RETENTION_HOURS - 1) * 3_600_000);

    const rows = async (id: string) =>
      (await queue.db.select().from(jobUtterances).where(eq(jobUtterances.jobId, id)))
        .map(({ jobId: _, ...row }) => row)
        .sort((a, b) => a.index - b.index);
    expect(await rows(second.id)).toHaveLength(2);
    expect(await rows(second.id)).toEqual(await rows(first.id));

    const entries = await queue.db.select().from(auditLog).where(eq(auditLog.targetId, second.id));
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["synthesis.request", "ACCEPTED"],
      ["job.end", "SUCCEEDED"],
    ]);
    expect(entries.at(-1)?.details).toMatchObject({ cached: 1, computeSeconds: 0, audioSeconds: 2 });
    const [usage] = await queue.db.select().from(usageDaily);
    expect(usage).toMatchObject({ jobs: 2, succeeded: 2, characters: 2 * 15, audioSeconds: 2 });
    expect((await ask()).cached).toBe(true);
  });

  it("is none for another tenant, another pack, and a request that wants none", async () => {
    await speak(await ask());
    expect((await ask({}, { ...ACTOR, tenant: "blue" })).cached).toBe(false);
    expect((await ask({ cache: false })).cached).toBe(false);
    expect(
      (await requestSynthesis({ ...deps, packs: { digest: () => OTHER_DIGEST } }, ACTOR, REQUEST)).cached,
    ).toBe(false);
  });

  it("is answered though the queue is full, and not beyond a quota", async () => {
    const spoken = await speak(await ask());
    for (let i = 0; i < QUEUE_LIMIT; i++) await ask({ text: `Another one, ${i}.` });
    await expect(ask({ text: "One too many." })).rejects.toThrow(QueueFullError);
    expect((await ask()).cached).toBe(true);
    const quotas = { ...queue.quotas, charactersPerDay: spoken.characters };
    await expect(requestSynthesis({ ...deps, quotas }, ACTOR, REQUEST)).rejects.toThrow(QuotaExceededError);
    expect(await queue.db.$count(audioAssets)).toBe(2);
  });

  it("is one job for one idempotency key", async () => {
    await speak(await ask());
    const asked = await Promise.all(Array.from({ length: 4 }, () => ask({ idempotencyKey: "k" })));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(asked[0]?.cached).toBe(true);
  });

  it("is spoken again when the file is missing or has another size", async () => {
    const first = await speak(await ask());
    const key = (await assetOf(first.id))?.storageKey ?? "";
    await storage.put(key, Buffer.from("half"));
    expect((await ask()).cached).toBe(false);
    await storage.remove(key);
    const again = await ask();
    expect(again.cached).toBe(false);
    await speak(again);
    expect((await ask()).cached).toBe(true);
  });

  it("keeps its audio when that of the first expires, and the file goes with the last", async () => {
    const first = await speak(await ask());
    const second = await ask();
    const key = (await assetOf(first.id))?.storageKey ?? "";
    await expire(first.id);
    await sweep();
    expect((await assetOf(first.id))?.deletedAt).toBeInstanceOf(Date);
    expect((await assetOf(second.id))?.deletedAt).toBeNull();
    expect(await storage.get(key)).toEqual(SOUND);
    const report = await sweepStorage({ db: queue.db, storage }, { graceMs: -60_000, dryRun: false });
    expect(report).toMatchObject({ objects: 1, orphans: 0, missing: 0 });
    // What the second holds answers further ones.
    const third = await ask();
    expect(third.cached).toBe(true);
    await expire(second.id);
    await expire(third.id);
    await sweep();
    expect(await storage.get(key)).toBeNull();
    expect((await ask()).cached).toBe(false);
  });

  it("never names a file that expires at the same moment", async () => {
    for (let round = 0; round < 6; round++) {
      const text = `Round ${round}.`;
      const first = await speak(await ask({ text }));
      const sweeps = [1, 2].map(() => expire(first.id).then(sweep));
      const [again] = await Promise.all([ask({ text }), ...sweeps]);
      const asset = await assetOf(again.id);
      expect(asset !== undefined).toBe(again.cached);
      if (asset !== undefined) expect(await storage.get(asset.storageKey)).toEqual(SOUND);
      await queue.db.delete(jobs);
    }
  });

  it("holds the file that it was given until its own row names it", async () => {
    const first = await speak(await ask());
    const waiting = await ask({ text: "To be ended with the same." });
    await queue.db
      .update(audioAssets)
      .set({ expiresAt: sql`now() + interval '500 milliseconds'` })
      .where(eq(audioAssets.jobId, first.id));
    const asset = await assetOf(first.id);
    const find = await findAnswer({ ...queue, storage, retentionHours: 1 }, asset?.cacheKey ?? "", [
      "af_heart",
    ]);
    let sweeping = Promise.resolve();
    await queue.db.transaction(async (tx) => {
      const answer = await find?.(tx);
      const is = async (fact: SQL) =>
        (await tx.select({ is: sql<boolean>`${fact}` }).from(ONE))[0]?.is === true;
      // A Date is a little before the microseconds that it was made of.
      const over = sql`${asset?.expiresAt?.toISOString()}::timestamptz + interval '1 millisecond'`;
      while (!(await is(sql`clock_timestamp() > ${over}`)));
      let swept = false;
      sweeping = sweep().finally(() => {
        swept = true;
      });
      const blocked = sql`exists (select 1 from pg_locks where not granted)`;
      // The embedded database lets nobody in before this transaction has ended.
      while (kind === "postgres" && !swept && !(await is(blocked)));
      await answer?.publish(waiting);
    });
    await sweeping;
    expect((await assetOf(first.id))?.deletedAt).toBeInstanceOf(Date);
    expect((await assetOf(waiting.id))?.deletedAt).toBeNull();
    expect(await storage.get(asset?.storageKey ?? "")).toEqual(SOUND);
  });

  it("takes the bytes of a quota once", async () => {
    await speak(await ask());
    await ask();
    await ask();
    const room = (storageBytes: number) =>
      queue.db.transaction((tx) => requireStorageQuota(tx, { ...queue.quotas, storageBytes }, ACTOR, 1));
    await expect(room(SOUND.length)).rejects.toThrow(QuotaExceededError);
    await room(SOUND.length + 1);
  });

  it("leaves nothing when its voice is deleted, whichever of its jobs still has the file", async () => {
    await queue.db.insert(voices).values({
      ...{ id: "clone", tenant: "red", kind: "CLONED", status: "READY", name: "Clone", language: "en-US" },
      ...{ gender: "UNKNOWN", engine: "kokoro", packKey: "voices/clone/p.bin", packSha256: DIGEST },
    });
    const inMix = { voiceId: "clone(2)+af_sky" };
    const [alone, mixed] = [await speak(await ask({ voiceId: "clone" })), await speak(await ask(inMix))];
    const hits = [await ask({ voiceId: "clone" }), await ask(inMix)];
    expect(hits.map(({ cached }) => cached)).toEqual([true, true]);
    const stranger = await speak(await ask());
    await expire(alone.id);
    await expire(mixed.id);
    await sweep();
    expect(await storage.list("audio/")).toHaveLength(3);
    await deleteVoice({ db: queue.db, storage, log: silent }, ACTOR, "clone");
    for (const { id } of hits) expect((await assetOf(id))?.deletedAt).toBeInstanceOf(Date);
    expect(await storage.list("audio/")).toEqual([`audio/${stranger.id}/`]);
  });
});
