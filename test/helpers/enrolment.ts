import { join } from "node:path";
import { eq } from "drizzle-orm";
import { v7 } from "uuid";
import { createAudioIntake } from "../../src/audio/intake/intake.ts";
import { resample } from "../../src/audio/resample.ts";
import { dot } from "../../src/cloning/linear.ts";
import type { CloneMachinery, CloneState, CloneTarget } from "../../src/cloning/machinery.ts";
import { ANALYSIS_SAMPLE_RATE } from "../../src/inference/analysis.ts";
import type { KokoroUtterance } from "../../src/inference/engine.ts";
import { createInferencePool } from "../../src/inference/pool.ts";
import { JobRunner } from "../../src/jobs/runner.ts";
import { jobs } from "../../src/jobs/table.ts";
import { createRegistry } from "../../src/jobs/task.ts";
import type { SpeechEngine } from "../../src/speech-engine.ts";
import { openFolderStorage } from "../../src/storage/fs.ts";
import type { Cloning } from "../../src/voices/enrolment/cloning.ts";
import { enrolmentTask } from "../../src/voices/enrolment/definition.ts";
import { loadEnrolments, loadSamples } from "../../src/voices/enrolment/rows.ts";
import { implementEnrolment } from "../../src/voices/enrolment/task.ts";
import { voicePrefix } from "../../src/voices/mixing/mix.ts";
import { PACK_SHAPE } from "../../src/voices/mixing/pack.ts";
import { createVoicePacks } from "../../src/voices/packs.ts";
import { voiceSamples, voices } from "../../src/voices/table.ts";
import { enrol } from "../../src/voices/upload/upload.ts";
import { findVoice } from "../../src/voices/voice.ts";
import type { TestDatabase } from "./database.ts";
import { testModelStore } from "./models.ts";
import { openTestQueue, silent } from "./queue.ts";
import { wavFile } from "./recordings.ts";

const TOKENS = Array.from({ length: 40 }, (_, index) => index + 50);
/** A pack with the same number everywhere: the fake engine makes a tone of it. */
export const flatPack = (value: number) => new Float32Array(PACK_SHAPE[0] * PACK_SHAPE[2]).fill(value);

/** How close a flat pack's tone is to the target, by speaking and listening. */
async function closeness(value: number, target: CloneTarget, machinery: CloneMachinery): Promise<number> {
  const style = new Float32Array(PACK_SHAPE[2]).fill(value);
  const utterance: KokoroUtterance = { engine: "kokoro", voice: { style }, tokens: TOKENS, speed: 1 };
  const { samples, sampleRate } = await machinery.speak(utterance);
  return dot(target.embedding, await machinery.embed(resample(samples, sampleRate, ANALYSIS_SAMPLE_RATE)));
}

/** A search in one dimension, for the fake engine: real utterances, real comparisons, no model. */
export function toneCloning(evaluations: number): Cloning {
  const state = (stage: CloneState["stage"], value: number, similarity: number, done: number, of: number) =>
    ({ stage, pack: flatPack(value), similarity, evaluations: done, progress: done / of }) as const;
  return {
    prepare() {},
    async describe(speech, machinery) {
      const embedding = await machinery.embed(speech);
      return { embedding, views: [embedding] };
    },
    async mix(target, machinery) {
      return state("MIX", 0, await closeness(0, target, machinery), 1, 1);
    },
    async *refine(target, machinery, { signal, seed, budgetSeconds }) {
      const until = performance.now() + budgetSeconds * 1000;
      let best = { value: 0, similarity: await closeness(0, target, machinery) };
      yield state("REFINE", best.value, best.similarity, 0, evaluations);
      for (let done = 1; done <= evaluations && performance.now() < until; done++) {
        signal.throwIfAborted();
        const value = (((seed % 97) / 97 + done * 0.37) % 1) * 0.2 - 0.1;
        const similarity = await closeness(value, target, machinery);
        if (similarity > best.similarity) best = { value, similarity };
        yield state("REFINE", best.value, best.similarity, done, evaluations);
      }
    },
    async measure(pack, target, machinery) {
      const cosine = await closeness(pack[0] ?? 0, target, machinery);
      return { cosine, normalised: cosine, method: "One tone against another." };
    },
  };
}

export interface EnrolmentBenchOptions {
  readonly cloning: Cloning;
  /** The engine to speak and listen with; left out, it is the fake one. */
  readonly speech?: Pick<SpeechEngine, "pool" | "request">;
  readonly concurrency?: number;
  readonly members?: number;
}

type FakeSpeech = Pick<SpeechEngine, "pool" | "request">;

async function startFakeSpeech(members: number): Promise<FakeSpeech> {
  const pool = createInferencePool({
    ...{ members, threads: 1, providers: ["cpu"], precision: "int8", queueLimit: 1000 },
    ...{ engines: { fake: {} }, analysis: "fake", decisionFile: null },
  });
  await pool.start();
  return {
    pool,
    request: ({ voice, tokens, speed }) => ({
      ...{ engine: "fake", tokens, speed, blockMsPerToken: 0.05 },
      ...("style" in voice && { style: voice.style }),
    }),
  };
}

/** A database with a runner that enrols voices, and a store; no HTTP. */
export async function openEnrolmentBench(test: TestDatabase, options: EnrolmentBenchOptions) {
  const deps = { ...(await openTestQueue(test)), attempts: 2 };
  const { db, bus } = deps;
  const storage = await openFolderStorage(join(test.env.DATA_DIR, "storage"));
  const intake = createAudioIntake();
  const own = options.speech === undefined ? await startFakeSpeech(options.members ?? 2) : null;
  const speech = options.speech ?? (own as FakeSpeech);
  const { pool } = speech;
  const implementation = implementEnrolment({
    ...{ db, storage, intake, speech, cloning: options.cloning, deadlineMs: 60_000 },
    packs: createVoicePacks(testModelStore(), storage),
  });
  const newRunner = () =>
    new JobRunner({
      ...{ db, bus, queue: deps.queue, log: silent, nodeId: v7(), leaseSeconds: 30 },
      ...{ retryDelaySeconds: 0, alone: true, concurrency: options.concurrency ?? 2 },
      registry: createRegistry([enrolmentTask] as never, [implementation]),
    });
  let runner = newRunner();

  /** Writes what an upload writes, and queues the enrolment. */
  async function upload(
    samples: Float32Array,
    budgetSeconds = 60,
  ): Promise<{ voiceId: string; jobId: string }> {
    const voiceId = v7();
    const storageKey = `${voicePrefix(voiceId)}samples/${v7()}`;
    const file = wavFile(samples);
    await storage.put(storageKey, file);
    const actor = {
      ...{ name: "test", tenant: "default", keyId: null, scopes: new Set<never>() },
      ...{ ip: null, userAgent: null, requestId: "test" },
    };
    return await db.transaction(async (tx) => {
      await tx.insert(voices).values({
        ...{ id: voiceId, tenant: "default", kind: "CLONED", status: "ENROLLING", gender: "UNKNOWN" },
        ...{ name: "Test", language: "en-US", engine: "kokoro" },
      });
      const [sample] = await tx
        .insert(voiceSamples)
        .values({
          ...{ voiceId, storageKey, container: "wav", codec: "pcm_s16", sampleRate: 16_000, channels: 1 },
          ...{ durationSeconds: samples.length / 16_000, bytes: file.length, sha256: "0".repeat(64) },
          ...{ consentKind: "OWN_VOICE", consentBy: "test" },
        })
        .returning();
      if (sample === undefined) throw new Error("no sample");
      const uploadDeps = { db, storage, intake, jobs: deps, cloneBudgetSeconds: budgetSeconds };
      const job = await enrol(uploadDeps, tx, actor, { voiceId, sampleId: sample.id });
      return { voiceId, jobId: job.id };
    });
  }

  const jobOf = async (id: string) => {
    const [row] = await db.select().from(jobs).where(eq(jobs.id, id));
    if (row === undefined) throw new Error("no job");
    return row;
  };

  return {
    deps,
    db,
    storage,
    pool,
    upload,
    jobOf,
    voiceOf: (id: string) => findVoice(db, id),
    sampleOf: async (voiceId: string) => (await loadSamples(db, [voiceId]))[0] ?? null,
    enrolmentOf: async (voiceId: string) => (await loadEnrolments(db, [voiceId]))[0] ?? null,
    packsOf: (voiceId: string) => storage.list(`${voicePrefix(voiceId)}packs/`),
    /** Resolves when the row of the job satisfies the condition, looked at after every change of it. */
    async until(jobId: string, condition: (row: Awaited<ReturnType<typeof jobOf>>) => boolean) {
      const changes = bus.subscribe(`job:${jobId}`);
      try {
        for (;;) {
          const row = await jobOf(jobId);
          if (condition(row)) return row;
          if (row.finishedAt !== null) throw new Error(`the job ended: ${row.errorCode} ${row.errorMessage}`);
          await changes.next();
        }
      } finally {
        changes.close();
      }
    },
    start: () => runner.start(),
    /** Stops the runner as a node does that shuts down; `start` goes on with another one. */
    async stop() {
      await runner.stop(0);
      runner = newRunner();
    },
    async close() {
      await runner.stop(0);
      await Promise.all([own?.pool.close({ drainMs: 0 }), intake.close()]);
      await deps.close();
    },
  };
}

export type EnrolmentBench = Awaited<ReturnType<typeof openEnrolmentBench>>;
