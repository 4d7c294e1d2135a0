import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Worker } from "node:worker_threads";
import { SpeakerError } from "../errors.ts";
import {
  type EncodedAudio,
  type EncodeTask,
  type FromEncodeThread,
  scratchPath,
  type ThreadFailure,
  type ToEncodeThread,
} from "./encode-protocol.ts";
import { giveBackThread, takeThread } from "./encode-threads.ts";
import type { AudioFormat } from "./format.ts";

export type { EncodedAudio } from "./encode-protocol.ts";

/** Chunks are cut to this length on their way to the thread, which bounds what is in flight. */
const SLICE_SAMPLES = 1 << 16;
/** Slices sent but not yet written. Two keep the thread busy while the next one is made. */
const MAX_IN_FLIGHT = 2;

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] = () => {};
  let reject: Deferred<T>["reject"] = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function toSpeakerError({ message, code, systemCode }: ThreadFailure): SpeakerError {
  if (code) return new SpeakerError(code, message);
  const options = { cause: new Error(systemCode ? `${systemCode}: ${message}` : message) };
  if (systemCode === "ENOSPC" || systemCode === "EDQUOT") {
    return new SpeakerError("SERVICE_UNAVAILABLE", "There is no space left to store the audio.", options);
  }
  if (systemCode) return new SpeakerError("SERVICE_UNAVAILABLE", "The audio could not be stored.", options);
  return new SpeakerError("INTERNAL", "The audio could not be encoded.", options);
}

/** One file on a thread, seen from outside: bounded, and every wait ends when it fails or the signal aborts. */
class FileEncoding {
  readonly #thread: Worker;
  readonly #signal: AbortSignal | undefined;
  readonly #broken = deferred<never>();
  readonly #done = deferred<EncodedAudio>();
  readonly #onAbort = (): void => this.#broken.reject(this.#signal?.reason);
  readonly #onError = (cause: unknown): void =>
    this.#broken.reject(new SpeakerError("INTERNAL", "The audio encoder crashed.", { cause }));
  readonly #onExit = (): void =>
    this.#broken.reject(new SpeakerError("INTERNAL", "The audio encoder stopped."));
  readonly #onMessage = (message: FromEncodeThread): void => this.#receive(message);
  #inFlight = 0;
  #taken = deferred<void>();

  constructor(thread: Worker, task: EncodeTask, signal: AbortSignal | undefined) {
    this.#thread = thread;
    this.#signal = signal;
    this.#broken.promise.catch(() => {}); // it may break while nobody waits
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    thread.on("error", this.#onError).on("exit", this.#onExit).on("message", this.#onMessage);
    this.#send({ type: "open", task }, []);
  }

  /** `work`, or the reason why the thread or the caller gave up first. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#broken.promise]);
  }

  /** Resolves when the thread has room for more. The samples are copied: the caller may reuse them. */
  async write(samples: Float32Array): Promise<void> {
    for (let start = 0; start < samples.length; start += SLICE_SAMPLES) {
      while (this.#inFlight >= MAX_IN_FLIGHT) await this.race(this.#taken.promise);
      const slice = samples.slice(start, start + SLICE_SAMPLES);
      this.#inFlight += 1;
      this.#send({ type: "samples", samples: slice }, [slice.buffer]);
    }
  }

  /** Lets the thread write the rest, correct the headers and flush the file. */
  finish(): Promise<EncodedAudio> {
    this.#send({ type: "finish" }, []);
    return this.race(this.#done.promise);
  }

  /** The thread is no longer listened to. */
  close(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#thread.off("error", this.#onError).off("exit", this.#onExit).off("message", this.#onMessage);
  }

  #send(message: ToEncodeThread, transfer: ArrayBuffer[]): void {
    this.#thread.postMessage(message, transfer);
  }

  #receive(message: FromEncodeThread): void {
    if (message.type === "taken") {
      this.#inFlight -= 1;
      this.#taken.resolve();
      this.#taken = deferred<void>();
    } else if (message.type === "done") {
      this.#done.resolve(message.audio);
    } else {
      this.#broken.reject(toSpeakerError(message.failure));
    }
  }
}

/** Makes a rename durable where the file system allows it; the file itself has been flushed already. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Network shares and Windows refuse to flush a folder.
  }
}

async function pump(chunks: AsyncIterable<Float32Array>, file: FileEncoding): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await file.race(iterator.next());
      if (next.done) break;
      await file.write(next.value);
    }
    ended = true;
  } finally {
    // Not awaited: a generator that still waits for its next part would hold the failure back.
    if (!ended) iterator.return?.()?.then(undefined, () => {});
  }
}

export interface EncodeToFileOptions {
  readonly format: AudioFormat;
  /** Rate of the chunks in Hz. */
  readonly sampleRate: number;
  /** Rate of the file, one that `sampleRateIssue` has nothing against; left out, the format decides. */
  readonly outputSampleRate?: number | undefined;
  /**
   * Integrated loudness in LUFS (EBU R 128) that the audio is brought to, its true peak at most -1 dBTP; left out, it
   * stays as it is. The samples wait in a file of four bytes each until the last has come.
   */
  readonly loudnessLufs?: number | undefined;
  /** Where the file shall be; what is there is replaced at the very end. Its folder must exist. */
  readonly path: string;
  readonly signal?: AbortSignal;
}

/**
 * Encodes mono audio into a file on a thread that it has to itself meanwhile, as the chunks arrive; memory stays bounded because
 * the next chunk is asked for only when the thread has room. The file appears at `path` complete, flushed and
 * readable by its owner only, or not at all: until then it is `<path>.<uuid>.partial`, which is removed on
 * failure (one that a killed process left behind is safe to delete).
 * @throws what `chunks` throws; the signal's reason; SpeakerError SERVICE_UNAVAILABLE when the file cannot be
 *   written, INVALID_INPUT when the format cannot hold so much audio, INTERNAL when the encoder fails.
 */
export async function encodeToFile(
  chunks: AsyncIterable<Float32Array>,
  { path, signal, ...task }: EncodeToFileOptions,
): Promise<EncodedAudio> {
  signal?.throwIfAborted();
  const partial = `${path}.${randomUUID()}.partial`;
  const thread = takeThread();
  const file = new FileEncoding(thread, { ...task, path: partial }, signal);
  let audio: EncodedAudio;
  try {
    await pump(chunks, file);
    audio = await file.finish();
    file.close();
    giveBackThread(thread);
  } catch (error) {
    file.close();
    // It may be in the middle of something: it must have ended before the file is removed.
    await thread.terminate();
    await rm(partial, { force: true });
    await rm(scratchPath(partial), { force: true });
    throw error;
  }
  try {
    signal?.throwIfAborted();
    await moveIntoPlace(partial, path);
    return audio;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function moveIntoPlace(partial: string, path: string): Promise<void> {
  try {
    await rename(partial, path);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw toSpeakerError({ message, systemCode: code ?? "EIO" });
  }
  await syncFolder(path);
}
