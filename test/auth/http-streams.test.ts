import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordAudit } from "../../src/audit/audit.ts";
import { sealAudit } from "../../src/audit/seal.ts";
import type { JobRow } from "../../src/jobs/table.ts";
import { type Body, bearer, overEvents, post } from "../helpers/caller.ts";
import { createTestDatabase, describePostgres } from "../helpers/database.ts";
import { startTestNode } from "../helpers/node.ts";
import { OWNER, openStage, type Stage, sentences } from "../synthesis/stream/stage.ts";

const ROOT = "root-secret-0123456789";
const READER = "reader-secret-0123456789";

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on IssuedApiKey { secret key { id } } ... on Error { message } } }`;
const ROTATE = `mutation ($id: ID!, $grace: Int!) { rotateApiKey(id: $id, graceSeconds: $grace) { __typename } }`;
const REVOKE = "mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }";
const URLS = "query ($id: ID!) { job(id: $id) { ... on SynthesisJob { streamUrl } } }";

interface Key {
  readonly secret: string;
  readonly id: string;
}

const asRoot = async (url: string, query: string, variables: object): Promise<Body> =>
  (await post(url, query, variables, bearer(ROOT))).body.data;

async function createKey(url: string, input: object = {}): Promise<Key> {
  const fields = { name: "test", scopes: ["SYNTHESIZE"], tenant: "default", ...input };
  const { secret, key } = (await asRoot(url, CREATE, { input: fields })).createApiKey;
  return { secret, id: key.id };
}

const revoke = (url: string, { id }: Key) => asRoot(url, REVOKE, { id });

/**
 * The answer to one who listens and hears nothing yet. A node that takes one listener refuses the other of two, and by then
 * that one is there.
 */
async function waitingFor(ask: () => Promise<Response>): Promise<{ readonly answer: Promise<Response> }> {
  const both = [ask(), ask()];
  const first = await Promise.race(both.map(async (one, index) => ({ index, status: (await one).status })));
  expect(first.status).toBe(503);
  return { answer: both[1 - first.index] as Promise<Response> };
}

/** What is heard to the end; rejects when the connection is cut. */
async function heard(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return Buffer.concat(parts);
}

const ENDED = { error: { code: "UNAUTHENTICATED", message: expect.stringContaining("of this stream") } };
const is = (status: JobRow["status"]) => (job: JobRow) => job.status === status;

describe("what is heard over HTTP with a key", () => {
  let stage: Stage;
  beforeAll(async () => {
    const keys = `root:${ROOT}:admin:tenant=default;reader:${READER}:voices:read:tenant=default`;
    stage = await openStage({ API_KEYS: keys, STREAM_LISTENERS: "1" });
  });
  afterAll(() => stage.close());

  const addressOf = (job: JobRow) => `${stage.url}/audio/${job.id}?stream=1`;
  const open = async (url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
    (await once(get(url, { headers }), "response"))[0];
  const stored = async (job: JobRow) =>
    Buffer.from(await (await fetch(`${stage.url}/audio/${job.id}`, { headers: bearer(ROOT) })).arrayBuffer());

  const ends: Record<string, (key: Key) => Promise<unknown>> = {
    "is revoked": (key) => revoke(stage.url, key),
    "is rotated": ({ id }) => asRoot(stage.url, ROTATE, { id, grace: 0 }),
    expires: ({ id }) => asRoot(stage.url, ROTATE, { id, grace: 1 }),
  };

  it.each(Object.keys(ends))("is cut when the key %s, and the job goes on", async (name) => {
    const key = await createKey(stage.url);
    const job = await stage.submit(sentences(3));
    const opening = open(addressOf(job), bearer(key.secret));
    stage.gate.allow(1);
    const response = await opening;
    expect(response.statusCode).toBe(200);
    await ends[name]?.(key);
    await expect(heard(response)).rejects.toThrow("aborted");
    stage.gate.allow(2);
    await stage.until(job, is("SUCCEEDED"));
  });

  it.each(Object.keys(ends))("is refused when the key %s before there is anything", async (name) => {
    const key = await createKey(stage.url);
    const job = await stage.submit(sentences(1));
    const { answer } = await waitingFor(() => fetch(addressOf(job), { headers: bearer(key.secret) }));
    await ends[name]?.(key);
    const response = await answer;
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer realm="speaker"',
    ]);
    expect(await response.json()).toMatchObject(ENDED);
    stage.gate.allow(1);
    await stage.until(job, is("SUCCEEDED"));
  });

  it("is cut for one who takes nothing, too", async () => {
    const key = await createKey(stage.url);
    // Twenty megabytes: more than sockets hold.
    const job = await stage.submit(sentences(20, 400));
    stage.gate.allow(20);
    const response = await open(addressOf(job), bearer(key.secret));
    await revoke(stage.url, key);
    await expect(heard(response)).rejects.toThrow("aborted");
    await stage.until(job, is("SUCCEEDED"));
  });

  it("ends with it the job that goes with its listener", async () => {
    const key = await createKey(stage.url);
    const job = await stage.submit(sentences(2), { cancelOnDisconnect: true });
    const { answer } = await waitingFor(() => fetch(addressOf(job), { headers: bearer(key.secret) }));
    await revoke(stage.url, key);
    expect((await answer).status).toBe(401);
    await stage.until(job, is("CANCELLED"));
  });

  it("is cut with an export, too", async () => {
    const key = await createKey(stage.url, { scopes: ["AUDIT_READ"] });
    const { db } = stage.resources;
    // Ten megabytes: more than sockets hold.
    for (let i = 0; i < 200; i += 1) {
      await recordAudit(db, OWNER, {
        ...{ action: "synthesis.request", outcome: "ACCEPTED", targetType: "job", targetId: null },
        details: { text: "la ".repeat(17_000) },
      });
    }
    while ((await sealAudit(db)).length > 0);
    const response = await open(`${stage.url}/audit.jsonl`, bearer(key.secret));
    expect(response.statusCode).toBe(200);
    await revoke(stage.url, key);
    await expect(heard(response)).rejects.toThrow("aborted");
  });

  it("goes on when another key ends", async () => {
    const [key, other] = [await createKey(stage.url), await createKey(stage.url)];
    const job = await stage.submit(sentences(3));
    const opening = open(addressOf(job), bearer(key.secret));
    stage.gate.allow(1);
    const response = await opening;
    await revoke(stage.url, other);
    stage.gate.allow(2);
    const streamed = await heard(response);
    await stage.until(job, is("SUCCEEDED"));
    expect(streamed.subarray(44).equals((await stored(job)).subarray(44))).toBe(true);
  });

  it("goes on where a signature has opened it, whoever asked for the address", async () => {
    const key = await createKey(stage.url);
    const job = await stage.submit(sentences(3));
    const { body } = await post(stage.url, URLS, { id: job.id }, bearer(key.secret));
    // The key beside it opens nothing that the signature has not opened.
    const opening = open(body.data.job.streamUrl, bearer(key.secret));
    stage.gate.allow(1);
    const response = await opening;
    await revoke(stage.url, key);
    stage.gate.allow(2);
    const streamed = await heard(response);
    await stage.until(job, is("SUCCEEDED"));
    expect(streamed.subarray(44).equals((await stored(job)).subarray(44))).toBe(true);
    // Nor does one that holds no longer close it.
    expect((await open(body.data.job.streamUrl, bearer(key.secret))).statusCode).toBe(200);
  });

  it("opens to keys of the tenant that may synthesise, and to no others", async () => {
    const foreign = await createKey(stage.url, { tenant: "elsewhere" });
    const job = await stage.submit(sentences(1));
    const statuses: number[] = [];
    for (const headers of [{}, bearer("nobody-0123456789"), bearer(READER), bearer(foreign.secret)]) {
      statuses.push((await fetch(addressOf(job), { headers })).status);
    }
    expect(statuses).toEqual([401, 401, 403, 404]);
    stage.gate.allow(1);
    await stage.until(job, is("SUCCEEDED"));
  });
});

describe("what is heard of an open service", () => {
  it("ends when the first key closes it", async () => {
    const stage = await openStage({ STREAM_LISTENERS: "1" });
    const job = await stage.submit(sentences(1));
    const { answer } = await waitingFor(() => fetch(`${stage.url}/audio/${job.id}?stream=1`));
    await post(stage.url, CREATE, { input: { name: "first", scopes: ["ADMIN"] } });
    const response = await answer;
    expect([response.status, await response.json()]).toMatchObject([401, ENDED]);
    await stage.close();
  });
});

describePostgres("what is heard of a fleet with a key", () => {
  it("ends on every node when the key is revoked on one", async () => {
    const test = await createTestDatabase("postgres");
    // Without a worker jobs wait for ever, and so do those who listen to them.
    const env = { API_KEYS: `root:${ROOT}:admin:tenant=default`, ROLE: "api", STREAM_LISTENERS: "1" };
    const nodes = await Promise.all([startTestNode(test, env), startTestNode(test, env)]);
    const [one, two] = nodes.map(({ url }) => url) as [string, string];
    const key = await createKey(one);
    const speak = `mutation { synthesize(input: { text: "Wait for me.", voiceId: "af_heart" }) { ... on SynthesisJob { id } } }`;
    const { id } = (await post(one, speak, {}, bearer(key.secret))).body.data.synthesize;
    const { answer } = await waitingFor(() =>
      fetch(`${two}/audio/${id}?stream=1`, { headers: bearer(key.secret) }),
    );
    const results: Body[] = [];
    const follow = `subscription { jobProgress(id: "${id}") { id } }`;
    for await (const result of overEvents(two, follow, bearer(key.secret))) {
      results.push(result);
      if (results.length === 1) await revoke(one, key);
    }
    expect(results[1].errors[0].extensions.code).toBe("UNAUTHENTICATED");
    const response = await answer;
    expect([response.status, await response.json()]).toMatchObject([401, ENDED]);
    await Promise.all(nodes.map((node) => node.stop()));
    await test.drop();
  });
});
