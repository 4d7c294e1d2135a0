import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { createClient } from "graphql-ws";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { apiKeys } from "../../src/auth/table.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { type Body, bearer, overEvents, overWebSocket, post } from "../helpers/caller.ts";
import { createTestDatabase, describeDatabases, describePostgres, testConfig } from "../helpers/database.ts";
import { startTestNode, TestProgram, useTestNode } from "../helpers/node.ts";

const ROOT = "root-secret-0123456789";
/** Without a worker jobs wait for ever, and so do those who follow them. */
const env = { API_KEYS: `root:${ROOT}:admin`, ROLE: "api", RATE_LIMIT_PER_MINUTE: "0" };

const KEY =
  "id name prefix tenant scopes createdAt expiresAt revokedAt lastUsedAt rotatedFrom limits { charactersPerDay voices }";
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename
  ... on IssuedApiKey { secret key { ${KEY} } }
  ... on Error { code message } ... on InvalidInputError { issues { path message } } } }`;
const ROTATE = `mutation ($id: ID!, $grace: Int!) { rotateApiKey(id: $id, graceSeconds: $grace) { __typename
  ... on IssuedApiKey { secret key { ${KEY} } } ... on Error { code message } } }`;
const REVOKE = `mutation ($id: ID!) { revokeApiKey(id: $id) { __typename
  ... on ApiKey { ${KEY} } ... on Error { code message } } }`;
const SPEAK = `mutation { synthesize(input: { text: "Wait for me.", voiceId: "af_heart" }) {
  ... on SynthesisJob { id } ... on Error { message } } }`;
const SOON_MS = 2_500;

describeDatabases("managed keys", (kind) => {
  const node = useTestNode(kind, env);

  const asRoot = async (query: string, variables: object = {}) =>
    (await post(node.url, query, variables, bearer(ROOT))).body;
  const create = async (input: object = {}): Promise<Body> =>
    (await asRoot(CREATE, { input: { name: "test", scopes: ["SYNTHESIZE"], ...input } })).data.createApiKey;
  const revoke = async (id: string): Promise<Body> => (await asRoot(REVOKE, { id })).data.revokeApiKey;
  const statusOf = async (secret: string) =>
    (await post(node.url, "{ viewer { name } }", {}, bearer(secret))).status;
  const follow = async (secret: string) => {
    const { id } = (await post(node.url, SPEAK, {}, bearer(secret))).body.data.synthesize;
    return `subscription { jobProgress(id: "${id}") { id status } }`;
  };

  it("show their secret once, and say who they are", async () => {
    const limits = { charactersPerDay: 1000 };
    const { secret, key } = await create({
      name: "mobile.app",
      scopes: ["SYNTHESIZE", "VOICES_READ"],
      limits,
    });
    expect(secret).toMatch(/^spk_[0-9a-f]{10}_[\w-]{43}$/);
    expect(secret.startsWith(`${key.prefix}_`)).toBe(true);
    expect(key).toMatchObject({
      name: "mobile.app",
      tenant: key.id,
      scopes: ["SYNTHESIZE", "VOICES_READ"],
      limits: { charactersPerDay: 1000, voices: null },
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    const { viewer } = (
      await post(
        node.url,
        "{ viewer { name tenant scopes limits { charactersPerDay } apiKey { id lastUsedAt } } }",
        {},
        {
          "X-API-Key": secret,
        },
      )
    ).body.data;
    expect(viewer).toMatchObject({
      name: "mobile.app",
      tenant: key.id,
      limits: { charactersPerDay: 1000 },
      apiKey: { id: key.id, lastUsedAt: expect.any(String) },
    });
    const { apiKeys: listed } = (await asRoot(`{ apiKeys { ${KEY} } }`)).data;
    expect(listed.find(({ id }: { id: string }) => id === key.id)).toMatchObject({ name: "mobile.app" });
    expect(JSON.stringify(listed)).not.toContain(secret);
  });

  it("are made, listed, revoked and rotated by admins alone", async () => {
    const { secret, key } = await create({
      scopes: ["SYNTHESIZE", "VOICES_READ", "VOICES_WRITE", "AUDIT_READ"],
    });
    const calls: [string, object][] = [
      ["{ apiKeys { id } }", {}],
      [CREATE, { input: { name: "x", scopes: ["ADMIN"] } }],
      [REVOKE, { id: key.id }],
      [ROTATE, { id: key.id, grace: 0 }],
    ];
    for (const [query, variables] of calls) {
      const { status, body } = await post(node.url, query, variables, bearer(secret));
      expect([status, body.errors[0].extensions.code, body.errors[0].extensions.scopes]).toEqual([
        403,
        "FORBIDDEN",
        ["admin"],
      ]);
    }
    expect(await statusOf(secret)).toBe(200);
  });

  it("refuse input that makes no key, naming every fault", async () => {
    const input = {
      name: "a b",
      scopes: [],
      tenant: "../x",
      expiresAt: "2020-01-01T00:00:00Z",
      limits: { voices: -1 },
    };
    const { __typename, issues } = await create(input);
    expect(__typename).toBe("InvalidInputError");
    expect(issues.map(({ path }: { path: string[] }) => path.join(".")).toSorted()).toEqual([
      "input.expiresAt",
      "input.limits.voices",
      "input.name",
      "input.scopes",
      "input.tenant",
    ]);
    for (const id of ["nothing", randomUUID()]) {
      expect(await revoke(id)).toMatchObject({ __typename: "NotFoundError" });
      expect((await asRoot(ROTATE, { id, grace: 1 })).data.rotateApiKey.__typename).toBe("NotFoundError");
    }
  });

  it("are refused from the moment they are revoked, also on a WebSocket that is open", async () => {
    const { secret, key } = await create();
    const connection = createClient({
      url: `${node.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { apiKey: secret },
      lazy: false,
    });
    const overConnection = async () => {
      for await (const result of connection.iterate({ query: "{ viewer { name } }" })) return result;
    };
    expect(await overConnection()).toEqual({ data: { viewer: { name: "test" } } });
    expect(await statusOf(secret)).toBe(200);
    expect(await revoke(key.id)).toMatchObject({ __typename: "ApiKey", revokedAt: expect.any(String) });
    expect((await revoke(key.id)).revokedAt).toBe((await revoke(key.id)).revokedAt);
    await expect(overConnection()).rejects.toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
    await connection.dispose();
    expect(await statusOf(secret)).toBe(401);
    for await (const result of overWebSocket(node.url, "{ viewer { name } }", { apiKey: secret })) {
      expect(result).toEqual({ closed: 4401 });
    }
  });

  it.each([
    ["a WebSocket", (secret: string, query: string) => overWebSocket(node.url, query, { apiKey: secret })],
    ["server-sent events", (secret: string, query: string) => overEvents(node.url, query, bearer(secret))],
  ])("end their streams over %s when they are revoked, rotated or expire", async (_name, open) => {
    const ended = async (secret: string, end: () => Promise<unknown>) => {
      const results: Body[] = [];
      for await (const result of open(secret, await follow(secret))) {
        results.push(result);
        if (results.length === 1) await end();
      }
      expect(results).toHaveLength(2);
      expect(results[0].data.jobProgress.status).toBe("QUEUED");
      expect(results[1].errors).toMatchObject([
        { message: expect.stringContaining("revoked"), extensions: { code: "UNAUTHENTICATED" } },
      ]);
      expect(await statusOf(secret)).toBe(401);
    };
    const revoked = await create();
    await ended(revoked.secret, () => revoke(revoked.key.id));
    const rotated = await create();
    await ended(rotated.secret, () => asRoot(ROTATE, { id: rotated.key.id, grace: 0 }));
    const grace = await create();
    await ended(grace.secret, () => asRoot(ROTATE, { id: grace.key.id, grace: 1 }));
    const expiresAt = new Date(Date.now() + SOON_MS).toISOString();
    await ended((await create({ expiresAt })).secret, async () => {});
  });

  it("go on with their streams when another key ends", async () => {
    const { secret } = await create();
    const other = await create();
    const results: Body[] = [];
    const query = await follow(secret);
    const id = /"(.+)"/.exec(query)?.[1];
    for await (const result of overWebSocket(node.url, query, { apiKey: secret })) {
      results.push(result);
      if (results.length > 1) continue;
      await revoke(other.key.id);
      await post(node.url, `mutation { cancelJob(id: "${id}") { __typename } }`, {}, bearer(secret));
    }
    expect(results.map(({ data }) => data.jobProgress.status)).toEqual(["QUEUED", "CANCELLED"]);
  });

  it("work on for a while when they are rotated, beside their successor of the same tenant", async () => {
    const { secret, key } = await create({ name: "old", limits: { voices: 3 } });
    const issued = (await asRoot(ROTATE, { id: key.id, grace: 3600 })).data.rotateApiKey;
    expect(issued.key).toMatchObject({
      name: "old",
      tenant: key.tenant,
      scopes: key.scopes,
      limits: { voices: 3 },
      rotatedFrom: key.id,
    });
    expect(issued.secret).not.toBe(secret);
    expect([await statusOf(secret), await statusOf(issued.secret)]).toEqual([200, 200]);
    const { apiKeys: listed } = (await asRoot(`{ apiKeys { ${KEY} } }`)).data;
    const left = listed.find(({ id }: { id: string }) => id === key.id).expiresAt;
    expect(Math.abs(new Date(left).getTime() - Date.now() - 3_600_000)).toBeLessThan(60_000);
    await revoke(key.id);
    expect([await statusOf(secret), await statusOf(issued.secret)]).toEqual([401, 200]);
    expect((await asRoot(ROTATE, { id: key.id, grace: 3600 })).data.rotateApiKey.__typename).toBe(
      "ConflictError",
    );
  });
});

describe("the first key", () => {
  it("closes an open service, for its streams too, and must be an admin's", async () => {
    const test = await createTestDatabase("embedded");
    const node = await startTestNode(test, { ROLE: "api", RATE_LIMIT_PER_MINUTE: "0" });
    const create = async (scopes: string[]) =>
      (await post(node.url, CREATE, { input: { name: "first", scopes } })).body.data.createApiKey;
    const { id } = (await post(node.url, SPEAK)).body.data.synthesize;
    const results: Body[] = [];
    let secret = "";
    for await (const result of overWebSocket(node.url, `subscription { jobProgress(id: "${id}") { id } }`)) {
      results.push(result);
      if (results.length > 1) continue;
      expect(await create(["SYNTHESIZE"])).toMatchObject({ __typename: "ConflictError" });
      secret = (await create(["ADMIN"])).secret;
    }
    expect(results[1].errors[0].extensions.code).toBe("UNAUTHENTICATED");
    expect((await post(node.url, "{ jobs { totalCount } }")).status).toBe(401);
    expect((await post(node.url, "{ apiKeys { name } }", {}, bearer(secret))).status).toBe(200);
    await node.stop();
    await test.drop();
  });
});

describePostgres("the keys of a fleet", () => {
  it("hold on every node, and end on every node", async () => {
    const test = await createTestDatabase("postgres");
    const nodes = await Promise.all([startTestNode(test, env), startTestNode(test, env)]);
    const [one, two] = nodes.map(({ url }) => url) as [string, string];
    const input = { name: "test", scopes: ["SYNTHESIZE"] };
    const { secret, key } = (await post(one, CREATE, { input }, bearer(ROOT))).body.data.createApiKey;
    const { id } = (await post(two, SPEAK, {}, bearer(secret))).body.data.synthesize;
    const query = `subscription { jobProgress(id: "${id}") { id } }`;
    const results: Body[] = [];
    for await (const result of overWebSocket(two, query, { apiKey: secret })) {
      results.push(result);
      if (results.length === 1) await post(one, REVOKE, { id: key.id }, bearer(ROOT));
    }
    expect(results[1].errors[0].extensions.code).toBe("UNAUTHENTICATED");
    await Promise.all(nodes.map((node) => node.stop()));
    await test.drop();
  });
});

describeDatabases("secrets", (kind) => {
  it("are in no row, no line of the log and no error; what is done with keys is in the audit log", async () => {
    const test = await createTestDatabase(kind);
    const program = new TestProgram({
      database: test,
      env: { ...env, LOG_LEVEL: "trace", KEY_PEPPER: "pepper-pepper-pepper-pepper-pepper" },
    });
    const { url } = await program.ready();
    const call = (query: string, variables: object) => post(url, query, variables, bearer(ROOT));
    const input = { name: "test", scopes: ["SYNTHESIZE"] };
    const created = (await call(CREATE, { input })).body.data.createApiKey;
    const rotated = (await call(ROTATE, { id: created.key.id, grace: 60 })).body.data.rotateApiKey;
    await call(REVOKE, { id: created.key.id });
    const answers = [];
    for (const secret of [created.secret, rotated.secret, `${rotated.secret}x`, `${ROOT}x`]) {
      answers.push(await post(url, "{ jobs { totalCount } }", {}, bearer(secret)));
      for await (const result of overWebSocket(url, "{ jobs { totalCount } }", { apiKey: secret }))
        answers.push(result);
      answers.push(await (await fetch(`${url}/audio/x`, { headers: bearer(secret) })).text());
    }
    await program.end("SIGTERM");

    const database = await openMigratedDatabase(testConfig(test));
    const rows: string[] = [];
    for (const table of ["api_keys", "audit_log", "jobs", "server_secrets"]) {
      const result = await database.db.execute(sql.raw(`select t::text as row from ${table} t`));
      const list = Array.isArray(result) ? result : (result as unknown as { rows: unknown[] }).rows;
      rows.push(...list.map((row) => JSON.stringify(row)));
    }
    const stored = await database.db.select().from(apiKeys);
    const audited = await database.db.execute(
      sql`select action, target_id from audit_log where target_type = 'key' order by at, id`,
    );
    await database.close();
    await test.drop();

    expect(rows.length).toBeGreaterThan(4);
    expect(stored.map(({ hash }) => hash)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.any(String),
    ]);
    expect(JSON.stringify(audited)).toMatch(/key.create.*key.rotate.*key.revoke/s);
    const everything = [...rows, ...program.output, JSON.stringify(answers)].join("\n");
    expect(program.output.some((line) => line.includes('"path":"/graphql"'))).toBe(true);
    for (const secret of [created.secret, rotated.secret, ROOT, "pepper-pepper"]) {
      const body = secret.startsWith("spk_") ? secret.slice(15) : secret;
      expect(everything.includes(body)).toBe(false);
    }
  });
});
