import { EventEmitter, once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { SpeakerClient } from "../../src/client/client.ts";
import { JobProgress, Synthesize, Voices } from "../../src/client/operations.ts";

const BETWEEN_MS = 20;

export interface Observed {
  /** Milliseconds that each query took. */
  readonly queries: readonly number[];
  /** Jobs that were followed to their end. */
  readonly jobs: number;
  readonly failures: readonly string[];
}

/** A well-behaved client that goes on beside an attack: queries, and jobs followed to their end. */
export class Bystander {
  readonly #client: SpeakerClient;
  readonly #stop = new AbortController();
  readonly #queries: number[] = [];
  readonly #failures: string[] = [];
  #jobs = 0;
  readonly #progress = new EventEmitter();
  readonly #done: Promise<unknown>;

  constructor(url: string, apiKey: string | null = null) {
    this.#client = new SpeakerClient(url, { apiKey });
    this.#done = Promise.all([this.#repeat(() => this.#query()), this.#repeat(() => this.#job())]);
  }

  /** Resolves when so many queries and jobs have succeeded. */
  async reached(queries: number, jobs: number): Promise<void> {
    while (this.#queries.length < queries || this.#jobs < jobs) await once(this.#progress, "progress");
  }

  async stop(): Promise<Observed> {
    this.#stop.abort();
    await this.#done;
    return { queries: this.#queries, jobs: this.#jobs, failures: this.#failures };
  }

  async #repeat(act: () => Promise<void>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await act().catch((error: unknown) => this.#failures.push(String(error)));
      this.#progress.emit("progress");
      await pause(BETWEEN_MS);
    }
  }

  async #query(): Promise<void> {
    const startedAt = performance.now();
    await this.#client.request(Voices, { first: 20 });
    this.#queries.push(performance.now() - startedAt);
  }

  async #job(): Promise<void> {
    const input = { text: "A short sentence.", voiceId: "af_heart" };
    const { synthesize } = await this.#client.request(Synthesize, { input });
    if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
    let status: string | undefined;
    for await (const { jobProgress } of this.#client.subscribe(JobProgress, { id: synthesize.id })) {
      if ("status" in jobProgress) status = jobProgress.status;
    }
    if (status !== "SUCCEEDED") throw new Error(`a job ended as ${status}`);
    this.#jobs += 1;
  }
}
