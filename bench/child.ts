import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A program of this folder in a process of its own that answers each request with one message. */
export class BenchChild<Request extends object, Answer> {
  readonly #child: ChildProcess;

  /** @param name file name in this folder, with extension */
  constructor(name: string) {
    this.#child = fork(fileURLToPath(new URL(name, import.meta.url)), [], {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, NODE_ENV: "production" },
    });
  }

  /** @throws Error when the child ends before it answers. */
  async ask(request: Request): Promise<Answer> {
    const ended = new AbortController();
    const { signal } = ended;
    const answered = once(this.#child, "message", { signal });
    const exited = once(this.#child, "exit", { signal }).then(() => {
      throw new Error("a process of the bench ended early");
    });
    this.#child.send(request);
    try {
      const [answer] = (await Promise.race([answered, exited])) as [Answer];
      return answer;
    } finally {
      ended.abort();
      await Promise.allSettled([answered, exited]);
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}

/** The child's side: answers every request of the bench, and ends with it. */
export function answerRequests<Request, Answer>(answer: (request: Request) => Promise<Answer>): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", async (request) => {
    process.send?.(await answer(request as Request));
  });
}
