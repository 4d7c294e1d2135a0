import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Db } from "../db/client.ts";
import type { EventBus } from "../db/events.ts";
import type { SealedEntry } from "./chain.ts";
import { pruneAudit } from "./prune.ts";
import { sealAudit } from "./seal.ts";
import { type AuditStreamTarget, writeStream } from "./stream.ts";

/** Entries are gathered this long before they are sealed together. */
const GATHER_MS = 100;
/** A look without a call: for a lost notification, and for what a node wrote that is gone. */
const FALLBACK_MS = 10_000;
const PRUNE_MS = 60 * 60 * 1000;

export interface AuditKeeperOptions {
  readonly db: Db;
  readonly bus: EventBus;
  readonly log: Logger;
  /** Null keeps entries for ever. */
  readonly retentionDays: number | null;
  readonly stream: AuditStreamTarget | null;
}

/** Keeps the audit log on this node: seals what is committed, streams what it sealed, removes what is too old. */
export class AuditKeeper {
  readonly #options: AuditKeeperOptions;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #pruner: NodeJS.Timeout | undefined;

  constructor(options: AuditKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#keep();
    if (this.#options.retentionDays === null) return;
    void this.#prune(this.#options.retentionDays);
    this.#pruner = setInterval(this.#prune, PRUNE_MS, this.#options.retentionDays);
  }

  /** Ends after a last pass, so that a stopped service leaves nothing unsealed. */
  async stop(): Promise<void> {
    clearInterval(this.#pruner);
    this.#stop.abort();
    await this.#loop;
    await this.#seal();
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stop;
    const written = this.#options.bus.subscribe("audit");
    signal.addEventListener("abort", () => written.close(), { once: true });
    let open = true;
    while (open && !signal.aborted) {
      await this.#seal();
      const timer = new AbortController();
      open = await Promise.race([
        written.next(),
        sleep(FALLBACK_MS, true, { signal: timer.signal }).catch(() => true),
      ]);
      timer.abort();
      if (open) await sleep(GATHER_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #seal(): Promise<void> {
    const { db, log, stream } = this.#options;
    try {
      for (;;) {
        const sealed = await sealAudit(db);
        if (sealed.length === 0) return;
        if (stream !== null) await this.#stream(stream, sealed);
      }
    } catch (error) {
      log.warn({ err: error }, "audit entries could not be sealed; the next pass tries again");
    }
  }

  async #stream(target: AuditStreamTarget, sealed: readonly SealedEntry[]): Promise<void> {
    try {
      await writeStream(target, sealed);
    } catch (error) {
      // They are safe in the database: the log says which ones to export.
      const place = { from: sealed[0]?.sequence, through: sealed.at(-1)?.sequence };
      this.#options.log.error({ err: error, ...place }, "audit entries could not be streamed");
    }
  }

  readonly #prune = async (retentionDays: number): Promise<void> => {
    const { db, log } = this.#options;
    try {
      const removed = await pruneAudit(db, retentionDays);
      if (removed > 0) log.info({ removed }, "removed old audit entries");
    } catch (error) {
      log.warn({ err: error }, "old audit entries could not be removed");
    }
  };
}
