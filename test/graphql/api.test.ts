import { describe, expect, it } from "vitest";
import { post, postBody } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { useTestNode } from "../helpers/node.ts";
import { SPEAK } from "./speak.ts";

describeDatabases("API", (kind) => {
  const node = useTestNode(kind);
  const query = async (text: string) => (await post(node.url, text)).body;

  it("carries request id and API version on every response, and keeps a caller's own id", async () => {
    for (const path of ["/graphql?query={__typename}", "/healthz", "/nothing", "/audio/nothing"]) {
      const { headers } = await fetch(node.url + path);
      expect(headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
      expect(headers.get("x-api-version")).toBe("1");
    }
    const own = await post(node.url, "{ __typename }", {}, { "X-Request-Id": "my-trace:1" });
    expect(own.headers.get("x-request-id")).toBe("my-trace:1");
    const odd = await post(node.url, "{ __typename }", {}, { "X-Request-Id": 'a b"c' });
    expect(odd.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
  });

  it("says what it is", async () => {
    const { serverInfo } = (
      await query(
        "{ serverInfo { name version apiVersion uptimeSeconds engines limits { textCharacters queuedJobs minSpeed maxSpeed } } }",
      )
    ).data;
    expect(serverInfo).toMatchObject({
      name: "Speaker",
      apiVersion: "1",
      limits: { textCharacters: 50_000, minSpeed: 0.5, maxSpeed: 2 },
    });
    expect(serverInfo.uptimeSeconds).toBeGreaterThan(0);
  });

  it("is healthy, and says on what it computes", async () => {
    const { health } = (
      await query(
        "{ health { status checks { name status message } executionProvider queue { limit } workers { state runningJobs members { state } } cpu { cores } memory { totalBytes } freeDiskBytes } }",
      )
    ).data;
    expect(health.status).toBe("OK");
    expect(health.checks.map((check: { name: string }) => check.name)).toEqual([
      "database",
      "queue",
      "workers",
      "consuming",
      "models",
      "storage",
      "memory",
      "eventLoop",
      "gpu",
    ]);
    expect(health.workers).toHaveLength(1);
    expect(health.workers[0].state).toBe("ready");
    expect((await fetch(`${node.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
  });

  describe("malformed requests", () => {
    it.each<[string, unknown, RegExp]>([
      ["a document that does not parse", { query: "{" }, /Syntax Error/],
      ["a field that does not exist", { query: "{ nothing }" }, /Cannot query field/],
      ["a missing variable", { query: SPEAK, variables: {} }, /required type "SynthesizeInput!".*"\$input"/],
      [
        "a lone surrogate",
        { query: SPEAK, variables: { input: { voiceId: "af_heart", text: "a\ud83d" } } },
        /surrogate/,
      ],
      [
        "a variable of the wrong type",
        { query: SPEAK, variables: { input: 5 } },
        /Expected type "SynthesizeInput"/,
      ],
      ["no document", {}, /query/i],
      ["a body that is no JSON", "nonsense", /JSON/],
      ["a page out of range", { query: "{ voices(first: 101) { totalCount } }" }, /first: accepts 1 to 100/],
      ["a foreign cursor", { query: '{ voices(after: "bm9wZQ") { totalCount } }' }, /cursor/],
    ])("answers %s with status 400, a code and no stack", async (_name, body, message) => {
      const answer = await postBody(node.url, body);
      expect(answer.body.errors[0].message).toMatch(message);
      expect(answer.body.errors[0].extensions.code).toMatch(/^(BAD_REQUEST|INVALID_INPUT|GRAPHQL_\w+)$/);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toMatch(/stack|node_modules|\.ts:/);
    });

    it("cuts off a body that is too large", async () => {
      const answer = await post(node.url, `{ __typename } # ${"x".repeat(1_100_000)}`);
      expect(answer.status).toBe(413);
    });
  });

  it("serves GraphiQL without anything from elsewhere", async () => {
    const page = await fetch(`${node.url}/graphql`, { headers: { Accept: "text/html" } });
    const html = await page.text();
    expect(page.headers.get("content-type")).toMatch("text/html");
    expect(html).not.toMatch(/<script[^>]+src="https?:|<link[^>]+href="https?:/);
    expect(await fetch(node.url, { redirect: "manual" }).then((r) => r.headers.get("location"))).toBe(
      "/graphql",
    );
  });
});
