import type { Worker } from "node:worker_threads";
import type { CloneMachinery, CloneState } from "../../cloning/machinery.ts";
import { SpeakerError } from "../../errors.ts";
import { siblingThread } from "../../program.ts";
import type { VoicePacks } from "../packs.ts";
import { KOKORO_VOICES } from "../stock.ts";
import type { Cloning } from "./cloning.ts";
import type {
  CloningAnswer,
  CloningAsk,
  CloningResults,
  CloningThreadData,
  CloningWork,
  FromCloning,
  ToCloning,
} from "./cloning-protocol.ts";

interface Call {
  readonly machinery: CloneMachinery;
  /** Why speaking or listening was refused: the reason of the call's failure that the thread cannot know. */
  fault: unknown;
  state(state: CloneState): void;
  settle(outcome: { result: CloningResults[keyof CloningResults] } | { error: unknown }): void;
}

/** The search for voices on a thread of its own, started when the first sample comes. */
export class CloningThread implements Cloning {
  readonly #packs: Pick<VoicePacks, "load">;
  readonly #calls = new Map<number, Call>();
  #worker: Promise<Worker> | null = null;
  #numbers = 0;
  #closed = false;

  constructor(packs: Pick<VoicePacks, "load">) {
    this.#packs = packs;
  }

  prepare(): void {
    if (!this.#closed) this.#thread().catch(() => {});
  }

  describe(speech: Float32Array, machinery: CloneMachinery) {
    return this.#call({ type: "describe", speech, ...abilities(machinery) }, machinery);
  }

  mix(target: Parameters<Cloning["mix"]>[0], machinery: CloneMachinery) {
    return this.#call({ type: "mix", target, ...abilities(machinery) }, machinery);
  }

  measure(...[pack, target, machinery]: Parameters<Cloning["measure"]>) {
    return this.#call({ type: "measure", pack, target, ...abilities(machinery) }, machinery);
  }

  async *refine(...[target, machinery, given]: Parameters<Cloning["refine"]>): AsyncGenerator<CloneState> {
    const { signal, ...options } = given;
    const states: CloneState[] = [];
    let wake: () => void = () => {};
    let ended = false;
    const work = { type: "refine", target, options, ...abilities(machinery) } as const;
    const done = this.#call(work, machinery, {
      signal,
      state(state) {
        states.push(state);
        wake();
      },
    }).finally(() => {
      ended = true;
      wake();
    });
    // Its failure is met below, when what came before it has been looked at.
    done.catch(() => {});
    while (!ended || states.length > 0) {
      const state = states.shift();
      if (state !== undefined) yield state;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (ended || states.length > 0) resolve();
        });
      }
    }
    await done;
  }

  /** Ends the thread; what is under way fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = await this.#worker?.catch(() => null);
    await worker?.terminate();
  }

  async #call<Work extends CloningWork>(
    work: Work,
    machinery: CloneMachinery,
    { signal, state = () => {} }: { signal?: AbortSignal; state?: Call["state"] } = {},
  ): Promise<CloningResults[Work["type"]]> {
    signal?.throwIfAborted();
    const worker = await this.#thread();
    this.#numbers += 1;
    const call = this.#numbers;
    const send = (message: ToCloning) => worker.postMessage(message);
    const onAbort = () => send({ type: "abort", call });
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#calls.set(call, {
          machinery,
          state,
          fault: null,
          settle(outcome) {
            if ("result" in outcome) resolve(outcome.result as CloningResults[Work["type"]]);
            else reject(signal?.aborted ? signal.reason : outcome.error);
          },
        });
        send({ type: "call", call, work });
      });
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#calls.delete(call);
    }
  }

  #thread(): Promise<Worker> {
    if (this.#closed) throw new SpeakerError("SERVICE_UNAVAILABLE", "The service is stopping.");
    this.#worker ??= this.#start();
    return this.#worker;
  }

  async #start(): Promise<Worker> {
    try {
      const stock = await Promise.all(
        KOKORO_VOICES.map(async ({ id }) => ({
          id,
          pack: await this.#packs.load({ id, kind: "STOCK", packKey: null, packSha256: null }),
        })),
      );
      const workerData: CloningThreadData = { stock };
      const worker = siblingThread("cloning-thread", import.meta.url, { workerData });
      worker.on("message", (message: FromCloning) => this.#receive(worker, message));
      worker.on("error", (cause) => this.#lost(cause));
      worker.on("exit", () => this.#lost(null));
      // It waits for work for ever; the process need not.
      worker.unref();
      return worker;
    } catch (error) {
      this.#worker = null;
      throw error;
    }
  }

  #receive(worker: Worker, message: FromCloning): void {
    const call = this.#calls.get(message.call);
    if (call === undefined) return;
    if (message.type === "state") call.state(message.state);
    else if (message.type === "done") call.settle({ result: message.result });
    else if (message.type === "failed") {
      call.settle({ error: call.fault ?? new Error(message.reason) });
    } else void this.#answer(worker, call, message.ask, message.what);
  }

  async #answer(worker: Worker, call: Call, ask: number, what: CloningAsk): Promise<void> {
    const { machinery } = call;
    try {
      worker.postMessage({
        type: "answer",
        ask,
        answer: await carryOut(machinery, what),
      } satisfies ToCloning);
    } catch (error) {
      call.fault ??= error;
      worker.postMessage({ type: "refusal", ask } satisfies ToCloning);
    }
  }

  /** The next call starts another thread. */
  #lost(cause: unknown): void {
    this.#worker = null;
    const error = new SpeakerError("INFERENCE_FAILED", "The search for the voice was lost.", { cause });
    for (const call of this.#calls.values()) call.settle({ error });
  }
}

const abilities = ({ parallel, rate }: CloneMachinery) => ({ parallel, rates: rate !== undefined });

async function carryOut(machinery: CloneMachinery, what: CloningAsk): Promise<CloningAnswer> {
  if (what.type === "speak") return await machinery.speak(what.utterance);
  if (what.type === "embed") return await machinery.embed(what.samples);
  if (machinery.rate === undefined) throw new Error("recordings cannot be rated here");
  return await machinery.rate(what.samples);
}
