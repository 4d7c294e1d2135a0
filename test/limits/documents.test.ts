import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getIntrospectionQuery } from "graphql";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import * as operations from "../../src/client/operations.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { startTestNode, type TestNode, useTestNode } from "../helpers/node.ts";

const NEW_TYPE = "application/graphql-response+json";

async function ask(url: string, body: unknown, accept = NEW_TYPE) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function askOverWebSocket(
  url: string,
  payload: { query: string; extensions?: Record<string, unknown> },
) {
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  try {
    for await (const result of client.iterate(payload)) return result;
  } catch (errors) {
    return { errors };
  } finally {
    await client.dispose();
  }
  return null;
}

const nested = (levels: number) =>
  `{ __typename ${"... on Query { ".repeat(levels)} __typename ${"} ".repeat(levels)}}`;
const fields = (levels: number) => {
  let inner = "hasNextPage";
  for (let i = 0; i < levels; i += 1) inner = `f${i} { ${inner} }`;
  return `{ ${inner} }`;
};
const bomb = (width: number) => {
  const parts = Array.from(
    { length: width },
    (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`,
  );
  return `{ ...F0 } ${parts.join(" ")} fragment F${width} on Query { __typename }`;
};

const TOO_MUCH: readonly (readonly [string, string])[] = [
  ["levels", fields(20)],
  ["aliases", `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: serverInfo { name }`).join(" ")} }`],
  ["directives", `{ ${Array.from({ length: 40 }, () => "__typename @include(if: true)").join(" ")} }`],
  ["tokens", `{ ${"__typename ".repeat(5_000)} }`],
  ["tokens", nested(3_000)],
  ["tokens", bomb(400)],
  [
    "cost",
    "{ voices(first: 100) { edges { node { usage { lastUsedAt } language { name } } } } a: voices(first: 100) { edges { node { id name tags } } } b: jobs(first: 100) { edges { node { id status ... on SynthesisJob { voice { id name tags language { code name } } } } } } }",
  ],
];

describe("documents that ask for too much", () => {
  const node = useTestNode("embedded", { MAX_QUERY_COST: "2000" });

  it.each(TOO_MUCH)("are refused for their %s, over HTTP and over WebSockets", async (what, query) => {
    const refusal = expect.objectContaining({
      message: expect.stringContaining(`more ${what} than`),
      extensions: expect.objectContaining({ code: "QUERY_TOO_COMPLEX", requestId: expect.any(String) }),
    });
    const over = await ask(node.url, { query });
    expect(over.body.errors).toContainEqual(refusal);
    expect(over.body).not.toHaveProperty("data");
    expect(over.status).toBe(400);
    expect((await ask(node.url, { query }, "application/json")).body.errors).toContainEqual(refusal);
    expect((await askOverWebSocket(node.url, { query }))?.errors).toContainEqual(refusal);
  });

  it("cost little to refuse, fragments that double each time included", async () => {
    const started = performance.now();
    for (const query of [bomb(100), bomb(60), fields(12)]) await ask(node.url, { query });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("leave the connection open", async () => {
    const client = createClient({
      url: `${node.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
    });
    let connections = 0;
    client.on("connected", () => {
      connections += 1;
    });
    for (const [, query] of TOO_MUCH) {
      await expect(client.iterate({ query }).next()).rejects.toContainEqual(expect.anything());
    }
    for await (const result of client.iterate({ query: "{ __typename }" })) expect(result.data).toBeDefined();
    expect(connections).toBe(1);
    await client.dispose();
  });
});

describe("with the limits as they are", () => {
  const node = useTestNode("embedded");

  it("GraphiQL's introspection passes", async () => {
    const query = getIntrospectionQuery({
      inputValueDeprecation: true,
      schemaDescription: true,
      specifiedByUrl: true,
    });
    expect((await ask(node.url, { query })).body.data.__schema.types.length).toBeGreaterThan(50);
  });

  it.each(Object.entries(operations).map(([name, document]) => [name, document.toString()]))(
    "the client's %s passes",
    async (_name, query) => {
      const { body } = await ask(node.url, { query });
      // Without variables most fail later; none for what the document asks for.
      expect(JSON.stringify(body)).not.toContain("QUERY_TOO_COMPLEX");
    },
  );

  it("batches are refused as a whole", async () => {
    const batch = [{ query: "{ __typename }" }, { query: "{ __typename }" }];
    expect(await ask(node.url, batch)).toMatchObject({
      status: 400,
      body: {
        errors: [{ message: expect.stringContaining("Batching"), extensions: { code: "BAD_REQUEST" } }],
      },
    });
  });
});

describe("persisted operations", () => {
  const QUERY = "{ serverInfo { name } }";
  const id = createHash("sha256").update(QUERY).digest("hex");
  const named = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
  let test: TestDatabase;
  let open: TestNode;
  let only: TestNode;
  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    const file = join(test.env.DATA_DIR, "operations.json");
    await writeFile(file, JSON.stringify({ [id]: QUERY }));
    open = await startTestNode(test, {
      PERSISTED_OPERATIONS_FILE: file,
      DATA_DIR: join(test.env.DATA_DIR, "a"),
    });
    only = await startTestNode(test, {
      PERSISTED_OPERATIONS_FILE: file,
      PERSISTED_OPERATIONS_ONLY: "true",
      DATA_DIR: join(test.env.DATA_DIR, "b"),
    });
  });
  afterAll(async () => {
    await Promise.all([open.stop(), only.stop()]);
    await test.drop();
  });

  const data = { serverInfo: { name: "Speaker" } };
  const refused = [
    expect.objectContaining({ extensions: expect.objectContaining({ code: "OPERATION_NOT_ALLOWED" }) }),
  ];

  it("are run by their digest, over HTTP and over WebSockets", async () => {
    for (const { url } of [open, only]) {
      expect((await ask(url, named(id))).body).toEqual({ data });
      expect(await askOverWebSocket(url, { query: "", ...named(id) })).toEqual({ data });
    }
  });

  it("let others through, or are the only ones", async () => {
    expect((await ask(open.url, { query: "{ __typename }" })).body).toEqual({
      data: { __typename: "Query" },
    });
    expect(await ask(only.url, { query: QUERY })).toMatchObject({ status: 403, body: { errors: refused } });
    expect((await askOverWebSocket(only.url, { query: QUERY }))?.errors).toEqual(refused);
  });

  it("that are not listed are refused", async () => {
    const unknown = named("0".repeat(64));
    for (const { url } of [open, only]) {
      expect(await ask(url, unknown)).toMatchObject({ status: 403, body: { errors: refused } });
      expect((await askOverWebSocket(url, { query: "", ...unknown }))?.errors).toEqual(refused);
      expect((await ask(url, named("__proto__"))).body.errors).toEqual(refused);
    }
    expect((await ask(open.url, {})).status).toBe(400);
  });
});
