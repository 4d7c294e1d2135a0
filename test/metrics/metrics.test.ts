import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Synthesize } from "../../src/client/operations.ts";
import { bearer, overEvents, overWebSocket, post } from "../helpers/caller.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode, useTestNode } from "../helpers/node.ts";

const scrape = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
};

/** Sum of the samples of one metric whose labels hold all of these. */
function total(text: string, name: string, ...labels: string[]): number {
  return text
    .split("\n")
    .filter(
      (line) => new RegExp(`^${name}(\\{|\\s)`).test(line) && labels.every((label) => line.includes(label)),
    )
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

describe("metrics of a node", () => {
  const node = useTestNode("embedded", { RATE_LIMIT_PER_MINUTE: "0" });

  it("count a synthesis from its place in the queue to its audio", async () => {
    const text = "Numbers tell how it went. They tell it for each utterance.";
    const { synthesize } = await node.client.request(Synthesize, { input: { text, voiceId: "af_heart" } });
    if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.__typename);
    const { audio } = await finished(node.client, synthesize.id);
    const { status, type, text: metrics } = await scrape(node.url);
    expect(status).toBe(200);
    expect(type).toMatch("text/plain");
    expect(total(metrics, "speaker_jobs_total", 'kind="SYNTHESIS"', 'outcome="succeeded"')).toBe(1);
    expect(total(metrics, "speaker_characters_total")).toBe(text.length);
    expect(total(metrics, "speaker_audio_seconds_total")).toBeCloseTo(audio?.durationSeconds ?? 0, 3);
    expect(total(metrics, "speaker_job_queue_wait_seconds_count")).toBe(1);
    expect(total(metrics, "speaker_job_first_audio_seconds_count")).toBe(1);
    const first = total(metrics, "speaker_job_first_audio_seconds_sum");
    const processing = total(metrics, "speaker_job_processing_seconds_sum");
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(processing + total(metrics, "speaker_job_queue_wait_seconds_sum"));
    expect(total(metrics, "speaker_utterances_total", 'outcome="spoken"')).toBeGreaterThan(0);
    expect(total(metrics, "speaker_real_time_factor_count")).toBe(
      total(metrics, "speaker_utterances_total", 'outcome="spoken"'),
    );
    expect(total(metrics, "speaker_pool_members", 'state="ready"')).toBe(1);
    expect(total(metrics, "speaker_model_load_seconds")).toBeGreaterThan(0);
    expect(total(metrics, "speaker_queue_limit_jobs")).toBe(1000);
    expect(total(metrics, "speaker_health_check", 'check="database"')).toBe(1);
    expect(metrics).toMatch(/^process_cpu_seconds_total/m);
    expect(metrics).toMatch(/^nodejs_eventloop_lag_p99_seconds/m);
  });

  it("count operations by name, errors by code, and what mutations were refused for", async () => {
    await post(node.url, "query Named { __typename }");
    await post(node.url, "{ nothing }");
    await post(node.url, "{");
    await post(node.url, 'mutation { cancelJob(id: "x") { __typename } }');
    await post(node.url, "fragment F on Query { __typename } query Behind { ...F }");
    const { text } = await scrape(node.url);
    const operations = "speaker_graphql_operation_duration_seconds_count";
    expect(total(text, operations, 'operation="Named"', 'type="query"')).toBe(1);
    expect(total(text, operations, 'operation="Behind"', 'type="query"')).toBe(1);
    expect(total(text, operations, 'operation="anonymous"', 'type="mutation"')).toBe(1);
    expect(total(text, "speaker_graphql_errors_total", 'code="BAD_REQUEST"')).toBe(2);
    expect(total(text, "speaker_graphql_errors_total")).toBe(2);
    expect(
      total(text, "speaker_graphql_mutation_failures_total", 'mutation="cancelJob"', 'code="NOT_FOUND"'),
    ).toBe(1);
    expect(total(text, "speaker_http_requests_total", 'route="/graphql"', 'status="400"')).toBe(2);
  });

  it("grow no series for names and paths that clients make up", async () => {
    for (let i = 0; i < 150; i++) {
      await post(node.url, `query Made${i} { __typename }`);
      await fetch(`${node.url}/made-up-${i}`);
    }
    const { text } = await scrape(node.url);
    const names = new Set([...text.matchAll(/operation="(\w+)"/g)].map(([, name]) => name));
    expect(names.size).toBeLessThan(80);
    expect(text).not.toContain("made-up");
    expect(total(text, "speaker_http_requests_total", 'route="other"', 'status="404"')).toBe(150);
  });

  it("count sockets and subscriptions while they are open, over both transports", async () => {
    const open = async () => {
      const { text } = await scrape(node.url);
      return [total(text, "speaker_websockets_open"), total(text, "speaker_graphql_subscriptions_open")];
    };
    const socket = overWebSocket(node.url, "subscription Watch { metrics(intervalMs: 250) { nodeId } }");
    const events = overEvents(node.url, "subscription { metrics(intervalMs: 250) { nodeId } }");
    await Promise.all([socket.next(), events.next()]);
    expect(await open()).toEqual([1, 2]);
    await Promise.all([socket.return(undefined), events.return(undefined)]);
    await expect.poll(open, { timeout: 20_000 }).toEqual([0, 0]);
  });

  it("are the same over GraphQL, once and as a stream", async () => {
    const fields =
      "nodeId uptimeSeconds cpuRatio residentBytes eventLoop { p99Seconds } memoryTotalBytes queue { waiting limit } pool { state members realTimeFactor } characters jobs { kind outcome count } graphqlErrors { code count } queueWaitSeconds { count p95 } firstAudioSeconds { count p50 } gpus { name }";
    const { body } = await post(node.url, `{ metrics { ${fields} } }`);
    const { text } = await scrape(node.url);
    const { metrics } = body.data;
    expect(metrics.characters).toBe(total(text, "speaker_characters_total"));
    expect(metrics.pool).toMatchObject({ state: "ready", members: 1 });
    expect(metrics.jobs).toEqual([{ kind: "SYNTHESIS", outcome: "succeeded", count: 1 }]);
    expect(metrics.firstAudioSeconds).toEqual({ count: 1, p50: expect.any(Number) });
    expect(text).toContain(`node="${metrics.nodeId}"`);
    const seen: { uptimeSeconds: number }[] = [];
    for await (const { data } of overWebSocket(
      node.url,
      "subscription { metrics(intervalMs: 250) { uptimeSeconds nodeId } }",
    )) {
      seen.push(data.metrics);
      if (seen.length === 4) break;
    }
    expect(seen.map(({ uptimeSeconds }) => uptimeSeconds)).toEqual(
      seen.map(({ uptimeSeconds }) => uptimeSeconds).sort((a, b) => a - b),
    );
  });

  it.each([249, 60_001, -1])("refuse an interval of %i ms", async (intervalMs) => {
    const stream = overWebSocket(node.url, `subscription { metrics(intervalMs: ${intervalMs}) { nodeId } }`);
    const { value } = await stream.next();
    expect(value.errors[0].extensions.code).toBe("INVALID_INPUT");
    await stream.return(undefined);
  });
});

describe("metrics where keys are needed", () => {
  const ADMIN = "operator-key-of-the-tests-0001";
  const SPEAKER = "speaker-key-of-the-tests-00001";
  const TOKEN = "token-of-the-scraper-0001";
  const API_KEYS = `ops:${ADMIN}:admin;app:${SPEAKER}:synthesize`;
  let database: TestDatabase;
  let node: TestNode;
  const start = async (env: NodeJS.ProcessEnv) => {
    database = await createTestDatabase("embedded");
    node = await startTestNode(database, { API_KEYS, ...env });
  };
  const stop = async () => {
    await node.stop();
    await database.drop();
  };

  describe("without a token", () => {
    beforeAll(() => start({}));
    afterAll(stop);
    it("open to this machine and to operators; a proxy's callers need a key", async () => {
      const forwarded = { "X-Forwarded-For": "203.0.113.9" };
      expect((await scrape(node.url)).status).toBe(200);
      expect((await scrape(node.url, forwarded)).status).toBe(401);
      expect((await scrape(node.url, { ...forwarded, ...bearer(SPEAKER) })).status).toBe(403);
      expect((await scrape(node.url, { ...forwarded, ...bearer(ADMIN) })).status).toBe(200);
      const { body } = await post(node.url, "{ metrics { nodeId } }", {}, bearer(SPEAKER));
      expect(body.errors[0].extensions.code).toBe("FORBIDDEN");
    });
  });

  describe("with a token", () => {
    beforeAll(() => start({ METRICS_TOKEN: TOKEN }));
    afterAll(stop);
    it("open to the token and to operators only", async () => {
      expect((await scrape(node.url)).status).toBe(401);
      expect((await scrape(node.url, bearer(TOKEN))).status).toBe(200);
      expect((await scrape(node.url, bearer(`${TOKEN}x`))).status).toBe(401);
      expect((await scrape(node.url, bearer(ADMIN))).status).toBe(200);
    });
  });
});
