import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordAudit, SERVICE_ACTOR } from "../../src/audit/audit.ts";
import { sealAudit } from "../../src/audit/seal.ts";
import type { Db } from "../../src/db/client.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../helpers/database.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

describe("speaker audit", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    await change(async (db) => {
      for (let i = 0; i < 12; i++) {
        await recordAudit(db, SERVICE_ACTOR, {
          action: "key.revoke",
          outcome: "ACCEPTED",
          targetType: "key",
          targetId: `key-${i}`,
          details: {},
        });
      }
      await sealAudit(db);
    });
  });
  afterAll(() => test.drop());

  /** While no command has the embedded database open. */
  async function change(work: (db: Db) => Promise<void>): Promise<void> {
    const database = await openMigratedDatabase(testConfig(test));
    try {
      await work(database.db);
    } finally {
      await database.close();
    }
  }

  function audit(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, ...test.env, LOG_LEVEL: "silent" };
    return new Promise((resolve) => {
      const command = [CLI, "audit", ...args];
      execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
  }

  it("verifies, exports, verifies the export, and fails with the first bad entry", {
    timeout: 180_000,
  }, async () => {
    const whole = await audit("verify");
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    expect(whole.stdout).toMatch(/holds: 12 entries/);
    const head = /Head: (12:[0-9a-f]{64})/.exec(whole.stdout)?.[1] ?? "";

    const file = join(test.env.DATA_DIR, "export.jsonl");
    expect((await audit("export", "--out", file)).code).toBe(0);
    expect((await audit("verify", "--file", file, "--anchor", head)).code).toBe(0);
    const piped = await audit("export", "--after", "10");
    expect(piped.stdout.trimEnd().split("\n")).toEqual(
      (await readFile(file, "utf8")).trimEnd().split("\n").slice(10),
    );

    const part = join(test.env.DATA_DIR, "part.jsonl");
    await writeFile(part, piped.stdout);
    expect((await audit("verify", "--file", part)).code).toBe(0);
    await writeFile(file, (await readFile(file, "utf8")).replace("key-6", "key-x"));
    expect(await audit("verify", "--file", file)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/Entry 7 .*its hash does not fit.* 6 entries before it hold/),
    });

    await change(async (db) => {
      await db.execute(sql`alter table audit_log disable trigger user`);
      await db.execute(sql`delete from audit_log where sequence > 9`);
      await db.execute(sql`alter table audit_log enable trigger user`);
    });
    const cut = await audit("verify");
    expect(cut.code).toBe(1);
    expect(cut.stderr).toMatch(/Entry 10: it is missing: the chain reached number 12/);
    expect((await audit("verify", "--anchor", "nonsense")).code).toBe(1);
  });
});
