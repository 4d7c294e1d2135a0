import type { Logger } from "pino";
import type { ModelStore } from "../models/store.ts";
import { lexiconPaths } from "../speech-engine.ts";
import { createTextFrontEnd, type TextFrontEnd } from "../synthesis/text/front-end.ts";

/** A preview is of a short text; one that takes longer is stuck. */
const DEADLINE_MS = 30_000;
/** The planner and its dictionaries take some 300 MB: nobody's preview for so long gives them back. */
const IDLE_MS = 600_000;

/**
 * The text front end that previews use: the one of this node's worker where there is one, else one of its own, which
 * starts at the first preview and ends when there is none for a while.
 */
export class PreviewFrontEnd {
  readonly #models: ModelStore;
  readonly #log: Logger;
  #lent: TextFrontEnd | null = null;
  #own: Promise<TextFrontEnd> | null = null;
  #users = 0;
  #idle: NodeJS.Timeout | null = null;

  constructor(models: ModelStore, log: Logger) {
    this.#models = models;
    this.#log = log;
  }

  /** The worker's, which the worker starts and ends. */
  lend(frontEnd: TextFrontEnd): void {
    this.#lent = frontEnd;
  }

  /** Runs `work` with a front end that is ready. */
  async use<Result>(work: (frontEnd: TextFrontEnd) => Promise<Result>): Promise<Result> {
    if (this.#lent !== null) return await work(this.#lent);
    this.#users += 1;
    if (this.#idle !== null) clearTimeout(this.#idle);
    try {
      this.#own ??= this.#start();
      return await work(await this.#own);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#restLater();
    }
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const own = this.#own;
    this.#own = null;
    await (await own?.catch(() => null))?.close();
  }

  async #start(): Promise<TextFrontEnd> {
    try {
      const lexicon = await lexiconPaths(this.#models, this.#log);
      return createTextFrontEnd({ logger: this.#log, lexicon, deadlineMs: DEADLINE_MS });
    } catch (error) {
      this.#own = null;
      throw error;
    }
  }

  #restLater(): void {
    this.#idle = setTimeout(() => {
      void this.close();
    }, IDLE_MS);
    this.#idle.unref();
  }
}
