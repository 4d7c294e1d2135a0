import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditLog } from "../../src/audit/table.ts";
import { LockHeldError } from "../../src/lockfile.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { STOCK_VOICES } from "../../src/voices/stock.ts";
import { voices } from "../../src/voices/table.ts";
import {
  createTestDatabase,
  describeDatabases,
  describePostgres,
  type TestDatabase,
  testConfig,
} from "../helpers/database.ts";

describeDatabases("database", (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase(kind, { empty: true });
  });
  afterAll(() => test.drop());

  it("migrates and seeds again without changing anything", async () => {
    for (const _round of [1, 2]) {
      const database = await openMigratedDatabase(testConfig(test));
      expect(await database.db.$count(voices)).toBe(STOCK_VOICES.length);
      await database.close();
    }
  });

  it("keeps the audit log append-only", async () => {
    const { db, close } = await openMigratedDatabase(testConfig(test));
    await db
      .insert(auditLog)
      .values({ action: "test", actor: "test", requestId: "r", outcome: "ACCEPTED", details: {} });
    const refusal = { cause: expect.objectContaining({ message: expect.stringContaining("append-only") }) };
    await expect(db.update(auditLog).set({ actor: "other" })).rejects.toMatchObject(refusal);
    await expect(db.delete(auditLog)).rejects.toMatchObject(refusal);
    await expect(db.execute(sql`truncate audit_log`)).rejects.toMatchObject(refusal);
    expect(await db.$count(auditLog)).toBe(1);
    await close();
  });

  it("refuses states that cannot be, whoever writes them", async () => {
    const { db, close } = await openMigratedDatabase(testConfig(test));
    const running = sql`insert into jobs (id, kind, status, stage, max_attempts, input, request_id)
      values (gen_random_uuid(), 'TEST', 'RUNNING', 'SPEAKING', 3, '{}', 'r')`;
    await expect(db.execute(running)).rejects.toMatchObject({
      cause: { message: expect.stringContaining("jobs_lease") },
    });
    await close();
  });
});

describe("embedded database", () => {
  it("is opened by one process only, and the second is told by whom", async () => {
    const test = await createTestDatabase("embedded");
    const first = await openMigratedDatabase(testConfig(test));
    const second = openMigratedDatabase(testConfig(test));
    await expect(second).rejects.toThrow(LockHeldError);
    await expect(second).rejects.toThrow(String(process.pid));
    await first.close();
    const third = await openMigratedDatabase(testConfig(test));
    await third.close();
    await test.drop();
  });
});

describePostgres("several nodes", () => {
  it("migrate together without harm", async () => {
    const test = await createTestDatabase("postgres", { empty: true });
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openMigratedDatabase(testConfig(test))));
    for (const { db } of nodes) expect(await db.$count(voices)).toBe(STOCK_VOICES.length);
    await Promise.all(nodes.map((node) => node.close()));
    await test.drop();
  });
});
