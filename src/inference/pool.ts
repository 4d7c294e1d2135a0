import { availableParallelism } from "node:os";
import { QueueFullError, SpeakerError } from "../errors.ts";
import type {
  ExecutionProvider,
  InferencePool,
  InferencePoolOptions,
  PoolStatus,
  RefusedProvider,
  SynthesizeOptions,
} from "./contract.ts";
import type { UtteranceAudio, UtteranceRequest } from "./engine.ts";
import type { MemberExit } from "./member.ts";
import type { MemberSetup } from "./protocol.ts";
import { FairQueue } from "./queue.ts";
import { type Machine, poolSize } from "./sizing.ts";
import { Slot } from "./slot.ts";
import { RunStatistics } from "./statistics.ts";
import { choosePrecision, type PrecisionChoice } from "./tune.ts";
import { UtteranceTask } from "./utterance-task.ts";

/** A dead member's utterance is given to one other member; two deaths are the utterance's own doing. */
const MOST_ATTEMPTS = 2;

/** Members dying at start this often in a row open the circuit: requests fail at once, with the reason. */
const START_FAILURES_TO_OPEN = 3;

const DEFAULT_START_DEADLINE_MS = 120_000;

/** A pool of member processes; nothing is spawned before `start()`. */
export function createInferencePool(options: InferencePoolOptions): InferencePool {
  return new ProcessPool(options);
}

class ProcessPool implements InferencePool {
  readonly #options: InferencePoolOptions;
  readonly #machine: Machine;
  readonly #queue = new FairQueue<UtteranceTask>();
  readonly #running = new Map<Slot, UtteranceTask>();
  readonly #statistics = new RunStatistics();
  readonly #closing = new AbortController();
  #slots: Slot[] = [];
  #refused: RefusedProvider[] = [];
  #choice: PrecisionChoice | null = null;
  #startFailures = 0;
  /** Set while the circuit is open. */
  #unavailable: string | null = null;
  #started: Promise<void> | null = null;
  #closed: Promise<void> | null = null;
  #settleStart: { resolve(): void; reject(error: SpeakerError): void } | null = null;
  #onDrained: (() => void) | null = null;

  constructor(options: InferencePoolOptions) {
    this.#options = options;
    this.#machine = { cores: availableParallelism(), availableBytes: process.availableMemory() };
  }

  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    const { kokoro } = this.#options.engines;
    if (kokoro !== undefined) this.#choice = await this.#choose(kokoro);
    const firstIsWarm = new Promise<void>((resolve, reject) => {
      this.#settleStart = { resolve, reject };
    });
    if (this.#closing.signal.aborted) throw shuttingDown();
    this.#addSlot();
    await firstIsWarm;
  }

  async #choose(files: NonNullable<InferencePoolOptions["engines"]["kokoro"]>): Promise<PrecisionChoice> {
    try {
      return await choosePrecision({
        files,
        asked: this.#options.precision,
        machine: this.#machine,
        threads: this.#size("cpu").threads,
        decisionFile: this.#options.decisionFile,
        memberDeadlineMs: this.#options.startDeadlineMs ?? DEFAULT_START_DEADLINE_MS,
        signal: this.#closing.signal,
      });
    } catch (error) {
      if (this.#closing.signal.aborted) throw shuttingDown();
      this.#unavailable = error instanceof Error ? error.message : String(error);
      throw modelUnavailable(this.#unavailable);
    }
  }

  async synthesize(request: UtteranceRequest, options: SynthesizeOptions): Promise<UtteranceAudio> {
    if (this.#started === null || this.#closed !== null) throw shuttingDown();
    if (this.#unavailable !== null) throw modelUnavailable(this.#unavailable);
    if (options.signal?.aborted) throw cancelled();
    const { queueLimit } = this.#options;
    if (this.#queue.size >= queueLimit && this.#idleSlot() === undefined) {
      throw new QueueFullError(
        queueLimit,
        this.#statistics.secondsUntilRoom(this.#queue.size, this.#slots.length),
      );
    }
    const task = new UtteranceTask(request, options, (aborted) => this.#abort(aborted));
    this.#queue.push(task.group, task);
    this.#dispatch();
    return await task.result;
  }

  status(): PoolStatus {
    const members = this.#slots.map((slot) => slot.status());
    const warm = members.find(({ state }) => state === "ready" || state === "busy");
    return {
      state: this.#state(warm !== undefined),
      reason: this.#unavailable,
      members,
      queued: this.#queue.size,
      running: this.#running.size,
      limit: this.#options.queueLimit,
      executionProvider: warm?.executionProvider ?? null,
      refused: [...this.#refused],
      precision: warm?.precision ?? null,
      precisionReason:
        warm?.executionProvider === "cpu" ? (this.#choice?.reason ?? null) : warm ? "for the GPU" : null,
      realTimeFactor: this.#statistics.realTimeFactor,
    };
  }

  #state(warm: boolean): PoolStatus["state"] {
    if (this.#closed !== null) return "closed";
    if (this.#unavailable !== null) return "unavailable";
    if (warm) return "ready";
    return this.#started === null ? "idle" : "starting";
  }

  close({ drainMs }: { drainMs: number }): Promise<void> {
    this.#closed ??= this.#close(drainMs);
    return this.#closed;
  }

  async #close(drainMs: number): Promise<void> {
    this.#closing.abort();
    this.#settleStart?.reject(shuttingDown());
    if (this.#busy()) await this.#drained(drainMs);
    for (const task of [...this.#queue.clear(), ...this.#running.values()]) task.reject(shuttingDown());
    this.#running.clear();
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }

  #busy(): boolean {
    return this.#queue.size > 0 || this.#running.size > 0;
  }

  #drained(drainMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, drainMs);
      this.#onDrained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #addSlot(): void {
    const slot = new Slot({
      id: this.#slots.length,
      setup: () => this.#setup(),
      startDeadlineMs: this.#options.startDeadlineMs ?? DEFAULT_START_DEADLINE_MS,
      events: {
        ready: (ready) => this.#ready(ready),
        refused: (refused) => this.#refuse(refused),
        result: (from, audio) => this.#result(from, audio),
        runFailed: (from, reason) => this.#runFailed(from, reason),
        lost: (from, exit, warm) => this.#lost(from, exit, warm),
      },
    });
    this.#slots.push(slot);
    slot.start();
  }

  #setup(): MemberSetup {
    const { engines, providers } = this.#options;
    const { kokoro } = engines;
    const int8 = kokoro && ({ path: kokoro.int8.path, precision: "int8" } as const);
    const float32 = kokoro?.float32 && ({ path: kokoro.float32.path, precision: "float32" } as const);
    const onCpu = this.#choice?.precision === "float32" ? float32 : int8;
    return {
      // GPUs have no kernels for the dynamically quantised nodes: those would travel to the CPU and back.
      kokoro: int8 && onCpu ? { cpu: onCpu, gpu: float32 ?? int8 } : null,
      fake: engines.fake ?? null,
      providers: providers.filter((name) => !this.#refused.some(({ provider }) => provider === name)),
      threads: this.#size("cpu").threads,
      gpuRealTimeFactorLimit: this.#choice?.realTimeFactor ?? 1,
    };
  }

  #size(provider: ExecutionProvider): { members: number; threads: number } {
    return poolSize(this.#options, this.#machine, this.#choice?.precision ?? "int8", provider);
  }

  #ready(slot: Slot): void {
    this.#startFailures = 0;
    this.#unavailable = null;
    this.#settleStart?.resolve();
    this.#settleStart = null;
    this.#options.logger?.info({ ...slot.status() }, "inference member is ready");
    this.#dispatch();
    // One after the other: the first one tells which provider works, and loading takes every core.
    if (this.#closed === null && this.#slots.length < this.#size(slot.provider ?? "cpu").members)
      this.#addSlot();
  }

  #refuse(refused: RefusedProvider): void {
    this.#options.logger?.warn({ ...refused }, "execution provider passed over");
    // Once members run, a provider that fails for a later one (out of memory, say) is still the one in use.
    const inUse = this.#slots.some(({ provider }) => provider === refused.provider);
    if (refused.provider !== "cpu" && !inUse) this.#refused.push(refused);
  }

  #dispatch(): void {
    for (let slot = this.#idleSlot(); slot !== undefined; slot = this.#idleSlot()) {
      const task = this.#queue.shift();
      if (task === undefined) break;
      this.#run(slot, task);
    }
    if (!this.#busy()) this.#onDrained?.();
  }

  #idleSlot(): Slot | undefined {
    return this.#slots.find(({ state }) => state === "ready");
  }

  #run(slot: Slot, task: UtteranceTask): void {
    this.#running.set(slot, task);
    task.begin(() => {
      this.#running.delete(slot);
      slot.replace();
      task.reject(
        new SpeakerError("DEADLINE_EXCEEDED", `The utterance took longer than its ${task.deadlineMs} ms.`),
      );
      this.#dispatch();
    });
    slot.run(task.request);
  }

  #result(slot: Slot, audio: UtteranceAudio): void {
    const task = this.#running.get(slot);
    this.#running.delete(slot);
    if (task !== undefined) this.#statistics.add(task.request.tokens.length, audio);
    task?.resolve(audio);
    this.#dispatch();
  }

  #runFailed(slot: Slot, reason: string): void {
    const task = this.#running.get(slot);
    this.#running.delete(slot);
    task?.reject(
      new SpeakerError("INFERENCE_FAILED", "The engine could not speak this utterance.", {
        cause: new Error(reason),
      }),
    );
    this.#dispatch();
  }

  #lost(slot: Slot, exit: MemberExit, warm: boolean): void {
    this.#options.logger?.warn({ member: slot.id, ...exit }, "inference member died");
    if (!warm) this.#startFailed(exit);
    const task = this.#running.get(slot);
    this.#running.delete(slot);
    task?.interrupt();
    if (task === undefined || task.settled) {
      this.#dispatch();
      return;
    }
    if (task.attempts < MOST_ATTEMPTS && this.#unavailable === null) this.#queue.pushFirst(task.group, task);
    else task.reject(new SpeakerError("INFERENCE_FAILED", "The engine died while speaking this utterance."));
    this.#dispatch();
  }

  #startFailed(exit: MemberExit): void {
    if (exit.attempting !== null && exit.attempting !== "cpu") {
      this.#refuse({ provider: exit.attempting, reason: `trying it ended the process (${exit.reason})` });
    }
    this.#startFailures += 1;
    const alive = this.#slots.some(({ state }) => state === "ready" || state === "busy");
    if (alive || this.#startFailures < START_FAILURES_TO_OPEN) return;
    this.#unavailable = exit.reason;
    this.#settleStart?.reject(modelUnavailable(exit.reason));
    this.#settleStart = null;
    for (const task of this.#queue.clear()) task.reject(modelUnavailable(exit.reason));
  }

  #abort(task: UtteranceTask): void {
    task.abandon(cancelled());
    if (this.#queue.remove(task.group, task)) {
      this.#dispatch();
      return;
    }
    const slot = [...this.#running].find(([, running]) => running === task)?.[0];
    if (slot === undefined || !this.#worthKilling(slot, task)) return;
    task.interrupt();
    this.#running.delete(slot);
    slot.replace();
    this.#dispatch();
  }

  /** Whether the rest of a run that nobody wants takes longer than loading a new member would. */
  #worthKilling(slot: Slot, task: UtteranceTask): boolean {
    const expectedMs = this.#statistics.expectedMs(task.request.tokens.length) ?? Number.POSITIVE_INFINITY;
    const remainingMs = expectedMs - (performance.now() - task.startedAt);
    return remainingMs > (slot.loadedMs ?? 0);
  }
}

function cancelled(): SpeakerError {
  return new SpeakerError("CANCELLED", "The utterance was cancelled.");
}

function shuttingDown(): SpeakerError {
  return new SpeakerError("SERVICE_UNAVAILABLE", "The inference pool is not running.");
}

function modelUnavailable(reason: string): SpeakerError {
  return new SpeakerError("MODEL_UNAVAILABLE", `The speech engine does not start: ${reason}.`);
}
