import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ConflictError, NotFoundError, QueueFullError, SpeakerError } from "../../src/errors.ts";
import { cancelJob, createJob, findJob, retryJob } from "../../src/jobs/job.ts";
import { claim, fail, handBack, type Lease, reap, renew, report, succeed } from "../../src/jobs/lease.ts";
import { jobs } from "../../src/jobs/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../helpers/database.ts";
import { newJob, openTestQueue, type TestQueue } from "../helpers/queue.ts";

const NODE = "0190a000-0000-7000-8000-000000000001";
const POLICY = { retryDelaySeconds: 0 };
const LEASE_SECONDS = 30;
const nothingMore = async () => {};

describeDatabases("jobs", (kind) => {
  let test: TestDatabase;
  let deps: TestQueue;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    deps = await openTestQueue(test, 5);
  });
  afterAll(async () => {
    await deps.close();
    await test.drop();
  });
  beforeEach(async () => {
    await deps.db.delete(jobs);
    await deps.db.execute(sql`delete from pgboss.job`);
  });

  const create = async (fields = {}) => (await createJob(deps, newJob(fields), nothingMore)).row;
  const status = async (id: string) => (await findJob(deps.db, "default", id))?.status;
  async function take(): Promise<Lease> {
    const delivery = await deps.queue.fetch("short");
    const lease = delivery === null ? null : await claim(deps.db, delivery.jobId, NODE, LEASE_SECONDS);
    if (delivery === null || lease === null) throw new Error("nothing to take");
    await deps.queue.complete(delivery);
    return lease;
  }

  it("run from the queue to their end", async () => {
    const job = await create();
    expect(job.status).toBe("QUEUED");
    const lease = await take();
    expect(lease.job).toMatchObject({ id: job.id, status: "RUNNING", attempts: 1 });
    expect(
      await report(deps.db, lease, { stage: "SPEAKING", progress: 0.5, unitsDone: 1, unitsTotal: 2 }),
    ).toBe(true);
    expect(await succeed(deps.db, lease, nothingMore)).toBe(true);
    expect(await findJob(deps.db, "default", job.id)).toMatchObject({
      status: "SUCCEEDED",
      progress: 1,
      leaseToken: null,
    });
    expect(await deps.queue.fetch("short")).toBeNull();
  });

  it("leave no trace when the transaction that creates them fails", async () => {
    const broken = createJob(deps, newJob(), async () => {
      throw new Error("no");
    });
    await expect(broken).rejects.toThrow("no");
    expect(await deps.db.$count(jobs)).toBe(0);
    expect(await deps.queue.fetch("short")).toBeNull();
  });

  it("are the same job for the same idempotency key, even when asked at once", async () => {
    const idempotency = { key: "k1", hash: "h1" };
    const made = await Promise.all(
      Array.from({ length: 8 }, () => createJob(deps, newJob({ idempotency }), nothingMore)),
    );
    expect(new Set(made.map(({ row }) => row.id)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    await expect(create({ idempotency: { key: "k1", hash: "other" } })).rejects.toThrow(ConflictError);
  });

  it("are refused exactly at the limit, even when asked at once", async () => {
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => create()));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    for (const result of asked)
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(QueueFullError);
    expect(await deps.db.$count(jobs)).toBe(5);
  });

  it("wait for another attempt after a failure, and fail after the last", async () => {
    const { id } = await create({ maxAttempts: 2 });
    const fault = new SpeakerError("INFERENCE_FAILED", "The engine failed.");
    expect(await fail(deps.db, deps.queue, await take(), fault, POLICY)).toBe("RETRYING");
    expect(await findJob(deps.db, "default", id)).toMatchObject({
      status: "QUEUED",
      attempts: 1,
      errorCode: "INFERENCE_FAILED",
    });
    expect(await fail(deps.db, deps.queue, await take(), fault, POLICY)).toBe("FAILED");
    expect(await findJob(deps.db, "default", id)).toMatchObject({
      status: "FAILED",
      attempts: 2,
      leaseToken: null,
    });
  });

  it("back off longer with each attempt", async () => {
    await create({ maxAttempts: 5 });
    const delays: number[] = [];
    for (const _attempt of [1, 2, 3]) {
      await fail(deps.db, deps.queue, await take(), new Error("x"), { retryDelaySeconds: 100 });
      expect(await deps.queue.fetch("short")).toBeNull();
      const due = sql`extract(epoch from start_after - now())::float8`;
      const query = sql`select ${due} as delay, id from pgboss.job where state = 'created'`;
      const result = (await deps.db.execute(query)) as unknown as { rows?: { delay: number }[] } & {
        delay: number;
      }[];
      delays.push(Math.round(((result.rows ?? result)[0]?.delay ?? 0) / 100));
      await deps.db.execute(
        sql`update pgboss.job set start_after = now() - interval '1 second' where state = 'created'`,
      );
    }
    expect(delays).toEqual([1, 2, 4]);
  });

  it("fail at once for what another attempt cannot cure, and never show a fault's own words", async () => {
    const first = await create();
    const unspeakable = new SpeakerError("UNSPEAKABLE_TEXT", "Nothing to say.");
    expect(await fail(deps.db, deps.queue, await take(), unspeakable, POLICY)).toBe("FAILED");
    expect(await findJob(deps.db, "default", first.id)).toMatchObject({
      errorCode: "UNSPEAKABLE_TEXT",
      errorMessage: "Nothing to say.",
    });
    const second = await create({ maxAttempts: 1 });
    await fail(deps.db, deps.queue, await take(), new Error("secret /etc/path"), POLICY);
    const failed = await findJob(deps.db, "default", second.id);
    expect(failed?.errorCode).toBe("INTERNAL");
    expect(failed?.errorMessage).not.toContain("secret");
  });

  it("are cancelled while queued: nobody gets them", async () => {
    const { id } = await create();
    expect((await cancelJob(deps, "default", id)).status).toBe("CANCELLED");
    expect(await deps.queue.fetch("short")).toBeNull();
    expect((await cancelJob(deps, "default", id)).status).toBe("CANCELLED");
  });

  it("are cancelled while running: the worker's writes come to nothing", async () => {
    const { id } = await create();
    const lease = await take();
    await cancelJob(deps, "default", id);
    expect(await renew(deps.db, lease, LEASE_SECONDS)).toBe(false);
    expect(await report(deps.db, lease, { stage: "SPEAKING", progress: 0.9 })).toBe(false);
    let committed = false;
    const published = await succeed(deps.db, lease, async () => {
      committed = true;
    });
    expect({ published, committed }).toEqual({ published: false, committed: false });
    expect(await fail(deps.db, deps.queue, lease, new Error("aborted"), POLICY)).toBe("LOST");
    expect(await status(id)).toBe("CANCELLED");
  });

  it("cannot be cancelled or retried in a state that does not allow it", async () => {
    const unknown = "0190a000-0000-7000-8000-00000000dead";
    await expect(cancelJob(deps, "default", unknown)).rejects.toThrow(NotFoundError);
    await expect(retryJob(deps, "default", unknown)).rejects.toThrow(NotFoundError);
    const { id } = await create();
    await expect(retryJob(deps, "default", id)).rejects.toThrow(ConflictError);
    await succeed(deps.db, await take(), nothingMore);
    await expect(cancelJob(deps, "default", id)).rejects.toThrow(ConflictError);
  });

  it("start afresh when they are retried", async () => {
    const { id } = await create({ maxAttempts: 1 });
    await fail(deps.db, deps.queue, await take(), new Error("x"), POLICY);
    expect(await retryJob(deps, "default", id)).toMatchObject({
      status: "QUEUED",
      attempts: 0,
      finishedAt: null,
      errorCode: null,
    });
    await succeed(deps.db, await take(), nothingMore);
    expect(await status(id)).toBe("SUCCEEDED");
  });

  it("come back from a worker that is gone, and its late writes are void", async () => {
    const { id } = await create();
    const lost = await take();
    const options = { ...POLICY, alone: false, leaseSeconds: LEASE_SECONDS };
    expect(await reap(deps.db, deps.queue, options)).toBe(0);
    await deps.db.update(jobs).set({ leaseUntil: sql`now() - interval '1 second'` }).where(eq(jobs.id, id));
    expect(await reap(deps.db, deps.queue, options)).toBe(1);
    const next = await take();
    expect(next.job).toMatchObject({ id, attempts: 2 });
    expect(await succeed(deps.db, lost, nothingMore)).toBe(false);
    expect(await succeed(deps.db, next, nothingMore)).toBe(true);
  });

  it("come back when a worker died between fetching and claiming them", async () => {
    const { id } = await create();
    expect((await deps.queue.fetch("short"))?.jobId).toBe(id);
    expect(await deps.queue.fetch("short")).toBeNull();
    // Two nodes look at once: the job is delivered once more, not twice.
    const looks = [1, 2].map(() =>
      reap(deps.db, deps.queue, { ...POLICY, alone: true, leaseSeconds: LEASE_SECONDS }),
    );
    await Promise.all(looks);
    expect((await take()).job.id).toBe(id);
    expect(await deps.queue.fetch("short")).toBeNull();
  });

  it("are handed back by a node that stops, at no cost", async () => {
    const { id } = await create();
    await handBack(deps.db, deps.queue, await take());
    expect(await findJob(deps.db, "default", id)).toMatchObject({ status: "QUEUED", attempts: 0 });
    expect((await take()).job.attempts).toBe(1);
  });
});
