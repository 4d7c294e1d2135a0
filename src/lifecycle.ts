import type { Logger } from "pino";

interface Part {
  readonly name: string;
  readonly stop: () => Promise<void> | void;
}

/** What has been started, in order; it is stopped in the opposite order. */
export class Lifecycle {
  readonly #parts: Part[] = [];
  readonly #log: Logger;
  #stopped: Promise<void> | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  get stopping(): boolean {
    return this.#stopped !== null;
  }

  /** Registers how a part is stopped, right after it has been started. */
  add(name: string, stop: Part["stop"]): void {
    this.#parts.push({ name, stop });
  }

  /** Stops every part, also when one fails. @throws the first failure, once all have been stopped. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    let first: unknown = null;
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.#log.error({ err: error, part: part.name }, "could not stop cleanly");
        first ??= error;
      }
    }
    if (first !== null) throw first;
  }
}
