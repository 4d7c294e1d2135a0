import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SpeakerClient } from "../src/client/client.ts";
import type { JobStateFragment, SynthesizeInput } from "../src/client/gql/graphql.ts";
import { CancelJob, JobProgress, Synthesize } from "../src/client/operations.ts";
import { cleanup } from "./cleanup.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const PROBE = new URL("./probe.mjs", import.meta.url).href;
/** A service that has not stopped by itself by then is killed. */
const STOP_MS = 30_000;
const POLL_MS = 250;

/** Event-loop delay of the API process over a window; `cpuShare` is of one core. */
export interface LoopWindow {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly ticks: number;
  readonly cpuShare: number;
}

/** Memory of the API process: as it stands, and after a full collection. */
export interface ApiMemory {
  readonly residentBytes: number;
  readonly collectedBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
}

export interface PoolMember {
  readonly state: string;
  readonly precision: "int8" | "float32";
  readonly executionProvider: string;
  readonly threads: number;
}

/** A job seen by its client, in milliseconds since the mutation was sent. */
export interface JobTiming {
  readonly firstUtteranceMs: number;
  readonly totalMs: number;
  readonly utterances: number;
  readonly audio: NonNullable<JobStateFragment["audio"]>;
}

/** The compiled program in a process of its own, with an embedded database in a folder that goes with it. */
export class Service {
  readonly url: string;
  readonly client: SpeakerClient;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
  readonly #child: ChildProcess;
  readonly #log: ServiceLog;

  private constructor(child: ChildProcess, log: ServiceLog, port: number, stop: () => Promise<void>) {
    this.stop = stop;
    this.#child = child;
    this.#log = log;
    this.url = `http://127.0.0.1:${port}`;
    this.client = new SpeakerClient(this.url);
  }

  /** Starts it and waits until every member of its pool is warm. @throws Error with its last output. */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<Service> {
    const directory = await mkdtemp(join(tmpdir(), "speaker-bench-"));
    const { PATH, HOME, MODELS_DIR, XDG_CACHE_HOME } = process.env;
    const child = fork(MAIN, [], {
      execArgv: ["--import", PROBE],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        ...{ PATH, HOME, MODELS_DIR, XDG_CACHE_HOME },
        NODE_ENV: "production",
        LOG_FORMAT: "json",
        PORT: "0",
        DATA_DIR: directory,
        BENCH_PROBE: String(process.pid),
        // Every client of a benchmark calls from one address.
        RATE_LIMIT_PER_MINUTE: "0",
        ...settings,
      },
    });
    const stop = cleanup(async () => {
      await endProcess(child);
      await rm(directory, { recursive: true, force: true });
    });
    try {
      const log = new ServiceLog(child);
      const service = new Service(child, log, await log.port, stop);
      await service.warm();
      return service;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  startWindow(): Promise<null> {
    return this.#ask("start");
  }

  stopWindow(): Promise<LoopWindow> {
    return this.#ask("stop");
  }

  memory(): Promise<ApiMemory> {
    return this.#ask("memory");
  }

  async #ask<Answer>(ask: "start" | "stop" | "memory"): Promise<Answer> {
    const answered = once(this.#child, "message");
    this.#child.send({ ask });
    const [{ answer }] = (await answered) as [{ answer: Answer }];
    return answer;
  }

  /** The data of a query. @throws Error when there are errors. */
  async query<Data>(query: string): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
    if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Rejects with its last output when it ends by itself. */
  get died(): Promise<never> {
    return this.#log.ended;
  }

  /** Process ids of the pool's members, in their order. */
  get memberPids(): number[] {
    return [...this.#log.memberPids].sort(([a], [b]) => a - b).map(([, pid]) => pid);
  }

  async members(): Promise<PoolMember[]> {
    const { health } = await this.query<{ health: { workers: { members: PoolMember[] }[] } }>(
      "{ health { workers { members { state precision executionProvider threads } } } }",
    );
    return health.workers.flatMap(({ members }) => members);
  }

  /** Waits until no job is left and every member is warm and idle. */
  async warm(): Promise<void> {
    for (;;) {
      const { health } = await this.query<{ health: { queue: { waiting: number; running: number } } }>(
        "{ health { queue { waiting running } } }",
      );
      const members = await this.members();
      const idle = members.length > 0 && members.every(({ state }) => state === "ready");
      if (idle && health.queue.waiting + health.queue.running === 0) return;
      await pause(POLL_MS);
    }
  }

  /** Hands a text in; every round speaks it anew. @throws Error when the job is refused. */
  async submit(input: SynthesizeInput): Promise<string> {
    return (await this.open(input)).id;
  }

  /** The same, with the address at which it can be heard while it is made. */
  async open(input: SynthesizeInput): Promise<{ id: string; streamUrl: string }> {
    const { synthesize } = await this.client.request(Synthesize, { input: { cache: false, ...input } });
    if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
    return synthesize;
  }

  /** Follows a job on a subscription; `spoken` resolves with its first utterance, `ended` with its end. */
  follow(id: string): { spoken: Promise<void>; ended: Promise<void> } {
    let onSpoken: () => void = () => {};
    const spoken = new Promise<void>((resolve) => {
      onSpoken = resolve;
    });
    const read = async () => {
      for await (const { jobProgress } of this.client.subscribe(JobProgress, { id })) {
        if (jobProgress.__typename === "SynthesisJob" && jobProgress.utterancesDone > 0) onSpoken();
      }
    };
    return { spoken, ended: read() };
  }

  async cancel(id: string): Promise<void> {
    await this.client.request(CancelJob, { id });
  }

  /** A whole job as a client sees it: sent, then followed on a subscription to its end. */
  async speak(input: SynthesizeInput): Promise<JobTiming> {
    const sentAt = performance.now();
    const id = await this.submit(input);
    let firstUtteranceMs: number | null = null;
    for await (const { jobProgress } of this.client.subscribe(JobProgress, { id })) {
      const atMs = performance.now() - sentAt;
      if (jobProgress.__typename !== "SynthesisJob") throw new Error("not a job that speaks");
      const { audio, error, utterancesDone } = jobProgress;
      if (utterancesDone > 0) firstUtteranceMs ??= atMs;
      if (error != null) throw new Error(`the job failed: ${error.message}`);
      if (audio == null || firstUtteranceMs === null) continue;
      return { firstUtteranceMs, totalMs: atMs, utterances: utterancesDone, audio };
    }
    throw new Error("the job ended without audio");
  }
}

/** Runs `work` with a service of its own, which is gone afterwards. */
export async function withService<Result>(work: (service: Service) => Promise<Result>): Promise<Result> {
  const service = await Service.start();
  try {
    return await Promise.race([work(service), service.died]);
  } finally {
    await service.stop();
  }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exited;
  clearTimeout(impatience);
}

const KEPT_LINES = 50;

/** The service's own log, read to its end: a full pipe would stop it. */
class ServiceLog {
  readonly port: Promise<number>;
  /** Rejects with the last lines when the process has ended. */
  readonly ended: Promise<never>;
  readonly memberPids = new Map<number, number>();
  readonly #last: string[] = [];

  constructor(child: ChildProcess) {
    this.ended = new Promise((_, reject) => {
      child.once("close", (code, signal) =>
        reject(new Error(`the service ended (${signal ?? code}):\n${this.#last.join("\n")}`)),
      );
    });
    // It ends at last in any case; who waits for it sees the reason.
    this.ended.catch(() => {});
    const ready = new Promise<number>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null)
          createInterface({ input: stream }).on("line", (line) => this.#read(line, resolve));
      }
    });
    this.port = Promise.race([ready, this.ended]);
  }

  #read(line: string, onPort: (port: number) => void): void {
    this.#last.push(line);
    if (this.#last.length > KEPT_LINES) this.#last.shift();
    if (!line.startsWith("{")) return;
    const entry = JSON.parse(line) as { msg: string; port: number; id: number; pid: number };
    if (entry.msg === "ready") onPort(entry.port);
    if (entry.msg === "inference member is ready") this.memberPids.set(entry.id, entry.pid);
  }
}
