import { type ASTNode, Kind, TypeInfo } from "graphql";
import { Parser } from "graphql/language/parser.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { overWebSocket, post } from "../helpers/caller.ts";
import { useTestNode } from "../helpers/node.ts";

const TIMES = 5;

/** GraphQL's own parser and validation, watched while they work. */
function watchWork() {
  const parsed = vi.spyOn(Parser.prototype, "parseDocument");
  // Each validation walks the document once with the types of the schema at hand; nothing else does.
  const entered = vi.spyOn(TypeInfo.prototype, "enter");
  return () => ({
    parsed: parsed.mock.calls.length,
    validated: entered.mock.calls.filter(([node]) => (node as ASTNode).kind === Kind.DOCUMENT).length,
  });
}

describe("documents", () => {
  const node = useTestNode("embedded", { MAX_QUERY_ALIASES: "3" });
  let work: ReturnType<typeof watchWork>;
  beforeEach(() => {
    work = watchWork();
  });
  afterEach(() => vi.restoreAllMocks());

  async function ask(query: string, variables: object = {}): Promise<string[]> {
    const { body } = await post(node.url, query, variables);
    return (body.errors ?? []).map((error: { extensions: { code: string } }) => error.extensions.code);
  }

  it("are parsed and validated once, over HTTP and over WebSockets, whatever the variables", async () => {
    const query = "query Once($first: Int) { voices(first: $first) { edges { node { id } } } }";
    for (let first = 1; first <= TIMES; first++) expect(await ask(query, { first })).toEqual([]);
    await fetch(`${node.url}/graphql?query=${encodeURIComponent(query)}`);
    for (let time = 1; time <= TIMES; time++) {
      for await (const { data } of overWebSocket(node.url, query)) expect(data.voices.edges).toHaveLength(20);
    }
    expect(work()).toEqual({ parsed: 1, validated: 1 });
    expect(await ask("{ languages { code } }")).toEqual([]);
    expect(work()).toEqual({ parsed: 2, validated: 2 });
  });

  it("over WebSockets first serve HTTP too", async () => {
    const query = "{ voices(first: 2) { edges { cursor } } }";
    for (let time = 1; time <= TIMES; time++) {
      for await (const { data } of overWebSocket(node.url, query)) expect(data.voices.edges).toHaveLength(2);
      expect(await ask(query)).toEqual([]);
    }
    expect(work()).toEqual({ parsed: 1, validated: 1 });
  });

  it("that are refused are refused again without being looked at again", async () => {
    const costly =
      "{ a: languages { code } b: languages { code } c: languages { code } d: languages { code } }";
    for (let time = 1; time <= TIMES; time++) expect(await ask(costly)).toEqual(["QUERY_TOO_COMPLEX"]);
    expect(work()).toEqual({ parsed: 1, validated: 1 });
    for (let time = 1; time <= TIMES; time++) expect(await ask("{ nothing }")).toEqual(["BAD_REQUEST"]);
    expect(work()).toEqual({ parsed: 2, validated: 2 });
    for (let time = 1; time <= TIMES; time++) expect(await ask("{ voices(")).toEqual(["BAD_REQUEST"]);
    expect(work()).toEqual({ parsed: 3, validated: 2 });
  });

  it("that are long hold a text and are not kept", async () => {
    const long = `{ __typename } # ${"x".repeat(10_000)}`;
    for (let time = 1; time <= TIMES; time++) expect(await ask(long)).toEqual([]);
    expect(work()).toEqual({ parsed: TIMES, validated: TIMES });
  });
});
