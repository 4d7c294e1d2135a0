import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { InferencePool } from "../../src/inference/contract.ts";
import { createInferencePool } from "../../src/inference/pool.ts";
import { cancelJob, createJob, type NewJob } from "../../src/jobs/job.ts";
import { JobOutlook } from "../../src/jobs/outlook.ts";
import { JobRunner } from "../../src/jobs/runner.ts";
import { type JobRow, jobs } from "../../src/jobs/table.ts";
import { createRegistry } from "../../src/jobs/task.ts";
import { watchJob } from "../../src/jobs/watch.ts";
import { openStorage } from "../../src/storage/open.ts";
import { synthesisTask } from "../../src/synthesis/synthesis.ts";
import { implementSynthesis } from "../../src/synthesis/task.ts";
import { createTextFrontEnd, type TextFrontEnd } from "../../src/synthesis/text/front-end.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../helpers/database.ts";
import { newJob, openTestQueue, silent, type TestQueue } from "../helpers/queue.ts";

const NODE = "0190a000-0000-7000-8000-000000000001";
const DEADLINE_MS = 60_000;
/** Places for each lane of this node. */
const CONCURRENCY = 2;

const sentence = (i: number) => `The traveller number ${i} crossed the wide river twice and came home late. `;

/** Prose of so many characters. */
function textOf(characters: number): string {
  let text = "";
  for (let i = 1; text.length < characters; i++) text += sentence(i);
  return `${text.slice(0, characters - 1)}.`;
}

describe("jobs beside each other on one member", () => {
  let test: TestDatabase;
  let deps: TestQueue;
  let pool: InferencePool;
  let frontEnd: TextFrontEnd;
  let runner: JobRunner;
  /** The job of each utterance in the order in which they were spoken, and who waits for the next. */
  const spoken: string[] = [];
  let onSpoken: () => void = () => {};
  let blockMsPerToken = 1;

  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    deps = await openTestQueue(test);
    pool = createInferencePool({
      ...{ members: 1, threads: 1, providers: ["cpu"], precision: "auto", queueLimit: 1_000 },
      ...{ engines: { fake: {} }, decisionFile: null },
    });
    frontEnd = createTextFrontEnd();
    await Promise.all([pool.start(), frontEnd.start()]);
    const listened: InferencePool = {
      ...{ start: () => pool.start(), status: () => pool.status(), close: (options) => pool.close(options) },
      analyse: (request, options) => pool.analyse(request, options),
      async synthesize(request, options) {
        const audio = await pool.synthesize(request, options);
        spoken.push(options.group);
        onSpoken();
        return audio;
      },
    };
    const synthesis = implementSynthesis({
      ...{
        db: deps.db,
        frontEnd,
        pool: listened,
        cache: null,
        deadlineMs: DEADLINE_MS,
        retentionHours: null,
      },
      storage: await openStorage(testConfig(test).storage),
      voice: async () => ({
        ...{ keyed: null, deletable: [] },
        speaker: {
          target: { engine: "kokoro", language: "en-US" },
          request: ({ tokens }, speed) => ({ engine: "fake", tokens, speed, blockMsPerToken }),
        },
      }),
    });
    runner = new JobRunner({
      ...{ db: deps.db, queue: deps.queue, bus: deps.bus, log: silent, nodeId: NODE, alone: true },
      ...{ concurrency: CONCURRENCY, leaseSeconds: 30, retryDelaySeconds: 0 },
      registry: createRegistry([synthesisTask] as never, [synthesis]),
    });
    await runner.start();
  });
  afterEach(async () => {
    for (const { id, tenant } of await deps.db.select().from(jobs).where(sql`${jobs.finishedAt} is null`)) {
      await cancelJob(deps, tenant, id);
      await ended({ id, tenant });
    }
  });
  afterAll(async () => {
    await runner.stop(0);
    await Promise.all([pool.close({ drainMs: 0 }), frontEnd.close()]);
    await deps.close();
    await test.drop();
  });

  async function speak(characters: number, fields: Partial<NewJob> = {}): Promise<JobRow> {
    const input = {
      text: textOf(characters),
      voiceId: "af_heart",
      language: "en-US",
      format: "wav",
      speed: 1,
    };
    const job = newJob({ kind: synthesisTask.kind, characters, input, ...fields });
    return (await createJob(deps, job, async () => {})).row;
  }

  async function ended({ id, tenant }: Pick<JobRow, "id" | "tenant">): Promise<JobRow | undefined> {
    let last: JobRow | undefined;
    for await (const state of await watchJob(deps.db, deps.bus, tenant, id)) last = state;
    return last;
  }

  async function spokenOf(ids: readonly string[]): Promise<void> {
    while (!ids.every((id) => spoken.includes(id))) {
      await new Promise<void>((resolve) => {
        onSpoken = resolve;
      });
    }
  }

  it("delay 20 characters by two utterances at most, however many of 50,000 there are", async () => {
    blockMsPerToken = 10;
    // As many as there are places, of the same tenant, one more that waits, and one in batch.
    const long: JobRow[] = [];
    for (let i = 0; i <= CONCURRENCY; i++) long.push(await speak(i === 0 ? 50_000 : 5_000));
    const batch = await speak(5_000, { priority: "BATCH" });
    await spokenOf(long.slice(0, CONCURRENCY).map(({ id }) => id));
    expect(runner.runningJobs).toBe(CONCURRENCY + 1);

    const before = spoken.length;
    const short = await speak(20);
    expect(await ended(short)).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
    const others = spoken.slice(before).filter((id) => id !== short.id);
    expect(spoken.slice(before)).toContain(short.id);
    expect(others.length).toBeLessThanOrEqual(2);
    const states = await deps.db.select().from(jobs);
    const stateOf = ({ id }: JobRow) => states.find((job) => job.id === id)?.status;
    expect([...long, batch].map(stateOf)).toEqual(["RUNNING", "RUNNING", "QUEUED", "RUNNING"]);
  });

  it("are foreseen to end when they do, once there is something to learn from", async () => {
    blockMsPerToken = 2;
    const outlook = new JobOutlook(deps.db, { lookMs: 0, paceMs: 0 });
    async function foreseenAndMeasured(characters: number): Promise<number> {
      const job = await speak(characters);
      const [standing] = await outlook.standings([job]);
      const end = await ended(job);
      expect(end?.status).toBe("SUCCEEDED");
      const seconds = ((end?.finishedAt?.getTime() ?? 0) - job.createdAt.getTime()) / 1000;
      return (standing?.estimatedSeconds ?? 0) / seconds;
    }
    // A fresh installation takes the engine for a slower one.
    expect(await foreseenAndMeasured(500)).toBeGreaterThan(2);
    const ratio = await foreseenAndMeasured(1_000);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});
