import type { Worker } from "node:worker_threads";
import { SpeakerError } from "../../errors.ts";
import { siblingThread } from "../../program.ts";
import type { FromEncoders, JoinedOutput, ToEncoders } from "./protocol.ts";

/** What has come from the thread for one stream and was not taken yet: at most what one utterance is encoded as. */
interface Inbox {
  readonly parts: { readonly bytes: Uint8Array; readonly last: boolean }[];
  failure: SpeakerError | null;
  wake: () => void;
}

/** Makes one stream of the utterances of one job, in their order. */
export interface SpeechEncoder {
  /**
   * The bytes that an utterance adds to the stream, as soon as they are encoded. Take them all before the next one.
   *
   * @param samples what the engine made of it
   * @param ends whether it is the last: then the end of the recording is in it
   * @throws SpeakerError INTERNAL when the encoder fails.
   */
  push(samples: Float32Array, pauseAfterSeconds: number, ends: boolean): AsyncGenerator<Uint8Array>;
  /** Frees what the thread holds for it; idempotent. */
  close(): void;
}

/**
 * The thread that joins and encodes for listeners, one for all of them. It is started at once and, should it ever be
 * lost, again for the next listener.
 */
export class StreamEncoders {
  readonly #inboxes = new Map<number, Inbox>();
  #worker: Worker | null = null;
  #closed = false;
  #numbers = 0;

  /** Starts the thread and loads the codecs, so that nobody waits for them. */
  warm(): void {
    if (!this.#closed) this.#thread();
  }

  /** @throws SpeakerError SERVICE_UNAVAILABLE while the node stops. */
  open(output: JoinedOutput): SpeechEncoder {
    if (this.#closed) throw new SpeakerError("SERVICE_UNAVAILABLE", "The service is stopping.");
    const worker = this.#thread();
    this.#numbers += 1;
    const stream = this.#numbers;
    const inbox: Inbox = { parts: [], failure: null, wake: () => {} };
    this.#inboxes.set(stream, inbox);
    const send = (message: ToEncoders) => worker.postMessage(message);
    send({ type: "open", stream, output });
    return {
      async *push(samples, pauseAfterSeconds, ends) {
        send({ type: "utterance", stream, samples, pauseAfterSeconds, ends });
        for (;;) {
          const part = await next(inbox);
          if (part.bytes.length > 0) yield part.bytes;
          if (part.last) return;
        }
      },
      close: () => {
        if (!this.#inboxes.delete(stream)) return;
        send({ type: "drop", stream });
        fail(inbox, new Error("closed"));
      },
    };
  }

  /** Ends the thread; what is under way fails. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #thread(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = siblingThread("encoder-thread", import.meta.url, { name: "stream-encoder" });
    worker.on("message", (message: FromEncoders) => this.#receive(message));
    worker.on("error", (cause) => this.#lost(worker, cause));
    worker.on("exit", () => this.#lost(worker, null));
    // It waits for work for ever; the process need not.
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromEncoders): void {
    const inbox = this.#inboxes.get(message.stream);
    if (inbox === undefined) return;
    if (message.type === "failed") fail(inbox, new Error(message.reason));
    else {
      inbox.parts.push(message);
      inbox.wake();
    }
  }

  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const inbox of this.#inboxes.values()) fail(inbox, cause);
    this.#inboxes.clear();
  }
}

function fail(inbox: Inbox, cause: unknown): void {
  inbox.failure = new SpeakerError("INTERNAL", "The audio could not be encoded.", { cause });
  inbox.wake();
}

async function next(inbox: Inbox): Promise<{ readonly bytes: Uint8Array; readonly last: boolean }> {
  for (;;) {
    const part = inbox.parts.shift();
    if (part !== undefined) return part;
    if (inbox.failure !== null) throw inbox.failure;
    await new Promise<void>((resolve) => {
      inbox.wake = resolve;
    });
  }
}
