import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiKeys } from "../../src/auth/table.ts";
import { QuotaExceededError } from "../../src/errors.ts";
import { createJob, type JobDeps, retryJob } from "../../src/jobs/job.ts";
import { jobs } from "../../src/jobs/table.ts";
import { audioAssets } from "../../src/synthesis/table.ts";
import { requireVoiceQuota } from "../../src/usage/quota.ts";
import { recordUsage } from "../../src/usage/usage.ts";
import { voices } from "../../src/voices/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../helpers/database.ts";
import { startTestNode } from "../helpers/node.ts";
import { newJob, openTestQueue, type TestQueue } from "../helpers/queue.ts";

const NONE = {
  charactersPerDay: null,
  charactersPerMonth: null,
  audioSecondsPerDay: null,
  audioSecondsPerMonth: null,
  concurrentJobs: null,
  voices: null,
  dictionaries: null,
  storageBytes: null,
};

describeDatabases("quotas", (kind) => {
  let test: TestDatabase;
  let queue: TestQueue;
  let last = 0;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    queue = await openTestQueue(test);
  });
  afterAll(async () => {
    await queue.close();
    await test.drop();
  });

  const tenantOf = () => {
    last += 1;
    return `tenant${last}`;
  };
  const submit = (quotas: Partial<JobDeps["quotas"]>, tenant: string, characters: number) =>
    createJob(
      { ...queue, quotas: { ...NONE, ...quotas } },
      newJob({ tenant, keyId: null, keyName: "anonymous", characters }),
      async () => {},
    );
  const used = (tenant: string, characters: number, audioSeconds: number) =>
    queue.db.transaction((tx) =>
      recordUsage(tx, {
        ...{
          tenant,
          keyId: null,
          keyName: "anonymous",
          voiceId: null,
          language: "en-US",
          status: "SUCCEEDED",
        },
        ...{ characters, audioSeconds, computeSeconds: 1 },
      }),
    );
  const refusal = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof QuotaExceededError)) throw new Error(`not refused by a quota: ${error}`);
    return error;
  };

  it("of characters count what has been spoken, what waits and what is asked for", async () => {
    const tenant = tenantOf();
    await used(tenant, 700, 50);
    await submit({ charactersPerDay: 1000 }, tenant, 200);
    const error = await refusal(submit({ charactersPerDay: 1000 }, tenant, 101));
    expect(error).toMatchObject({ quota: "CHARACTERS_PER_DAY", limit: 1000, used: 900, remaining: 100 });
    expect(error.resetsAt?.toISOString()).toMatch(/T00:00:00\.000Z$/);
    expect((error.resetsAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(-5_000);
    expect((error.resetsAt?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(86_405_000);
    await submit({ charactersPerDay: 1000 }, tenant, 100);
    // Of the month there is as much used, and it begins anew on a first.
    const month = await refusal(submit({ charactersPerMonth: 1000 }, tenant, 1));
    expect(month.resetsAt?.getUTCDate()).toBe(1);
    // Another tenant has its own.
    await submit({ charactersPerDay: 1000 }, tenantOf(), 1000);
  });

  it("are exact however many ask at once", async () => {
    const tenant = tenantOf();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => submit({ charactersPerDay: 700 }, tenant, 100)),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(7);
  });

  it("of audio refuse once it is used up, with what is under way by its length", async () => {
    const tenant = tenantOf();
    await used(tenant, 100, 59);
    const quotas = { audioSecondsPerDay: 60 };
    await submit(quotas, tenant, 150);
    const error = await refusal(submit(quotas, tenant, 1));
    expect(error).toMatchObject({ quota: "AUDIO_SECONDS_PER_DAY", limit: 60, remaining: 0 });
    expect(error.used).toBeCloseTo(69, 5);
    expect((await refusal(submit({ audioSecondsPerMonth: 60 }, tenant, 1))).quota).toBe(
      "AUDIO_SECONDS_PER_MONTH",
    );
  });

  it("of a key go on when its secret is exchanged", async () => {
    const tenant = tenantOf();
    const row = (prefix: string, rotatedFrom: string | null) => ({
      ...{ tenant, name: "rotated", prefix: `${prefix}${tenant}`, hash: "0".repeat(64), rotatedFrom },
      ...{
        scopes: ["synthesize" as const],
        limits: { ...NONE, requestsPerMinute: null, charactersPerDay: 100 },
        createdBy: "root",
      },
    });
    const insert = async (prefix: string, rotatedFrom: string | null) => {
      const [key] = await queue.db.insert(apiKeys).values(row(prefix, rotatedFrom)).returning();
      return key?.id ?? "";
    };
    const first = await insert("a", null);
    const third = await insert("c", await insert("b", first));
    const stranger = await insert("d", null);
    const ask = (keyId: string, characters: number) =>
      createJob(
        { ...queue, quotas: NONE },
        newJob({ tenant, keyId, keyName: "rotated", characters }),
        async () => {},
      );
    await queue.db.transaction((tx) =>
      recordUsage(tx, {
        ...{ tenant, keyId: first, keyName: "rotated", voiceId: null, language: "en-US" },
        ...{ status: "SUCCEEDED", characters: 60, audioSeconds: 4, computeSeconds: 1 },
      }),
    );
    await ask(first, 20);
    expect(await refusal(ask(third, 21))).toMatchObject({ quota: "CHARACTERS_PER_DAY", used: 80 });
    await ask(third, 20);
    await ask(stranger, 100);
  });

  it("of jobs count those that wait or run, and free the place of one that ends", async () => {
    const tenant = tenantOf();
    const quotas = { concurrentJobs: 2 };
    const { row } = await submit(quotas, tenant, 1);
    await submit(quotas, tenant, 1);
    const error = await refusal(submit(quotas, tenant, 1));
    expect(error).toMatchObject({ quota: "CONCURRENT_JOBS", used: 2, remaining: 0, resetsAt: null });
    await end(row.id);
    await submit(quotas, tenant, 1);
    // A failed job that is tried again needs a place too.
    expect(
      (await refusal(retryJob({ ...queue, quotas: { ...NONE, ...quotas } }, tenant, row.id))).quota,
    ).toBe("CONCURRENT_JOBS");
  });

  it("give a repeated request its job, not a refusal", async () => {
    const tenant = tenantOf();
    const idempotency = { key: "once", hash: "h" };
    const deps = { ...queue, quotas: { ...NONE, concurrentJobs: 1 } };
    const job = newJob({ tenant, keyId: null, keyName: "anonymous", characters: 1, idempotency });
    const first = await createJob(deps, job, async () => {});
    expect(await createJob(deps, job, async () => {})).toMatchObject({
      created: false,
      row: { id: first.row.id },
    });
  });

  it("of voices and storage are the tenant's", async () => {
    const tenant = tenantOf();
    const actor = { tenant, keyId: null, name: "anonymous" };
    const ask = (quotas: Partial<JobDeps["quotas"]>, bytes: number) =>
      queue.db.transaction((tx) => requireVoiceQuota(tx, { ...NONE, ...quotas }, actor, bytes));
    await ask({ voices: 1 }, 0);
    await queue.db.insert(voices).values({
      ...{ id: `voice-${tenant}`, tenant, kind: "CLONED", status: "ENROLLING", gender: "UNKNOWN" },
      ...{ name: "Mine", language: "en-US", engine: "kokoro" },
    });
    expect(await refusal(ask({ voices: 1 }, 0))).toMatchObject({
      quota: "VOICES",
      limit: 1,
      used: 1,
      remaining: 0,
    });
    const { row } = await submit({}, tenant, 1);
    await queue.db.insert(audioAssets).values({
      ...{ jobId: row.id, storageKey: "k", format: "wav", sampleRate: 24_000, sampleCount: 1 },
      ...{ durationSeconds: 1, bytes: 600, sha256: "0".repeat(64) },
    });
    await ask({ storageBytes: 1000 }, 400);
    expect(await refusal(ask({ storageBytes: 1000 }, 401))).toMatchObject({
      quota: "STORAGE_BYTES",
      used: 600,
      remaining: 400,
    });
    expect((await refusal(submit({ storageBytes: 600 }, tenant, 1))).quota).toBe("STORAGE_BYTES");
    await queue.db.update(audioAssets).set({ deletedAt: new Date() });
    await submit({ storageBytes: 600 }, tenant, 1);
  });

  async function end(id: string): Promise<void> {
    const { eq } = await import("drizzle-orm");
    await queue.db
      .update(jobs)
      .set({
        status: "FAILED",
        stage: "DONE",
        finishedAt: new Date(),
        errorCode: "INTERNAL",
        errorMessage: "x",
      })
      .where(eq(jobs.id, id));
  }
});

describe("quotas over GraphQL", () => {
  it("are a key's own or everyone's, as a typed member of the result", async () => {
    const test = await createTestDatabase("embedded");
    const node = await startTestNode(test, {
      API_KEYS: "root:a-secret-of-16-chars:admin",
      QUOTA_CHARACTERS_PER_DAY: "50",
    });
    const ask = async (key: string, query: string) => {
      const response = await fetch(`${node.url}/graphql`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-API-Key": key },
        body: JSON.stringify({ query }),
      });
      return (await response.json()).data;
    };
    const { createApiKey } = await ask(
      "a-secret-of-16-chars",
      'mutation { createApiKey(input: { name: "small", scopes: [SYNTHESIZE], limits: { charactersPerDay: 10 } }) { __typename ... on IssuedApiKey { secret } } }',
    );
    const speak = (key: string, text: string) =>
      ask(
        key,
        `mutation { synthesize(input: { text: "${text}", voiceId: "af_heart" }) { __typename ... on QuotaExceededError { code quota limit used remaining resetsAt message } } }`,
      );
    const text = "Twenty characters ok";
    expect(await speak("a-secret-of-16-chars", text)).toEqual({ synthesize: { __typename: "SynthesisJob" } });
    expect(await speak(createApiKey.secret, text)).toEqual({
      synthesize: {
        __typename: "QuotaExceededError",
        ...{ code: "QUOTA_EXCEEDED", quota: "CHARACTERS_PER_DAY", limit: 10, used: 0, remaining: 10 },
        resetsAt: expect.stringMatching(/T00:00:00/),
        message: expect.stringContaining("10 of 10 left"),
      },
    });
    expect(await speak(createApiKey.secret, "Ten chars.")).toEqual({
      synthesize: { __typename: "SynthesisJob" },
    });
    await node.stop();
    await test.drop();
  });
});
