import type { Worker } from "node:worker_threads";
import { SpeakerError } from "../errors.ts";
import { siblingThread } from "../program.ts";
import type {
  DictionaryResults,
  DictionaryWork,
  FromDictionaryThread,
  ToDictionaryThread,
} from "./protocol.ts";

/** The largest import takes a few seconds on a slow machine. */
const DEADLINE_MS = 60_000;
/** The largest file with its entries as objects needs a third of it. */
const MEMORY_LIMIT_MIB = 1024;
/** Works that wait for the thread; each holds a file of its own. */
const MAX_WAITING = 32;

interface Call {
  resolve(result: DictionaryResults[keyof DictionaryResults]): void;
  reject(error: SpeakerError): void;
}

/** Work on dictionaries on a thread of its own, started at first use and replaced when it is lost. */
export class DictionaryThread {
  readonly #calls = new Map<number, Call>();
  #worker: Worker | null = null;
  #numbers = 0;
  #closed = false;

  /** @throws SpeakerError SERVICE_UNAVAILABLE (too much waits, the thread was lost) or DEADLINE_EXCEEDED. */
  async perform<Work extends DictionaryWork>(work: Work): Promise<DictionaryResults[Work["type"]]> {
    if (this.#closed) throw unavailable("The service is stopping.");
    if (this.#calls.size >= MAX_WAITING)
      throw unavailable("Too many dictionaries are being read. Try again.");
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#numbers += 1;
    const call = this.#numbers;
    const timer = setTimeout(() => {
      this.#lose(
        worker,
        new SpeakerError("DEADLINE_EXCEEDED", "Reading the dictionary took longer than is allowed."),
      );
    }, DEADLINE_MS);
    try {
      return await new Promise<DictionaryResults[Work["type"]]>((resolve, reject) => {
        this.#calls.set(call, { resolve: resolve as Call["resolve"], reject });
        worker.postMessage({ call, work } satisfies ToDictionaryThread);
      });
    } finally {
      clearTimeout(timer);
      this.#calls.delete(call);
    }
  }

  /** Ends the thread; what is under way fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker !== null) this.#lose(worker, unavailable("The service is stopping."));
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = siblingThread("dictionary-thread", import.meta.url, {
      name: "dictionaries",
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MIB },
    });
    worker.on("message", (message: FromDictionaryThread) => {
      const call = this.#calls.get(message.call);
      if ("result" in message) call?.resolve(message.result);
      else {
        const cause = message.error;
        call?.reject(new SpeakerError("INTERNAL", "The dictionary could not be read.", { cause }));
      }
    });
    const lost = (cause: unknown) =>
      this.#lose(worker, unavailable("Reading was interrupted. Try again.", cause));
    worker.on("error", lost);
    worker.on("exit", (code) => lost(`exit ${code}`));
    // It waits for work for ever; the process need not.
    worker.unref();
    return worker;
  }

  #lose(worker: Worker, error: SpeakerError): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const call of this.#calls.values()) call.reject(error);
    void worker.terminate();
  }
}

function unavailable(message: string, cause?: unknown): SpeakerError {
  return new SpeakerError("SERVICE_UNAVAILABLE", message, { cause });
}
