import { createHash } from "node:crypto";
import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { useTestNode } from "../helpers/node.ts";

const APP = "https://app.example";
const EVIL = "https://evil.example";
const QUERY = JSON.stringify({ query: "{ __typename }" });

/** `fetch` sets Host by itself; this one sends what it is told. */
function raw(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once("error", reject)
      .end();
  });
}

function handshake(url: string, headers: Record<string, string>): Promise<number | "open"> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
    socket.once("open", () => {
      socket.close();
      resolve("open");
    });
    socket.once("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on("error", reject);
  });
}

const share = (response: Response) => response.headers.get("access-control-allow-origin");

describe("pages of other origins", () => {
  const node = useTestNode("embedded", { CORS_ORIGINS: `${APP}, http://localhost:3000` });
  const preflight = (origin: string, path = "/graphql") =>
    fetch(`${node.url}${path}`, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,authorization",
      },
    });
  const post = (headers: Record<string, string>, body: string | FormData | URLSearchParams = QUERY) =>
    fetch(`${node.url}/graphql`, { method: "POST", headers, body });

  it("on the list are let in by the preflight, with credentials", async () => {
    const answer = await preflight(APP);
    expect(answer.status).toBe(204);
    expect(share(answer)).toBe(APP);
    expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
    expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
    expect(answer.headers.get("access-control-allow-headers")).toMatch(
      /Authorization.*Content-Type.*Idempotency-Key.*X-API-Key.*X-Stainless-Lang/,
    );
    expect(Number(answer.headers.get("access-control-max-age"))).toBeGreaterThan(0);
    expect(answer.headers.get("vary")).toContain("Origin");
    expect(share(await preflight(APP, "/audio/0190a000-0000-7000-8000-00000000dead"))).toBe(APP);
  });

  it("on the list may read answers and their headers", async () => {
    const answer = await post({ Origin: APP, "Content-Type": "application/json" });
    expect(share(answer)).toBe(APP);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(
      /RateLimit-Remaining.*Retry-After.*X-Request-Id/,
    );
  });

  it.each([EVIL, "null", `${APP}.evil.example`, "http://app.example", `${APP}:8443`])(
    "not on the list get no leave: %s",
    async (origin) => {
      expect(share(await preflight(origin))).toBeNull();
      expect(share(await post({ Origin: origin, "Content-Type": "application/json" }))).toBeNull();
    },
  );

  it("cannot send what needs no preflight, unless with a header that needs one", async () => {
    const form = new FormData();
    form.set("operations", QUERY);
    const bodies: [string, Record<string, string>, string | FormData | URLSearchParams][] = [
      ["multipart", {}, form],
      ["urlencoded", {}, new URLSearchParams({ query: "{ __typename }" })],
      ["text", { "Content-Type": "text/plain" }, QUERY],
      ["text with a parameter", { "Content-Type": "Text/Plain; a=application/json" }, QUERY],
    ];
    for (const [name, headers, body] of bodies) {
      const answer = await post(headers, body);
      expect(answer.status, name).toBe(403);
      expect((await answer.json()).errors[0].extensions.code, name).toBe("CROSS_SITE_REQUEST");
      // Browsers send this one by themselves once somebody has signed in.
      expect((await post({ ...headers, Authorization: "Basic YTpi" }, body)).status, name).toBe(403);
      for (const proof of ["X-GraphQL-Yoga-CSRF", "Apollo-Require-Preflight", "X-API-Key"]) {
        expect((await post({ ...headers, [proof]: "1" }, body)).status, `${name} ${proof}`).not.toBe(403);
      }
    }
    const answer = await post(
      { "X-GraphQL-Yoga-CSRF": "1" },
      new URLSearchParams({ query: "{ __typename }" }),
    );
    expect(await answer.json()).toEqual({ data: { __typename: "Query" } });
  });

  it("cannot change anything by GET", async () => {
    const query = encodeURIComponent('mutation { cancelJob(id: "x") { __typename } }');
    expect((await fetch(`${node.url}/graphql?query=${query}`)).status).toBe(405);
  });

  it("cannot open streams: not by WebSocket, not by server-sent events", async () => {
    const own = node.url;
    expect(await handshake(node.url, {})).toBe("open");
    expect(await handshake(node.url, { Origin: own })).toBe("open");
    expect(await handshake(node.url, { Origin: APP })).toBe("open");
    for (const Origin of [EVIL, "null", "https://127.0.0.1", `${own}0`]) {
      expect(await handshake(node.url, { Origin }), Origin).toBe(403);
    }
    const stream = `${node.url}/graphql?query=${encodeURIComponent("subscription { metrics(intervalMs: 10000) { at } }")}`;
    const status = async (Origin: string) => {
      const answer = await fetch(stream, { headers: { Origin, Accept: "text/event-stream" } });
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await status(APP)).toBe(200);
    expect(await status(EVIL)).toBe(403);
  });

  it("cannot be of the same origin by a name that leads here", async () => {
    const { port } = new URL(node.url);
    const at = `${node.url}/graphql?query={__typename}`;
    for (const name of ["localhost", "127.0.0.1", "[::1]"])
      expect(await raw(at, { Host: `${name}:${port}` })).toBe(200);
    for (const Host of [`evil.example:${port}`, "localhost.evil.example", "127.0.0.1.nip.io"]) {
      expect(await raw(at, { Host }), Host).toBe(403);
      expect(await handshake(node.url, { Host }), Host).toBe(403);
    }
  });
});

describe("a service that lists no origins", () => {
  const node = useTestNode("embedded");

  it("gives leave to none, and does not speak of origins at all", async () => {
    const answer = await fetch(`${node.url}/graphql?query={__typename}`, { headers: { Origin: EVIL } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(answer.status).toBe(200);
  });

  it("hardens every answer", async () => {
    for (const path of ["/graphql?query={__typename}", "/healthz", "/nothing", "/graphql?query={"]) {
      const { headers } = await fetch(`${node.url}${path}`);
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
      expect(headers.get("x-powered-by")).toBeNull();
      expect(headers.get("server")).toBeNull();
    }
    const audio = await fetch(`${node.url}/audio/0190a000-0000-7000-8000-00000000dead`);
    expect(audio.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  });

  it("serves GraphiQL with a policy that names its script by digest and no other", async () => {
    const page = await fetch(`${node.url}/graphql`, { headers: { Accept: "text/html" } });
    const html = await page.text();
    const policy = page.headers.get("content-security-policy") ?? "";
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    expect(script.length).toBeGreaterThan(1_000_000);
    const digest = createHash("sha256").update(script).digest("base64");
    expect(policy).toContain(`script-src 'sha256-${digest}';`);
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|https?:)/);
    expect(policy).toContain("worker-src blob:");
    expect(policy).toContain("font-src data:");
    expect(page.headers.get("x-frame-options")).toBe("DENY");
  });
});

describe("a service for every page", () => {
  const node = useTestNode("embedded", { CORS_ORIGINS: "*" });

  it("shares without credentials", async () => {
    const answer = await fetch(`${node.url}/graphql?query={__typename}`, { headers: { Origin: EVIL } });
    expect(share(answer)).toBe("*");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });
});

describe("a service in production", () => {
  const node = useTestNode("embedded", { NODE_ENV: "production", AUTH: "open" });

  it("shows neither its schema nor GraphiQL, and suggests nothing", async () => {
    const ask = async (query: string) => {
      const answer = await fetch(`${node.url}/graphql`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json" },
        body: JSON.stringify({ query }),
      });
      return { status: answer.status, errors: (await answer.json()).errors };
    };
    expect(await ask("{ __schema { types { name } } }")).toEqual({
      status: 403,
      errors: [
        expect.objectContaining({ extensions: expect.objectContaining({ code: "OPERATION_NOT_ALLOWED" }) }),
      ],
    });
    const wrong = [
      "{ voicez { totalCount } }",
      "{ voices(filtre: {}) { totalCount } }",
      'mutation { synthesize(input: { text: "a", voiceId: "b", format: MP4 }) { __typename } }',
      'mutation { synthesize(input: { text: "a", voiceIdd: "b" }) { __typename } }',
    ];
    for (const query of wrong) {
      const { errors } = await ask(query);
      expect(JSON.stringify(errors)).not.toMatch(/did you mean|accepted:/i);
    }
    const page = await fetch(`${node.url}/graphql`, { headers: { Accept: "text/html" } });
    expect(page.status).toBe(406);
  });
});
