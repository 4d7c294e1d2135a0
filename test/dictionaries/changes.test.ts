import { eq, sql } from "drizzle-orm";
import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../../src/audit/audit.ts";
import { auditLog } from "../../src/audit/table.ts";
import { createDictionary, type DictionaryDeps, updateDictionary } from "../../src/dictionaries/change.ts";
import { deleteDictionary } from "../../src/dictionaries/delete.ts";
import {
  type DictionaryReference,
  loadDictionaries,
  loadPronunciations,
  resolveDictionaries,
} from "../../src/dictionaries/dictionary.ts";
import { countDictionaries, listDictionaries } from "../../src/dictionaries/list.ts";
import { removeOldVersions } from "../../src/dictionaries/retention.ts";
import { dictionaryVersions } from "../../src/dictionaries/table.ts";
import { DictionaryThread } from "../../src/dictionaries/thread.ts";
import { jobs } from "../../src/jobs/table.ts";
import { unpackPronunciations } from "../../src/synthesis/text/pronunciation.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../helpers/database.ts";
import { openTestQueue, silent, type TestQueue } from "../helpers/queue.ts";

const actorOf = (tenant: string): Actor => ({
  ...{ name: tenant, tenant, keyId: null, scopes: new Set(), ip: null, userAgent: null, requestId: v7() },
});

describeDatabases("dictionaries", (kind) => {
  const thread = new DictionaryThread();
  let database: TestDatabase;
  let queue: TestQueue;
  let deps: DictionaryDeps;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    queue = await openTestQueue(database);
    const storage = { temporaryPath: () => Promise.reject(new Error("nothing is uploaded here")) };
    deps = { config: { quotas: queue.quotas }, db: queue.db, storage, dictionaries: thread };
  });
  afterAll(async () => {
    await thread.close();
    await queue.close();
    await database.drop();
  });

  const make = async (
    tenant: string,
    entries: object[] = [{ grapheme: "cat", alias: "feline" }],
    name = "d",
  ) => (await createDictionary(deps, actorOf(tenant), { name, entries: entries as never })).dictionary;
  const set = (tenant: string, id: string, alias: string, more: object = {}) =>
    updateDictionary(deps, actorOf(tenant), { id, entries: [{ grapheme: "cat", alias }], ...more });
  const saidBy = async (references: readonly DictionaryReference[]) =>
    (await loadPronunciations(queue.db, references)).map(({ packed }) =>
      unpackPronunciations(packed).map(({ grapheme, alias, ipa }) => `${grapheme}=${alias ?? ipa}`),
    );
  const versionsOf = async (id: string) =>
    (
      await queue.db
        .select({ version: dictionaryVersions.version })
        .from(dictionaryVersions)
        .where(eq(dictionaryVersions.dictionaryId, id))
        .orderBy(dictionaryVersions.version)
    ).map(({ version }) => version);

  test("a job speaks with the version that it was accepted with, changed or deleted meanwhile", async () => {
    const { id } = await make("kept");
    const accepted = await resolveDictionaries(queue.db, "kept", [id]);
    expect(accepted).toMatchObject([{ id, version: 1 }]);
    expect((await set("kept", id, "moggy")).dictionary.version).toBe(2);
    const later = await resolveDictionaries(queue.db, "kept", [id]);
    const deleted = await deleteDictionary(queue.db, actorOf("kept"), id);
    expect(await saidBy([...accepted, ...later])).toEqual([["cat=feline"], ["cat=moggy"]]);
    await expect(resolveDictionaries(queue.db, "kept", [id])).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ path: ["input", "dictionaryIds", "0"] }],
    });
    expect(await deleteDictionary(queue.db, actorOf("kept"), id.toUpperCase())).toEqual(deleted);
    await expect(set("kept", id, "x")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(deleteDictionary(queue.db, actorOf("other"), id)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("old versions go when no job needs them", async () => {
    const { id } = await make("old");
    for (const alias of ["two", "three", "four", "five"]) await set("old", id, alias);
    const jobWith = (version: number, status: "QUEUED" | "FAILED" | "SUCCEEDED", days: number) =>
      queue.db.insert(jobs).values({
        ...{ tenant: "old", kind: "SYNTHESIS", status, stage: status === "QUEUED" ? "WAITING" : "DONE" },
        ...{ maxAttempts: 3, requestId: "test", input: { dictionaries: [{ id, version, digest: "x" }] } },
        finishedAt: status === "QUEUED" ? null : sql`now() - make_interval(days => ${days})`,
      });
    await jobWith(1, "QUEUED", 0);
    await jobWith(2, "FAILED", 1);
    await jobWith(3, "FAILED", 10);
    await jobWith(4, "SUCCEEDED", 0);
    await removeOldVersions(queue.db, silent);
    expect(await versionsOf(id)).toEqual([1, 2, 3, 4, 5]);
    await queue.db
      .update(dictionaryVersions)
      .set({ supersededAt: sql`now() - interval '2 hours'` })
      .where(sql`${dictionaryVersions.supersededAt} is not null`);
    await removeOldVersions(queue.db, silent);
    expect(await versionsOf(id)).toEqual([1, 2, 5]);
    await expect(saidBy([{ id, version: 3, digest: "x" }])).rejects.toMatchObject({ code: "GONE" });
  });

  test("what changes no entry makes no version; the name is not the entries", async () => {
    const { id, digest } = await make("same");
    expect((await set("same", id, "feline")).dictionary).toMatchObject({ version: 1, digest });
    const renamed = await updateDictionary(deps, actorOf("same"), {
      id,
      name: "Zoo",
      description: "of cats",
    });
    expect(renamed.dictionary).toMatchObject({ version: 1, digest, name: "Zoo", description: "of cats" });
    expect(await versionsOf(id)).toEqual([1]);
  });

  test("two changes at once are both made; one that expects another version is refused", async () => {
    const { id } = await make("race");
    await Promise.all(
      ["dog", "cow"].map((grapheme) =>
        updateDictionary(deps, actorOf("race"), { id, entries: [{ grapheme, alias: "beast" }] }),
      ),
    );
    const [present] = await loadDictionaries(queue.db, "race", [id]);
    expect(present).toMatchObject({ version: 3, entryCount: 3 });
    await expect(set("race", id, "x", { expectedVersion: 2 })).rejects.toMatchObject({ code: "CONFLICT" });
    const races = await Promise.allSettled(
      ["y", "z"].map((alias) => set("race", id, alias, { expectedVersion: 3 })),
    );
    expect(races.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("dictionaries are named in order, each once, and only one's own", async () => {
    const [one, two, foreign] = [await make("mine"), await make("mine"), await make("theirs")];
    const resolved = await resolveDictionaries(queue.db, "mine", [two.id, one.id]);
    expect(resolved.map(({ id }) => id)).toEqual([two.id, one.id]);
    expect(resolved[0]?.digest).toBe(resolved[1]?.digest);
    const refused = resolveDictionaries(queue.db, "mine", [one.id, foreign.id, "nonsense", v7(), one.id]);
    await expect(refused).rejects.toMatchObject({
      issues: ["1", "2", "3", "4"].map((index) => ({ path: ["input", "dictionaryIds", index] })),
    });
  });

  test("quotas count dictionaries that are there, and the bytes of all kept versions", async () => {
    const limited = (quotas: object) => ({ ...deps, config: { quotas: { ...queue.quotas, ...quotas } } });
    const create = (quotas: object) =>
      createDictionary(limited(quotas), actorOf("quota"), { name: "d", entries: [] });
    const { id, bytes } = await make("quota");
    await expect(create({ dictionaries: 1 })).rejects.toMatchObject({ quota: "DICTIONARIES", used: 1 });
    await expect(
      updateDictionary(limited({ storageBytes: bytes + 1 }), actorOf("quota"), {
        ...{ id, entries: [{ grapheme: "dog", alias: "hound" }] },
      }),
    ).rejects.toMatchObject({ quota: "STORAGE_BYTES", used: bytes });
    expect(await versionsOf(id)).toEqual([1]);
    await deleteDictionary(queue.db, actorOf("quota"), id);
    const { dictionary } = await create({ dictionaries: 1 });
    expect(dictionary.entryCount).toBe(0);
  });

  test("every change is in the audit log, without a word of the entries", async () => {
    const { id } = await make("audited", [{ grapheme: "secretword", alias: "secretsound" }]);
    await set("audited", id, "moggy");
    await deleteDictionary(queue.db, actorOf("audited"), id);
    const entries = await queue.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.tenant, "audited"))
      .orderBy(auditLog.id);
    expect(entries.map(({ action, targetId, details }) => [action, targetId, details])).toMatchObject([
      ["dictionary.create", id, { version: 1, entries: 1, added: 1 }],
      ["dictionary.update", id, { version: 2, entries: 2, added: 1, changed: 0 }],
      ["dictionary.delete", id, { version: 2, entries: 2 }],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/secret|moggy/);
  });

  test("the list is by name, searched and paged in both directions", async () => {
    for (const name of ["b", "a", "c%", "a"]) await make("list", [], name);
    const page = (more: object) =>
      listDictionaries(queue.db, "list", null, { limit: 10, inverted: false, ...more });
    const all = await page({});
    expect(all.map(({ name }) => name)).toEqual(["a", "a", "b", "c%"]);
    expect(await page({ after: all[0], limit: 2 })).toEqual(all.slice(1, 3));
    expect(await page({ before: all[3], limit: 2, inverted: true })).toEqual(all.slice(1, 3).toReversed());
    expect(await countDictionaries(queue.db, "list", null)).toBe(4);
    expect(await countDictionaries(queue.db, "list", "%")).toBe(1);
  });

  test("a dictionary of 100,000 entries is made and changed without holding the event loop up", async () => {
    const { id } = await make("large", []);
    const entries = Array.from({ length: 1_000 }, (_, index) => ({ grapheme: `w${index}`, ipa: "wɜːd" }));
    const table = `grapheme,ipa\n${Array.from({ length: 99_000 }, (_, index) => `word${index},wɜːd`).join("\n")}\n`;
    let turns = 0;
    const watch = setInterval(() => {
      turns += 1;
    });
    const file = {
      bytes: Buffer.from(table),
      format: null,
      defaults: { language: null, caseSensitive: false },
    };
    const change = { replaceAll: true, remove: [], set: [], file };
    const built = await thread.perform({ type: "build", packed: null, change });
    if ("issues" in built) throw new Error(JSON.stringify(built.issues));
    clearInterval(watch);
    expect(built.entryCount).toBe(99_000);
    // A loop that did the work itself would not have turned at all.
    expect(turns).toBeGreaterThan(3);
    const { data, entryCount } = built;
    const values = { digest: data.digest, entryCount, packed: data.packed, bytes: data.packed.length };
    await queue.db.update(dictionaryVersions).set(values).where(eq(dictionaryVersions.dictionaryId, id));
    const changed = await updateDictionary(deps, actorOf("large"), { id, entries });
    expect(changed.dictionary).toMatchObject({ version: 2, entryCount: 100_000 });
    await expect(set("large", id, "one more")).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const others = [await make("large", []), await make("large", [])].map((each) => each.id);
    for (const other of others) {
      await queue.db
        .update(dictionaryVersions)
        .set({ entryCount: 60_000 })
        .where(eq(dictionaryVersions.dictionaryId, other));
    }
    expect(await resolveDictionaries(queue.db, "large", [id, others[0] ?? ""])).toHaveLength(2);
    await expect(resolveDictionaries(queue.db, "large", [id, ...others])).rejects.toMatchObject({
      issues: [{ path: ["input", "dictionaryIds"] }],
    });
    const [loaded] = await loadPronunciations(queue.db, [changed.dictionary]);
    expect(unpackPronunciations(loaded?.packed ?? new Uint8Array())).toHaveLength(100_000);
  });
});

test("a thread that is lost is replaced, and what it did is told as interrupted", async () => {
  const thread = new DictionaryThread();
  const damaged = thread.perform({
    type: "count",
    packed: Buffer.from("no deflate"),
    filter: { text: null, language: null },
  });
  await expect(damaged).rejects.toMatchObject({ code: "INTERNAL" });
  const change = { replaceAll: true, remove: [], set: [{ grapheme: "a", alias: "b" }], file: null };
  expect(await thread.perform({ type: "build", packed: null, change })).toMatchObject({ entryCount: 1 });
  const interrupted = thread.perform({ type: "build", packed: null, change });
  const closed = thread.close();
  await expect(interrupted).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  await closed;
  await expect(thread.perform({ type: "build", packed: null, change })).rejects.toMatchObject({
    code: "SERVICE_UNAVAILABLE",
  });
});
