import { SpeakerError } from "../../../src/errors.ts";
import { serveHttp } from "../../../src/http/server.ts";
import type { InferencePool, PoolStatus } from "../../../src/inference/contract.ts";
import type { FakeUtterance } from "../../../src/inference/engine.ts";
import { FakeEngine } from "../../../src/inference/engines/fake.ts";
import { JobRunner } from "../../../src/jobs/runner.ts";
import type { JobRow } from "../../../src/jobs/table.ts";
import { createRegistry } from "../../../src/jobs/task.ts";
import { watchJob } from "../../../src/jobs/watch.ts";
import { Lifecycle } from "../../../src/lifecycle.ts";
import { openResources, type Resources } from "../../../src/resources.ts";
import { AudioStreams } from "../../../src/synthesis/stream/streams.ts";
import { requestSynthesis, synthesisTask } from "../../../src/synthesis/synthesis.ts";
import { implementSynthesis } from "../../../src/synthesis/task.ts";
import type { Plan, TextFrontEnd, Utterance } from "../../../src/synthesis/text/front-end.ts";
import type { ScriptSource } from "../../../src/synthesis/text/script.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../../helpers/database.ts";
import { silent } from "../../helpers/queue.ts";

/** Lets the utterances of the latest job be spoken when the test says so, in their order. */
class Gate {
  #allowed = 0;
  readonly #waiting = new Map<() => void, number>();
  /** What the next utterance fails with. */
  failure: SpeakerError | null = null;

  allow(utterances: number): void {
    this.#allowed += utterances;
    for (const [pass, index] of this.#waiting) if (index < this.#allowed) pass();
  }

  /** Another job comes: nothing of it is allowed yet. */
  shut(): void {
    this.#allowed = 0;
  }

  async pass(index: number, signal: AbortSignal | undefined): Promise<void> {
    if (index >= this.#allowed) {
      let pass = () => {};
      await new Promise<void>((resolve, reject) => {
        pass = resolve;
        this.#waiting.set(pass, index);
        signal?.addEventListener("abort", () => reject(new SpeakerError("CANCELLED", "cancelled")));
      }).finally(() => this.#waiting.delete(pass));
    }
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
  }
}

/** Sentences as they are written, with a token for each character. */
function frontEnd(): TextFrontEnd {
  const utterancesOf = (text: string): Utterance[] =>
    [...text.matchAll(/[^.]+\./g)].map((match, index) => ({
      index,
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
      phonemes: match[0],
      // The first one says which it is.
      tokens: [index, ...Array.from(match[0], (character) => character.charCodeAt(0) % 170)],
      words: [],
      normalized: { text: "", parts: [] },
      voice: 0,
      language: "en-US",
      rate: 1,
      pitchSemitones: 0,
      gainDb: 0,
      marks: [],
      pauseAfterSeconds: 0.2,
      pauseTimed: false,
    }));
  const plan = async (source: ScriptSource | string): Promise<Plan> => ({
    utterances: utterancesOf(typeof source === "string" ? source : source.text),
    ...{
      languages: ["en-US"],
      coverage: [],
      pauseBeforeSeconds: 0,
      notes: { dropped: {}, unknownPhonemes: {} },
    },
  });
  return { start: async () => {}, plan, close: async () => {} };
}

function gatedPool(gate: Gate): InferencePool {
  return {
    start: async () => {},
    async synthesize(request: FakeUtterance, { signal }: { signal?: AbortSignal }) {
      await gate.pass(request.tokens[0] ?? 0, signal);
      const engine = await FakeEngine.load({}, "cpu");
      return await engine.synthesize(request);
    },
    status: () => ({ members: [{}, {}] }) as unknown as PoolStatus,
    close: async () => {},
  } as unknown as InferencePool;
}

export const OWNER = {
  name: "tester",
  tenant: "default",
  keyId: null,
  scopes: new Set(["synthesize"] as const),
  ip: null,
  userAgent: null,
  requestId: "test",
};

export interface Stage {
  readonly url: string;
  readonly gate: Gate;
  readonly resources: Resources;
  /** Keys of utterances that were read from the store, those that listeners took. */
  readonly loads: string[];
  submit(
    text: string,
    options?: { format?: "wav" | "mp3" | "pcm"; cancelOnDisconnect?: boolean },
  ): Promise<JobRow>;
  /** The first state of the job, from now on, that fits. */
  until(job: JobRow, fits: (job: JobRow) => boolean): Promise<JobRow>;
  close(): Promise<void>;
}

/**
 * A node with everything but the engine: real database, store, queue, runner and server, and an engine that speaks an
 * utterance when it is told to.
 */
export async function openStage(env: NodeJS.ProcessEnv = {}): Promise<Stage> {
  const test: TestDatabase = await createTestDatabase("embedded");
  const config = testConfig(test, { ROLE: "worker", INFERENCE_ENGINE: "fake", ...env });
  const lifecycle = new Lifecycle(silent);
  const opened = await openResources(config, silent, lifecycle);
  const gate = new Gate();
  const loads: string[] = [];
  const counted = { ...opened.storage };
  counted.get = (key) => {
    loads.push(key);
    return opened.storage.get(key);
  };
  const { db, bus, synthesis } = opened;
  const streams = new AudioStreams({
    ...{ db, bus, storage: counted, jobs: synthesis, log: silent },
    ...config.streams,
  });
  lifecycle.add("streams", () => streams.close());
  const resources: Resources = { ...opened, config: { ...config, role: "all" }, streams };
  const runner = new JobRunner({
    ...{ db, bus, queue: opened.queue, log: silent, nodeId: opened.nodeId, alone: true },
    ...{ concurrency: 2, leaseSeconds: 30, retryDelaySeconds: 0 },
    registry: createRegistry([synthesisTask] as never, [
      implementSynthesis({
        ...{ db, storage: opened.storage, frontEnd: frontEnd(), pool: gatedPool(gate), cache: null },
        ...{ deadlineMs: 60_000, retentionHours: null },
        voice: async () => ({
          keyed: null,
          deletable: [],
          speaker: {
            target: { engine: "kokoro", language: "en-US" },
            request: ({ tokens }, speed) => ({ engine: "fake", tokens, speed }),
          },
        }),
      }),
    ]),
  });
  await runner.start();
  lifecycle.add("jobs", () => runner.stop(0));
  const http = await serveHttp({ resources, worker: () => null, stopping: () => lifecycle.stopping });
  lifecycle.add("http", http.close);
  return {
    url: `http://127.0.0.1:${http.port}`,
    ...{ gate, resources, loads },
    async submit(text, options = {}) {
      gate.shut();
      const request = { text, voiceId: "af_heart", format: "wav", ...options } as const;
      return await requestSynthesis(synthesis, OWNER as never, request);
    },
    async until({ tenant, id }, fits) {
      for await (const state of await watchJob(db, bus, tenant, id)) if (fits(state)) return state;
      throw new Error("the job ended otherwise");
    },
    async close() {
      await lifecycle.stop();
      await test.drop();
    },
  };
}

/** So many sentences of about so many characters: 0.05 s of sound for each. */
export const sentences = (count: number, characters = 30): string =>
  Array.from({ length: count }, (_, i) => `${`Sentence ${i} `.padEnd(characters - 1, "la ")}.`).join("");
