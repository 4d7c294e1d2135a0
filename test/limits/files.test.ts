import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SpeakerClient } from "../../src/client/client.ts";
import { FETCHES_PER_REQUEST } from "../../src/limits/rate-limit.ts";
import { bearer, post } from "../helpers/caller.ts";
import { createTestDatabase, describePostgres, type TestDatabase } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

const PER_MINUTE = 10;
const FETCHES = PER_MINUTE * FETCHES_PER_REQUEST;
const ALICE = "alice-secret-0123456789";
const env = { TRUSTED_PROXIES: "loopback", API_KEYS: `alice:${ALICE}:synthesize` };

/** Every test is a caller of its own, told apart by the address that the trusted proxy states. */
let last = 0;
const caller = () => {
  last += 1;
  return { "X-Forwarded-For": `203.0.113.${last}` };
};
const limitsOf = ({ headers }: Response) =>
  ["ratelimit-limit", "ratelimit-remaining"].map((name) => headers.get(name));
const statusOf = async (response: Response) => {
  await response.arrayBuffer();
  return response.status;
};

const SPEAK = `mutation ($text: String!) { synthesize(input: { text: $text, voiceId: "af_heart", format: WAV }) {
  ... on SynthesisJob { id streamUrl } } }`;

describe("fetches of files", () => {
  let test: TestDatabase;
  let node: TestNode;
  let address = "";

  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    // Made before anything is counted, by a node of its own.
    const maker = await startTestNode(test, { ...env, KEY_PEPPER: "p".repeat(32) });
    const made = await post(maker.url, SPEAK, { text: "To be heard in many parts." }, bearer(ALICE));
    const { id } = made.body.data.synthesize;
    const { audio } = await finished(new SpeakerClient(maker.url, { apiKey: ALICE }), id);
    const { pathname, search } = new URL(audio?.url ?? "");
    address = pathname + search;
    await maker.stop();
    node = await startTestNode(test, {
      ...env,
      KEY_PEPPER: "p".repeat(32),
      RATE_LIMIT_PER_MINUTE: String(PER_MINUTE),
    });
  });
  afterAll(async () => {
    await node.stop();
    await test.drop();
  });

  const get = (path: string, headers: Record<string, string>, method = "GET") =>
    fetch(node.url + path, { method, headers });
  const ask = (headers: Record<string, string>) => post(node.url, "{ __typename }", {}, headers);

  it("let a player have its ranges, and leave its page what it may ask", async () => {
    const player = caller();
    const parts: Buffer[] = [];
    for (let start = 0; start < FETCHES; start += 1) {
      const response = await get(address, { ...player, Range: `bytes=${start}-${start}` });
      expect(response.status).toBe(206);
      parts.push(Buffer.from(await response.arrayBuffer()));
    }
    expect(Buffer.concat(parts).toString("latin1").slice(0, 4)).toBe("RIFF");
    expect((await ask(player)).headers.get("ratelimit-remaining")).toBe(String(PER_MINUTE - 1));
  });

  it("go on when the page has asked all that it may", async () => {
    const player = caller();
    for (let i = 0; i < PER_MINUTE; i += 1) await ask(player);
    expect((await ask(player)).status).toBe(429);
    const response = await get(address, { ...player, Range: "bytes=0-9" });
    expect([await statusOf(response), ...limitsOf(response)]).toEqual([
      206,
      String(FETCHES),
      String(FETCHES - 1),
    ]);
  });

  it("are admitted exactly up to the limit, by address where a signature opens them", async () => {
    const flood = caller();
    const answers = await Promise.all(
      Array.from({ length: FETCHES + 20 }, () => get(address, flood, "HEAD")),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(FETCHES);
    expect(refused).toHaveLength(20);
    const response = await get(address, flood);
    const seconds = Number(response.headers.get("retry-after"));
    expect(limitsOf(response)).toEqual([String(FETCHES), "0"]);
    expect(seconds).toBe(Number(response.headers.get("ratelimit-reset")));
    expect(seconds).toBeGreaterThan(0);
    expect([response.status, await response.json()]).toEqual([
      429,
      {
        error: {
          code: "RATE_LIMITED",
          message: expect.stringContaining("Try again in"),
          retryAfterSeconds: seconds,
          requestId: response.headers.get("x-request-id"),
          timestamp: expect.any(String),
        },
      },
    ]);
    expect(await statusOf(await get(address, caller()))).toBe(200);
  });

  it("count for the key, if there is one, from wherever it comes", async () => {
    const bare = address.replace(/\?.*/, "");
    const first = await get(bare, { ...caller(), ...bearer(ALICE) });
    const second = await get(bare, { ...caller(), "X-API-Key": ALICE });
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
    expect([limitsOf(first)[1], limitsOf(second)[1]]).toEqual([String(FETCHES - 1), String(FETCHES - 2)]);
  });

  it("count a key that does not hold as the guess it is", async () => {
    const guesser = caller();
    const statuses: number[] = [];
    for (let i = 0; i < PER_MINUTE + 2; i += 1) {
      const guess = { ...guesser, ...bearer(`guess-0123456789-${i}`) };
      statuses.push(await statusOf(await get("/audio/0190a000-0000-7000-8000-00000000dead", guess)));
    }
    expect(statuses).toEqual([...Array(PER_MINUTE).fill(401), 429, 429]);
    expect((await ask(guesser)).status).toBe(429);
  });

  it.each([
    ["/audio/x", FETCHES, 1],
    ["/audio/x.srt", FETCHES, 1],
    ["/audio/x.vtt", FETCHES, 1],
    ["/voices/af_heart/preview/en-US", FETCHES, 1],
    ["/voices/x/export", PER_MINUTE, 5],
    ["/voices/x/export/without-sample", PER_MINUTE, 5],
    ["/dictionaries/x.pls", PER_MINUTE, 5],
    ["/dictionaries/x.csv", PER_MINUTE, 5],
    // It costs 10, of which what is refused leaves one.
    ["/audit.jsonl", PER_MINUTE, PER_MINUTE - 1],
  ])("count what is stored as a fetch and what is made as a request: %s", async (path, limit, cost) => {
    const response = await get(path, caller());
    expect(await statusOf(response)).toBe(401);
    expect(limitsOf(response)).toEqual([String(limit), String(limit - cost)]);
  });

  it("are requests where a job is heard while it is made", async () => {
    const text = "Nobody waits for the end of this sentence. ".repeat(1_000);
    const { body } = await post(node.url, SPEAK, { text }, bearer(ALICE));
    const listener = caller();
    const { pathname, search } = new URL(body.data.synthesize.streamUrl);
    for (let i = 1; i <= PER_MINUTE; i += 1) {
      const response = await get(pathname + search, listener, "HEAD");
      expect([response.status, ...limitsOf(response)]).toEqual([
        200,
        String(PER_MINUTE),
        String(PER_MINUTE - i),
      ]);
    }
    expect((await get(pathname + search, listener)).status).toBe(429);
    expect(await statusOf(await get(address, listener))).toBe(200);
  });
});

describe("weights of files", () => {
  it("are what the operator says, and nothing is counted where nothing is to be", async () => {
    const test = await createTestDatabase("embedded");
    const weights = { RATE_LIMIT_WEIGHTS: "audio=9,voiceExport=0" };
    const node = await startTestNode(test, { ...env, ...weights, ROLE: "api", RATE_LIMIT_PER_MINUTE: "10" });
    const get = async (path: string) => {
      const response = await fetch(node.url + path, { headers: caller() });
      return [await statusOf(response), ...limitsOf(response)];
    };
    expect(await get("/audio/x")).toEqual([401, "100", "90"]);
    expect(await get("/audio/x.srt")).toEqual([401, "100", "99"]);
    expect(await get("/voices/x/export")).toEqual([401, "10", "9"]);
    expect(await get("/dictionaries/x.csv")).toEqual([401, "10", "9"]);
    expect(await get("/healthz")).toEqual([200, null, null]);
    await node.stop();
    const free = await startTestNode(test, { ...env, ROLE: "api", RATE_LIMIT_PER_MINUTE: "0" });
    const response = await fetch(`${free.url}/audio/x`);
    expect([await statusOf(response), ...limitsOf(response)]).toEqual([401, null, null]);
    await free.stop();
    await test.drop();
  });
});

describePostgres("fetches from a fleet", () => {
  it("are counted by all nodes together", async () => {
    const test = await createTestDatabase("postgres");
    const limited = { ...env, ROLE: "api", RATE_LIMIT_PER_MINUTE: "5", KEY_PEPPER: "p".repeat(32) };
    const nodes = await Promise.all([startTestNode(test, limited), startTestNode(test, limited)]);
    const headers = caller();
    const statuses = await Promise.all(
      Array.from({ length: 80 }, async (_, i) =>
        statusOf(await fetch(`${nodes[i % 2]?.url}/audio/x`, { headers })),
      ),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5 * FETCHES_PER_REQUEST);
    expect(statuses.filter((status) => status === 429)).toHaveLength(80 - 5 * FETCHES_PER_REQUEST);
    await Promise.all(nodes.map((node) => node.stop()));
    await test.drop();
  });
});
