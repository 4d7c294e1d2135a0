import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobRow, jobs } from "../../src/jobs/table.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { AudioStreams } from "../../src/synthesis/stream/streams.ts";
import { type Body, overEvents, overWebSocket, post } from "../helpers/caller.ts";
import { createTestDatabase, testConfig } from "../helpers/database.ts";
import { startTestNode } from "../helpers/node.ts";
import { silent } from "../helpers/queue.ts";
import { OWNER, openStage, type Stage, sentences } from "../synthesis/stream/stage.ts";

// What docs/streaming.md promises beyond test/synthesis/stream/.

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ STREAM_LISTENERS: "1" });
});
afterAll(() => stage.close());

const addressOf = (job: JobRow) => `${stage.url}/audio/${job.id}?stream=1`;
const stored = async (job: JobRow) =>
  Buffer.from(await (await fetch(`${stage.url}/audio/${job.id}`)).arrayBuffer());
const is = (status: JobRow["status"]) => (job: JobRow) => job.status === status;
const statusOf = async ({ id }: JobRow) =>
  (await stage.resources.db.select().from(jobs).where(eq(jobs.id, id)))[0]?.status;
const cancel = (id: string) =>
  post(stage.url, "mutation ($id: ID!) { cancelJob(id: $id) { __typename } }", { id });
async function open(url: string): Promise<IncomingMessage> {
  const [response] = (await once(get(url), "response")) as [IncomingMessage];
  return response;
}

/** One listener who hears nothing yet: of two the node refuses one, and by then the other is there. */
async function waitingFor(ask: () => Promise<Response>): Promise<{ readonly answer: Promise<Response> }> {
  const both = [ask(), ask()];
  const first = await Promise.race(both.map(async (one, index) => ({ index, status: (await one).status })));
  expect(first.status).toBe(503);
  return { answer: both[1 - first.index] as Promise<Response> };
}

describe("the address of a job that is under way", () => {
  it("says what it is, and gives no ranges", async () => {
    const job = await stage.submit(sentences(1));
    const asking = fetch(addressOf(job), { headers: { Range: "bytes=0-9" } });
    stage.gate.allow(1);
    const response = await asking;
    const { headers } = response;
    expect(response.status).toBe(200);
    expect(headers.get("content-type")).toBe("audio/wav");
    expect(headers.get("transfer-encoding")).toBe("chunked");
    expect(headers.get("content-length")).toBeNull();
    expect(headers.get("content-range")).toBeNull();
    expect(headers.get("accept-ranges")).toBe("none");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(44);
    await stage.until(job, is("SUCCEEDED"));
  });

  it("is an error of its own when the job is cancelled before there is anything, and afterwards", async () => {
    const job = await stage.submit(sentences(1));
    const { answer } = await waitingFor(() => fetch(addressOf(job)));
    await cancel(job.id);
    for (const response of [await answer, await fetch(addressOf(job))]) {
      expect([response.status, await response.json()]).toMatchObject([409, { error: { code: "CANCELLED" } }]);
    }
    expect((await fetch(addressOf(job), { method: "HEAD" })).status).toBe(409);
  });

  it.each(["wav", "pcm", "mp3", "aac", "opus"])("begins with the first utterance, as %s", async (format) => {
    const job = await stage.submit(sentences(2, 100), { format: format as never });
    const opening = open(addressOf(job));
    stage.gate.allow(1);
    const response = await opening;
    await once(response, "data");
    expect(await statusOf(job)).toBe("RUNNING");
    stage.gate.allow(1);
    response.resume();
    await once(response, "end");
    await stage.until(job, is("SUCCEEDED"));
  });

  it.each([
    ["flac", { format: "flac" }],
    ["wav of a loudness", { format: "wav", loudnessLufs: -20 }],
  ])("gives %s when all of it has been spoken", async (_name, options) => {
    const job = await stage.submit(sentences(3), options as never);
    const asking = fetch(addressOf(job));
    stage.gate.allow(3);
    const response = await asking;
    // The headers come with the first bytes.
    expect(await statusOf(job)).toBe("SUCCEEDED");
    const heard = Buffer.from(await response.arrayBuffer());
    expect(heard.equals(await stored(job))).toBe(true);
  });

  it("leaves a download that broke off to be finished from the stored file", async () => {
    const job = await stage.submit(sentences(4), { format: "pcm" });
    const opening = open(addressOf(job));
    stage.gate.allow(2);
    const response = await opening;
    const [first] = (await once(response, "data")) as [Buffer];
    response.destroy();
    stage.gate.allow(2);
    await stage.until(job, is("SUCCEEDED"));
    const rest = await fetch(`${stage.url}/audio/${job.id}`, {
      headers: { Range: `bytes=${first.length}-` },
    });
    expect(rest.status).toBe(206);
    const whole = Buffer.concat([first, Buffer.from(await rest.arrayBuffer())]);
    expect(whole.equals(await stored(job))).toBe(true);
  });
});

const CHUNKS = (id: string) => `subscription { audioChunks(jobId: "${id}") { index } }`;

describe("chunks of a job that is brought to a loudness", () => {
  it("come when all of it has been spoken", async () => {
    const job = await stage.submit(sentences(3), { format: "wav", loudnessLufs: -20 } as never);
    stage.gate.allow(3);
    const statuses: unknown[] = [];
    for await (const { data } of overEvents(stage.url, CHUNKS(job.id))) {
      statuses[data.audioChunks.index] = await statusOf(job);
    }
    expect(statuses).toEqual(Array(3).fill("SUCCEEDED"));
  });
});

describe("listeners at once", () => {
  it("are counted over HTTP and as subscriptions alike", async () => {
    const job = await stage.submit(sentences(2));
    const { answer } = await waitingFor(() => fetch(addressOf(job)));
    for (const transport of [overWebSocket, overEvents]) {
      const results: Body[] = [];
      for await (const result of transport(stage.url, CHUNKS(job.id))) results.push(result);
      expect(results).toMatchObject([{ errors: [{ extensions: { code: "TOO_MANY_CONNECTIONS" } }] }]);
    }
    stage.gate.allow(1);
    const heard = await answer;
    stage.gate.allow(1);
    await heard.arrayBuffer();
    await stage.until(job, is("SUCCEEDED"));

    const other = await stage.submit(sentences(2));
    stage.gate.allow(1);
    const statuses: number[] = [];
    const gate = () => stage.gate.allow(1);
    for await (const { data } of overEvents(stage.url, CHUNKS(other.id))) {
      if (data.audioChunks.index > 0) continue;
      statuses.push((await fetch(addressOf(other))).status);
      gate();
    }
    expect(statuses).toEqual([503]);
    await stage.until(other, is("SUCCEEDED"));
  });
});

describe("a listener who takes nothing", () => {
  const STALLED_MS = 120_000;

  /** The server's side of the next connection that is waited on for a listener to take what was sent. */
  function stalled(path: string): Promise<Socket> {
    return new Promise((resolve) => {
      const started = channel("http.server.request.start");
      const look = (message: unknown) => {
        const { request, socket } = message as { request: IncomingMessage; socket: Socket };
        if (request.url !== path) return;
        started.unsubscribe(look);
        const setTimeout = socket.setTimeout.bind(socket);
        socket.setTimeout = (ms, callback) => {
          setTimeout(ms, callback);
          if (ms === STALLED_MS) resolve(socket);
          return socket;
        };
      };
      started.subscribe(look);
    });
  }

  it("is cut off in two minutes, and a job that goes with it is cancelled", async () => {
    // Twenty megabytes: more than sockets hold.
    const job = await stage.submit(sentences(20, 400), { cancelOnDisconnect: true });
    const socket = stalled(`/audio/${job.id}?stream=1`);
    const opening = open(addressOf(job));
    stage.gate.allow(19);
    const response = await opening;
    // What Node does when the two minutes are over.
    (await socket).emit("timeout");
    const heard = async () => {
      for await (const _ of response);
    };
    await expect(heard()).rejects.toThrow("aborted");
    await stage.until(job, is("CANCELLED"));
  });
});

describe("a job that goes with its listener", () => {
  it("goes on when nobody has ever listened, also when somebody asked for its headers", async () => {
    const job = await stage.submit(sentences(2), { cancelOnDisconnect: true });
    expect((await fetch(addressOf(job), { method: "HEAD" })).status).toBe(200);
    stage.gate.allow(2);
    await stage.until(job, is("SUCCEEDED"));
  });

  it("goes on for one who leaves with its last byte", async () => {
    const job = await stage.submit(sentences(2), { cancelOnDisconnect: true });
    const listening = stage.resources.streams.listen(job, { actor: OWNER as never });
    stage.gate.allow(2);
    for await (const { final } of listening) if (final) break;
    await stage.until(job, is("SUCCEEDED"));
  });

  it("goes on when its stream breaks by a fault of the service", async () => {
    const job = await stage.submit(sentences(3), { cancelOnDisconnect: true });
    const { db, bus, storage, synthesis, config } = stage.resources;
    const lost = { ...storage, get: () => Promise.reject(new Error("the store does not answer")) };
    const streams = new AudioStreams({
      ...{ db, bus, storage: lost, jobs: synthesis, log: silent },
      ...config.streams,
    });
    const listening = streams.listen(job, { actor: OWNER as never });
    const first = listening.next();
    stage.gate.allow(1);
    await expect(first).rejects.toThrow("the store does not answer");
    stage.gate.allow(2);
    await stage.until(job, is("SUCCEEDED"));
    await streams.close();
  });

  it("waits for another node when its own stops", async () => {
    const test = await createTestDatabase("embedded");
    const node = await startTestNode(test, { ROLE: "api", STREAM_LISTENERS: "1" });
    const { body } = await post(
      node.url,
      `mutation { synthesize(input: { text: "Wait.", voiceId: "af_heart", cancelOnDisconnect: true }) { ... on SynthesisJob { id } } }`,
    );
    const { id } = body.data.synthesize;
    const { answer } = await waitingFor(() => fetch(`${node.url}/audio/${id}?stream=1`));
    const ended = answer.then(
      ({ status }) => status,
      () => "cut",
    );
    await node.stop();
    expect([503, "cut"]).toContain(await ended);
    const database = await openMigratedDatabase(testConfig(test));
    const [job] = await database.db.select().from(jobs).where(eq(jobs.id, id));
    expect(job?.status).toBe("QUEUED");
    await database.close();
    await test.drop();
  });
});
