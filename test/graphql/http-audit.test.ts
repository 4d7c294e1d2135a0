import { serverAudits } from "graphql-http";
import { describe, expect, it } from "vitest";
import { useTestNode } from "../helpers/node.ts";

// https://graphql.github.io/graphql-over-http/draft/ as its own audit suite reads it.
describe("GraphQL over HTTP", () => {
  const node = useTestNode("embedded");

  it.each(
    serverAudits({ url: () => `${node.url}/graphql`, fetchFn: fetch }).map(
      (audit) => [audit.name, audit] as const,
    ),
  )("%s", async (_name, audit) => {
    const result = await audit.fn();
    if (result.status !== "ok") expect.fail(result.reason);
  });
});
