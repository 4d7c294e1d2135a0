import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../db/client.ts";
import type { EventBus } from "../db/events.ts";
import { NotFoundError } from "../errors.ts";
import { findJob, isTerminal } from "./job.ts";
import type { JobRow } from "./table.ts";

/** A look at the row now and then, should a notification ever be lost. */
const FALLBACK_MS = 10_000;

/**
 * A job's states: the present one first, the final one last, none lost in between but those that a newer one
 * has overtaken. It subscribes before it reads, so no change falls between the two.
 *
 * @throws NotFoundError when the tenant has no such job.
 */
export async function watchJob(
  db: Db,
  bus: EventBus,
  tenant: string,
  id: string,
): Promise<AsyncGenerator<JobRow>> {
  // Asked before the stream exists, so that an unknown job is an answer and not a stream that breaks.
  if ((await findJob(db, tenant, id)) === null) throw new NotFoundError("There is no such job.");
  return states(db, bus, tenant, id);
}

async function* states(db: Db, bus: EventBus, tenant: string, id: string): AsyncGenerator<JobRow> {
  const changes = bus.subscribe(`job:${id}`);
  try {
    let last = "";
    for (;;) {
      const job = await findJob(db, tenant, id);
      if (job === null) return;
      const state = visibleState(job);
      // Nothing tells of a job's way through the queue: who waits hears of its place now and then.
      if (state !== last || job.status === "QUEUED") yield job;
      if (isTerminal(job.status)) return;
      last = state;
      if (!(await changed(changes))) return;
    }
  } finally {
    changes.close();
  }
}

/** Waits for a change, or for the time to look again; false once the service is shutting down. */
export async function changed(changes: { next(): Promise<boolean> }): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      changes.next(),
      sleep(FALLBACK_MS, true, { signal: timer.signal }).catch(() => true),
    ]);
  } finally {
    timer.abort();
  }
}

/** What a subscriber can see change; the lease's heartbeats are not part of it. */
function visibleState({ status, stage, progress, unitsDone, attempts, errorCode }: JobRow): string {
  return JSON.stringify([status, stage, progress, unitsDone, attempts, errorCode]);
}
