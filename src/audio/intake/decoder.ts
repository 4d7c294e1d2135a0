import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { AudioRefusal } from "../../errors.ts";
import { siblingArguments } from "../../program.ts";
import type { AudioFacts, InspectRequest } from "./contract.ts";
import type { FromDecoder, ToDecoder } from "./protocol.ts";

/** How one file ended. After the last three the process is gone. */
export type Outcome =
  | { readonly type: "facts"; readonly facts: AudioFacts }
  | {
      readonly type: "refused";
      readonly reason: AudioRefusal;
      readonly message: string;
      readonly fault: string | null;
    }
  /** It was killed for the time or the memory that it took. */
  | { readonly type: "exceeded"; readonly fault: string }
  /** It ended by itself, or by the hand of another. */
  | { readonly type: "lost"; readonly fault: string }
  | { readonly type: "unstartable"; readonly fault: string };

export interface DecoderLimits {
  readonly deadlineMs: number;
  readonly maxResidentBytes: number;
}

/** JavaScript objects; samples lie outside of it and are watched as resident memory. */
const HEAP_MEGABYTES = 256;
/** 64 KiB each: 256 MiB of memory for a WebAssembly decoder. */
const WASM_PAGES = 4_096;
const WATCH_MS = 100;
const START_DEADLINE_MS = 60_000;
const KEPT_ERROR_OUTPUT_BYTES = 1_000;
/** What V8 ends with when its heap is full, and what the kernel does when memory is. */
const MEMORY_ENDS = new Set(["SIGABRT", "SIGKILL", "SIGTRAP"]);

/** One decoding process as its parent sees it. A process and not a thread: WebAssembly cannot be interrupted. */
export class Decoder {
  readonly #child: ChildProcess;
  readonly #limits: DecoderLimits;
  readonly #exited: Promise<void>;
  readonly #ready: Promise<boolean>;
  #settle: ((outcome: Outcome) => void) | null = null;
  #errorOutput = "";
  #id = 0;
  #exceeded: string | null = null;
  #ended = false;

  constructor(limits: DecoderLimits) {
    this.#limits = limits;
    const bounds = [`--max-old-space-size=${HEAP_MEGABYTES}`, `--wasm-max-mem-pages=${WASM_PAGES}`];
    this.#child = spawn(process.execPath, [...bounds, ...siblingArguments("decode-host", import.meta.url)], {
      // No secret of the service's environment is where strangers' bytes are decoded.
      env: {},
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
      // A group of its own, so that what it starts dies with it.
      detached: process.platform !== "win32",
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-KEPT_ERROR_OUTPUT_BYTES);
    });
    let ready: (started: boolean) => void = () => {};
    this.#ready = new Promise((resolve) => {
      ready = resolve;
    });
    this.#exited = new Promise((resolve) => {
      const end = (fault: string, memory: boolean) => {
        ready(false);
        // What it started may have outlived it.
        this.#killGroup();
        this.#ended = true;
        this.#finish(
          this.#exceeded !== null || memory
            ? { type: "exceeded", fault: this.#exceeded ?? fault }
            : { type: "lost", fault },
        );
        resolve();
      };
      this.#child.once("close", (code, signal) => {
        const heapFull = this.#errorOutput.includes("heap out of memory");
        end(
          `the decoding process ended with ${signal ?? `code ${code}`}: ${this.#errorOutput}`,
          heapFull && MEMORY_ENDS.has(signal ?? "SIGABRT"),
        );
      });
      this.#child.once("error", (error) => {
        if (this.#child.pid === undefined) end(`it could not be started: ${error.message}`, false);
      });
    });
    this.#child.on("message", (message: FromDecoder) => {
      if (message.type === "ready") return ready(true);
      if (message.id !== this.#id) return;
      this.#finish(message.type === "failed" ? { type: "lost", fault: message.fault } : message);
    });
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** Decodes one file; the one before has ended. */
  async inspect(request: InspectRequest, signal: AbortSignal | undefined): Promise<Outcome> {
    const slow = setTimeout(() => this.#killGroup(), START_DEADLINE_MS);
    const started = await this.#ready;
    clearTimeout(slow);
    if (!started) return { type: "unstartable", fault: this.#errorOutput };
    const outcome = new Promise<Outcome>((resolve) => {
      this.#settle = resolve;
    });
    this.#id += 1;
    const message: ToDecoder = { id: this.#id, request };
    if (this.#child.connected) this.#child.send(message, () => undefined);
    else if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      this.#finish({ type: "lost", fault: "it had ended before" });
    }
    const kill = (reason: string) => {
      this.#exceeded ??= reason;
      this.#killGroup();
    };
    const deadline = setTimeout(() => kill("the deadline"), this.#limits.deadlineMs);
    const watch = setInterval(() => void this.#watch(kill), WATCH_MS);
    void this.#watch(kill);
    const abort = () => this.#killGroup();
    signal?.addEventListener("abort", abort, { once: true });
    // It may have aborted while the process was starting.
    if (signal?.aborted) abort();
    try {
      return await outcome;
    } finally {
      clearTimeout(deadline);
      clearInterval(watch);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends the process whatever it does; resolves when it is gone. */
  async end(): Promise<void> {
    this.#killGroup();
    await this.#exited;
  }

  #finish(outcome: Outcome): void {
    this.#settle?.(outcome);
    this.#settle = null;
  }

  /** The kernel's own count; elsewhere than on Linux the bounds of V8 and the deadline must do. */
  async #watch(kill: (reason: string) => void): Promise<void> {
    const status = await readFile(`/proc/${this.pid}/status`, "utf8").catch(() => "");
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    if (kilobytes * 1024 > this.#limits.maxResidentBytes) kill(`${kilobytes} kB of memory`);
  }

  #killGroup(): void {
    const { pid } = this.#child;
    // An id that is free again may be another program's by now.
    if (pid === undefined || this.#ended) return;
    try {
      if (process.platform === "win32") this.#child.kill("SIGKILL");
      else process.kill(-pid, "SIGKILL");
    } catch {
      // Nothing is left of the group.
    }
  }
}
