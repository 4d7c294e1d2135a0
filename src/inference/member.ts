import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ExecutionProvider, RefusedProvider } from "./contract.ts";
import type { FromMember, MemberReady, MemberResult, MemberSetup, MemberWork, ToMember } from "./protocol.ts";

/** What is kept of a member's error output, to say why it died. */
const KEPT_ERROR_OUTPUT_BYTES = 2_000;

/** How a member ended. */
export interface MemberExit {
  /** "was killed by SIGSEGV", "exited with code 1" or the reason it gave itself. */
  readonly reason: string;
  /** The provider it was loading when it ended, if any. */
  readonly attempting: ExecutionProvider | null;
  /** The end of its error output; may name paths, so it is for the log only. */
  readonly errorOutput: string;
}

/** What a member tells its owner; each is called at most once for `ready` and `exit`. */
export interface MemberEvents {
  ready(ready: MemberReady): void;
  refused(refused: RefusedProvider): void;
  result(result: MemberResult, residentBytes: number): void;
  runFailed(reason: string, residentBytes: number): void;
  exit(exit: MemberExit): void;
}

/**
 * One member process as its parent sees it. A process and not a thread: a run cannot be interrupted, and
 * ending a thread inside native code takes the whole program with it (figures in docs/inference.md).
 */
export class Member {
  readonly #child: ChildProcess;
  readonly #events: MemberEvents;
  readonly #exited: Promise<void>;
  #attempting: ExecutionProvider | null = null;
  #startFailure: string | null = null;
  #errorOutput = "";

  /** Spawns the process and has it load its engines. */
  constructor(setup: MemberSetup, events: MemberEvents) {
    this.#events = events;
    this.#child = fork(fileURLToPath(entryUrl), [], {
      execArgv: entryUrl.pathname.endsWith(".ts") ? typeScriptLoader() : [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-KEPT_ERROR_OUTPUT_BYTES);
    });
    this.#child.on("message", (message) => this.#receive(message as FromMember));
    this.#exited = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.#events.exit({
          reason: this.#startFailure ?? reason,
          attempting: this.#attempting,
          errorOutput: this.#errorOutput,
        });
        resolve();
      };
      // `close` follows `exit` once the error output has been read; a failed spawn emits `error` alone.
      this.#child.once("close", (code, signal) =>
        end(signal === null ? `exited with code ${code}` : `was killed by ${signal}`),
      );
      this.#child.once("error", (error) => {
        if (this.#child.pid === undefined) end(`could not be spawned: ${error.message}`);
      });
    });
    this.#send({ type: "setup", setup });
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** Starts a piece of work; the owner has seen the answer to the one before. */
  run(work: MemberWork): void {
    this.#send({ type: "run", work });
  }

  /** Ends the process whatever it is doing; resolves when it is gone and `exit` was called. */
  kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    return this.#exited;
  }

  #send(message: ToMember): void {
    // A channel that is closed means a member that is ending: `exit` follows and says so.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(message: FromMember): void {
    switch (message.type) {
      case "attempt":
        this.#attempting = message.provider;
        break;
      case "refused":
        this.#attempting = null;
        this.#events.refused({ provider: message.provider, reason: message.reason });
        break;
      case "ready":
        this.#attempting = null;
        this.#events.ready(message);
        break;
      case "startFailed":
        this.#attempting = null;
        this.#startFailure = message.reason;
        break;
      case "result":
        this.#events.result(message.result, message.residentBytes);
        break;
      case "runFailed":
        this.#events.runFailed(message.reason, message.residentBytes);
        break;
    }
  }
}

/** The compiled program runs `worker.js`; tests and development run `worker.ts` through tsx. */
const entryUrl = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

function typeScriptLoader(): string[] {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  return ["--import", pathToFileURL(tsx).href];
}
