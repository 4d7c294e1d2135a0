import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { verifyAudit } from "../../src/audit/verify.ts";
import { openDatabase } from "../../src/db/client.ts";
import { type Body, post } from "../helpers/caller.ts";
import { createTestDatabase, describePostgres, testConfig } from "../helpers/database.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

describePostgres("the audit log of a fleet", () => {
  it("is one chain, each entry sealed and streamed by one node", async () => {
    const database = await createTestDatabase("postgres");
    const files = ["a", "b", "c"].map((name) => join(database.env.DATA_DIR, `${name}.jsonl`));
    const nodes: TestNode[] = [];
    for (const file of files) {
      const env = { AUDIT_STREAM: `file:${file}`, ROLE: "api", RATE_LIMIT_PER_MINUTE: "0" };
      nodes.push(await startTestNode(database, env));
    }
    try {
      const refused = 'mutation { cancelJob(id: "0190a000-0000-7000-8000-00000000dead") { __typename } }';
      await Promise.all(
        Array.from({ length: 120 }, (_, index) => post(nodes[index % nodes.length]?.url ?? "", refused)),
      );
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
    const opened = await openDatabase(testConfig(database).database);
    const verdict = await verifyAudit(opened.db);
    await opened.close();
    expect(verdict).toMatchObject({ entries: 120, unsealed: 0, fault: null });
    const streamed: Body[] = [];
    for (const file of files) {
      const text = await readFile(file, "utf8").catch(() => "");
      streamed.push(
        ...text
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      );
    }
    expect(streamed.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
    await database.drop();
  });
});
