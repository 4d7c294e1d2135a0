import type { Logger } from "pino";
import type { Db } from "../db/client.ts";
import type { EventBus } from "../db/events.ts";
import { SpeakerError } from "../errors.ts";
import { LANES, type Lane, placesOf } from "./lane.ts";
import { claim, fail, handBack, type Lease, reap, renew, report, succeed } from "./lease.ts";
import type { AttemptOutcome, JobObserver } from "./observer.ts";
import type { Delivery, JobQueue } from "./queue.ts";
import type { TaskImplementation, TaskResult } from "./task.ts";

/** The queue is looked at this often even when nobody calls: for delayed attempts and lost notifications. */
const POLL_MS = 2_000;
const POLL_AFTER_FAULT_MS = 5_000;
/** Jobs in the background hold little, but a lease each; further ones keep their place among those that run at once. */
const MOST_IN_BACKGROUND = 100;

export interface RunnerOptions {
  readonly db: Db;
  readonly queue: JobQueue;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly registry: ReadonlyMap<string, TaskImplementation>;
  readonly nodeId: string;
  /** Jobs of a lane at once; see `placesOf`. */
  readonly concurrency: number;
  readonly leaseSeconds: number;
  readonly retryDelaySeconds: number;
  /** True when no other process can run jobs of this database. */
  readonly alone: boolean;
  /** Left out, nobody follows the attempts. */
  readonly observer?: JobObserver;
}

/** A job that is under way on this node. */
interface Run {
  readonly controller: AbortController;
  readonly lane: Lane;
}

const ATTEMPT_OUTCOMES = { FAILED: "failed", RETRYING: "retrying", LOST: "lost" } as const;

/** Takes jobs from the queue and runs several side by side, each under a lease that it keeps alive. */
export class JobRunner {
  readonly #options: RunnerOptions;
  readonly #running = new Map<Promise<void>, Run>();
  readonly #background = new Set<AbortController>();
  readonly #stop = new AbortController();
  #wake: () => void = () => {};
  #loop: Promise<void> = Promise.resolve();
  #reaper: NodeJS.Timeout | undefined;
  #lastLookAt: Date | null = null;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  get runningJobs(): number {
    return this.#running.size;
  }

  /** When the queue last answered this node: what "is it consuming?" asks. */
  get lastLookAt(): Date | null {
    return this.#lastLookAt;
  }

  /** Brings back what dead workers left, then starts taking jobs: it has looked for some when this resolves. */
  async start(): Promise<void> {
    await this.#reap(this.#options.alone);
    this.#reaper = setInterval(() => void this.#reap(false), (this.#options.leaseSeconds * 1000) / 3);
    await new Promise<void>((looked) => {
      this.#loop = this.#consume(looked);
    });
  }

  /** Stops taking jobs, lets the running ones finish for `graceMs`, hands the rest back. */
  async stop(graceMs: number): Promise<void> {
    clearInterval(this.#reaper);
    this.#stop.abort();
    this.#wake();
    await this.#loop;
    for (const controller of this.#background) controller.abort("HAND_BACK");
    const hurry = setTimeout(() => {
      for (const { controller } of this.#running.values()) controller.abort("HAND_BACK");
    }, graceMs);
    await Promise.all(this.#running.keys());
    clearTimeout(hurry);
  }

  async #reap(alone: boolean): Promise<void> {
    const { db, queue, leaseSeconds, retryDelaySeconds, log } = this.#options;
    try {
      const count = await reap(db, queue, {
        alone,
        leaseSeconds,
        retryDelaySeconds: alone ? 0 : retryDelaySeconds,
      });
      if (count > 0) log.warn({ jobs: count }, "brought back jobs of lost workers");
    } catch (error) {
      log.warn({ err: error }, "could not look for jobs of lost workers");
    }
  }

  async #consume(looked: () => void): Promise<void> {
    const { bus, log } = this.#options;
    const signal = bus.subscribe("queue");
    void (async () => {
      while (await signal.next()) this.#wake();
    })();
    while (!this.#stop.signal.aborted) {
      // Armed before the look, so that a call that comes during it is not missed.
      const woken = this.#nextWake();
      try {
        const deliveries = await this.#look().finally(looked);
        this.#lastLookAt = new Date();
        for (const delivery of deliveries) this.#take(delivery);
        if (deliveries.length === 0) await woken(POLL_MS);
      } catch (error) {
        log.warn({ err: error }, "the job queue does not answer");
        await woken(POLL_AFTER_FAULT_MS);
      }
    }
    signal.close();
    looked();
  }

  /** The next job of each lane that has a place free. */
  async #look(): Promise<Delivery[]> {
    const { queue, concurrency } = this.#options;
    const places = placesOf(concurrency);
    const deliveries: Delivery[] = [];
    try {
      for (const lane of LANES) {
        const delivery = this.#under(lane) < places[lane] ? await queue.fetch(lane) : null;
        if (delivery !== null) deliveries.push(delivery);
      }
    } catch (error) {
      // What was taken before the fault is run all the same.
      if (deliveries.length === 0) throw error;
    }
    return deliveries;
  }

  /** How many jobs of a lane are under way and have a place. */
  #under(lane: Lane): number {
    const runs = [...this.#running.values()];
    return runs.filter((run) => run.lane === lane && !this.#background.has(run.controller)).length;
  }

  #nextWake(): (timeoutMs: number) => Promise<void> {
    let wake: () => void = () => {};
    const called = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#wake = wake;
    return async (timeoutMs) => {
      if (this.#stop.signal.aborted) return;
      const timer = setTimeout(wake, timeoutMs);
      await called;
      clearTimeout(timer);
    };
  }

  #take(delivery: Delivery): void {
    const controller = new AbortController();
    const run = this.#run(delivery, controller)
      .catch((error: unknown) => {
        // The lease runs out by itself and the reaper brings the job back.
        this.#options.log.error({ err: error, jobId: delivery.jobId }, "the job could not be settled");
      })
      .finally(() => {
        this.#running.delete(run);
        this.#background.delete(controller);
        this.#wake();
      });
    this.#running.set(run, { controller, lane: delivery.lane });
  }

  async #run(delivery: Delivery, controller: AbortController): Promise<void> {
    const { db, queue, nodeId, leaseSeconds } = this.#options;
    const lease = await claim(db, delivery.jobId, nodeId, leaseSeconds);
    if (lease !== null) {
      const guard = this.#guard(lease, controller);
      try {
        await this.#attempt(lease, controller);
      } finally {
        guard();
      }
    }
    await queue.complete(delivery);
  }

  /** The job goes on without a place among those that run at once, so that the next one may start. */
  #letGo(controller: AbortController): void {
    if (this.#stop.signal.aborted) controller.abort("HAND_BACK");
    if (this.#background.size >= MOST_IN_BACKGROUND) return;
    this.#background.add(controller);
    this.#wake();
  }

  /** Keeps the lease alive and aborts the work when it is lost, by cancellation or to another node. */
  #guard(lease: Lease, controller: AbortController): () => void {
    const { db, bus, log, leaseSeconds } = this.#options;
    let validUntil = Date.now() + leaseSeconds * 1000;
    const check = async () => {
      const startedAt = Date.now();
      try {
        if (await renew(db, lease, leaseSeconds)) validUntil = startedAt + leaseSeconds * 1000;
        else controller.abort("LEASE_LOST");
      } catch (error) {
        log.warn({ err: error, jobId: lease.job.id }, "the lease could not be renewed");
        if (Date.now() > validUntil) controller.abort("LEASE_LOST");
      }
    };
    const heartbeat = setInterval(() => void check(), (leaseSeconds * 1000) / 3);
    const changes = bus.subscribe(`job:${lease.job.id}`);
    void (async () => {
      while (await changes.next()) await check();
    })();
    return () => {
      clearInterval(heartbeat);
      changes.close();
    };
  }

  async #attempt(lease: Lease, controller: AbortController): Promise<void> {
    const { signal } = controller;
    const { db, queue, registry, observer } = this.#options;
    const { job } = lease;
    observer?.started(job);
    let told = false;
    const tell = (outcome: AttemptOutcome, figures: TaskResult["summary"] = {}) => {
      if (!told) observer?.ended(job, outcome, figures);
      told = true;
    };
    const log = this.#options.log.child({ jobId: job.id, requestId: job.requestId, attempt: job.attempts });
    let result: TaskResult | null = null;
    try {
      const task = registry.get(job.kind);
      if (task === undefined) throw new Error(`no handler for jobs of kind ${job.kind}`);
      result = await task.run(job.input, {
        job,
        log,
        signal,
        inBackground: () => this.#letGo(controller),
        report: async (progress, also) => {
          signal.throwIfAborted();
          if (!(await report(db, lease, progress, also)))
            throw new SpeakerError("CANCELLED", "The lease is lost.");
        },
      });
      const finished = result;
      const published = await succeed(db, lease, (tx) => finished.commit(tx), finished.summary);
      if (published) tell("succeeded", finished.summary);
      log.info(finished.summary, published ? "job done" : "job done but no longer wanted");
      result = null;
      await (published ? finished.settled() : finished.discard()).catch((error: unknown) =>
        log.warn({ err: error }, "could not tidy up after the job"),
      );
    } catch (error) {
      await result?.discard();
      if (signal.aborted && signal.reason === "HAND_BACK") {
        tell("handed_back");
        await handBack(db, queue, lease);
        log.info("job handed back");
        return;
      }
      const outcome = await fail(db, queue, lease, error, this.#options);
      tell(ATTEMPT_OUTCOMES[outcome]);
      if (outcome === "LOST") log.info("job stopped: it was cancelled or taken over");
      else log.warn({ err: error, outcome }, "job attempt failed");
    } finally {
      // Also when the database did not answer and the lease runs out by itself.
      tell("lost");
    }
  }
}
