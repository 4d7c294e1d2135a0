import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

// https://graphql.github.io/graphql-over-http/draft/ as its own audit suite reads it.
describe("GraphQL over HTTP", () => {
  let test: TestDatabase;
  let node: TestNode;
  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    node = await startTestNode(test);
  });
  afterAll(async () => {
    await node.stop();
    await test.drop();
  });

  it.each(
    serverAudits({ url: () => `${node.url}/graphql`, fetchFn: fetch }).map(
      (audit) => [audit.name, audit] as const,
    ),
  )("%s", async (_name, audit) => {
    const result = await audit.fn();
    if (result.status !== "ok") expect.fail(result.reason);
  });
});
