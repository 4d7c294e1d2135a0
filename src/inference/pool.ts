import { availableParallelism } from "node:os";
import { QueueFullError, SpeakerError } from "../errors.ts";
import type { AnalysisFiles, AnalysisKind, AnalysisRequest, AnalysisResults } from "./analysis.ts";
import type {
  ExecutionProvider,
  InferencePool,
  InferencePoolOptions,
  PoolStatus,
  Precision,
  RefusedProvider,
  RunOptions,
} from "./contract.ts";
import type { UtteranceAudio, UtteranceRequest } from "./engine.ts";
import type { MemberExit } from "./member.ts";
import { memberSetup } from "./member-setup.ts";
import { cancelled, modelUnavailable, shuttingDown } from "./pool-errors.ts";
import { PoolTask } from "./pool-task.ts";
import type { MemberResult, MemberSetup, MemberWork } from "./protocol.ts";
import { WorkQueue } from "./queue.ts";
import { type Machine, poolSize } from "./sizing.ts";
import { Slot } from "./slot.ts";
import { RunStatistics } from "./statistics.ts";
import { choosePrecision, type PrecisionChoice } from "./tune.ts";

/** A dead member's work is given to one other member; two deaths are the work's own doing. */
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
  readonly #queue = new WorkQueue<PoolTask>();
  readonly #running = new Map<Slot, PoolTask>();
  readonly #statistics = new RunStatistics();
  readonly #closing = new AbortController();
  #slots: Slot[] = [];
  #refused: RefusedProvider[] = [];
  #choice: PrecisionChoice | null = null;
  /** Whether the choice is made and members may be loaded. */
  #prepared = false;
  /** What members run on: told by the first one, and remembered while none is loaded. */
  #provider: ExecutionProvider = "cpu";
  #precision: Precision | null = null;
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
    if (!this.#preload) {
      this.#precision = this.#choice?.precision ?? null;
      while (this.#slots.length < this.#size(this.#provider).members) this.#addSlot();
      this.#prepared = true;
      this.#dispatch();
      return;
    }
    const firstIsWarm = new Promise<void>((resolve, reject) => {
      this.#settleStart = { resolve, reject };
    });
    if (this.#closing.signal.aborted) throw shuttingDown();
    this.#prepared = true;
    this.#grow();
    await firstIsWarm;
  }

  get #preload(): boolean {
    return this.#options.preload ?? true;
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

  async synthesize(request: UtteranceRequest, options: RunOptions): Promise<UtteranceAudio> {
    const result = await this.#submit({ type: "speak", request }, options);
    if (result.type !== "speak") throw new Error("a member mistook an utterance for a recording");
    return result.audio;
  }

  async analyse<Kind extends AnalysisKind>(
    request: AnalysisRequest<Kind>,
    options: RunOptions,
  ): Promise<AnalysisResults[Kind]> {
    const result = await this.#submit({ type: "analyse", request, files: await this.#files() }, options);
    if (result.type !== "analyse") throw new Error("a member mistook a recording for an utterance");
    return result.analysis as AnalysisResults[Kind];
  }

  async #files(): Promise<AnalysisFiles | "fake"> {
    const { analysis } = this.#options;
    if (analysis === undefined) {
      throw new SpeakerError("MODEL_UNAVAILABLE", "Recordings cannot be analysed here: there are no models.");
    }
    return typeof analysis === "function" ? await analysis() : analysis;
  }

  async #submit(work: MemberWork, options: RunOptions): Promise<MemberResult> {
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
    const task = new PoolTask(work, options, (aborted) => this.#abort(aborted));
    this.#queue.push(task);
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
      precision: warm?.precision ?? this.#precision,
      precisionReason:
        warm?.executionProvider === "cpu" ? (this.#choice?.reason ?? null) : warm ? "for the GPU" : null,
      realTimeFactor: this.#statistics.realTimeFactor,
    };
  }

  #state(warm: boolean): PoolStatus["state"] {
    if (this.#closed !== null) return "closed";
    if (this.#unavailable !== null) return "unavailable";
    if (warm) return "ready";
    if (this.#started === null || this.#asleep()) return "idle";
    return "starting";
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

  #addSlot(): Slot {
    const slot = new Slot({
      id: this.#slots.length,
      setup: () => this.#setup(),
      startDeadlineMs: this.#options.startDeadlineMs ?? DEFAULT_START_DEADLINE_MS,
      idleMs: this.#options.idleMs ?? 0,
      events: {
        ready: (ready) => this.#ready(ready),
        refused: (refused) => this.#refuse(refused),
        result: (from, result) => this.#result(from, result),
        runFailed: (from, reason) => this.#runFailed(from, reason),
        idle: (from) =>
          this.#options.logger?.info({ member: from.id }, "inference member ended: nothing to do"),
        lost: (from, exit, warm) => this.#lost(from, exit, warm),
      },
    });
    this.#slots.push(slot);
    return slot;
  }

  #setup(): MemberSetup {
    return memberSetup(this.#options, this.#choice, this.#refused, this.#size("cpu").threads);
  }

  #size(provider: ExecutionProvider): { members: number; threads: number } {
    const { precision = "int8", layout = null } = this.#choice ?? {};
    return poolSize(this.#options, this.#machine, precision, provider, layout);
  }

  #ready(slot: Slot): void {
    this.#startFailures = 0;
    this.#unavailable = null;
    this.#settleStart?.resolve();
    this.#settleStart = null;
    this.#options.logger?.info({ ...slot.status() }, "inference member is ready");
    this.#provider = slot.provider ?? this.#provider;
    this.#precision = slot.status().precision;
    this.#dispatch();
    this.#grow();
  }

  /**
   * Loads one more member where there is to be one: one after the other, as the first one tells which provider
   * works, and loading takes every core.
   */
  #grow(): void {
    const wanted = this.#queue.size > 0;
    if (this.#closed !== null && !wanted) return;
    if (!this.#prepared || this.#slots.some(({ state }) => state === "starting")) return;
    const { members } = this.#size(this.#provider);
    const ended = this.#slots.find(({ state, id }) => state === "stopped" && id < members);
    if (wanted && ended !== undefined) ended.start();
    else if (this.#preload && this.#slots.length < members) this.#addSlot().start();
  }

  /** Whether no member is loaded and nothing waits for one. */
  #asleep(): boolean {
    return this.#prepared && this.#queue.size === 0 && this.#slots.every(({ state }) => state === "stopped");
  }

  #refuse(refused: RefusedProvider): void {
    this.#options.logger?.warn({ ...refused }, "execution provider passed over");
    // Once members run, a provider that fails for a later one (out of memory, say) is still the one in use.
    const inUse = this.#slots.some(({ provider }) => provider === refused.provider);
    if (refused.provider !== "cpu" && !inUse) this.#refused.push(refused);
  }

  #dispatch(): void {
    for (let slot = this.#idleSlot(); slot !== undefined; slot = this.#idleSlot()) {
      const task = this.#queue.shift({ background: this.#backgroundMayRun() });
      if (task === undefined) break;
      this.#run(slot, task);
    }
    if (this.#queue.size > 0) this.#grow();
    if (!this.#busy()) this.#onDrained?.();
  }

  /** Where there are several members, one is kept free of what nobody waits for. */
  #backgroundMayRun(): boolean {
    const running = [...this.#running.values()].filter(({ priority }) => priority === "background").length;
    return running < Math.max(1, this.#slots.length - 1);
  }

  #idleSlot(): Slot | undefined {
    return this.#slots.find(({ state }) => state === "ready");
  }

  #run(slot: Slot, task: PoolTask): void {
    this.#running.set(slot, task);
    task.begin(() => {
      this.#running.delete(slot);
      slot.replace();
      task.reject(
        new SpeakerError("DEADLINE_EXCEEDED", `The ${task.what} took longer than its ${task.deadlineMs} ms.`),
      );
      this.#dispatch();
    });
    slot.run(task.work);
  }

  #result(slot: Slot, result: MemberResult): void {
    const task = this.#running.get(slot);
    this.#running.delete(slot);
    if (task !== undefined && result.type === "speak") {
      this.#statistics.addSpeech(task.kind, task.units, result.audio);
    } else if (task !== undefined) {
      this.#statistics.add(task.kind, task.units, (performance.now() - task.startedAt) / 1000);
    }
    task?.resolve(result);
    this.#dispatch();
  }

  #runFailed(slot: Slot, reason: string): void {
    const task = this.#running.get(slot);
    this.#running.delete(slot);
    task?.reject(
      new SpeakerError(
        "INFERENCE_FAILED",
        task.what === "utterance"
          ? "The engine could not speak this utterance."
          : "The engine could not analyse this recording.",
        { cause: new Error(reason) },
      ),
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
    if (task.attempts < MOST_ATTEMPTS && this.#unavailable === null) this.#queue.pushFirst(task);
    else task.reject(new SpeakerError("INFERENCE_FAILED", `The engine died over this ${task.what}.`));
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

  #abort(task: PoolTask): void {
    task.abandon(cancelled());
    if (this.#queue.remove(task)) {
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
  #worthKilling(slot: Slot, task: PoolTask): boolean {
    // An analysis is short; how long speaking takes is not known before the first utterance.
    const unknown = task.what === "recording" ? 0 : Number.POSITIVE_INFINITY;
    const expectedMs = this.#statistics.expectedMs(task.kind, task.units) ?? unknown;
    const remainingMs = expectedMs - (performance.now() - task.startedAt);
    return remainingMs > (slot.loadedMs ?? 0);
  }
}
