import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { watchJob } from "../../src/jobs/watch.ts";
import { type Body, bearer, post } from "../helpers/caller.ts";
import { openStage, type Stage, sentences } from "../synthesis/stream/stage.ts";

const ROOT = "root-secret-0123456789";
const OTHER = "other-secret-0123456789";

const CREATE_KEY = `mutation { createApiKey(input: { name: "leaving", scopes: [SYNTHESIZE], tenant: "default" }) {
  ... on IssuedApiKey { secret key { id } } } }`;
const REVOKE = "mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }";
const CANCEL = "mutation ($id: ID!) { cancelJob(id: $id) { __typename } }";
const SPEAK = `mutation ($input: SynthesizeInput!) { synthesize(input: $input) { __typename
  ... on SynthesisJob { id } ... on Error { code message } } }`;
const ACCEPTED = `{ auditLog(first: 100) { edges { node { action outcome targetId } } } }`;

/** The client as it is, told which header its option `idempotencyKey` goes into: it has none set. */
class IdempotentClient extends OpenAI {
  protected override idempotencyHeader = "Idempotency-Key";
}

describe("an Idempotency-Key", () => {
  let stage: Stage;
  let client: OpenAI;
  let keys = 0;
  const newKey = () => {
    keys += 1;
    return `greeting-${keys}`;
  };
  const clientOf = (apiKey: string, options: object = {}) =>
    new IdempotentClient({ baseURL: `${stage.url}/v1`, apiKey, maxRetries: 0, ...options });
  const asRoot = async (query: string, variables: object = {}): Promise<Body> =>
    (await post(stage.url, query, variables, bearer(ROOT))).body.data;

  beforeAll(async () => {
    const env = { API_KEYS: `root:${ROOT}:admin:tenant=default;other:${OTHER}:synthesize` };
    stage = await openStage(env);
    client = clientOf(ROOT);
  });
  afterAll(() => stage.close());

  const speech = (extra: object = {}) =>
    ({
      ...{ model: "tts-1", voice: "af_heart", input: sentences(2), response_format: "pcm" },
      ...extra,
    }) as OpenAI.Audio.SpeechCreateParams;
  const jobOf = ({ headers }: Response) => headers.get("x-speaker-job") ?? "";
  /** The job once it is in this state. */
  const until = async (id: string, status: string): Promise<void> => {
    const { db, bus } = stage.resources;
    for await (const job of await watchJob(db, bus, "default", id)) if (job.status === status) return;
    throw new Error(`the job never was ${status}`);
  };
  const failureOf = async (call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> =>
    await call.then(
      () => {
        throw new Error("it did not fail");
      },
      (error) => error,
    );

  it("gives the same job's audio for the same request, while it is spoken and afterwards", async () => {
    stage.gate.shut();
    const idempotencyKey = newKey();
    const calls = [1, 2].map(() => client.audio.speech.create(speech(), { idempotencyKey }));
    // As a header of its own it is the same.
    calls.push(client.audio.speech.create(speech(), { headers: { "Idempotency-Key": idempotencyKey } }));
    stage.gate.allow(2);
    const live = await Promise.all(calls);
    const heard = await Promise.all(live.map(async (each) => Buffer.from(await each.arrayBuffer())));
    await until(jobOf(live[0] as Response), "SUCCEEDED");
    const later = await client.audio.speech.create(speech(), { idempotencyKey });
    heard.push(Buffer.from(await later.arrayBuffer()));
    expect(heard[0]?.length).toBeGreaterThan(1_000);
    for (const bytes of heard) expect(bytes.equals(heard[0] as Buffer)).toBe(true);
    expect(new Set([...live, later].map(jobOf)).size).toBe(1);
    const entries: Body[] = (await asRoot(ACCEPTED)).auditLog.edges.map(({ node }: Body) => node);
    const accepted = entries.filter(
      ({ action, targetId }) => action === "synthesis.request" && targetId === jobOf(later),
    );
    expect(accepted).toMatchObject([{ outcome: "ACCEPTED" }]);
  });

  it("is the idempotencyKey of GraphQL", async () => {
    stage.gate.shut();
    stage.gate.allow(2);
    const idempotencyKey = newKey();
    const response = await client.audio.speech.create(speech(), { idempotencyKey });
    await response.arrayBuffer();
    const input = { text: sentences(2), voiceId: "af_heart", format: "PCM", idempotencyKey };
    expect((await asRoot(SPEAK, { input })).synthesize.id).toBe(jobOf(response));
    const other = { ...input, text: "Something else." };
    expect((await asRoot(SPEAK, { input: other })).synthesize).toMatchObject({
      __typename: "ConflictError",
      code: "CONFLICT",
    });
  });

  it("is of its tenant, and without one every request is a job of its own", async () => {
    stage.gate.shut();
    stage.gate.allow(2);
    const options = { idempotencyKey: newKey() };
    const plain = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: ROOT, maxRetries: 0 });
    const ids = new Set<string>();
    for (const call of [
      client.audio.speech.create(speech(), options),
      clientOf(OTHER).audio.speech.create(speech(), options),
      plain.audio.speech.create(speech()),
      plain.audio.speech.create(speech()),
    ]) {
      const response = await call;
      await response.arrayBuffer();
      ids.add(jobOf(response));
    }
    expect(ids.size).toBe(4);
  });

  it.each([
    ["another text", { input: sentences(3) }],
    ["another voice", { voice: "am_michael" }],
    ["another format", { response_format: "wav" }],
    ["another pace", { speed: 1.5 }],
  ])("with %s is a conflict, which the client does not try again", async (_name, extra) => {
    stage.gate.shut();
    stage.gate.allow(3);
    const options = { idempotencyKey: newKey() };
    await (await client.audio.speech.create(speech(), options)).arrayBuffer();
    const statuses: number[] = [];
    const counting = clientOf(ROOT, {
      maxRetries: 3,
      fetch: async (input: string, init: RequestInit) => {
        const response = await fetch(input, init);
        statuses.push(response.status);
        return response;
      },
    });
    const error = await failureOf(counting.audio.speech.create(speech(extra), options));
    expect(error).toBeInstanceOf(OpenAI.ConflictError);
    expect(error).toMatchObject({
      status: 409,
      code: "idempotency_key_reused",
      param: "Idempotency-Key",
      type: "invalid_request_error",
      message: expect.stringContaining("Idempotency-Key"),
    });
    expect(statuses).toEqual([409]);
    // How it is sent is no part of the job.
    const events = await client.audio.speech.create(speech({ stream_format: "sse" }), options);
    expect(await events.text()).toContain('"speech.audio.done"');
  });

  it.each([
    ["empty", ""],
    ["too long", "a".repeat(256)],
    ["with a space", "a b"],
    ["not of ASCII", "sch\u00f6n"],
    ["twice", "one, two"],
  ])("that is %s is refused by its name", async (_name, value) => {
    const call = client.audio.speech.create(speech(), { headers: { "Idempotency-Key": value } });
    const error = await failureOf(call);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code: "invalid_value", param: "Idempotency-Key" });
    expect(error.message).toMatch(/Idempotency-Key accepts 1 to 255 printable ASCII/);
  });

  it("keeps the job for a client that has lost its connection and comes back by itself", async () => {
    stage.gate.shut();
    const jobs: string[] = [];
    const sent: (string | null)[] = [];
    const losing = async (input: string, init: RequestInit) => {
      const broken = new AbortController();
      const response = await fetch(input, { ...init, signal: broken.signal });
      jobs.push(jobOf(response));
      sent.push(new Headers(init.headers).get("idempotency-key"));
      if (jobs.length > 1) return response;
      broken.abort();
      throw new TypeError("the connection was lost");
    };
    // It makes a key by itself where it is given none.
    const call = clientOf(ROOT, { maxRetries: 2, fetch: losing }).audio.speech.create(speech());
    stage.gate.allow(1);
    const response = await call;
    stage.gate.allow(1);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    expect(sent).toEqual([sent[0], sent[0]]);
    expect(sent[0]).toMatch(/^stainless-node-retry-/);
    expect(jobs).toEqual([jobs[0], jobs[0]]);
    await until(jobs[0] ?? "", "SUCCEEDED");
  });

  it("gives the job as it has ended, also when that was badly", async () => {
    stage.gate.shut();
    const options = { idempotencyKey: newKey() };
    const input = { text: sentences(2), voiceId: "af_heart", format: "PCM", ...options };
    const { id } = (await asRoot(SPEAK, { input })).synthesize;
    await asRoot(CANCEL, { id });
    const error = await failureOf(clientOf(ROOT, { maxRetries: 3 }).audio.speech.create(speech(), options));
    expect(error).toBeInstanceOf(OpenAI.ConflictError);
    expect(error).toMatchObject({ code: "cancelled", param: null });
    expect(error.headers?.get("x-should-retry")).toBe("false");
  });
});

describe("a client of the hosted API", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ API_KEYS: `root:${ROOT}:admin:tenant=default` });
  });
  afterAll(() => stage.close());

  const body = {
    ...{ model: "tts-1", voice: "af_heart" },
    ...({ response_format: "pcm" } as const),
  };
  const statusOf = async (id: string, wanted: string): Promise<void> => {
    const { db, bus } = stage.resources;
    for await (const { status } of await watchJob(db, bus, "default", id)) if (status === wanted) return;
    throw new Error(`the job never was ${wanted}`);
  };

  it.each(["audio", "sse"] as const)(
    "is cut off when its key is revoked, and its job goes: %s",
    async (way) => {
      stage.gate.shut();
      const { secret, key } = (await post(stage.url, CREATE_KEY, {}, bearer(ROOT))).body.data.createApiKey;
      const client = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: secret, maxRetries: 0 });
      const request = { ...body, input: sentences(3), stream_format: way };
      const call = client.audio.speech.create(request);
      stage.gate.allow(1);
      const response = await call;
      await post(stage.url, REVOKE, { id: key.id }, bearer(ROOT));
      await expect(response.arrayBuffer()).rejects.toThrow();
      await statusOf(response.headers.get("x-speaker-job") ?? "", "CANCELLED");
      await expect(client.audio.speech.create(request)).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    },
  );

  it("is told so when its key is revoked before the first byte", async () => {
    stage.gate.shut();
    const { secret, key } = (await post(stage.url, CREATE_KEY, {}, bearer(ROOT))).body.data.createApiKey;
    const client = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: secret, maxRetries: 0 });
    const failure = client.audio.speech.create({ ...body, input: sentences(1) }).catch((error) => error);
    // The key's last job runs, so its listener is there.
    const query = "{ jobs(first: 1) { edges { node { id status } } } }";
    for (let running = false; !running; ) {
      const { edges } = (await post(stage.url, query, {}, bearer(secret))).body.data.jobs;
      running = edges[0]?.node.status === "RUNNING";
    }
    await post(stage.url, REVOKE, { id: key.id }, bearer(ROOT));
    const error = await failure;
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({
      code: "invalid_api_key",
      message: expect.stringContaining("of this stream"),
    });
  });

  it("that has left before its job was accepted takes it along", async () => {
    stage.gate.shut();
    const input = "Gone before it began.";
    const text = JSON.stringify({ ...body, input });
    const { port } = new URL(stage.url);
    const lines = [
      "POST /v1/audio/speech HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${ROOT}`,
      "Content-Type: application/json",
      `Content-Length: ${text.length}`,
    ];
    // While it is held the database accepts nothing.
    await stage.resources.db.transaction(async () => {
      const asked = nextRequest();
      const socket = connect({ host: "127.0.0.1", port: Number(port) });
      socket.write(`${lines.join("\r\n")}\r\n\r\n${text}`);
      const { request, response } = await asked;
      await once(request, "end");
      socket.resetAndDestroy();
      await once(response, "close");
    });
    const query = "{ jobs(first: 1) { edges { node { id ... on SynthesisJob { text } } } } }";
    let id: string | undefined;
    while (id === undefined) {
      const { edges } = (await post(stage.url, query, {}, bearer(ROOT))).body.data.jobs;
      if (edges[0]?.node.text === input) id = edges[0].node.id;
    }
    await statusOf(id, "CANCELLED");
  });
});

/** The server's side of the next request. */
function nextRequest(): Promise<{ request: IncomingMessage; response: ServerResponse }> {
  return new Promise((resolve) => {
    const started = channel("http.server.request.start");
    const look = (message: unknown) => {
      started.unsubscribe(look);
      resolve(message as { request: IncomingMessage; response: ServerResponse });
    };
    started.subscribe(look);
  });
}
