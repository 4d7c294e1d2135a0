import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createInferencePool } from "../../src/inference/pool.ts";
import { cancelJob, createJob } from "../../src/jobs/job.ts";
import { JobRunner } from "../../src/jobs/runner.ts";
import type { JobRow } from "../../src/jobs/table.ts";
import { createRegistry } from "../../src/jobs/task.ts";
import { watchJob } from "../../src/jobs/watch.ts";
import { ModelStore } from "../../src/models/store.ts";
import { StockSpeakers } from "../../src/stock-speakers.ts";
import { openStorage } from "../../src/storage/open.ts";
import { findJobVoice } from "../../src/synthesis/job-voices.ts";
import { synthesisTask } from "../../src/synthesis/synthesis.ts";
import { implementSynthesis } from "../../src/synthesis/task.ts";
import { createTextFrontEnd } from "../../src/synthesis/text/front-end.ts";
import { createVoicePacks } from "../../src/voices/packs.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../helpers/database.ts";
import { FileServer } from "../helpers/file-server.ts";
import { newJob, openTestQueue, silent, type TestQueue } from "../helpers/queue.ts";

const VOICE = "is_IS-bui-medium";

let test: TestDatabase;
let deps: TestQueue;
let server: FileServer;
let runner: JobRunner;

beforeAll(async () => {
  server = await new FileServer().start();
  test = await createTestDatabase("embedded");
  deps = await openTestQueue(test);
  const { storage: settings, models } = testConfig(test, {
    MODELS_DIR: join(test.env.DATA_DIR, "models"),
    MODELS_MIRROR_URL: server.url,
  });
  const [storage, store] = [await openStorage(settings), new ModelStore(models)];
  const stock = new StockSpeakers(store, { request: (utterance) => utterance, onDemand: true });
  const speech = {
    stockSpeaker: stock.find.bind(stock),
    packSpeaker: () => expect.unreachable("no voice here has a pack"),
  };
  const packs = createVoicePacks(store, storage);
  const synthesis = implementSynthesis({
    ...{ db: deps.db, storage, cache: null, deadlineMs: 60_000, retentionHours: null },
    // Neither is started: the jobs of this test never come to speak.
    frontEnd: createTextFrontEnd(),
    pool: createInferencePool({
      ...{ members: 1, threads: 1, providers: ["cpu"], precision: "auto", queueLimit: 10 },
      ...{ engines: { fake: {} }, decisionFile: null },
    }),
    voice: (voice, signal) => findJobVoice({ db: deps.db, packs, speech }, voice, signal),
  });
  runner = new JobRunner({
    ...{ db: deps.db, queue: deps.queue, bus: deps.bus, log: silent, alone: true },
    ...{ nodeId: "0190a000-0000-7000-8000-000000000001", concurrency: 2 },
    ...{ leaseSeconds: 30, retryDelaySeconds: 0 },
    registry: createRegistry([synthesisTask] as never, [synthesis]),
  });
  await runner.start();
});
afterAll(async () => {
  await runner.stop(0);
  await deps.close();
  await test.drop();
  await server.stop();
});

/** The next download of the voice: sends a little and then no more, until it is given up. */
function download(): Promise<ServerResponse> {
  return new Promise((resolve) => {
    server.misbehaveFor(`/${VOICE}/${VOICE}.onnx`, (_request, response) => {
      response.writeHead(200, { "content-length": 1_000_000_000 });
      response.write("the beginning", () => resolve(response));
    });
  });
}

async function speak(): Promise<JobRow> {
  const input = { text: "Halló.", voiceId: VOICE, language: "is", format: "wav", speed: 1 };
  const job = newJob({ kind: synthesisTask.kind, voiceId: VOICE, characters: 6, input });
  return (await createJob(deps, job, async () => {})).row;
}

/** Resolves when the job is under way. */
async function running({ tenant, id }: JobRow): Promise<void> {
  for await (const { status } of await watchJob(deps.db, deps.bus, tenant, id)) {
    if (status === "RUNNING") return;
  }
}

it("is no longer fetched once the jobs that wait for it are cancelled", async () => {
  const begun = download();
  const first = await speak();
  const response = await begun;
  const second = await speak();
  await running(second);
  const closed = once(response, "close");
  await cancelJob(deps, first.tenant, first.id);
  // A place on the node is free again while the download goes on for the other.
  const third = await speak();
  await running(third);
  expect(response.closed).toBe(false);
  await cancelJob(deps, third.tenant, third.id);
  await cancelJob(deps, second.tenant, second.id);
  await closed;
  expect(response.writableFinished).toBe(false);
});
