import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { auditLog } from "../../../src/audit/table.ts";
import { SpeakerError } from "../../../src/errors.ts";
import type { JobRow } from "../../../src/jobs/table.ts";
import { type Body, overEvents, overWebSocket } from "../../helpers/caller.ts";
import { OWNER, openStage, type Stage, sentences } from "./stage.ts";

const MAX_LISTENERS = 8;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ STREAM_LISTENERS: String(MAX_LISTENERS) });
});

afterAll(() => stage.close());

const streamOf = (job: JobRow) => `${stage.url}/audio/${job.id}?stream=1`;
const stored = async (job: JobRow) =>
  Buffer.from(await (await fetch(`${stage.url}/audio/${job.id}`)).arrayBuffer());
const spoken = (count: number) => (job: JobRow) => job.unitsDone >= count;
const is = (status: JobRow["status"]) => (job: JobRow) => job.status === status;
const listen = (job: JobRow) => stage.resources.streams.listen(job, { actor: OWNER as never });
/** Without the lengths that a stream cannot know. */
const samplesOf = (wav: Buffer) => wav.subarray(44);

type Transport = (url: string, query: string) => AsyncGenerator<Body>;
const TRANSPORTS: readonly Transport[] = [overWebSocket, overEvents];

/** A response over HTTP that is read when the test reads it. */
async function open(url: string): Promise<IncomingMessage> {
  const [response] = (await once(get(url), "response")) as [IncomingMessage];
  return response;
}

describe("listening to a job", () => {
  it("begins with its first utterance and ends with its last, while the job is still under way", async () => {
    const job = await stage.submit(sentences(3));
    const waiting = fetch(streamOf(job));
    stage.gate.allow(1);
    const response = await waiting;
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBeGreaterThan(44);
    expect((await stage.until(job, () => true)).status).toBe("RUNNING");
    stage.gate.allow(2);
    const rest: Uint8Array[] = [];
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      rest.push(part.value);
    await stage.until(job, is("SUCCEEDED"));
    const heard = Buffer.concat([first?.value ?? new Uint8Array(), ...rest]);
    expect(samplesOf(heard).equals(samplesOf(await stored(job)))).toBe(true);
  });

  it("gives one who comes late the start, and one who comes afterwards the file", async () => {
    const job = await stage.submit(sentences(4));
    stage.gate.allow(2);
    await stage.until(job, spoken(2));
    const late = await fetch(streamOf(job));
    stage.gate.allow(2);
    const heard = Buffer.from(await late.arrayBuffer());
    await stage.until(job, is("SUCCEEDED"));
    const file = await stored(job);
    expect(samplesOf(heard).equals(samplesOf(file))).toBe(true);
    const after = await fetch(streamOf(job), { headers: { Range: "bytes=44-" } });
    expect(after.status).toBe(206);
    expect(Buffer.from(await after.arrayBuffer()).equals(samplesOf(file))).toBe(true);
  });

  it("reads an utterance when it is asked for and not before, and goes on in the file", async () => {
    const job = await stage.submit(sentences(6));
    const heard: Uint8Array[] = [];
    const stream = listen(job);
    stage.gate.allow(1);
    const before = stage.loads.length;
    heard.push((await stream.next()).value.bytes);
    stage.gate.allow(5);
    await stage.until(job, is("SUCCEEDED"));
    expect(stage.loads.length - before).toBe(1);
    for await (const { bytes } of stream) heard.push(bytes);
    expect(stage.loads.length - before).toBe(1);
    expect(samplesOf(Buffer.concat(heard)).equals(samplesOf(await stored(job)))).toBe(true);
  });

  it("goes on where it was when an attempt fails and another one speaks the rest", async () => {
    const job = await stage.submit(sentences(4));
    const heard = fetch(streamOf(job)).then((response) => response.arrayBuffer());
    stage.gate.allow(2);
    await stage.until(job, spoken(2));
    stage.gate.failure = new SpeakerError("INFERENCE_FAILED", "The member was lost.");
    stage.gate.allow(4);
    expect(await stage.until(job, is("SUCCEEDED"))).toMatchObject({ attempts: 2 });
    expect(samplesOf(Buffer.from(await heard)).equals(samplesOf(await stored(job)))).toBe(true);
  });

  it("is cut off when the job fails on the way, and a proper error when it fails before", async () => {
    const job = await stage.submit(sentences(3));
    const response = fetch(streamOf(job));
    stage.gate.allow(1);
    const { body } = await response;
    stage.gate.failure = new SpeakerError("UNSPEAKABLE_TEXT", "It cannot be said.");
    stage.gate.allow(1);
    await expect(new Response(body).arrayBuffer()).rejects.toThrow();
    expect((await stage.until(job, is("FAILED"))).errorCode).toBe("UNSPEAKABLE_TEXT");
    for (const method of ["GET", "HEAD"]) expect((await fetch(streamOf(job), { method })).status).toBe(422);
    expect(await (await fetch(streamOf(job))).json()).toMatchObject({
      error: { code: "UNSPEAKABLE_TEXT", message: "It cannot be said." },
    });
    const query = `subscription { audioChunks(jobId: "${job.id}") { index } }`;
    for (const transport of TRANSPORTS) {
      const results: Body[] = [];
      for await (const result of transport(stage.url, query)) results.push(result);
      expect(results).toMatchObject([{ errors: [{ extensions: { code: "UNSPEAKABLE_TEXT" } }] }]);
    }
  });

  it("answers HEAD at once, refuses unknown jobs and more listeners than are allowed", async () => {
    const job = await stage.submit(sentences(1));
    const head = await fetch(streamOf(job), { method: "HEAD" });
    expect([head.status, head.headers.get("content-type"), head.headers.get("accept-ranges")]).toEqual([
      200,
      "audio/wav",
      "none",
    ]);
    expect((await fetch(`${stage.url}/audio/0190a000-0000-7000-8000-00000000dead?stream=1`)).status).toBe(
      404,
    );
    const streams = Array.from({ length: MAX_LISTENERS }, () => listen(job));
    const waiting = Promise.allSettled(streams.map((stream) => stream.next()));
    const refused = await fetch(streamOf(job));
    expect([refused.status, (await refused.json()).error.code]).toEqual([503, "TOO_MANY_CONNECTIONS"]);
    await Promise.all(streams.map((stream) => stream.return()));
    for (const { status } of await waiting) expect(status).toBe("rejected");
    const place = fetch(streamOf(job));
    stage.gate.allow(1);
    expect((await place).status).toBe(200);
    await stage.until(job, is("SUCCEEDED"));
  });
});

describe("audioChunks", () => {
  const FIELDS = "index audio format sampleRate startSeconds durationSeconds text final";
  const chunksOf = async (job: JobRow, transport: Transport, from = 0) => {
    const query = `subscription { audioChunks(jobId: "${job.id}", fromIndex: ${from}) { ${FIELDS} } }`;
    const chunks: Body[] = [];
    for await (const result of transport(stage.url, query)) chunks.push(result.data.audioChunks);
    return chunks;
  };

  it.each(["wav", "mp3"] as const)(
    "are the stream, live and late, over both transports: %s",
    async (format) => {
      const text = sentences(4);
      const job = await stage.submit(text, { format });
      const live = [chunksOf(job, overWebSocket), chunksOf(job, overEvents)];
      stage.gate.allow(4);
      const [overSocket, overStream] = await Promise.all(live);
      await stage.until(job, is("SUCCEEDED"));
      expect(overStream).toEqual(overSocket);
      expect(overSocket?.map(({ index, final }) => [index, final])).toEqual([
        [0, false],
        [1, false],
        [2, false],
        [3, true],
      ]);
      expect(overSocket?.map((chunk) => chunk.text).join("")).toBe(text);
      const bytes = (chunks: Body[] = []) =>
        Buffer.concat(chunks.map(({ audio }) => Buffer.from(audio, "base64")));
      const header = format === "wav" ? 44 : 288;
      expect(
        bytes(overSocket)
          .subarray(header)
          .equals((await stored(job)).subarray(header)),
      ).toBe(true);
      const late = await chunksOf(job, overEvents);
      expect(late.slice(1)).toEqual(overSocket?.slice(1));
      expect(await chunksOf(job, overWebSocket, 2)).toEqual(overSocket?.slice(2));
    },
  );

  it("are refused for FLAC and unknown jobs", async () => {
    const job = await stage.submit(sentences(1), { format: "flac" as never });
    stage.gate.allow(1);
    for (const [id, code] of [
      [job.id, "CONFLICT"],
      ["0190a000-0000-7000-8000-00000000dead", "NOT_FOUND"],
    ]) {
      const query = `subscription { audioChunks(jobId: "${id}") { index } }`;
      for await (const { errors } of overWebSocket(stage.url, query))
        expect(errors[0].extensions.code).toBe(code);
    }
    await stage.until(job, is("SUCCEEDED"));
  });
});

describe("a listener who takes nothing", () => {
  const COUNT = 20;
  /** Each a megabyte of WAV: all together more than sockets hold. */
  const LONG = sentences(COUNT, 400);
  const CHUNKS = (id: string) => `subscription { audioChunks(jobId: "${id}") { audio } }`;

  const stalled: Record<string, (job: JobRow) => Promise<{ resume(): Promise<Buffer> }>> = {
    "over HTTP": async (job) => {
      const response = await open(streamOf(job));
      return {
        async resume() {
          const parts: Buffer[] = [];
          for await (const part of response) parts.push(part);
          return Buffer.concat(parts);
        },
      };
    },
    "over a WebSocket": async (job) => {
      const socket = new WebSocket(`${stage.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "connection_init" }));
      await once(socket, "message");
      const parts: Buffer[] = [];
      const complete = new Promise<void>((resolve) => {
        socket.on("message", (data) => {
          const { type, payload } = JSON.parse(String(data));
          if (type === "complete") resolve();
          else parts.push(Buffer.from(payload.data.audioChunks.audio, "base64"));
        });
      });
      socket.pause();
      socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: CHUNKS(job.id) } }));
      return {
        async resume() {
          socket.resume();
          await complete;
          socket.close();
          return Buffer.concat(parts);
        },
      };
    },
    "over server-sent events": async (job) => {
      const url = `${stage.url}/graphql?query=${encodeURIComponent(CHUNKS(job.id))}`;
      const request = get(url, { headers: { Accept: "text/event-stream" } });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return {
        async resume() {
          const parts: Buffer[] = [];
          for await (const part of response) parts.push(part);
          const events = [
            ...Buffer.concat(parts)
              .toString()
              .matchAll(/"audio":"([^"]*)"/g),
          ];
          return Buffer.concat(events.map((match) => Buffer.from(match[1] ?? "", "base64")));
        },
      };
    },
  };

  it.each(Object.keys(stalled))("%s is not read ahead for, and gets everything in the end", async (name) => {
    const job = await stage.submit(LONG);
    stage.gate.allow(1);
    const before = stage.loads.length;
    const listener = await stalled[name]?.(job);
    stage.gate.allow(COUNT - 1);
    await stage.until(job, is("SUCCEEDED"));
    expect(stage.loads.length - before).toBeLessThan(COUNT * 0.75);
    const heard = await listener?.resume();
    expect(samplesOf(heard ?? Buffer.alloc(0)).equals(samplesOf(await stored(job)))).toBe(true);
  });
});

describe("a job that its listener takes along", () => {
  const CANCELLED = [{ actor: "anonymous", details: { reason: "disconnect" } }];
  const cancels = (job: JobRow) =>
    stage.resources.db
      .select({ actor: auditLog.actor, details: auditLog.details, action: auditLog.action })
      .from(auditLog)
      .where(eq(auditLog.targetId, job.id))
      .then((entries) =>
        entries.filter(({ action }) => action === "job.cancel").map(({ action: _, ...entry }) => entry),
      );

  it("is cancelled when the last of them leaves, and it is in the audit log", async () => {
    const job = await stage.submit(sentences(5), { cancelOnDisconnect: true });
    const [one, other] = [open(streamOf(job)), open(streamOf(job))];
    stage.gate.allow(1);
    (await one).destroy();
    const staying = await other;
    staying.resume();
    // An utterance that comes after the first has left proves that the job goes on.
    stage.gate.allow(1);
    expect(await stage.until(job, spoken(2))).toMatchObject({ status: "RUNNING" });
    staying.destroy();
    await stage.until(job, is("CANCELLED"));
    const entry = stage.resources.bus.subscribe("audit");
    for (;;) {
      const entries = await cancels(job);
      if (entries.length > 0) {
        expect(entries).toEqual(CANCELLED);
        break;
      }
      await entry.next();
    }
    entry.close();
  });

  it.each(["over a WebSocket", "over server-sent events"])(
    "is cancelled when they leave %s",
    async (name) => {
      const job = await stage.submit(sentences(3), { cancelOnDisconnect: true });
      const query = `subscription { audioChunks(jobId: "${job.id}") { index } }`;
      const transport = name === "over a WebSocket" ? overWebSocket : overEvents;
      stage.gate.allow(2);
      for await (const { data } of transport(stage.url, query)) {
        expect(data.audioChunks.index).toBe(0);
        break;
      }
      await stage.until(job, is("CANCELLED"));
    },
  );

  it("goes on for one who comes back at once, and ends well once all has been heard", async () => {
    const job = await stage.submit(sentences(2), { cancelOnDisconnect: true });
    const first = listen(job);
    const waiting = first.next();
    void first.return();
    const second = listen(job);
    const part = second.next();
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    stage.gate.allow(2);
    await part;
    for await (const _ of second);
    expect((await stage.until(job, ({ status }) => status !== "RUNNING" && status !== "QUEUED")).status).toBe(
      "SUCCEEDED",
    );
    expect(await cancels(job)).toEqual([]);
  });
});
