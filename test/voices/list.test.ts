import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/db/client.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { countVoices, listVoices, type VoiceFilter, type VoiceOrder } from "../../src/voices/list.ts";
import { KOKORO_VOICES } from "../../src/voices/stock.ts";
import { voiceSamples, voices } from "../../src/voices/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase, testConfig } from "../helpers/database.ts";

const TENANT = "lists";
const NEVER = null;
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** Nine voices of one tenant with many equals in every order, and one of another. */
const ROWS = Array.from({ length: 9 }, (_, i) => ({
  id: `own-${i}`,
  tenant: TENANT,
  kind: i % 3 === 0 ? ("MIXED" as const) : ("CLONED" as const),
  status: i % 4 === 3 ? ("ENROLLING" as const) : ("READY" as const),
  name: `Voice ${"cab"[i % 3]}'%_"`,
  language: i % 2 === 0 ? "en-GB" : "fr",
  gender: "UNKNOWN" as const,
  engine: "kokoro",
  tags: [`t${i}`],
  similarity: i % 3 === 0 ? NEVER : 0.1 * Math.fround(i),
  usedJobs: i % 2,
  usedCharacters: 1e12 * (i % 4),
  usedAudioSeconds: 0.1 * (i % 5),
  lastUsedAt: i % 2 === 0 ? NEVER : at(i),
  createdAt: at(i),
  updatedAt: at(i % 2),
}));

describeDatabases("lists of voices", (kind) => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    database = await openMigratedDatabase(testConfig(test));
    await database.db.insert(voices).values([...ROWS, { ...ROWS[0], id: "other", tenant: "other" } as never]);
    await database.db.insert(voiceSamples).values({
      ...{ voiceId: "own-1", storageKey: "voices/own-1/samples/a", container: "wav", codec: "pcm_s16" },
      ...{ durationSeconds: 5, sampleRate: 16_000, channels: 1, bytes: 1, sha256: "0".repeat(64) },
      ...{ consentKind: "OWN_VOICE", consentBy: "test" },
    });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const list = (order: VoiceOrder, page: object, filter: VoiceFilter = {}) =>
    listVoices(database.db, TENANT, filter, order, { limit: 100, inverted: false, ...page });
  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

  const fields = [
    ...["NAME", "CREATED_AT", "UPDATED_AT", "LAST_USED_AT", "USED_JOBS", "USED_CHARACTERS"],
    ...["USED_AUDIO_SECONDS", "SIMILARITY", "LANGUAGE", "KIND"],
  ] as VoiceOrder["field"][];
  describe.each(fields)("by %s", (field) => {
    it.each(["ASC", "DESC"] as const)(
      "%s: pages of two are the whole, forwards and backwards",
      async (direction) => {
        const order = { field, direction };
        // Some are enough to have several pages, and many equals.
        const some: VoiceFilter = { engine: "kokoro" };
        const whole = await list(order, {}, some);
        expect(whole).toHaveLength(KOKORO_VOICES.length + ROWS.length);
        const forwards: string[] = [];
        for (let after: object | undefined; ; ) {
          const page = await list(order, { limit: 2, after }, some);
          forwards.push(...idsOf(page));
          const last = page.at(-1);
          if (last === undefined) break;
          after = { key: last.sortKey, id: last.id };
        }
        expect(forwards).toEqual(idsOf(whole));
        const backwards: string[] = [];
        for (let before: object | undefined; ; ) {
          const page = await list(order, { limit: 2, before, inverted: true }, some);
          backwards.push(...idsOf(page));
          const last = page.at(-1);
          if (last === undefined) break;
          before = { key: last.sortKey, id: last.id };
        }
        expect(backwards.reverse()).toEqual(idsOf(whole));
        expect(idsOf(whole)).not.toContain("other");
      },
    );
  });

  it("puts what was never used or measured at the least end", async () => {
    const own: VoiceFilter = { createdAfter: at(-1), createdBefore: at(60) };
    const used = await list({ field: "LAST_USED_AT", direction: "DESC" }, {}, own);
    expect(idsOf(used)).toEqual([
      "own-7",
      "own-5",
      "own-3",
      "own-1",
      "own-8",
      "own-6",
      "own-4",
      "own-2",
      "own-0",
    ]);
    const similar = await list({ field: "SIMILARITY", direction: "ASC" }, {}, own);
    expect(idsOf(similar).slice(0, 4)).toEqual(["own-0", "own-3", "own-6", "own-1"]);
  });

  it.each<[VoiceFilter, string[]]>([
    [{ status: ["ENROLLING"] }, ["own-3", "own-7"]],
    [{ status: ["ENROLLING", "FAILED"], kind: "CLONED" }, ["own-7"]],
    [{ usedAfter: at(4) }, ["own-5", "own-7"]],
    [{ unusedSince: at(2), createdBefore: at(3), createdAfter: at(-1) }, ["own-0", "own-1", "own-2"]],
    [{ minSimilarity: 0.5 }, ["own-5", "own-7", "own-8"]],
    [{ hasSample: true }, ["own-1"]],
    [{ hasSample: false, usedAfter: at(0) }, ["own-3", "own-5", "own-7"]],
    [{ createdAfter: at(6), createdBefore: at(8) }, ["own-7"]],
    [{ tags: ["t1", "t2"] }, ["own-1", "own-2"]],
    [{ text: "'%_\"", language: "fr" }, ["own-1", "own-3", "own-5", "own-7"]],
  ])("filters by %j", async (filter, ids) => {
    const found = await list({ field: "CREATED_AT", direction: "ASC" }, {}, filter);
    expect(idsOf(found)).toEqual(ids);
    expect(await countVoices(database.db, TENANT, filter)).toBe(ids.length);
  });

  it.each([
    ["CREATED_AT", "'; drop table voices"],
    ["CREATED_AT", "now"],
    ["USED_JOBS", "99999999999"],
    ["SIMILARITY", "NaN"],
    ["NAME", "a\0b"],
  ] as const)("refuses a cursor of %s that says %j", async (field, key) => {
    const page = list({ field, direction: "ASC" }, { after: { key, id: "x" } });
    await expect(page).rejects.toThrow("accepts a cursor that this list has given out");
    expect(await database.db.$count(voices, eq(voices.tenant, TENANT))).toBe(ROWS.length);
  });
});
