import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createTestDatabase, describePostgres, type TestDatabase } from "../helpers/database.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

const PROXY = { TRUSTED_PROXIES: "loopback" };
/** Every test is a caller of its own, told apart by the address that the trusted proxy states. */
let last = 0;
const caller = () => {
  last += 1;
  return `203.0.113.${last}`;
};

const post = (node: TestNode, ip: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${node.url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Forwarded-For": ip, ...headers },
    body: JSON.stringify({ query }),
  });

const headersOf = (response: Response) =>
  ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"].map((name) =>
    response.headers.get(name),
  );

const SPEAK = `synthesize(input: { text: "Hello.", voiceId: "af_heart" }) { ... on SynthesisJob { id } ... on Error { code } }`;

function overWebSocket(node: TestNode, ip: string, payload?: Record<string, unknown>) {
  class FromAddress extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: { "X-Forwarded-For": ip } });
    }
  }
  return createClient({
    url: `${node.url.replace("http", "ws")}/graphql`,
    webSocketImpl: FromAddress,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    ...(payload !== undefined && { connectionParams: payload }),
  });
}

async function errorsOf(iterable: AsyncIterable<{ errors?: unknown }>): Promise<unknown> {
  try {
    for await (const { errors } of iterable) return errors ?? null;
  } catch (errors) {
    return errors;
  }
  return null;
}

describe("rate limits", () => {
  let test: TestDatabase;
  let node: TestNode;
  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    node = await startTestNode(test, {
      ...PROXY,
      RATE_LIMIT_PER_MINUTE: "10",
      BATCH_LIMIT: "5",
      API_KEYS: "bot:a-secret-of-16-chars:admin",
      AUTH: "open",
    });
  });
  afterAll(async () => {
    await node.stop();
    await test.drop();
  });

  it("admit exactly the limit, however many come at once, and tell when to come again", async () => {
    const ip = caller();
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(node, ip, "{ __typename }")));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(20);
    for (const answer of refused) {
      const [limit, remaining, reset, retry] = headersOf(answer);
      expect([limit, remaining]).toEqual(["10", "0"]);
      expect(Number(retry)).toBe(Number(reset));
      expect(Number(retry)).toBeGreaterThan(0);
      expect(Number(retry)).toBeLessThanOrEqual(60);
      expect(await answer.json()).toEqual({
        errors: [
          {
            message: expect.stringContaining("Try again in"),
            extensions: {
              code: "RATE_LIMITED",
              retryAfterSeconds: Number(retry),
              requestId: answer.headers.get("x-request-id"),
              timestamp: expect.any(String),
            },
          },
        ],
      });
    }
  });

  it("show what is left with every answer, also when the request was no good", async () => {
    const ip = caller();
    expect(headersOf(await post(node, ip, "{ __typename }"))).toEqual([
      "10",
      "9",
      expect.stringMatching(/^(?:60|5\d)$/),
      null,
    ]);
    expect(headersOf(await post(node, ip, "{"))[1]).toBe("8");
    expect(headersOf(await post(node, ip, "{ nothing }"))[1]).toBe("7");
    const other = await post(node, caller(), "{ __typename }");
    expect(headersOf(other)[1]).toBe("9");
  });

  it("charge weighted fields for each call, through aliases and fragments", async () => {
    const ip = caller();
    const one = await post(node, ip, `mutation { ${SPEAK} }`);
    expect((await one.json()).data.synthesize.id).toBeTypeOf("string");
    expect(headersOf(one)[1]).toBe("8");
    const three = `mutation { a: ${SPEAK} ...More } fragment More on Mutation { b: ${SPEAK} c: ${SPEAK} }`;
    expect(headersOf(await post(node, ip, three))[1]).toBe("4");
    // 1 for the request fits, 4 for the calls do not: none of them is made.
    const tooMuch = await post(node, ip, `mutation { a: ${SPEAK} b: ${SPEAK} c: ${SPEAK} d: ${SPEAK} }`);
    expect(tooMuch.status).toBe(429);
    const body = await tooMuch.json();
    expect(body.data ?? null).toBeNull();
    expect(body.errors[0].extensions).toMatchObject({
      code: "RATE_LIMITED",
      retryAfterSeconds: expect.any(Number),
    });
    expect(Number(tooMuch.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("leave it to GraphQL to tell what is wrong with arguments", async () => {
    const answer = await post(
      node,
      caller(),
      "mutation ($input: SynthesizeInput!) { synthesize(input: $input) { __typename } }",
    );
    const { errors } = await answer.json();
    expect(errors[0].message).toContain("$input");
    expect(errors[0].extensions.code).toBe("BAD_REQUEST");
  });

  it("count every operation of a batch", async () => {
    const ip = caller();
    const batch = (length: number) =>
      fetch(`${node.url}/graphql`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Forwarded-For": ip },
        body: JSON.stringify(Array.from({ length }, () => ({ query: "{ __typename }" }))),
      });
    const first = await batch(5);
    expect(await first.json()).toHaveLength(5);
    expect(headersOf(first)[1]).toBe("5");
    expect((await batch(6)).status).toBe(413);
    expect((await batch(5)).status).toBe(429);
  });

  it("give a key a count of its own", async () => {
    const ip = caller();
    const key = { Authorization: "Bearer a-secret-of-16-chars" };
    for (let i = 0; i < 10; i += 1) await post(node, ip, "{ __typename }");
    expect((await post(node, ip, "{ __typename }")).status).toBe(429);
    expect((await post(node, ip, "{ __typename }", key)).status).toBe(200);
    // From elsewhere it is the same key.
    expect(headersOf(await post(node, caller(), "{ __typename }", key))[1]).toBe("8");
  });

  it("count guesses at keys for the address they come from", async () => {
    const ip = caller();
    const statuses = [];
    for (let i = 0; i < 12; i += 1) {
      statuses.push((await post(node, ip, "{ __typename }", { "X-API-Key": `spk_guess_${i}` })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it("count WebSockets and every operation over them, subscriptions included", async () => {
    const ip = caller();
    const client = overWebSocket(node, ip);
    // 1 for the connection, 1 for each operation.
    for (let i = 0; i < 9; i += 1) {
      expect(await errorsOf(client.iterate({ query: "{ __typename }" }))).toBeNull();
    }
    const refusal = [
      expect.objectContaining({
        extensions: expect.objectContaining({ code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) }),
      }),
    ];
    expect(await errorsOf(client.iterate({ query: "{ __typename }" }))).toEqual(refusal);
    const follow = 'subscription { jobProgress(id: "0190a000-0000-7000-8000-00000000dead") { id } }';
    expect(await errorsOf(client.iterate({ query: follow }))).toEqual(refusal);
    await client.dispose();
    const handshake = await new Promise((resolve) => {
      const socket = new WebSocket(`${node.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
        headers: { "X-Forwarded-For": ip },
      });
      socket.once("unexpected-response", (_request, response) => {
        resolve([response.statusCode, Number(response.headers["retry-after"]) > 0]);
        response.resume();
      });
      socket.once("open", () => resolve("open"));
      socket.on("error", () => {});
    });
    expect(handshake).toEqual([429, true]);
  });

  it("charge weighted fields over a WebSocket too, which stays open", async () => {
    const ip = caller();
    const client = overWebSocket(node, ip);
    const query = `mutation { ${Array.from({ length: 10 }, (_, i) => `a${i}: ${SPEAK}`).join(" ")} }`;
    expect(await errorsOf(client.iterate({ query }))).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: "RATE_LIMITED" }) }),
    ]);
    expect(await errorsOf(client.iterate({ query: "{ __typename }" }))).toBeNull();
    await client.dispose();
  });

  it("count subscriptions over server-sent events", async () => {
    const ip = caller();
    const follow = 'subscription { jobProgress(id: "0190a000-0000-7000-8000-00000000dead") { id } }';
    for (let i = 0; i < 10; i += 1)
      await (await post(node, ip, follow, { Accept: "text/event-stream" })).text();
    expect((await post(node, ip, follow, { Accept: "text/event-stream" })).status).toBe(429);
  });

  it("do not concern probes", async () => {
    const ip = caller();
    for (let i = 0; i < 12; i += 1) await post(node, ip, "{ __typename }");
    const probe = await fetch(`${node.url}/healthz`, { headers: { "X-Forwarded-For": ip } });
    expect(probe.status).toBe(200);
  });
});

describePostgres("rate limits of a fleet", () => {
  it("hold for all nodes together, and by the limit of the key", async () => {
    const test = await createTestDatabase("postgres");
    const env = {
      ...PROXY,
      ROLE: "api",
      RATE_LIMIT_PER_MINUTE: "20",
      API_KEYS: "root:a-secret-of-16-chars:admin",
      KEY_PEPPER: "p".repeat(32),
    };
    const nodes = [await startTestNode(test, env), await startTestNode(test, env)];
    const [first] = nodes as [TestNode];
    const made = await post(
      first,
      caller(),
      'mutation { createApiKey(input: { name: "slow", scopes: [VOICES_READ], limits: { requestsPerMinute: 7 } }) { __typename ... on IssuedApiKey { secret } ... on Error { message } } }',
      { Authorization: "Bearer a-secret-of-16-chars" },
    );
    const { data } = await made.json();
    const secret = data?.createApiKey?.secret as string;
    expect(secret, JSON.stringify(data)).toBeTypeOf("string");
    const flood = async (headers: Record<string, string>) => {
      const ip = caller();
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, i) => post(nodes[i % 2] as TestNode, ip, "{ __typename }", headers)),
      );
      return answers.filter(({ status }) => status !== 429).length;
    };
    expect(await flood({})).toBe(20);
    expect(await flood({ "X-API-Key": secret })).toBe(7);
    await Promise.all(nodes.map((node) => node.stop()));
    await test.drop();
  });
});
