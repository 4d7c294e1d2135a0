import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Actor } from "../../../src/audit/audit.ts";
import { auditLog } from "../../../src/audit/table.ts";
import { InvalidInputError } from "../../../src/errors.ts";
import { createJob, findJob } from "../../../src/jobs/job.ts";
import { claim, renew, succeed } from "../../../src/jobs/lease.ts";
import { openFolderStorage } from "../../../src/storage/fs.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { requestSynthesis } from "../../../src/synthesis/synthesis.ts";
import { audioAssets } from "../../../src/synthesis/table.ts";
import { deleteVoice, sweepDeletedVoices } from "../../../src/voices/management/delete.ts";
import { countVoiceUse } from "../../../src/voices/management/usage.ts";
import { deletedVoices, voicePreviews, voiceSamples, voices } from "../../../src/voices/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../../helpers/database.ts";
import { newJob, openTestQueue, silent, type TestQueue } from "../../helpers/queue.ts";

const TENANT = "owner";
const ACTOR: Actor = {
  ...{ name: "key", tenant: TENANT, keyId: null, scopes: new Set(), ip: null, userAgent: null },
  requestId: "request",
};
const DIGEST = "0".repeat(64);
const NODE = "0190a000-0000-7000-8000-000000000001";

describeDatabases("the deletion of a voice", (kind) => {
  let test: TestDatabase;
  let deps: TestQueue;
  let storage: Storage;
  let next = 0;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    deps = await openTestQueue(test);
    storage = await openFolderStorage(`${test.env.DATA_DIR}/storage`);
  });
  afterAll(async () => {
    await deps.close();
    await test.drop();
  });

  const remove = (id: string, store = storage) =>
    deleteVoice({ db: deps.db, storage: store, log: silent }, ACTOR, id);
  const create = async (fields: object) =>
    (await createJob(deps, newJob({ tenant: TENANT, ...fields }), async () => {})).row;

  /** A voice with everything that a voice can have. */
  async function voiceWithAll(fields: Partial<typeof voices.$inferInsert> = {}): Promise<string> {
    const id = `voice-${next++}`;
    const keys = ["samples/s", "packs/p.bin", "previews/en-US/x.mp3"].map((name) => `voices/${id}/${name}`);
    for (const key of keys) await storage.put(key, Buffer.from("bytes"));
    await deps.db.insert(voices).values({
      ...{
        id,
        tenant: TENANT,
        kind: "CLONED",
        status: "READY",
        name: id,
        language: "en-US",
        gender: "UNKNOWN",
      },
      ...{ engine: "kokoro", packKey: keys[1], packSha256: DIGEST },
      ...fields,
    });
    await deps.db.insert(voiceSamples).values({
      ...{ voiceId: id, storageKey: keys[0] ?? "", container: "wav", codec: "pcm_s16", embedding: [1, 0] },
      ...{ durationSeconds: 5, sampleRate: 16_000, channels: 1, bytes: 5, sha256: DIGEST },
      ...{ consentKind: "OWN_VOICE", consentBy: "key" },
    });
    await deps.db.insert(voicePreviews).values({
      ...{ voiceId: id, language: "en-US", packSha256: DIGEST, storageKey: keys[2] ?? "" },
      ...{ durationSeconds: 1, bytes: 5, sha256: DIGEST },
    });
    return id;
  }

  /** A job of the voice that has ended with audio. */
  async function spoken(fields: object): Promise<string> {
    const job = await create({ kind: "SYNTHESIS", ...fields });
    const delivery = await deps.queue.fetch("short");
    const lease = await claim(deps.db, job.id, NODE, 30);
    if (lease === null || delivery === null) throw new Error("nothing to take");
    const storageKey = `audio/${job.id}/a.mp3`;
    await storage.put(storageKey, Buffer.from("sound"));
    await succeed(deps.db, lease, async (tx) => {
      await tx.insert(audioAssets).values({
        ...{
          jobId: job.id,
          storageKey,
          format: "mp3",
          sampleRate: 24_000,
          sampleCount: 1,
          durationSeconds: 1,
        },
        ...{ bytes: 5, sha256: DIGEST },
      });
    });
    return job.id;
  }
  const audioOf = async (jobId: string) =>
    (await deps.db.select().from(audioAssets).where(eq(audioAssets.jobId, jobId)))[0];

  it("takes sample, embedding, pack, previews and audio at once, and leaves the fact", async () => {
    const id = await voiceWithAll();
    const [alone, mixed] = [
      await spoken({ voiceId: id }),
      await spoken({ voiceId: null, input: { mix: [{ voiceId: "af_sky" }, { voiceId: id }] } }),
    ];
    const other = await spoken({ voiceId: null, input: { mix: [{ voiceId: "af_sky" }] } });
    await remove(id);
    expect(await storage.list(`voices/${id}/`)).toEqual([]);
    for (const table of [voiceSamples, voicePreviews]) {
      expect(await deps.db.$count(table, eq(table.voiceId, id))).toBe(0);
    }
    for (const jobId of [alone, mixed]) {
      expect((await audioOf(jobId))?.deletedAt).toBeInstanceOf(Date);
      expect(await storage.list(`audio/${jobId}/`)).toEqual([]);
    }
    expect((await audioOf(other))?.deletedAt).toBeNull();
    expect(await storage.get(`audio/${other}/a.mp3`)).not.toBeNull();
    expect(await findJob(deps.db, TENANT, alone)).toMatchObject({ status: "SUCCEEDED", voiceId: null });
    const entries = await deps.db.select().from(auditLog).where(eq(auditLog.targetId, id));
    expect(entries.map(({ action, actor, outcome }) => ({ action, actor, outcome }))).toEqual([
      { action: "voice.delete", actor: "key", outcome: "ACCEPTED" },
    ]);
  });

  it("fails what waits and stops what runs, also where the voice is only a part", async () => {
    const id = await voiceWithAll();
    const running = await create({ voiceId: id });
    await deps.queue.fetch("short");
    const lease = await claim(deps.db, running.id, NODE, 30);
    const waiting = await create({ voiceId: id });
    const part = await create({ voiceId: null, input: { mix: [{ voiceId: id, weight: 1 }] } });
    const stranger = await create({ voiceId: "af_heart" });
    const changed = deps.bus.subscribe(`job:${running.id}`);
    await remove(id);
    expect(await changed.next()).toBe(true);
    for (const job of [running, waiting, part]) {
      expect(await findJob(deps.db, TENANT, job.id)).toMatchObject({
        status: "FAILED",
        errorCode: "GONE",
        errorMessage: "The voice of this job has been deleted.",
        leaseToken: null,
      });
    }
    expect((await findJob(deps.db, TENANT, stranger.id))?.status).toBe("QUEUED");
    if (lease === null) throw new Error("nothing claimed");
    expect(await renew(deps.db, lease, 30)).toBe(false);
    expect(await succeed(deps.db, lease, async () => {})).toBe(false);
  });

  it("takes the mixes that a cloned voice is heard in, and no others", async () => {
    const id = await voiceWithAll();
    const mix = await voiceWithAll({ kind: "MIXED", origins: [id] });
    const mixOfMix = await voiceWithAll({ kind: "MIXED", origins: ["voice-x", id] });
    const bystander = await voiceWithAll({ kind: "MIXED", origins: ["voice-x"] });
    const job = await create({ voiceId: mix });
    const deleted = await remove(id);
    expect([...deleted.mixes].sort()).toEqual([mix, mixOfMix].sort());
    expect(await storage.list(`voices/${mixOfMix}/`)).toEqual([]);
    expect((await findJob(deps.db, TENANT, job.id))?.errorCode).toBe("GONE");
    expect(await remove(mix)).toMatchObject({ id: mix });
    expect(await deps.db.$count(voices, eq(voices.id, bystander))).toBe(1);
  });

  it("is made good by the sweep when the store fails", async () => {
    const id = await voiceWithAll();
    const failing: Storage = { ...storage, remove: async () => Promise.reject(new Error("down")) };
    await remove(id, failing);
    expect(await deps.db.$count(voices, eq(voices.id, id))).toBe(0);
    expect(await storage.get(`voices/${id}/packs/p.bin`)).not.toBeNull();
    await sweepDeletedVoices({ db: deps.db, storage, log: silent });
    expect(await storage.list(`voices/${id}/`)).toEqual([]);
    expect(await deps.db.$count(deletedVoices, sql`storage_keys <> '{}'`)).toBe(0);
  });

  it("happens once when asked many times at once", async () => {
    const id = await voiceWithAll();
    const answers = await Promise.all(Array.from({ length: 6 }, () => remove(id)));
    expect(new Set(answers.map(({ deletedAt }) => deletedAt.getTime())).size).toBe(1);
    expect(await deps.db.$count(auditLog, eq(auditLog.targetId, id))).toBe(1);
  });

  it("is outrun neither by a request nor by the end of a job", async () => {
    const synthesis = {
      ...deps,
      attempts: 3,
      limits: { textCharacters: 100 },
      packs: { digest: () => DIGEST },
      installed: { voices: async () => new Set<string>() },
    };
    for (let round = 0; round < 12; round++) {
      const id = await voiceWithAll();
      const running = await create({ voiceId: id });
      const lease = await claim(deps.db, running.id, NODE, 30);
      if (lease === null) throw new Error("nothing claimed");
      const [asked, ended, deleted] = await Promise.allSettled([
        requestSynthesis(synthesis, ACTOR, { text: "Hello.", voiceId: id }),
        succeed(deps.db, lease, (tx) => countVoiceUse(tx, [id], { characters: 6, audioSeconds: 1 })),
        remove(id),
      ]);
      expect(deleted.status).toBe("fulfilled");
      // A worker that loses to the deletion may be told so by the database; it then finds its lease gone.
      const published = ended.status === "fulfilled" && ended.value;
      expect((await findJob(deps.db, TENANT, running.id))?.status).toBe(published ? "SUCCEEDED" : "FAILED");
      if (asked.status === "rejected") expect(asked.reason).toBeInstanceOf(InvalidInputError);
      else expect((await findJob(deps.db, TENANT, asked.value.id))?.errorCode).toBe("GONE");
    }
  });
});
