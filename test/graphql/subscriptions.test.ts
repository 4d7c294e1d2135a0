import { createClient } from "graphql-ws";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { AudioFormat } from "../../src/client/gql/graphql.ts";
import { CancelJob, Synthesize } from "../../src/client/operations.ts";
import { createTestDatabase, describeDatabases, describePostgres } from "../helpers/database.ts";
import { finished, statesOf } from "../helpers/jobs.ts";
import { startTestNode, type TestNode, useTestNode } from "../helpers/node.ts";

const LONG = "The quick brown fox jumps over the lazy dog near the river bank today. ".repeat(20);

async function submit(
  node: Pick<TestNode, "client">,
  text: string,
  format: AudioFormat = "WAV",
): Promise<string> {
  const { synthesize } = await node.client.request(Synthesize, {
    input: { text, voiceId: "af_heart", format },
  });
  if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
  return synthesize.id;
}

const FINAL = ["SUCCEEDED", "FAILED", "CANCELLED"];

/** What every stream of a job's states must hold, however it was transported. */
function expectWholeStream(states: readonly { status: string; progress: number }[]): void {
  expect(FINAL).toContain(states.at(-1)?.status);
  for (const state of states.slice(0, -1)) expect(FINAL).not.toContain(state.status);
  const progress = states.map((state) => state.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
}

async function* serverSentEvents(url: string, query: string, variables: object, signal?: AbortSignal) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ query, variables }),
    ...(signal !== undefined && { signal }),
  });
  expect(response.headers.get("content-type")).toMatch("text/event-stream");
  let buffer = "";
  for await (const chunk of response.body ?? []) {
    buffer += Buffer.from(chunk).toString();
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const event = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (/^event: complete$/m.test(event)) return;
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

const FOLLOW = "subscription ($id: ID!) { jobProgress(id: $id) { id status progress } }";

describeDatabases("subscriptions", (kind) => {
  const node = useTestNode(kind);

  it("follow a job over a WebSocket from its present state to its last", async () => {
    const states = await statesOf(node.client, await submit(node, LONG));
    expectWholeStream(states);
    expect(states.length).toBeGreaterThan(4);
    expect(states.at(-1)).toMatchObject({ status: "SUCCEEDED", progress: 1, audio: { format: "WAV" } });
  });

  it("follow a job over server-sent events", async () => {
    const states: { status: string; progress: number }[] = [];
    const id = await submit(node, LONG);
    for await (const event of serverSentEvents(node.url, FOLLOW, { id })) states.push(event.data.jobProgress);
    expectWholeStream(states);
    expect(states.length).toBeGreaterThan(2);
  });

  it("give the final state of a job that ended before, once, and end", async () => {
    const id = await submit(node, "Over already.");
    await finished(node.client, id);
    expect((await statesOf(node.client, id)).map(({ status }) => status)).toEqual(["SUCCEEDED"]);
    const events = [];
    for await (const event of serverSentEvents(node.url, FOLLOW, { id })) events.push(event);
    expect(events).toHaveLength(1);
  });

  it("lose nothing when a job ends between the mutation and the subscription", async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => submit(node, `Number ${i}.`)));
    const ends = await Promise.all(ids.map((id) => finished(node.client, id)));
    expect(ends.map(({ status }) => status)).toEqual(Array(12).fill("SUCCEEDED"));
  });

  it("show many subscribers of one job the same end", async () => {
    const id = await submit(node, LONG);
    const streams = await Promise.all(Array.from({ length: 5 }, () => statesOf(node.client, id)));
    for (const states of streams) expectWholeStream(states);
  });

  it("end with CANCELLED when the job is cancelled on the way", async () => {
    const id = await submit(node, LONG.repeat(4));
    const states = [];
    for await (const event of serverSentEvents(node.url, FOLLOW, { id })) {
      states.push(event.data.jobProgress);
      if (states.length === 2) await node.client.request(CancelJob, { id });
    }
    expectWholeStream(states);
    expect(states.at(-1).status).toBe("CANCELLED");
  });

  describe("answer what cannot be with an error that has a code", () => {
    const errorsOverWebSocket = async (query: string) => {
      const client = createClient({
        url: `${node.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
      });
      try {
        for await (const { errors } of client.iterate({ query })) return errors;
      } catch (errors) {
        return errors as { message: string; extensions: object }[];
      } finally {
        await client.dispose();
      }
    };

    it("an unknown job, over both transports", async () => {
      const query = 'subscription { jobProgress(id: "0190a000-0000-7000-8000-00000000dead") { id } }';
      const expected = {
        message: "There is no such job.",
        extensions: expect.objectContaining({ code: "NOT_FOUND", requestId: expect.any(String) }),
      };
      const overWebSocket = await errorsOverWebSocket(query);
      expect(overWebSocket).toEqual([expect.objectContaining(expected)]);
      expect(overWebSocket?.[0]?.extensions).not.toHaveProperty("http");
      for await (const event of serverSentEvents(node.url, query, {})) {
        expect(event.errors).toEqual([expect.objectContaining(expected)]);
      }
    });

    it("a malformed document over a WebSocket, which stays open", async () => {
      expect(await errorsOverWebSocket("subscription {")).toEqual([
        expect.objectContaining({
          message: expect.stringContaining("Syntax Error"),
          extensions: expect.objectContaining({ code: "BAD_REQUEST" }),
        }),
      ]);
      expect(await errorsOverWebSocket("subscription { nothing }")).toEqual([
        expect.objectContaining({ message: expect.stringContaining("Cannot query field") }),
      ]);
    });

    it("runs queries and mutations over the WebSocket too", async () => {
      const client = createClient({
        url: `${node.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
      });
      const results = [];
      for await (const result of client.iterate({ query: "{ serverInfo { name } }" })) results.push(result);
      expect(results).toEqual([{ data: { serverInfo: { name: "Speaker" } } }]);
      await client.dispose();
    });
  });

  it("send the standard headers with the handshake and speak only graphql-transport-ws", async () => {
    const url = `${node.url.replace("http", "ws")}/graphql`;
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const socket = new WebSocket(url, "graphql-transport-ws");
      socket.once("upgrade", (response) => resolve(response.headers));
      socket.once("open", () => socket.close());
      socket.once("error", reject);
    });
    expect(headers).toMatchObject({ "x-api-version": "1", "sec-websocket-protocol": "graphql-transport-ws" });
    const code = await new Promise((resolve) => {
      const socket = new WebSocket(url, "graphql-ws");
      socket.once("close", resolve);
      socket.once("error", () => resolve("refused"));
    });
    expect([4406, "refused"]).toContain(code);
  });
});

describe("a hostile WebSocket client", () => {
  it("is cut off, and the others are served on", async () => {
    const test = await createTestDatabase("embedded");
    const node = await startTestNode(test);
    const url = `${node.url.replace("http", "ws")}/graphql`;
    const closed = (act: (socket: WebSocket) => void, path = url) =>
      new Promise<number | string>((resolve) => {
        const socket = new WebSocket(path, "graphql-transport-ws");
        socket.once("open", () => act(socket));
        socket.once("close", resolve);
        socket.once("error", (error) => resolve(error.message));
      });
    expect(await closed((socket) => socket.send("x".repeat(2_000_000)))).toBe(1009);
    expect(await closed((socket) => socket.send("no json"))).toBe(4400);
    expect(
      await closed((socket) => socket.send('{"type":"subscribe","id":"1","payload":{"query":"{a}"}}')),
    ).toBe(4401);
    expect(await closed(() => {}, url.replace("/graphql", "/elsewhere"))).toMatch(/404/);
    expect((await finished(node.client, await submit(node, "Still here."))).status).toBe("SUCCEEDED");
    await node.stop();
    await test.drop();
  });
});

describePostgres("a fleet", () => {
  it("shows progress that another node makes, and cancels what another node runs", async () => {
    // Both start for the first time: one sets the database up, and the other waits for it.
    const test = await createTestDatabase("postgres", { empty: true });
    const [api, worker] = await Promise.all([
      startTestNode(test, { ROLE: "api" }),
      startTestNode(test, { ROLE: "worker" }),
    ]);
    const states = await statesOf(api.client, await submit(api, LONG));
    expectWholeStream(states);
    expect(states.length).toBeGreaterThan(4);

    const id = await submit(api, LONG.repeat(8));
    for await (const event of serverSentEvents(api.url, FOLLOW, { id })) {
      if (event.data.jobProgress.progress > 0) await api.client.request(CancelJob, { id });
      if (FINAL.includes(event.data.jobProgress.status))
        expect(event.data.jobProgress.status).toBe("CANCELLED");
    }
    // The worker is free again: what it ran was stopped, not waited for.
    expect((await finished(api.client, await submit(api, "Next, please."))).status).toBe("SUCCEEDED");
    expect((await fetch(`${worker.url}/graphql?query={__typename}`)).status).toBe(404);
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    await Promise.all([api.stop(), worker.stop()]);
    await test.drop();
  });

  it("goes on without a worker: jobs wait, and health says so", async () => {
    const test = await createTestDatabase("postgres");
    const api = await startTestNode(test, { ROLE: "api" });
    const id = await submit(api, "Is anybody there?");
    const health = await fetch(`${api.url}/graphql?query={health{status checks{name status}}}`);
    expect(await health.json()).toMatchObject({
      data: {
        health: {
          status: "DEGRADED",
          checks: expect.arrayContaining([{ name: "workers", status: "DEGRADED" }]),
        },
      },
    });
    const worker = await startTestNode(test, { ROLE: "worker" });
    expect((await finished(api.client, id)).status).toBe("SUCCEEDED");
    await Promise.all([api.stop(), worker.stop()]);
    await test.drop();
  });
});
