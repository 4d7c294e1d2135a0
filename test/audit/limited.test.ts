import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Body, post } from "../helpers/caller.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { startTestNode } from "../helpers/node.ts";

describe("mutations over the limit", () => {
  it("are counted each time and audited once a minute", async () => {
    const database = await createTestDatabase("embedded");
    const file = join(database.env.DATA_DIR, "audit.jsonl");
    const node = await startTestNode(database, {
      RATE_LIMIT_PER_MINUTE: "20",
      RATE_LIMIT_WEIGHTS: "cancelJob=18",
      AUDIT_STREAM: `file:${file}`,
    });
    const cancel = 'mutation { cancelJob(id: "0190a000-0000-7000-8000-00000000dead") { __typename } }';
    const statuses: number[] = [];
    let metrics: string;
    try {
      for (let i = 0; i < 4; i++) statuses.push((await post(node.url, cancel)).status);
      metrics = await (await fetch(`${node.url}/metrics`)).text();
    } finally {
      await node.stop();
    }
    const entries: Body[] = (await readFile(file, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    await database.drop();
    // The first had room for 18 more and named no job; the others found one place left at most.
    expect(statuses).toEqual([200, 429, 429, 429]);
    expect(metrics).toMatch(/^speaker_graphql_errors_total\{code="RATE_LIMITED"\} 1$/m);
    expect(metrics).toMatch(
      /^speaker_http_requests_total\{route="\/graphql",method="POST",status="429"\} 3$/m,
    );
    expect(entries.map(({ action, outcome, details }) => `${action} ${outcome} ${details.code}`)).toEqual([
      "job.cancel REFUSED NOT_FOUND",
      "job.cancel REFUSED RATE_LIMITED",
    ]);
  });
});
