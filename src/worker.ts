import { hostname } from "node:os";
import { eq, lt, sql } from "drizzle-orm";
import { warmEncodeThread } from "./audio/encode-threads.ts";
import { removeOldVersions } from "./dictionaries/retention.ts";
import { workerNodes } from "./health/table.ts";
import type { InferencePool } from "./inference/contract.ts";
import { JobRunner } from "./jobs/runner.ts";
import { createRegistry } from "./jobs/task.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { startSweeper } from "./maintenance/sweeper.ts";
import type { ModelProgress } from "./models/store.ts";
import type { Resources } from "./resources.ts";
import { type SpeechEngine, startSpeechEngine } from "./speech-engine.ts";
import { evictUtterances } from "./synthesis/cache/evict.ts";
import { findJobVoice, speakerOf } from "./synthesis/job-voices.ts";
import { sweepAudio } from "./synthesis/retention.ts";
import { synthesisTask } from "./synthesis/synthesis.ts";
import { implementSynthesis } from "./synthesis/task.ts";
import { VERSION } from "./version.ts";
import { CloningThread } from "./voices/enrolment/cloning-client.ts";
import { enrolmentTask } from "./voices/enrolment/definition.ts";
import { implementEnrolment } from "./voices/enrolment/task.ts";
import { sweepDeletedVoices } from "./voices/management/delete.ts";
import { previewTask } from "./voices/previews/preview.ts";
import { implementPreview } from "./voices/previews/task.ts";

const HEARTBEAT_MS = 5_000;
const SWEEP_MS = 60_000;

/** A node that runs jobs. */
export interface WorkerNode {
  readonly runner: JobRunner;
  readonly pool: InferencePool;
}

/** Starts the engine and the runner of this node. Each part is stopped by `lifecycle`. */
export async function startWorker(
  resources: Resources,
  lifecycle: Lifecycle,
  onProgress: (progress: ModelProgress) => void,
): Promise<WorkerNode> {
  const { config, log, db, storage } = resources;
  const { sampler, work } = resources.observability;
  const engine = await startSpeechEngine(config, log, onProgress);
  const speech: SpeechEngine = { ...engine, pool: work.observe(engine.pool) };
  sampler.pool = speech.pool;
  resources.phonemes.frontEnd.lend(speech.frontEnd);
  lifecycle.add("speech engine", () => speech.close());
  warmEncodeThread();

  const cloning = new CloningThread(resources.packs);
  lifecycle.add("search for voices", () => cloning.close());
  // In the background: without them nothing but the making of voices is missing, and the next sample tries again.
  void speech.prepareAnalysis().catch((error: unknown) => {
    log.warn({ err: error }, "recordings cannot be analysed yet; the first upload tries again");
  });

  const runner = new JobRunner({
    db,
    queue: resources.queue,
    bus: resources.bus,
    log,
    nodeId: resources.nodeId,
    registry: createRegistry([synthesisTask, previewTask, enrolmentTask] as never, [
      synthesisImplementation(resources, speech),
      previewImplementation(resources, speech),
      enrolmentImplementation(resources, speech, cloning),
    ]),
    concurrency: config.jobs.concurrency,
    leaseSeconds: config.jobs.leaseSeconds,
    retryDelaySeconds: config.jobs.retryDelaySeconds,
    observer: work,
    alone: resources.database.kind === "embedded",
  });
  await runner.start();
  const node: WorkerNode = { runner, pool: speech.pool };
  lifecycle.add("jobs", () => runner.stop(config.shutdown.graceSeconds * 1000));

  await announce(resources, node);
  const repeat = (what: string, everyMs: number, work: () => Promise<void>) => {
    const quietly = () => work().catch((error: unknown) => log.warn({ err: error }, `could not ${what}`));
    const timer = setInterval(quietly, everyMs);
    lifecycle.add(what, () => clearInterval(timer));
    return quietly();
  };
  await repeat("announce this worker", HEARTBEAT_MS, () => announce(resources, node));
  await repeat("remove old audio", SWEEP_MS, async () => {
    await sweepAudio(db, storage, log);
    const eviction = { db, storage, log, observer: resources.observability.work };
    await evictUtterances(eviction, config.cache ?? { maxBytes: 0, maxAgeHours: 0 });
  });
  await repeat("remove old dictionaries", SWEEP_MS, () => removeOldVersions(db, log));
  await repeat("remove deleted voices", SWEEP_MS, () => sweepDeletedVoices(resources));
  startSweeper(resources, lifecycle);
  lifecycle.add("announcement", async () => {
    await db.delete(workerNodes).where(eq(workerNodes.id, resources.nodeId));
  });
  return node;
}

function synthesisImplementation(resources: Resources, speech: SpeechEngine) {
  const { config, db, storage, packs, engine } = resources;
  return implementSynthesis({
    db,
    cache:
      config.cache === null
        ? null
        : { engine, complete: speech.complete, observer: resources.observability.work },
    frontEnd: speech.frontEnd,
    pool: speech.pool,
    storage,
    deadlineMs: config.inference.utteranceDeadlineMs,
    retentionHours: config.audio.retentionHours,
    voice: (voice, signal) => findJobVoice({ db, packs, speech }, voice, signal),
  });
}

function previewImplementation({ config, db, storage, packs }: Resources, speech: SpeechEngine) {
  return implementPreview({
    frontEnd: speech.frontEnd,
    pool: speech.pool,
    deadlineMs: config.inference.utteranceDeadlineMs,
    ...{ db, storage, packs },
    speaker: (voice, signal) => speakerOf({ packs, speech }, voice, { signal }),
  });
}

function enrolmentImplementation(
  { config, db, storage, intake, packs }: Resources,
  speech: SpeechEngine,
  cloning: CloningThread,
) {
  const deadlineMs = config.inference.utteranceDeadlineMs;
  return implementEnrolment({ db, storage, intake, packs, speech, cloning, deadlineMs });
}

/** A worker that has not been heard of for a day is forgotten. */
const FORGET_HOURS = 24;

async function announce(resources: Resources, { runner, pool }: WorkerNode): Promise<void> {
  const { db, nodeId, config, observability } = resources;
  const silentSeconds = runner.lastLookAt === null ? null : (Date.now() - +runner.lastLookAt) / 1000;
  const state = {
    runningJobs: runner.runningJobs,
    pool: pool.status(),
    gpus: (await observability.gpus.look()).gpus,
    // By the database's clock, as every other time that nodes compare.
    lastLookAt: silentSeconds === null ? null : sql`now() - make_interval(secs => ${silentSeconds}::float8)`,
    heartbeatAt: sql`now()`,
  };
  await db
    .insert(workerNodes)
    .values({
      id: nodeId,
      hostname: hostname(),
      pid: process.pid,
      version: VERSION,
      concurrency: config.jobs.concurrency,
      ...state,
    })
    .onConflictDoUpdate({ target: workerNodes.id, set: state });
  await db
    .delete(workerNodes)
    .where(lt(workerNodes.heartbeatAt, sql`now() - make_interval(hours => ${FORGET_HOURS})`));
}
