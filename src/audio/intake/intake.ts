import { SpeakerError, UnsupportedAudioError } from "../../errors.ts";
import type { AudioFacts, InspectRequest } from "./contract.ts";
import { Decoder } from "./decoder.ts";

export interface AudioIntakeOptions {
  /** Files decoded at the same time, each in a process of its own. */
  readonly concurrency?: number;
  /** Files that may wait; more are turned away. */
  readonly waiting?: number;
  /** Time for one file; then the process is killed. */
  readonly deadlineMs?: number;
  /** Resident memory of one process; beyond it the process is killed. */
  readonly maxResidentBytes?: number;
  /** Told when a process was lost or killed, and why. */
  readonly onLost?: (reason: string) => void;
}

/** Decodes and measures files that strangers sent, away from this process. */
export interface AudioIntake {
  /** Ids of the processes that run now. */
  readonly pids: readonly number[];
  /**
   * Decodes a whole file, and writes its mono mix where that is asked for.
   * @throws UnsupportedAudioError when it is not a recording that is taken; SpeakerError SERVICE_UNAVAILABLE
   *   when too many wait or a process cannot be started; CANCELLED when `signal` aborts.
   */
  inspect(request: InspectRequest, signal?: AbortSignal): Promise<AudioFacts>;
  close(): Promise<void>;
}

const CONCURRENCY = 2;
const WAITING = 64;
const DEADLINE_MS = 60_000;
const MAX_RESIDENT_BYTES = 640 << 20;
/** A process that has nothing to do ends after this long; memory is worth more than the start it takes. */
const IDLE_MS = 30_000;
/** A process is replaced after this many files, so that no leak of a decoder grows. */
const FILES_PER_PROCESS = 100;
/** A process that was lost under a file may have died of something else: the file gets one more. */
const ATTEMPTS = 2;

interface Slot {
  decoder: Decoder | null;
  files: number;
  idle: NodeJS.Timeout | undefined;
}

/** Processes are started when the first file comes. */
export function createAudioIntake(options: AudioIntakeOptions = {}): AudioIntake {
  const concurrency = options.concurrency ?? CONCURRENCY;
  const limits = {
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    maxResidentBytes: options.maxResidentBytes ?? MAX_RESIDENT_BYTES,
  };
  const slots: Slot[] = Array.from({ length: concurrency }, () => ({
    decoder: null,
    files: 0,
    idle: undefined,
  }));
  const free = [...slots];
  const queue: ((slot: Slot | null) => void)[] = [];
  let closed = false;

  const take = async (signal: AbortSignal | undefined): Promise<Slot> => {
    if (signal?.aborted) throw cancelled();
    const ready = free.pop();
    if (ready !== undefined) return ready;
    if (queue.length >= (options.waiting ?? WAITING)) {
      throw new SpeakerError("SERVICE_UNAVAILABLE", "Too many recordings are being read. Try again shortly.");
    }
    const slot = await new Promise<Slot | null>((resolve) => {
      queue.push(resolve);
      signal?.addEventListener(
        "abort",
        () => {
          const at = queue.indexOf(resolve);
          if (at < 0) return;
          queue.splice(at, 1);
          resolve(null);
        },
        { once: true },
      );
    });
    if (slot === null) throw cancelled();
    return slot;
  };

  const give = (slot: Slot): void => {
    const next = queue.shift();
    if (next !== undefined) {
      next(slot);
      return;
    }
    free.push(slot);
    slot.idle = setTimeout(() => void retire(slot), IDLE_MS);
    slot.idle.unref();
  };

  const retire = async (slot: Slot): Promise<void> => {
    const { decoder } = slot;
    slot.decoder = null;
    slot.files = 0;
    await decoder?.end();
  };

  const run = async (slot: Slot, request: InspectRequest, signal: AbortSignal | undefined) => {
    for (let attempt = 1; ; attempt++) {
      if (closed) throw cancelled();
      if (signal?.aborted) throw cancelled();
      slot.decoder ??= new Decoder(limits);
      slot.files += 1;
      const outcome = await slot.decoder.inspect(request, signal);
      if (outcome.type === "facts") return outcome.facts;
      if (outcome.type === "refused") {
        throw new UnsupportedAudioError(outcome.reason, outcome.message, { cause: outcome.fault });
      }
      await retire(slot);
      if (signal?.aborted || closed) throw cancelled();
      options.onLost?.(outcome.fault);
      if (outcome.type === "exceeded") {
        throw new UnsupportedAudioError("TOO_COMPLEX", "The file takes too much time or memory to decode.", {
          cause: outcome.fault,
        });
      }
      if (outcome.type === "unstartable") {
        throw new SpeakerError("SERVICE_UNAVAILABLE", "Recordings cannot be read at the moment. Try again.", {
          cause: outcome.fault,
        });
      }
      if (attempt >= ATTEMPTS) {
        throw new UnsupportedAudioError("DAMAGED", "The file is damaged: it cannot be decoded.", {
          cause: outcome.fault,
        });
      }
    }
  };

  return {
    get pids() {
      return slots.flatMap(({ decoder }) => decoder?.pid ?? []);
    },
    async inspect(request, signal) {
      if (closed) throw cancelled();
      const slot = await take(signal);
      clearTimeout(slot.idle);
      try {
        return await run(slot, request, signal);
      } finally {
        if (slot.files >= FILES_PER_PROCESS || closed) await retire(slot);
        give(slot);
      }
    },
    async close() {
      closed = true;
      for (const resolve of queue.splice(0)) resolve(null);
      for (const { idle } of slots) clearTimeout(idle);
      await Promise.all(slots.map(retire));
    },
  };
}

function cancelled(): SpeakerError {
  return new SpeakerError("CANCELLED", "The recording is no longer wanted.");
}
