import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SpeakerClient } from "../../src/client/client.ts";
import { Synthesize } from "../../src/client/operations.ts";
import type { Database } from "../../src/db/client.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { reportLatency, reportUsage } from "../../src/usage/report.ts";
import { recordUsage } from "../../src/usage/usage.ts";
import { bearer, post } from "../helpers/caller.ts";
import { createTestDatabase, describeDatabases, type TestDatabase, testConfig } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

const ADMIN = "operator-key-of-the-tests-0001";
const ONE = "first-key-of-the-tests-0000001";
const TWO = "second-key-of-the-tests-000001";

describeDatabases("Usage", (kind) => {
  let database: TestDatabase;
  let node: TestNode;
  beforeAll(async () => {
    database = await createTestDatabase(kind);
    node = await startTestNode(database, {
      API_KEYS: `ops:${ADMIN}:admin;one:${ONE}:synthesize;two:${TWO}:synthesize`,
    });
  });
  afterAll(async () => {
    await node.stop();
    await database.drop();
  });

  const USAGE = `query ($groupBy: UsageGroup, $tenant: String) { usage(groupBy: $groupBy, tenant: $tenant) {
    key name jobs succeeded failed cancelled characters audioSeconds computeSeconds } }`;
  const usage = async (key: string, variables: object) =>
    (await post(node.url, USAGE, variables, bearer(key))).body.data.usage;

  it("counts ended jobs by day, key, voice and language, for operators and for each tenant", async () => {
    const speak = async (key: string, text: string, voiceId: string) => {
      const client = new SpeakerClient(node.url, { apiKey: key });
      const { synthesize } = await client.request(Synthesize, { input: { text, voiceId } });
      if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.__typename);
      return await finished(client, synthesize.id);
    };
    const done = [
      await speak(ONE, "One.", "af_heart"),
      await speak(ONE, "Two words.", "bf_emma"),
      await speak(TWO, "Three small words.", "af_heart"),
    ];
    const seconds = done.map(({ audio }) => audio?.durationSeconds ?? 0);
    const big = (
      await post(
        node.url,
        'mutation { synthesize(input: { text: "' +
          "Cancel me. ".repeat(500) +
          '", voiceId: "if_sara" }) { ... on SynthesisJob { id } } }',
        {},
        bearer(TWO),
      )
    ).body.data.synthesize.id;
    await post(node.url, `mutation { cancelJob(id: "${big}") { __typename } }`, {}, bearer(TWO));

    const [day, ...noMore] = await usage(ADMIN, {});
    expect(noMore).toEqual([]);
    expect(day).toMatchObject({ jobs: 4, succeeded: 3, failed: 0, cancelled: 1, characters: 4 + 10 + 18 });
    expect(day.key).toBe(new Date().toISOString().slice(0, 10));
    expect(day.audioSeconds).toBeCloseTo(
      seconds.reduce((a, b) => a + b),
      6,
    );
    expect(day.computeSeconds).toBeGreaterThan(0);

    const byVoice = await usage(ADMIN, { groupBy: "VOICE" });
    expect(byVoice.map(({ key, jobs }: { key: string; jobs: number }) => [key, jobs])).toEqual([
      ["af_heart", 2],
      ["bf_emma", 1],
      ["if_sara", 1],
    ]);
    expect(byVoice[0].audioSeconds).toBeCloseTo((seconds[0] ?? 0) + (seconds[2] ?? 0), 6);
    const byLanguage = await usage(ADMIN, { groupBy: "LANGUAGE" });
    expect(byLanguage.map(({ key }: { key: string }) => key)).toEqual(["en-US", "en-GB", "it"]);
    const byKey = await usage(ADMIN, { groupBy: "KEY" });
    expect(byKey.map(({ name, jobs }: { name: string; jobs: number }) => [name, jobs])).toEqual([
      ["one", 2],
      ["two", 2],
    ]);
    // A tenant sees its own, whatever it asks for.
    const own = await usage(ONE, { groupBy: "KEY", tenant: "two" });
    expect(own.map(({ name }: { name: string }) => name)).toEqual(["one"]);
    expect((await usage(ADMIN, { groupBy: "KEY", tenant: "two" }))[0]).toMatchObject({
      name: "two",
      cancelled: 1,
    });
  });

  it("tells how long jobs took, from their rows", async () => {
    const query =
      "{ latency { jobs queueWait { p50 p95 max } processing { p50 p99 max } total { p50 max } } }";
    const { latency } = (await post(node.url, query, {}, bearer(ADMIN))).body.data;
    expect(latency.jobs).toBe(3);
    expect(latency.queueWait.p50).toBeGreaterThanOrEqual(0);
    expect(latency.processing.p50).toBeGreaterThan(0);
    expect(latency.total.max).toBeGreaterThanOrEqual(latency.processing.max);
    const none = await post(
      node.url,
      '{ latency(to: "2020-01-01T00:00:00.000Z") { jobs total { p50 } } }',
      {},
      bearer(ADMIN),
    );
    expect(none.body.data.latency).toEqual({ jobs: 0, total: { p50: null } });
  });

  it.each([
    ['from: "2026-01-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z"'],
    ['from: "2020-01-01T00:00:00.000Z", to: "2025-01-01T00:00:00.000Z"'],
  ])("refuses the range %s", async (range) => {
    const { body } = await post(node.url, `{ usage(${range}) { key } }`, {}, bearer(ADMIN));
    expect(body.errors[0].extensions.code).toBe("INVALID_INPUT");
  });
});

describeDatabases("Percentiles and sums", (kind) => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    database = await openMigratedDatabase(testConfig(test));
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it("are exact over known jobs", async () => {
    await database.db.execute(sql`
      insert into jobs (id, kind, status, stage, max_attempts, input, request_id, created_at, queued_at, started_at, finished_at)
      select gen_random_uuid(), 'SYNTHESIS', 'SUCCEEDED', 'DONE', 1, '{}', 'r', t, t, t + n * interval '1 second', t + 3 * n * interval '1 second'
      from generate_series(0, 100) n, (select now() - interval '1 hour' as t) base`);
    const range = { from: new Date(Date.now() - 7_200_000), to: new Date(), tenant: null };
    expect(await reportLatency(database.db, range)).toEqual({
      jobs: 101,
      queueWait: { p50: 50, p90: 90, p95: 95, p99: 99, max: 100 },
      processing: { p50: 100, p90: 180, p95: 190, p99: 198, max: 200 },
      total: { p50: 150, p90: 270, p95: 285, p99: 297, max: 300 },
    });
    expect((await reportLatency(database.db, { ...range, tenant: "nobody" })).jobs).toBe(0);
  });

  it("stay exact when many jobs of one key end at once", async () => {
    const ended = {
      ...{ tenant: "t", keyId: null, keyName: "k", voiceId: "af_heart", language: "en-US" },
      ...{ status: "SUCCEEDED" as const, characters: 3, audioSeconds: 0.25, computeSeconds: 0.5 },
    } as const;
    await Promise.all(
      Array.from({ length: 60 }, () => database.db.transaction((tx) => recordUsage(tx, ended))),
    );
    await database.db.transaction((tx) => recordUsage(tx, { ...ended, status: "FAILED" }));
    const range = { from: new Date(), to: new Date(), tenant: "t" };
    expect(await reportUsage(database.db, range, "KEY")).toEqual([
      {
        key: "",
        name: "k",
        jobs: 61,
        succeeded: 60,
        failed: 1,
        cancelled: 0,
        characters: 180,
        audioSeconds: 15,
        computeSeconds: 30,
      },
    ]);
  });
});
