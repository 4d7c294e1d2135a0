import { afterEach, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import type { SpeakerClient } from "../../src/client/client.ts";
import { Synthesize } from "../../src/client/operations.ts";
import { createTestDatabase, describePostgres, type TestDatabase } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, TestProgram } from "../helpers/node.ts";

const textOf = (sentences: number) =>
  Array.from(
    { length: sentences },
    (_, i) =>
      `This is sentence number ${i + 1}, and it must be heard exactly once, whatever happens on the way.`,
  ).join(" ");
/** For the real model, which takes seconds for each. */
const SENTENCES = 4;
const TEXT = textOf(12);

const running: TestProgram[] = [];
const databases: TestDatabase[] = [];

afterEach(async () => {
  for (const program of running.splice(0)) await program.end("SIGKILL");
  for (const database of databases.splice(0)) await database.drop();
});

async function database(...kind: Parameters<typeof createTestDatabase>): Promise<TestDatabase> {
  const made = await createTestDatabase(...kind);
  databases.push(made);
  return made;
}

function program(options: ConstructorParameters<typeof TestProgram>[0]): TestProgram {
  const made = new TestProgram(options);
  running.push(made);
  return made;
}

async function submit(client: SpeakerClient, text: string): Promise<string> {
  const { synthesize } = await client.request(Synthesize, {
    input: { text, voiceId: "af_heart", format: "WAV" },
  });
  if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
  return synthesize.id;
}

/** Resolves once the job has spoken so many utterances; by server-sent events, which end with the server. */
async function spoken(url: string, id: string, utterances: number): Promise<void> {
  const query = `subscription { jobProgress(id: "${id}") { ... on SynthesisJob { utterancesDone } } }`;
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ query }),
  });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const done = [...text.matchAll(/"utterancesDone":(\d+)/g)].map((match) => Number(match[1]));
    if (Math.max(0, ...done) >= utterances) return;
  }
  throw new Error(`the stream ended before ${utterances} utterances:\n${text}`);
}

const ASK = (id: string) =>
  `{
  job(id: $id) { status attempts ... on SynthesisJob { utterancesTotal audio { url durationSeconds sha256 } } }
}`.replace("$id", JSON.stringify(id));

async function ask(url: string, query: string) {
  const response = await fetch(`${url}/graphql?query=${encodeURIComponent(query)}`);
  return ((await response.json()) as { data: { job: { status: string; attempts: number } } }).data;
}

describe("the whole program, killed in the middle of a job (real model)", () => {
  it("finishes the job after a restart, once, without speaking twice what was done", {
    timeout: 300_000,
  }, async () => {
    const test = await database("embedded", { empty: true });
    const first = program({ database: test });
    const { url, client } = await first.ready();
    const id = await submit(client, textOf(SENTENCES));
    await spoken(url, id, 2);
    expect(await first.end("SIGKILL")).toBe("SIGKILL");

    const second = program({ database: test });
    const again = await second.ready();
    const done = await finished(again.client, id);
    expect(done).toMatchObject({ status: "SUCCEEDED", attempts: 2, utterancesDone: done.utterancesTotal });

    const resumed = JSON.parse(await second.line(/"msg":"job done"/)) as { reused: number };
    expect(resumed.reused).toBeGreaterThanOrEqual(2);
    const bytes = new Uint8Array(await (await fetch(done.audio?.url ?? "")).arrayBuffer());
    const { channels, sampleRate } = await decodeAudio(bytes);
    const seconds = (channels[0]?.length ?? 0) / sampleRate;
    expect(seconds).toBeCloseTo(done.audio?.durationSeconds ?? 0, 3);
    // Each sentence takes about 5.4 seconds: one that is missing or doubled would show.
    expect(seconds).toBeGreaterThan(SENTENCES * 4.5);
    expect(seconds).toBeLessThan(SENTENCES * 6.5);
    expect(await ask(again.url, ASK(id))).toMatchObject({ job: { status: "SUCCEEDED", attempts: 2 } });
    expect(await second.end("SIGTERM")).toBe(0);
  });

  it("keeps what was accepted but not begun", { timeout: 120_000 }, async () => {
    const test = await database("embedded");
    const env = { INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1", JOB_CONCURRENCY: "1" };
    const first = program({ database: test, env });
    const { url, client } = await first.ready();
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push(await submit(client, TEXT.repeat(2)));
    await spoken(url, ids[0] ?? "", 1);
    await first.end("SIGKILL");
    const { client: again } = await program({ database: test, env }).ready();
    const ends = await Promise.all(ids.map((id) => finished(again, id)));
    expect(ends.map(({ status }) => status)).toEqual(Array(4).fill("SUCCEEDED"));
  });
});

describePostgres("a worker of a fleet, killed in the middle of a job", () => {
  it("is replaced by another, which finishes the job once", { timeout: 120_000 }, async () => {
    const test = await database("postgres");
    const env = {
      INFERENCE_ENGINE: "fake",
      INFERENCE_MEMBERS: "1",
      JOB_LEASE_SECONDS: "2",
      JOB_RETRY_DELAY_SECONDS: "0",
    };
    const api = await startTestNode(test, { ROLE: "api" });
    const first = program({ database: test, env: { ...env, ROLE: "worker" } });
    await first.ready();
    const id = await submit(api.client, TEXT.repeat(20));
    await spoken(api.url, id, 2);
    // Not ready before the other is dead: that one would have finished the job meanwhile.
    const second = program({ database: test, env, args: [] });
    await first.end("SIGKILL");
    await second.ready();
    const done = await finished(api.client, id);
    expect(done).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    const heard = await fetch(done.audio?.url ?? "");
    expect(heard.status).toBe(200);
    await heard.body?.cancel();
    await api.stop();
  });
});

describe("shutdown", () => {
  it("hands a running job back, and the next start finishes it as the same attempt", {
    timeout: 120_000,
  }, async () => {
    const test = await database("embedded");
    const env = { INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1", SHUTDOWN_GRACE_SECONDS: "0" };
    const first = program({ database: test, env });
    const { url, client } = await first.ready();
    const id = await submit(client, TEXT.repeat(10));
    await spoken(url, id, 2);
    expect(await first.end("SIGTERM")).toBe(0);
    const { client: again } = await program({ database: test, env }).ready();
    expect(await finished(again, id)).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
  });
});
