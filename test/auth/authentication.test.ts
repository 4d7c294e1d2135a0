import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SpeakerClient } from "../../src/client/client.ts";
import { Synthesize } from "../../src/client/operations.ts";
import { bearer, overEvents, overWebSocket, post } from "../helpers/caller.ts";
import { createTestDatabase, describeDatabases } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, useTestNode } from "../helpers/node.ts";

const ROOT = "root-secret-0123456789";
const READER = "reader-secret-0123456789";
const env = { API_KEYS: `root:${ROOT}:admin; reader:${READER}:voices:read`, RATE_LIMIT_PER_MINUTE: "0" };

const VIEWER = "{ viewer { name scopes } }";
const VOICES = "{ voices(first: 1) { totalCount } }";
const PROGRESS = 'subscription { jobProgress(id: "0190a000-0000-7000-8000-00000000dead") { id } }';

describeDatabases("keys of the environment", (kind) => {
  const node = useTestNode(kind, env);

  it.each([
    ["Authorization", { Authorization: `Bearer ${READER}` }],
    ["X-API-Key", { "X-API-Key": READER }],
  ])("are taken from %s", async (_name, headers) => {
    const { status, body } = await post(node.url, VIEWER, {}, headers);
    expect([status, body]).toEqual([200, { data: { viewer: { name: "reader", scopes: ["VOICES_READ"] } } }]);
  });

  it.each([
    { authorization: `Bearer ${READER}` },
    { apiKey: READER },
    { "X-API-Key": READER },
    { headers: { Authorization: `Bearer ${READER}` } },
  ])("are taken from connection_init, %j", async (payload) => {
    for await (const result of overWebSocket(node.url, VIEWER, payload)) {
      expect(result).toEqual({ data: { viewer: { name: "reader", scopes: ["VOICES_READ"] } } });
    }
  });

  it("are taken from the headers of server-sent events", async () => {
    const events = [];
    for await (const event of overEvents(node.url, PROGRESS, bearer(ROOT))) events.push(event);
    expect(events).toMatchObject([{ errors: [{ extensions: { code: "NOT_FOUND" } }] }]);
  });

  it.each([
    ["wrong", bearer("wrong-secret-0123456789")],
    ["empty", bearer("")],
    ["nearly right", bearer(`${READER}0`)],
    ["of the form of a managed key", bearer(`spk_0123456789_${"x".repeat(43)}`)],
    ["two different ones", { ...bearer(ROOT), "X-API-Key": READER }],
  ])(
    "that are %s are refused with 401 over HTTP, even for what is open to anyone",
    async (_what, headers) => {
      for (const query of [VIEWER, VOICES]) {
        const { status, headers: answered, body } = await post(node.url, query, {}, headers);
        expect([status, body.data]).toEqual([401, undefined]);
        expect(answered.get("www-authenticate")).toBe('Bearer realm="speaker"');
        expect(body.errors).toMatchObject([
          {
            extensions: {
              code: "UNAUTHENTICATED",
              requestId: expect.any(String),
              timestamp: expect.any(String),
            },
          },
        ]);
      }
      const events = [];
      for await (const event of overEvents(node.url, PROGRESS, headers)) events.push(event);
      for (const event of events) expect(event.errors[0].extensions.code).toBe("UNAUTHENTICATED");
    },
  );

  it("are refused over a WebSocket with 4401, and so is none", async () => {
    for (const payload of [{ apiKey: "wrong-secret-0123456789" }, {}]) {
      const results = [];
      for await (const result of overWebSocket(node.url, VIEWER, payload)) results.push(result);
      expect(results).toEqual([{ closed: 4401 }]);
    }
  });

  it("have to come before the first operation, and soon", async () => {
    const closed = (act: (socket: WebSocket) => void) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${node.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
        socket.once("open", () => act(socket));
        socket.once("close", resolve);
      });
    const subscribe = JSON.stringify({ type: "subscribe", id: "1", payload: { query: VIEWER } });
    const introduce = JSON.stringify({ type: "connection_init", payload: { apiKey: ROOT } });
    const codes = await Promise.all([
      closed((socket) => socket.send(subscribe)),
      closed((socket) => {
        socket.send(introduce);
        socket.once("message", () => socket.send(introduce));
      }),
      closed(() => {}),
    ]);
    expect(codes).toEqual([4401, 4429, 4408]);
  });

  it("are asked for with 401 and the code UNAUTHENTICATED", async () => {
    const { status, headers, body } = await post(node.url, VOICES);
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe('Bearer realm="speaker"');
    expect(body.errors).toMatchObject([
      {
        message: expect.stringContaining("Authorization: Bearer"),
        path: ["voices"],
        extensions: { code: "UNAUTHENTICATED" },
      },
    ]);
    expect((await post(node.url, "{ viewer { name scopes } serverInfo { name } }")).body).toEqual({
      data: { viewer: { name: "anonymous", scopes: [] }, serverInfo: { name: "Speaker" } },
    });
    for (const path of ["/healthz", "/readyz"]) expect((await fetch(node.url + path)).status).toBe(200);
  });

  it("without the scope get 403, FORBIDDEN and its name, over every transport", async () => {
    const input = { text: "Hello.", voiceId: "af_heart" };
    const refused = await post(
      node.url,
      "mutation ($input: SynthesizeInput!) { synthesize(input: $input) { __typename } }",
      { input },
      bearer(READER),
    );
    expect(refused.status).toBe(403);
    const error = {
      message: expect.stringContaining("`synthesize`"),
      extensions: expect.objectContaining({ code: "FORBIDDEN", scopes: ["synthesize"] }),
    };
    expect(refused.body.errors).toEqual([expect.objectContaining(error)]);
    const progress = { ...error, extensions: expect.objectContaining({ code: "FORBIDDEN" }) };
    for await (const result of overWebSocket(node.url, PROGRESS, { apiKey: READER })) {
      expect(result.errors).toEqual([expect.objectContaining(progress)]);
    }
    for await (const result of overEvents(node.url, PROGRESS, bearer(READER))) {
      expect(result.errors).toEqual([expect.objectContaining(progress)]);
    }
  });

  it("open a field only to the scope that it names", async () => {
    const query = "{ health { status workers { id hostname } } }";
    const { body } = await post(node.url, query, {}, bearer(READER));
    expect(body.errors[0]).toMatchObject({
      path: ["health", "workers", 0, "hostname"],
      extensions: { code: "FORBIDDEN", scopes: ["admin"] },
    });
    expect((await post(node.url, query, {}, bearer(ROOT))).body.errors).toBeUndefined();
  });

  it("let the typed client work from text to audio", async () => {
    const client = new SpeakerClient(node.url, { apiKey: ROOT });
    const { synthesize } = await client.request(Synthesize, {
      input: { text: "Hello there.", voiceId: "af_heart" },
    });
    const { audio } = await finished(client, (synthesize as { id: string }).id);
    expect((await fetch(audio?.url ?? "")).status).toBe(200);
  });
});

describe("a service without keys", () => {
  it("is open on this machine, and to clients that must send some key", async () => {
    const test = await createTestDatabase("embedded");
    const node = await startTestNode(test);
    const scopes = ["VOICES_READ", "VOICES_WRITE", "SYNTHESIZE", "AUDIT_READ", "ADMIN"];
    const anonymous = { data: { viewer: { name: "anonymous", scopes } } };
    expect((await post(node.url, VIEWER)).body).toEqual(anonymous);
    expect((await post(node.url, VIEWER, {}, bearer("none"))).body).toEqual(anonymous);
    expect((await post(node.url, VIEWER, {}, bearer(`spk_0123456789_${"x".repeat(43)}`))).status).toBe(401);
    for await (const result of overWebSocket(node.url, VIEWER)) expect(result).toEqual(anonymous);
    await node.stop();
    await test.drop();
  });

  it("refuses to start where others can reach it, and says how to go on", async () => {
    const test = await createTestDatabase("embedded");
    for (const HOST of ["0.0.0.0", "::"]) {
      const refused = startTestNode(test, { HOST });
      await expect(refused).rejects.toThrow(/speaker keys create(.|\n)*API_KEYS(.|\n)*AUTH=open/);
    }
    for (const more of [{ AUTH: "open" }, { AUTH: "required" }, env]) {
      const node = await startTestNode(test, { HOST: "0.0.0.0", ...more });
      expect((await fetch(`${node.url}/healthz`)).status).toBe(200);
      await node.stop();
    }
    await test.drop();
  });

  it("lets nobody in with AUTH=required, and everybody with AUTH=open", async () => {
    const test = await createTestDatabase("embedded");
    const closed = await startTestNode(test, { AUTH: "required" });
    expect((await post(closed.url, VOICES)).status).toBe(401);
    await closed.stop();
    const open = await startTestNode(test, { ...env, AUTH: "open" });
    expect((await post(open.url, VOICES)).status).toBe(200);
    expect((await post(open.url, VIEWER, {}, bearer(READER))).body.data.viewer.name).toBe("reader");
    expect((await post(open.url, VIEWER, {}, bearer("wrong-secret-0123456789"))).status).toBe(401);
    await open.stop();
    await test.drop();
  });
});
