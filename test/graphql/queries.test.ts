import { AsyncLocalStorage } from "node:async_hooks";
import { PGlite } from "@electric-sql/pglite";
import {
  execute,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
} from "graphql";
import pino from "pino";
import { v7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { NO_KEY_LIMITS } from "../../src/auth/limits.ts";
import { expandScopes } from "../../src/auth/scopes.ts";
import { createContext } from "../../src/context.ts";
import { dictionaries, dictionaryVersions } from "../../src/dictionaries/table.ts";
import { schema } from "../../src/graphql/schema.ts";
import { JobOutlook } from "../../src/jobs/outlook.ts";
import { type JobRow, jobs } from "../../src/jobs/table.ts";
import { Lifecycle } from "../../src/lifecycle.ts";
import { openResources, type Resources } from "../../src/resources.ts";
import { audioAssets } from "../../src/synthesis/table.ts";
import { voicePreviews, voiceSamples, voices } from "../../src/voices/table.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../helpers/database.ts";

const ROWS = 20;
const TENANT = "many";
const DIGEST = "0".repeat(64);
const indices = Array.from({ length: ROWS }, (_, index) => index);

const facts = { requestId: "queries", ip: null, userAgent: null, baseUrl: "http://localhost" };
const identity = (tenant: string) => ({
  ...{ name: "test", tenant, keyId: null, expiresAt: null },
  ...{ scopes: expandScopes(["admin"]), limits: NO_KEY_LIMITS },
});

/** All that can be asked of a type without arguments, `depth` objects deep: what is added later is counted too. */
function everything(type: GraphQLNamedType, depth: number): string {
  if (isAbstractType(type)) {
    const types = schema.getPossibleTypes(type).map((each) => `... on ${each} ${everything(each, depth)}`);
    return `{ __typename ${types.join(" ")} }`;
  }
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const selections = fields
    .filter(({ args }) => !args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined))
    .flatMap((field) => {
      const named = getNamedType(field.type);
      if (isLeafType(named)) return [field.name];
      return depth === 0 ? [] : [`${field.name} ${everything(named, depth - 1)}`];
    });
  return `{ __typename ${selections.join(" ")} }`;
}

const typeNamed = (name: string) => {
  const type = schema.getType(name);
  if (type === undefined) throw new Error(`the schema has no ${name}`);
  return type;
};

const voice = (kind: "CLONED" | "MIXED", index: number) => ({
  ...{
    id: `${kind}-${index}`.toLowerCase(),
    tenant: TENANT,
    kind,
    status: "READY" as const,
    name: `${index}`,
  },
  ...{ language: "en-US", gender: "UNKNOWN" as const, engine: "kokoro", packKey: "pack", packSha256: DIGEST },
  recipe: kind === "MIXED" ? [{ voiceId: `cloned-${index}`, weight: 1 }] : null,
});

const job = (tenant: string, kind: string, index: number, input: object): typeof jobs.$inferInsert => ({
  ...{ id: v7(), tenant, kind, status: "SUCCEEDED", stage: "DONE", maxAttempts: 3, requestId: "queries" },
  ...{ voiceId: `cloned-${index}`, input, finishedAt: new Date() },
});

const text = { text: "Hello.", language: "en-US", format: "wav", speed: 1 };
const JOBS: Readonly<Record<string, (index: number) => Partial<JobRow>>> = {
  spoken: (index) => job("spoken", "SYNTHESIS", index, { ...text, voiceId: `cloned-${index}` }) as JobRow,
  waiting: (index) => ({
    ...(job("waiting", "SYNTHESIS", index, { ...text, voiceId: `cloned-${index}` }) as JobRow),
    ...{ status: "QUEUED", stage: "WAITING", finishedAt: null },
  }),
  previews: (index) =>
    job("previews", "VOICE_PREVIEW", index, {
      ...{ voiceId: `cloned-${index}`, language: "en-US", packSha256: DIGEST },
    }) as JobRow,
  [TENANT]: (index) =>
    job(TENANT, "ENROLMENT", index, {
      ...{ voiceId: `cloned-${index}`, sampleId: v7(), seed: 1, budgetSeconds: 0 },
    }) as JobRow,
};

describe("queries to the database", () => {
  const lifecycle = new Lifecycle(pino({ level: "silent" }));
  const counted = new AsyncLocalStorage<{ queries: number }>();
  let test: TestDatabase;
  let resources: Resources;

  beforeAll(async () => {
    for (const method of ["query", "exec", "transaction"] as const) {
      const original = PGlite.prototype[method] as (...args: unknown[]) => Promise<never>;
      vi.spyOn(PGlite.prototype, method).mockImplementation(function (this: PGlite, ...args: unknown[]) {
        const counter = counted.getStore();
        if (counter !== undefined) counter.queries++;
        return original.apply(this, args);
      });
    }
    test = await createTestDatabase("embedded");
    const opened = await openResources(testConfig(test), pino({ level: "silent" }), lifecycle);
    // What it has seen of the queue serves for a while: here every look is to be counted.
    resources = { ...opened, outlook: new JobOutlook(opened.db, { lookMs: 0, paceMs: 0 }) };
    const { db } = resources;
    for (const kind of ["CLONED", "MIXED"] as const) {
      await db.insert(voices).values(indices.map((index) => voice(kind, index)));
    }
    await db.insert(voiceSamples).values(
      indices.map((index) => ({
        ...{ voiceId: `cloned-${index}`, storageKey: `sample-${index}`, container: "wav", codec: "pcm_s16" },
        ...{ durationSeconds: 5, sampleRate: 16_000, channels: 1, bytes: 1, sha256: DIGEST },
        ...{ consentKind: "OWN_VOICE" as const, consentBy: "test" },
      })),
    );
    await db.insert(voicePreviews).values(
      indices.map((index) => ({
        ...{
          voiceId: `cloned-${index}`,
          language: "en-US",
          packSha256: DIGEST,
          storageKey: `preview-${index}`,
        },
        ...{ durationSeconds: 1, bytes: 1, sha256: DIGEST },
      })),
    );
    const made = await db
      .insert(dictionaries)
      .values(indices.map((index) => ({ tenant: TENANT, name: `${index}`, version: 1 })))
      .returning();
    await db.insert(dictionaryVersions).values(
      made.map(({ id }) => ({
        ...{ dictionaryId: id, version: 1, digest: DIGEST, entryCount: 0, languages: [], bytes: 1 },
        packed: Buffer.alloc(1),
      })),
    );
    for (const rowOf of Object.values(JOBS)) {
      const rows = await db
        .insert(jobs)
        .values(indices.map((index) => rowOf(index) as typeof jobs.$inferInsert))
        .returning();
      await db.insert(audioAssets).values(
        rows.map(({ id }) => ({
          ...{ jobId: id, storageKey: `audio-${id}`, format: "wav" as const, sampleRate: 24_000 },
          ...{ sampleCount: 24_000, durationSeconds: 1, bytes: 1, sha256: DIGEST },
        })),
      );
    }
  });

  afterAll(async () => {
    await lifecycle.stop();
    await test.drop();
    vi.restoreAllMocks();
  });

  /** How many statements an operation takes; it must succeed, and give `rows` edges of `field` where they are stated. */
  async function queriesOf(tenant: string, query: string, field: string, rows: number): Promise<number> {
    const counter = { queries: 0 };
    const result = await counted.run(counter, async () =>
      execute({
        schema,
        document: parse(query),
        contextValue: createContext(resources, facts, identity(tenant)),
      }),
    );
    expect(result.errors).toBeUndefined();
    const shown = result.data?.[field] as { edges?: readonly unknown[] } | undefined;
    if (shown?.edges !== undefined) expect(shown.edges).toHaveLength(rows);
    return counter.queries;
  }

  it.each(["CLONED", "MIXED", "STOCK"])("are as many for one voice as for twenty: %s", async (kind) => {
    const selection = everything(typeNamed("QueryVoicesConnection"), 4);
    const voicesOf = (first: number) =>
      queriesOf(
        TENANT,
        `{ voices(first: ${first}, filter: { kind: ${kind} }) ${selection} }`,
        "voices",
        first,
      );
    const one = await voicesOf(1);
    expect(one).toBeGreaterThan(1);
    expect(await voicesOf(ROWS)).toBe(one);
  });

  it.each(Object.keys(JOBS))("are as many for one job as for twenty: %s", async (tenant) => {
    const selection = everything(typeNamed("QueryJobsConnection"), 4);
    const jobsOf = (first: number) =>
      queriesOf(tenant, `{ jobs(first: ${first}) ${selection} }`, "jobs", first);
    // What is read once for each job, whoever asks, is read now.
    await jobsOf(ROWS);
    const one = await jobsOf(1);
    expect(one).toBeGreaterThan(1);
    expect(await jobsOf(ROWS)).toBe(one);
  });

  it("are as many for one dictionary as for twenty", async () => {
    const selection = everything(typeNamed("QueryDictionariesConnection"), 4);
    const dictionariesOf = (first: number) =>
      queriesOf(TENANT, `{ dictionaries(first: ${first}) ${selection} }`, "dictionaries", first);
    // The list, and how many there are in all.
    expect(await dictionariesOf(1)).toBe(2);
    expect(await dictionariesOf(ROWS)).toBe(2);
  });

  it("for one job by its id are no more than for a page of them", async () => {
    const [row] = await resources.db.select().from(jobs).limit(1);
    const selection = everything(typeNamed("Job"), 3);
    const byId = await queriesOf(row?.tenant ?? "", `{ job(id: "${row?.id}") ${selection} }`, "job", 1);
    const page = `{ jobs(first: ${ROWS}) { edges { node ${selection} } } }`;
    expect(byId).toBe(await queriesOf(row?.tenant ?? "", page, "jobs", ROWS));
  });

  it("for what is plain are one", async () => {
    const plain =
      "{ voices(first: 20) { edges { cursor node { id name language { code } usage { jobs } } } } }";
    expect(await queriesOf(TENANT, plain, "voices", ROWS)).toBe(1);
    expect(await queriesOf("spoken", "{ jobs { edges { node { id status } } } }", "jobs", ROWS)).toBe(1);
  });
});
