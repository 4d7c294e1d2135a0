import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WINDOW_MS } from "../../src/limits/counter.ts";
import { DatabaseCounter } from "../../src/limits/database-counter.ts";
import { MemoryCounter } from "../../src/limits/memory-counter.ts";
import { rateWindows } from "../../src/limits/table.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { createTestDatabase, describeDatabases, testConfig } from "../helpers/database.ts";

const silent = pino({ level: "silent" });

describe("the counter in memory", () => {
  it("admits exactly the limit, and again when the window is over", async () => {
    let now = 0;
    const counter = new MemoryCounter(() => now);
    const burst = async () => {
      const taken = await Promise.all(Array.from({ length: 250 }, () => counter.take("a", 1, 100)));
      return taken.filter(({ admitted }) => admitted).length;
    };
    expect(await burst()).toBe(100);
    now = WINDOW_MS - 1;
    expect(await counter.take("a", 1, 100)).toEqual({ admitted: false, remaining: 0, resetMs: 1 });
    now = WINDOW_MS;
    expect(await burst()).toBe(100);
  });

  it("uses nothing up for what does not fit, so that less may still pass", async () => {
    const counter = new MemoryCounter(() => 0);
    expect(await counter.take("a", 7, 10)).toMatchObject({ admitted: true, remaining: 3 });
    expect(await counter.take("a", 4, 10)).toMatchObject({ admitted: false, remaining: 3 });
    expect(await counter.take("a", 3, 10)).toMatchObject({ admitted: true, remaining: 0 });
  });

  it("keeps callers apart and stays within its bound, however many there are", async () => {
    let now = 0;
    const counter = new MemoryCounter(() => now, 1_000);
    for (let i = 0; i < 5_000; i += 1) await counter.take(`ip ${i}`, 1, 1);
    expect(counter.size).toBe(1_000);
    expect(await counter.take("ip 4999", 1, 1)).toMatchObject({ admitted: false });
    now = WINDOW_MS;
    await counter.take("someone", 1, 1);
    expect(counter.size).toBe(1);
  });
});

describeDatabases("the counter in the database", (kind) => {
  let test: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: Awaited<ReturnType<typeof openMigratedDatabase>>;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    database = await openMigratedDatabase(testConfig(test));
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it("admits exactly the limit to all nodes together", async () => {
    const nodes = [1, 2, 3].map(() => new DatabaseCounter(database.db, silent));
    const taken = await Promise.all(
      Array.from({ length: 150 }, (_, i) => nodes[i % 3]?.take("key fleet", 1, 40)),
    );
    expect(taken.filter((one) => one?.admitted)).toHaveLength(40);
    const left = taken.flatMap((one) => (one?.admitted ? [one.remaining] : []));
    // Every admission saw a different rest: none was counted twice or not at all.
    expect(new Set(left).size).toBe(40);
    expect(Math.min(...left)).toBe(0);
  });

  it("counts for all nodes together also under the largest limit that a key may have", async () => {
    const limit = 10_000_000_000_000;
    const take = () => new DatabaseCounter(database.db, silent).take("key generous", 1, limit);
    expect(await take()).toMatchObject({ admitted: true, remaining: limit - 1 });
    expect(await take()).toMatchObject({ admitted: true, remaining: limit - 2 });
  });

  it("uses nothing up for what does not fit, and tells when the window ends", async () => {
    const counter = new DatabaseCounter(database.db, silent);
    expect(await counter.take("key weights", 7, 10)).toMatchObject({ admitted: true, remaining: 3 });
    const refused = await counter.take("key weights", 4, 10);
    expect(refused).toMatchObject({ admitted: false, remaining: 3 });
    expect(refused.resetMs).toBeGreaterThan(WINDOW_MS / 2);
    expect(refused.resetMs).toBeLessThanOrEqual(WINDOW_MS);
    expect(await counter.take("key weights", 3, 10)).toMatchObject({ admitted: true, remaining: 0 });
    expect(await counter.take("key weights", 1, 10)).toMatchObject({ admitted: false, remaining: 0 });
  });

  it("begins a new window when the old one is over, and removes what is over", async () => {
    const counter = new DatabaseCounter(database.db, silent);
    await counter.take("key old", 5, 5);
    const long = new Date(Date.now() - 1_000);
    await database.db.update(rateWindows).set({ endsAt: long });
    expect(await new DatabaseCounter(database.db, silent).take("key old", 1, 5)).toMatchObject({
      admitted: true,
      remaining: 4,
    });
    await counter.sweep();
    expect((await database.db.select().from(rateWindows)).map(({ id }) => id)).toEqual(["key old"]);
  });
});

describe("a database that does not answer", () => {
  it("leaves each node to count for itself", async () => {
    const test = await createTestDatabase("embedded");
    const database = await openMigratedDatabase(testConfig(test));
    const counter = new DatabaseCounter(database.db, silent);
    await database.close();
    const taken = [];
    for (let i = 0; i < 5; i += 1) taken.push((await counter.take("ip 10.0.0.1", 1, 3)).admitted);
    expect(taken).toEqual([true, true, true, false, false]);
    await test.drop();
  });
});
