import type { ExecutionProvider, MemberState, MemberStatus, RefusedProvider } from "./contract.ts";
import { Member, type MemberExit } from "./member.ts";
import type { MemberReady, MemberResult, MemberSetup, MemberWork } from "./protocol.ts";

/** The first replacement is immediate; each further one without a success between waits twice as long. */
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;

/** What a place of the pool reports. */
interface SlotEvents {
  ready(slot: Slot): void;
  refused(refused: RefusedProvider): void;
  result(slot: Slot, result: MemberResult): void;
  runFailed(slot: Slot, reason: string): void;
  /** The member had nothing to do for `idleMs` and was ended. */
  idle(slot: Slot): void;
  /** The member died by itself. `warm` tells whether it had been ready. */
  lost(slot: Slot, exit: MemberExit, warm: boolean): void;
}

interface SlotOptions {
  readonly id: number;
  /** Asked at every spawn: what was refused meanwhile is not tried again. */
  readonly setup: () => MemberSetup;
  readonly startDeadlineMs: number;
  /** A member that is ready for so long without work is ended; 0: never. */
  readonly idleMs: number;
  readonly events: SlotEvents;
}

/** One place of the pool: keeps a member in it, replacing it when it dies and ending it when nothing wants it. */
export class Slot {
  readonly id: number;
  readonly #options: SlotOptions;
  #member: Member | null = null;
  #state: MemberState = "stopped";
  #ready: MemberReady | null = null;
  #threads = 0;
  #residentBytes: number | null = null;
  #loadedMs: number | null = null;
  #restarts = 0;
  #failuresInRow = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SlotOptions) {
    this.id = options.id;
    this.#options = options;
    this.#threads = options.setup().threads;
  }

  get state(): MemberState {
    return this.#state;
  }

  /** Time from spawn to warm of the present member, or null before it is warm. */
  get loadedMs(): number | null {
    return this.#loadedMs;
  }

  start(): void {
    const setup = this.#options.setup();
    const spawnedAt = performance.now();
    let startTimedOut = false;
    this.#state = "starting";
    this.#threads = setup.threads;
    this.#forget();
    const { events } = this.#options;
    // A member that was replaced or stopped on purpose reports to nobody, though its last words may arrive.
    const present = (): boolean => this.#member === member;
    const member = new Member(setup, {
      ready: (ready) => {
        if (!present()) return;
        this.#ready = ready;
        this.#idle(ready.residentBytes);
        this.#loadedMs = Math.round(performance.now() - spawnedAt);
        events.ready(this);
      },
      refused: (refused) => {
        if (present()) events.refused(refused);
      },
      result: (result, residentBytes) => {
        if (!present()) return;
        this.#failuresInRow = 0;
        this.#idle(residentBytes);
        events.result(this, result);
      },
      runFailed: (reason, residentBytes) => {
        if (!present()) return;
        this.#idle(residentBytes);
        events.runFailed(this, reason);
      },
      exit: (exit) => {
        if (!present()) return;
        const warm = this.#ready !== null;
        this.#member = null;
        this.#scheduleReplacement();
        events.lost(this, startTimedOut ? { ...exit, reason: "did not get ready in time" } : exit, warm);
      },
    });
    this.#member = member;
    this.#timer = setTimeout(() => {
      startTimedOut = true;
      void member.kill();
    }, this.#options.startDeadlineMs);
  }

  run(work: MemberWork): void {
    clearTimeout(this.#timer);
    this.#state = "busy";
    this.#member?.run(work);
  }

  /** Kills the member, whatever it does, and starts another at once; not counted as a failure of the member. */
  replace(): void {
    const old = this.#member;
    this.#member = null;
    clearTimeout(this.#timer);
    this.#restarts += 1;
    void old?.kill();
    this.start();
  }

  /** Kills the member; resolves when the process is gone. `start` makes another. */
  async stop(): Promise<void> {
    const old = this.#member;
    this.#member = null;
    clearTimeout(this.#timer);
    this.#state = "stopped";
    this.#forget();
    await old?.kill();
  }

  status(): MemberStatus {
    return {
      id: this.id,
      pid: this.#member?.pid ?? null,
      state: this.#state,
      executionProvider: this.provider,
      precision: this.#ready?.precision ?? null,
      threads: this.#threads,
      loadedMs: this.#loadedMs,
      residentBytes: this.#residentBytes,
      restarts: this.#restarts,
    };
  }

  get provider(): ExecutionProvider | null {
    return this.#ready?.provider ?? null;
  }

  #idle(residentBytes: number): void {
    clearTimeout(this.#timer);
    this.#state = "ready";
    this.#residentBytes = residentBytes;
    const { idleMs, events } = this.#options;
    if (idleMs === 0) return;
    this.#timer = setTimeout(() => {
      void this.stop();
      events.idle(this);
    }, idleMs);
  }

  #forget(): void {
    this.#ready = null;
    this.#loadedMs = null;
    this.#residentBytes = null;
  }

  #scheduleReplacement(): void {
    clearTimeout(this.#timer);
    this.#state = "waiting";
    this.#forget();
    this.#failuresInRow += 1;
    this.#restarts += 1;
    const delayMs =
      this.#failuresInRow === 1
        ? 0
        : Math.min(FIRST_BACKOFF_MS * 2 ** (this.#failuresInRow - 2), LONGEST_BACKOFF_MS);
    this.#timer = setTimeout(() => this.start(), delayMs);
  }
}
