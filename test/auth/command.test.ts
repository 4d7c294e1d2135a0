import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bearer, post } from "../helpers/caller.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../helpers/database.ts";
import { startTestNode, TestProgram } from "../helpers/node.ts";

/** Each command opens the database anew: seconds, where it is embedded and the machine is busy. */
const SLOWEST_MS = 300_000;

/** Runs `speaker …` to its end. */
async function speaker(database: TestDatabase, ...args: string[]) {
  return await speakerWith({}, database, ...args);
}

async function speakerWith(env: NodeJS.ProcessEnv, database: TestDatabase, ...args: string[]) {
  const program = new TestProgram({ database, args, env, entry: "cli.js" });
  const code = await program.end();
  return { code, output: program.output.join("\n") };
}

describeDatabases("speaker keys", (kind) => {
  it(
    "makes the first key of a service that is not open, lists, rotates and revokes",
    async () => {
      const test = await createTestDatabase(kind);
      const made = await speaker(
        test,
        "keys",
        "create",
        "--name",
        "ops",
        "--scopes",
        "admin",
        "--tenant",
        "default",
      );
      const secret = /^spk_\S+/m.exec(made.output)?.[0] ?? "";
      expect(made.code).toBe(0);
      const listed = await speaker(test, "keys", "list");
      expect(listed.output).toMatch(/ops .*default .*admin .*valid/);
      expect(listed.output).not.toContain(secret);
      const id = /Key ([\w-]{36})/.exec(made.output)?.[1] ?? "";
      const rotated = await speaker(test, "keys", "rotate", id, "--grace", "0");
      const successor = /^spk_\S+/m.exec(rotated.output)?.[0] ?? "";

      const node = await startTestNode(test, { HOST: "0.0.0.0", RATE_LIMIT_PER_MINUTE: "0" });
      const viewer = async (key: string) =>
        (await post(node.url, "{ viewer { name tenant } }", {}, bearer(key))).body;
      expect(await viewer(successor)).toEqual({ data: { viewer: { name: "ops", tenant: "default" } } });
      expect((await viewer(secret)).errors[0].extensions.code).toBe("UNAUTHENTICATED");
      await node.stop();

      const last = /Key ([\w-]{36})/.exec(rotated.output)?.[1] ?? "";
      expect((await speaker(test, "keys", "revoke", last)).output).toBe("Revoked: ops.");
      const wrong = await speaker(test, "keys", "create", "--name", "a b", "--scopes", "admin");
      expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining("name: accepts 1 to 64")]);
      const unknown = await speaker(test, "keys", "create", "--name", "x", "--scopes", "voices:erase");
      expect([unknown.code, unknown.output]).toEqual([
        1,
        expect.stringContaining("scopes: accepts one or more of"),
      ]);
      await test.drop();
    },
    SLOWEST_MS,
  );
});

describe("the server's secret", () => {
  it("is kept beside the embedded database, for its owner alone", async () => {
    const test = await createTestDatabase("embedded");
    await speaker(test, "keys", "list");
    const { mode, size } = await stat(join(test.env.DATA_DIR, "server.secret"));
    expect([mode & 0o777, size]).toEqual([0o600, 43]);
    await test.drop();
  });
});
