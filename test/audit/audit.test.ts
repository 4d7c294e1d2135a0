import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/audit/verify.ts";
import { SpeakerClient } from "../../src/client/client.ts";
import { Synthesize } from "../../src/client/operations.ts";
import { openDatabase } from "../../src/db/client.ts";
import { type Body, bearer, post } from "../helpers/caller.ts";
import { createTestDatabase, describeDatabases, type TestDatabase, testConfig } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

const SECRET_TEXT = "The quick brown fox keeps a secret.";
const ADMIN = "operator-key-of-the-tests-0001";
const SPEAKER = "speaker-key-of-the-tests-00001";
const STRANGER = "stranger-key-of-the-tests-0001";
const READER = "reader-key-of-the-tests-000001";

describeDatabases("Audit log", (kind) => {
  let database: TestDatabase;
  let node: TestNode;
  let stream: string;
  beforeAll(async () => {
    database = await createTestDatabase(kind);
    stream = join(database.env.DATA_DIR, "audit.jsonl");
    node = await startTestNode(database, {
      API_KEYS: [
        `ops:${ADMIN}:admin:tenant=default`,
        `app:${SPEAKER}:synthesize,voices:read:tenant=default`,
        `auditor:${READER}:audit:read:tenant=default`,
        `stranger:${STRANGER}:synthesize:tenant=elsewhere`,
      ].join(";"),
      AUDIT_STREAM: `file:${stream}`,
    });
  });
  afterAll(async () => {
    await node?.stop();
    await database.drop();
  });

  const ask = async (key: string | null, query: string, variables: object = {}): Promise<Body> => {
    const headers = { "User-Agent": "audit-test", ...(key !== null && bearer(key)) };
    return (await post(node.url, query, variables, headers)).body;
  };
  const entries = async (filter: object, key = ADMIN): Promise<Body[]> => {
    const answer = await ask(
      key,
      `query ($filter: AuditFilter) { auditLog(filter: $filter, first: 100) { totalCount edges { node {
        action outcome actor tenant ip userAgent requestId targetType targetId durationMs details { name value } sequence hash } } } }`,
      { filter },
    );
    expect(answer.errors).toBeUndefined();
    return answer.data.auditLog.edges.map(({ node: entry }: Body) => ({
      ...entry,
      details: Object.fromEntries(entry.details.map(({ name, value }: Body) => [name, value])),
    }));
  };
  const speak = `mutation ($input: SynthesizeInput!) { synthesize(input: $input) { __typename ... on SynthesisJob { id } ... on Error { code } } }`;

  it("has the request and the end of a synthesis: who, from where, what, how long, and never the text", async () => {
    const { data } = await ask(SPEAKER, speak, { input: { text: SECRET_TEXT, voiceId: "af_heart" } });
    const { id } = data.synthesize;
    await finished(new SpeakerClient(node.url, { apiKey: SPEAKER }), id);
    const [end, request] = await entries({ targetId: id });
    expect(request).toMatchObject({
      action: "synthesis.request",
      outcome: "ACCEPTED",
      actor: "app",
      userAgent: "audit-test",
      ip: expect.stringMatching(/127\.0\.0\.1/),
      targetType: "job",
      durationMs: expect.any(Number),
      details: {
        voiceId: "af_heart",
        characters: String(SECRET_TEXT.length),
        textSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(end).toMatchObject({
      action: "job.end",
      outcome: "SUCCEEDED",
      actor: "app",
      requestId: request.requestId,
      details: { kind: "SYNTHESIS", attempts: "1", audioSeconds: expect.stringMatching(/^\d/) },
    });
    expect(JSON.stringify(await entries({}))).not.toContain("brown fox");
  });

  it("has what was refused: by rules, by type, for want of a scope, for want of a key", async () => {
    await ask(SPEAKER, speak, { input: { text: "", voiceId: "af_heart" } });
    await ask(SPEAKER, speak, { input: { text: SECRET_TEXT, voiceId: "brown fox" } });
    await ask(SPEAKER, speak, { input: { text: SECRET_TEXT, voiceId: "af_heart", speed: "brown fox" } });
    await ask(SPEAKER, 'mutation { cancelJob(id: "0190a000-0000-7000-8000-00000000dead") { __typename } }');
    await ask(READER, speak, { input: { text: SECRET_TEXT, voiceId: "af_heart" } });
    for (let i = 0; i < 5; i++) await ask(null, speak, { input: { text: SECRET_TEXT, voiceId: "af_heart" } });
    for (let i = 0; i < 3; i++) await ask("a-key-that-nobody-has-made", "{ __typename }");
    const refused = await entries({ outcomes: ["REFUSED"] });
    const seen = refused.map(({ action, actor, details }) => `${action} ${actor} ${details.code}`);
    expect(seen.sort()).toEqual(
      [
        "synthesis.request app INVALID_INPUT",
        "synthesis.request app INVALID_INPUT",
        "synthesis.request app BAD_REQUEST",
        "job.cancel app NOT_FOUND",
        "synthesis.request auditor FORBIDDEN",
        // What costs a stranger nothing is written once a minute.
        "synthesis.request anonymous UNAUTHENTICATED",
        "key.use unknown UNAUTHENTICATED",
      ].sort(),
    );
    expect(refused.find(({ action }) => action === "job.cancel")).toMatchObject({
      targetType: "job",
      targetId: "0190a000-0000-7000-8000-00000000dead",
    });
    expect(JSON.stringify(refused)).not.toContain("brown fox");
  });

  it("is filtered by action, actor, outcome, target and time, and paged", async () => {
    expect((await entries({ actions: ["job.cancel"] })).length).toBe(1);
    expect((await entries({ actor: "auditor" })).every(({ actor }) => actor === "auditor")).toBe(true);
    expect(await entries({ to: "2020-01-01T00:00:00.000Z" })).toEqual([]);
    const all = await entries({});
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { data }: Body = await ask(
        ADMIN,
        "query ($after: String) { auditLog(first: 2, after: $after) { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } } }",
        { after },
      );
      expect(data.auditLog.totalCount).toBe(all.length);
      paged.push(...data.auditLog.edges.map(({ node: entry }: Body) => entry.id));
      after = data.auditLog.pageInfo.hasNextPage ? data.auditLog.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(paged).size).toBe(all.length);
    const foreign = await ask(ADMIN, '{ auditLog(after: "WyJ4Il0") { totalCount edges { node { id } } } }');
    expect(foreign.errors[0].extensions.code).toBe("INVALID_INPUT");
  });

  it("opens to readers of the audit log, and to nobody else", async () => {
    const list = "{ auditLog { totalCount } }";
    expect((await ask(READER, list)).data.auditLog.totalCount).toBeGreaterThan(0);
    expect((await ask(SPEAKER, list)).errors[0].extensions.code).toBe("FORBIDDEN");
    expect((await ask(null, list)).errors[0].extensions.code).toBe("UNAUTHENTICATED");
    const statuses = await Promise.all(
      [READER, SPEAKER, null].map(async (key) => {
        const headers = key === null ? {} : { "X-API-Key": key };
        const response = await fetch(`${node.url}/audit.jsonl`, { headers });
        await response.text();
        return response.status;
      }),
    );
    expect(statuses).toEqual([200, 403, 401]);
  });

  it("shows another tenant's entries to operators only", async () => {
    await ask(STRANGER, speak, { input: { text: SECRET_TEXT, voiceId: "af_heart" } });
    expect((await entries({ tenant: "elsewhere" }))[0]).toMatchObject({ actor: "stranger" });
    const all = await entries({}, READER);
    expect(all.every(({ tenant }) => tenant === "default")).toBe(true);
    expect(await entries({ tenant: "elsewhere" }, READER)).toEqual([]);
  });

  it("is exported as JSON Lines in the order of the chain, from where an earlier export ended", async () => {
    const fetchLines = async (query: string) => {
      const response = await fetch(`${node.url}/audit.jsonl${query}`, { headers: { "X-API-Key": ADMIN } });
      expect(response.headers.get("content-type")).toMatch("application/x-ndjson");
      const text = await response.text();
      return text === ""
        ? []
        : text
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line) as Body);
    };
    const lines = await fetchLines("");
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index + 1));
    const rest = await fetchLines(`?after=${lines.length - 2}`);
    expect(rest[0]).toEqual(lines[lines.length - 2]);
    expect(await fetchLines("?to=2020-01-01T00:00:00Z")).toEqual([]);
    const refused = await fetch(`${node.url}/audit.jsonl?after=x`, { headers: { "X-API-Key": ADMIN } });
    expect(refused.status).toBe(400);
    expect((await entries({ actions: ["audit.export"] })).length).toBeGreaterThanOrEqual(3);
  });

  it("has the end of a cancelled job", async () => {
    const { data } = await ask(SPEAKER, speak, {
      input: { text: "Cancel me. ".repeat(300), voiceId: "af_heart" },
    });
    const { id } = data.synthesize;
    await ask(SPEAKER, `mutation { cancelJob(id: "${id}") { __typename } }`);
    expect((await entries({ targetId: id })).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      "job.cancel ACCEPTED",
      "job.end CANCELLED",
      "synthesis.request ACCEPTED",
    ]);
  });

  it("is sealed and streamed by the time the node has stopped, and holds", async () => {
    await node.stop();
    const opened = await openDatabase(testConfig(database).database);
    const verdict = await verifyAudit(opened.db);
    await opened.close();
    expect(verdict).toMatchObject({ fault: null, unsealed: 0 });
    const streamed = (await readFile(stream, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Body);
    expect(streamed.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: verdict.entries }, (_, index) => index + 1),
    );
    expect(streamed.at(-1).hash).toBe(verdict.end.hash);
    expect(streamed[0].type).toBe("audit");
  });
});

describe("AUDIT_TEXT", () => {
  it("keeps the text when the operator wants it", async () => {
    const database = await createTestDatabase("embedded");
    const node = await startTestNode(database, { AUDIT_TEXT: "true" });
    try {
      const { synthesize } = await node.client.request(Synthesize, {
        input: { text: SECRET_TEXT, voiceId: "af_heart" },
      });
      if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.__typename);
      await finished(node.client, synthesize.id);
      const { body } = await post(
        node.url,
        '{ auditLog(filter: { actions: ["synthesis.request"] }) { edges { node { details { name value } } } } }',
      );
      expect(JSON.stringify(body)).toContain(SECRET_TEXT);
    } finally {
      await node.stop();
      await database.drop();
    }
  });
});
