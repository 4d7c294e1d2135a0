import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { SpeakerError } from "../errors.ts";
import { siblingArguments } from "../program.ts";

/** What espeak-ng's own voice says. */
export interface EspeakSpeech {
  readonly sampleRate: number;
  /** Mono, within -1..1. */
  readonly samples: Float32Array;
  /** Each sound in IPA with its stress, and the millisecond at which it begins; an empty one is a pause. */
  readonly phonemes: readonly (readonly [ipa: string, milliseconds: number])[];
}

/** Phonemes of texts, and speech, by a voice of espeak-ng (see `host.ts`). */
export interface EspeakClient {
  /** Process id of the program that runs now, `null` when none does. */
  readonly pid: number | null;
  /** Starts the program and waits until it answers. */
  start(): Promise<void>;
  /** @throws SpeakerError DEADLINE_EXCEEDED, SERVICE_UNAVAILABLE or CANCELLED (closed meanwhile). */
  phonemes(voice: string, texts: readonly string[]): Promise<string[]>;
  /**
   * A text as the voice speaks it, at 80 to 450 words a minute. Throws as `phonemes` does.
   */
  speak(voice: string, text: string, wordsPerMinute: number): Promise<EspeakSpeech>;
  close(): Promise<void>;
}

export interface EspeakClientOptions {
  /** Time for one answer; then the program is killed and replaced. */
  readonly deadlineMs?: number;
  /** Told when the program was lost and why. */
  readonly onLost?: (reason: string) => void;
}

/** One line of the program: the answer to a request. */
interface Answer {
  readonly phonemes?: string[];
  readonly speech?: Omit<EspeakSpeech, "samples"> & { readonly samples: string };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

interface Host {
  readonly child: Child;
  readonly ready: Promise<void>;
  readonly pending: Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>;
  dead: boolean;
}

const DEADLINE_MS = 20_000;
/** Loading takes well under a second; a machine that starts many programs at once may need far longer. */
const START_DEADLINE_MS = 60_000;
const ATTEMPTS = 2;

/** The program ended under a request; another one may do better. */
class HostLostError extends SpeakerError {
  constructor(cause: string) {
    super("SERVICE_UNAVAILABLE", "The phonemiser stopped while reading the text. Try again.", { cause });
  }
}

/** Talks to one long-lived espeak-ng program; a program that dies or hangs is replaced at the next request. */
export function createEspeakClient(options: EspeakClientOptions = {}): EspeakClient {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  let host: Host | null = null;
  let nextId = 1;
  let closed = false;

  const lose = (lost: Host, error: SpeakerError, reason: string) => {
    if (lost.dead) return;
    lost.dead = true;
    if (host === lost) host = null;
    lost.child.kill("SIGKILL");
    for (const request of lost.pending.values()) request.reject(error);
    lost.pending.clear();
    if (!closed) options.onLost?.(reason);
  };

  const launch = (): Host => {
    const child = spawn(process.execPath, siblingArguments("host", import.meta.url), {
      stdio: ["pipe", "pipe", "ignore"],
    });
    let started: () => void = () => {};
    let failed: (error: Error) => void = () => {};
    const ready = new Promise<void>((resolve, reject) => {
      started = resolve;
      failed = reject;
    });
    const launched: Host = { child, ready, pending: new Map(), dead: false };
    const end = (reason: string) => {
      const error = new HostLostError(reason);
      failed(error);
      lose(launched, error, reason);
    };
    // Who waits for `ready` sees the failure; without a waiter it must not end the process.
    ready.catch(() => {});
    child.on("error", (error) => end(error.message));
    child.on("exit", (code, signal) => end(`exit ${signal ?? code}`));
    // A write to a program that has just died fails here; "exit" tells the rest.
    child.stdin.on("error", () => {});
    createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
      const message = JSON.parse(line) as Answer & { ready?: true; id?: number; error?: string };
      if (message.ready === true) return started();
      const request = launched.pending.get(message.id ?? 0);
      launched.pending.delete(message.id ?? 0);
      if (message.error === undefined) return request?.resolve(message);
      request?.reject(
        new SpeakerError("INTERNAL", "The phonemiser refused a request.", { cause: message.error }),
      );
    });
    return launched;
  };

  const current = (): Host => {
    if (closed) throw new SpeakerError("CANCELLED", "The text front end is closed.");
    host ??= launch();
    return host;
  };

  const withDeadline = async <T>(target: Host, work: Promise<T>, limitMs: number): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new SpeakerError(
          "DEADLINE_EXCEEDED",
          "The phonemiser took longer than its deadline allows.",
        );
        reject(error);
        lose(target, error, "deadline");
      }, limitMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  const askOnce = async (request: object): Promise<Answer> => {
    const target = current();
    await withDeadline(target, target.ready, START_DEADLINE_MS);
    const id = nextId;
    nextId += 1;
    const answer = new Promise<Answer>((resolve, reject) => {
      if (closed) reject(new SpeakerError("CANCELLED", "The text front end is closed."));
      else if (target.dead) reject(new HostLostError("lost before the request"));
      else target.pending.set(id, { resolve, reject });
    });
    target.child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    return withDeadline(target, answer, deadlineMs);
  };

  const ask = async (request: object): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await askOnce(request);
      } catch (error) {
        if (!(error instanceof HostLostError) || attempt >= ATTEMPTS || closed) throw error;
      }
    }
  };

  return {
    get pid() {
      return host?.child.pid ?? null;
    },
    async start() {
      const target = current();
      await withDeadline(target, target.ready, START_DEADLINE_MS);
    },
    async phonemes(voice, texts) {
      return (await ask({ voice, texts })).phonemes ?? [];
    },
    async speak(voice, text, wordsPerMinute) {
      const { speech } = await ask({ voice, text, wordsPerMinute });
      if (speech === undefined) throw new SpeakerError("INTERNAL", "The phonemiser answered without speech.");
      return { ...speech, samples: decoded(speech.samples) };
    },
    async close() {
      closed = true;
      const last = host;
      if (last === null) return;
      const exited = new Promise<void>((resolve) => last.child.once("exit", () => resolve()));
      lose(last, new SpeakerError("CANCELLED", "The text front end is closed."), "closed");
      await exited;
    },
  };
}

function decoded(base64: string): Float32Array {
  const bytes = Buffer.from(base64, "base64");
  const samples = new Float32Array(bytes.length >> 1);
  for (let index = 0; index < samples.length; index++) samples[index] = bytes.readInt16LE(2 * index) / 32_768;
  return samples;
}
