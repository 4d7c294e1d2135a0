import { once } from "node:events";
import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import { v7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/errors.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { TestProgram } from "../helpers/node.ts";
import { Random } from "../helpers/random.ts";
import { Bystander, type Observed } from "./bystander.ts";
import { mutatedDocument, NASTY_STRINGS, nastyOperation, nastyValue } from "./mutations.ts";
import { hostileSocket, openSocket, sendRaw } from "./raw.ts";

const SEED = Number(process.env.HOSTILE_SEED ?? 20_260_731);
const DOCUMENTS = 2_000;
const DOCUMENTS_TIMEOUT_MS = 180_000;
const AT_ONCE = 8;
const IDLE_SOCKETS = 1_000;

/** What no client may ever read: where files lie, what the code is called, what the database was asked. */
const LEAK =
  /node_modules|\/(?:work|home|tmp|usr|root|app)\/|\bat \S+ \(|\.[jt]s:\d+|\b(?:select|insert into|update|delete from)\b.{0,80}\b(?:from|values|set|where)\b|drizzle|pglite|postgres|ECONN|ENOENT|EACCES|TypeError|RangeError|is not a function|undefined \(reading/i;

let test: TestDatabase;
let program: TestProgram;
let url: string;
let bystander: Bystander;
let calm: Observed;

const p95 = ({ queries }: Observed) =>
  queries.toSorted((a, b) => a - b)[Math.floor(queries.length * 0.95)] ?? 0;

/** The program stands behind a trusted proxy, so that each attacker may come from an address of its own. */
async function post(ip: number, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json",
      "X-Forwarded-For": `198.18.${(ip >> 8) & 255}.${ip & 255}`,
      ...headers,
    },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What is wrong with an answer; null when nothing is. */
function faultOf({ status, text }: { status: number; text: string }, asked: string): string | null {
  const fault = (what: string) => `${what}: ${status} ${text.slice(0, 300)} | asked: ${asked.slice(0, 300)}`;
  if (status >= 500) return fault("a fault of ours");
  if (text === "") return null;
  const { errors = [] } = JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] };
  for (const error of errors) {
    const code = error.extensions?.code ?? "none";
    if (!Object.hasOwn(ERROR_CODES, code)) return fault("an unknown code");
    if (code === "INTERNAL") return fault("a fault of ours");
    // The message may repeat what was asked, and that alone may look like anything.
    if (LEAK.test(JSON.stringify(error)) && !LEAK.test(asked)) return fault("a leak");
  }
  return null;
}

/** Sends all of them, some at once; what was wrong with the answers. */
async function faultsOf(bodies: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  await inTurns(bodies, async (body, i) => {
    const fault = faultOf(await post(i, body), body);
    if (fault !== null) faults.push(fault);
  });
  return faults;
}

async function inTurns<T>(
  items: readonly T[],
  act: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const run = async () => {
    for (const [index, item] of queue) await act(item, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

describe("a hostile world", () => {
  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    program = new TestProgram({
      database: test,
      env: {
        INFERENCE_ENGINE: "fake",
        INFERENCE_MEMBERS: "1",
        LOG_LEVEL: "info",
        TRUSTED_PROXIES: "127.0.0.1",
        RATE_LIMIT_PER_MINUTE: "100000",
        HEADERS_TIMEOUT_SECONDS: "2",
        BATCH_LIMIT: "3",
        INTROSPECTION: "off",
      },
    });
    ({ url } = await program.ready());
    const before = new Bystander(url);
    await before.reached(60, 4);
    calm = await before.stop();
    bystander = new Bystander(url);
  });

  afterAll(async () => {
    await bystander.reached(60, 4);
    const during = await bystander.stop();
    process.stdout.write(
      `bystander's queries, p95: calm ${p95(calm).toFixed(1)} ms (${calm.queries.length}), under attack ${p95(during).toFixed(1)} ms (${during.queries.length}); jobs ${during.jobs}\n`,
    );
    expect(await program.end("SIGTERM")).toBe(0);
    await test.drop();
    expect([...calm.failures, ...during.failures]).toEqual([]);
    const faults = program.output.filter((line) => /"level":(50|60)|unhandled|uncaught| {4}at /i.test(line));
    expect(faults).toEqual([]);
  });

  it(`answers ${DOCUMENTS} mutated documents and variables, each properly (seed ${SEED})`, {
    timeout: DOCUMENTS_TIMEOUT_MS,
  }, async () => {
    const random = new Random(SEED);
    const bodies = Array.from({ length: DOCUMENTS }, (_, i) => {
      const operation =
        i % 2 === 0
          ? { query: mutatedDocument(random), variables: nastyValue(random) }
          : nastyOperation(random);
      return JSON.stringify(operation);
    });
    expect(await faultsOf(bodies)).toEqual([]);
  });

  it("answers bodies that are no GraphQL at all", async () => {
    const random = new Random(SEED + 1);
    const broken = Array.from({ length: 200 }, () => {
      const body = JSON.stringify(nastyOperation(random));
      const at = random.below(body.length);
      return random.pick([
        body.slice(0, at),
        `${body.slice(0, at)}\u0000${body.slice(at)}`,
        `[${body}`,
        JSON.stringify(nastyValue(random)),
      ]);
    });
    const odd = ["", "null", "[]", "[[]]", "1", '"', "\u0000", "{}", '{"query":null}', '{"query":{}}'];
    expect(await faultsOf([...broken, ...odd])).toEqual([]);
  });

  it("refuses floods in one request: batches, depth, width, aliases, fragments that double", async () => {
    const one = { query: "{ __typename }" };
    const deep = `{ ${"a { ".repeat(4_000)} b ${"} ".repeat(4_000)} }`;
    const wide = `{ ${Array.from({ length: 20_000 }, (_, i) => `f${i}`).join(" ")} }`;
    const aliases = `{ ${Array.from({ length: 300 }, (_, i) => `a${i}: voices(first: 100) { totalCount }`).join(" ")} }`;
    const doubling = `{ ...F0 } ${Array.from({ length: 90 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(" ")} fragment F90 on Query { serverInfo { name } }`;
    const cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    const brackets = `{ voices(filter: ${"[".repeat(900)}${"]".repeat(900)}) { totalCount } }`;
    const variables = `query (${Array.from({ length: 400 }, (_, i) => `$v${i}: Int`).join(" ")}) { __typename }`;
    const bodies = [
      JSON.stringify(Array.from({ length: 5_000 }, () => one)),
      ...[deep, wide, aliases, doubling, cycle, brackets, variables].map((query) =>
        JSON.stringify({ query }),
      ),
      `{"query":"{ __typename }","variables":{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`,
      `{"query":"query ($a: String) { voices(after: $a) { totalCount } }","variables":{"a":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}}`,
    ];
    expect(await faultsOf([...bodies, ...bodies, ...bodies])).toEqual([]);
    expect((await post(1, bodies[0] ?? "")).status).toBe(413);
    expect((await post(1, "x".repeat(2_000_000))).status).toBe(413);
  });

  it("does not tell its schema", async () => {
    const probes = [
      "{ __schema { types { name } } }",
      '{ __type(name: "Query") { fields { name } } }',
      "{ a: __schema { queryType { name } } }",
      "query Q { ...F } fragment F on Query { __schema { types { name } } }",
    ];
    for (const query of probes) {
      const { status, text } = await post(2, JSON.stringify({ query }));
      expect(status).toBe(403);
      expect(text).toContain("OPERATION_NOT_ALLOWED");
    }
    const fields = Object.keys(
      buildSchema(readFileSync("schema.graphql", "utf8")).getQueryType()?.getFields() ?? {},
    );
    for (const field of fields) {
      const { text } = await post(3, JSON.stringify({ query: `{ ${field.slice(0, -1)} }` }));
      expect(text).not.toContain(`\\"${field}\\"`);
    }
  });

  it("lets no string near a file out of its folder", async () => {
    const paths = NASTY_STRINGS.flatMap((text) => {
      const part = encodeURIComponent(text.toWellFormed());
      return [
        `/audio/${part}`,
        `/audio/${part}?expires=1&signature=${part}`,
        `/voices/${part}/export`,
        `/previews/${part}`,
        `/${part}`,
      ];
    });
    await inTurns(paths, async (path) => {
      const answer = await fetch(`${url}${path}`, { redirect: "manual" });
      const text = await answer.text();
      expect(answer.status, path.slice(0, 200)).toBeGreaterThanOrEqual(300);
      expect(answer.status, path.slice(0, 200)).toBeLessThan(500);
      expect(text, path.slice(0, 200)).not.toMatch(/root:|node_modules|ENOENT|\bat \S+ \(/);
    });
    for (const path of [
      "/../../../etc/passwd",
      "/audio/../../etc/passwd",
      "/audio/%2e%2e/%2e%2e/etc/passwd",
      "\\\\etc",
    ]) {
      const { status } = await sendRaw(
        url,
        "127.0.0.3",
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(status, path).toBeGreaterThanOrEqual(400);
    }
  });

  it("gives nothing to those who guess ids", async () => {
    const guesses = Array.from({ length: 100 }, () => v7());
    await inTurns(guesses, async (id, i) => {
      expect((await fetch(`${url}/audio/${id}`)).status).toBe(404);
      const { text } = await post(
        i,
        JSON.stringify({ query: `{ job(id: "${id}") { id } voice(id: "${id}") { id } }` }),
      );
      expect(JSON.parse(text).data).toEqual({ job: null, voice: null });
    });
  });

  it("is not fooled by headers", async () => {
    const split = await sendRaw(
      url,
      "127.0.0.4",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\rSet-Cookie: b=1\r\nConnection: close\r\n\r\n",
    );
    expect(split.text).not.toMatch(/set-cookie/i);
    const smuggled = await sendRaw(
      url,
      "127.0.0.4",
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    );
    expect(smuggled.status).toBe(400);
    const odd = await post(5, '{"query":"{ __typename }"}', {
      "X-Request-Id": "a b<script>",
      Cookie: "a=".repeat(500),
    });
    expect(odd.headers.get("x-request-id")).not.toContain("<");
    // From an address that is no proxy of ours, a stated one is worth nothing.
    const forged = await sendRaw(
      url,
      "127.0.0.4",
      "GET /graphql?query={__typename} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=127.0.0.1;proto=https\r\nConnection: close\r\n\r\n",
    );
    expect(forged.status).toBe(200);
    expect(forged.text).not.toMatch(/strict-transport-security/i);
  });

  it("cuts off whoever breaks the WebSocket protocol", async () => {
    const from = { localAddress: "127.0.0.5" };
    const init = '{"type":"connection_init"}';
    const subscribe = (id: unknown, payload: unknown) => JSON.stringify({ id, type: "subscribe", payload });
    const then =
      (first: string, ...rest: (string | Buffer)[]) =>
      (socket: import("ws").WebSocket) => {
        socket.once("message", () => {
          for (const message of rest) socket.send(message);
        });
        socket.send(first);
      };
    const attacks: [string, number | RegExp, (socket: import("ws").WebSocket) => void][] = [
      ["no JSON", 4400, (socket) => socket.send("{")],
      ["binary", 4400, (socket) => socket.send(Buffer.from([0, 255, 254]))],
      ["an array", 4400, (socket) => socket.send("[]")],
      ["an unknown type", 4400, (socket) => socket.send('{"type":"start","id":"1"}')],
      ["before the introduction", 4401, (socket) => socket.send(subscribe("1", { query: "{ __typename }" }))],
      ["two introductions", 4429, then(init, init)],
      ["no id", 4400, then(init, subscribe("", { query: "{ __typename }" }))],
      ["an id that is none", 4400, then(init, subscribe({}, { query: "{ __typename }" }))],
      ["no query", 4400, then(init, subscribe("1", {}))],
      ["a query that is none", 4400, then(init, subscribe("1", { query: 7 }))],
      [
        "one id twice",
        4409,
        then(
          init,
          subscribe("1", { query: "subscription { metrics(intervalMs: 9000) { at } }" }),
          subscribe("1", { query: "{ __typename }" }),
        ),
      ],
      ["two megabytes", 1009, (socket) => socket.send("x".repeat(2_000_000))],
      ["a flood", 1008, then(init, ...Array.from({ length: 500 }, () => '{"type":"ping"}'))],
    ];
    for (const [name, code, act] of attacks) {
      const ended = await hostileSocket(url, from, act);
      expect(ended.code, name).toBe(code);
      expect(ended.messages.join(), name).not.toMatch(LEAK);
    }
    for (const protocols of ["graphql-ws", "soap", ["graphql-ws", "mqtt"]]) {
      const { code } = await hostileSocket(url, { ...from, protocols }, () => {});
      // Some clients end it themselves when none of theirs was taken.
      expect([4406, 1006], String(protocols)).toContain(code);
    }
    const foreign = await hostileSocket(
      url,
      { ...from, headers: { Origin: "https://evil.example" } },
      () => {},
    );
    expect(foreign.code).toBe(403);
  });

  it("answers mutated documents over a WebSocket, on one connection", async () => {
    const random = new Random(SEED + 2);
    const count = 100;
    const { code, messages } = await hostileSocket(url, { localAddress: "127.0.0.6" }, (socket) => {
      let sent = 0;
      const next = () => {
        if (sent === count) socket.close(4999);
        else {
          const query = random.next() < 0.5 ? mutatedDocument(random) : nastyOperation(random).query;
          socket.send(
            JSON.stringify({
              id: String(sent),
              type: "subscribe",
              payload: { query, variables: { id: random.pick(NASTY_STRINGS) } },
            }),
          );
          sent += 1;
        }
      };
      socket.on("message", (data) => {
        const { type } = JSON.parse(String(data));
        // An error ends its operation, as a completion does. One at a time keeps below the rate.
        if (["connection_ack", "complete", "error"].includes(type)) setTimeout(next, 25);
      });
      socket.send('{"type":"connection_init"}');
    });
    expect(code).toBe(4999);
    const errors = messages
      .map((message) => JSON.parse(message))
      .flatMap(({ type, payload }) => (type === "error" ? payload : []));
    expect(errors.length).toBeGreaterThan(20);
    for (const error of errors) expect(error.extensions.code, JSON.stringify(error)).not.toBe("INTERNAL");
  });

  it(`outlives ${IDLE_SOCKETS} idle connections and clients that trickle`, async () => {
    const idle = await Promise.all(
      Array.from({ length: IDLE_SOCKETS }, async (_, i) => {
        const socket = await openSocket(url, `127.0.1.${i % 250}`);
        if (i % 3 === 1) socket.write("GET /graphql HTTP/1.1\r\nHost: localhost\r\nX-Trickle: ");
        if (i % 3 === 2)
          socket.write(
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
          );
        socket.resume();
        return socket;
      }),
    );
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    // Those that never sent their headers are ended by the server; the bodies have their longer limit.
    await Promise.all(
      idle.filter((_, i) => i % 3 !== 2).map((socket) => socket.closed || once(socket, "close")),
    );
    for (const socket of idle) socket.destroy();
  });
});
