import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { cancelJob, createJob, type NewJob, retryJob } from "../../src/jobs/job.ts";
import { LANES, laneOf } from "../../src/jobs/lane.ts";
import { claim, fail, handBack, type Lease, reap, succeed } from "../../src/jobs/lease.ts";
import { JobOutlook } from "../../src/jobs/outlook.ts";
import { type JobRow, jobs } from "../../src/jobs/table.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../helpers/database.ts";
import { newJob, openTestQueue, type TestQueue } from "../helpers/queue.ts";

const NODE = "0190a000-0000-7000-8000-000000000001";
const POLICY = { retryDelaySeconds: 0 };
const nothingMore = async () => {};

describeDatabases("turns between jobs", (kind) => {
  let test: TestDatabase;
  let deps: TestQueue;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    deps = await openTestQueue(test);
  });
  afterAll(async () => {
    await deps.close();
    await test.drop();
  });
  beforeEach(async () => {
    await deps.db.delete(jobs);
    await deps.db.execute(sql`delete from pgboss.job`);
  });

  const create = async (tenant: string, characters: number, fields: Partial<NewJob> = {}) =>
    (await createJob(deps, newJob({ tenant, characters, ...fields }), nothingMore)).row;
  /** Takes the next job of the lane that long interactive ones wait in, or of the one that is named. */
  async function take(lane: (typeof LANES)[number] = "long"): Promise<Lease> {
    const delivery = await deps.queue.fetch(lane);
    const lease = delivery === null ? null : await claim(deps.db, delivery.jobId, NODE, 30);
    if (delivery === null || lease === null) throw new Error("nothing to take");
    await deps.queue.complete(delivery);
    return lease;
  }
  /** The tenants whose jobs are taken and ended next. */
  async function served(count: number): Promise<string> {
    const tenants: string[] = [];
    for (let i = 0; i < count; i++) {
      const lease = await take();
      await succeed(deps.db, lease, nothingMore);
      tenants.push(lease.job.tenant);
    }
    return tenants.join("");
  }

  it("come to tenants alike, however many jobs one of them has sent before", async () => {
    for (let i = 0; i < 6; i++) await create("a", 2_000);
    expect(await served(2)).toBe("aa");
    await create("b", 2_000);
    await create("b", 2_000);
    await create("c", 2_000);
    // Those who come start where the turn is: behind the next of the one who was there.
    expect(await served(7)).toBe("abcabaa");
  });

  it("count characters, not jobs", async () => {
    for (let i = 0; i < 2; i++) await create("a", 12_000);
    for (let i = 0; i < 8; i++) await create("b", 3_000);
    expect(await served(10)).toBe("abbbbabbbb");
  });

  it("are not saved up, and waiting long is not held against anyone", async () => {
    await create("big", 50_000);
    await create("big", 50_000);
    const order: string[] = [];
    for (let i = 0; i < 30; i++) {
      // A tenant who sends one job after the other is always new; he must not overtake for ever.
      await create("small", 5_000);
      order.push(await served(1));
    }
    expect(order.filter((tenant) => tenant === "big")).toHaveLength(2);
  });

  it("keep lanes apart", async () => {
    const [long, batch, short] = [
      await create("a", 50_000),
      await create("a", 20, { priority: "BATCH" }),
      await create("a", 20),
    ];
    expect((await take("short")).job.id).toBe(short.id);
    expect((await take("batch")).job.id).toBe(batch.id);
    expect((await take("long")).job.id).toBe(long.id);
    for (const lane of LANES) expect(await deps.queue.fetch(lane)).toBeNull();
  });

  it("are kept by jobs that are tried again or handed back, and taken anew by those that are retried", async () => {
    const first = await create("a", 2_000);
    const second = await create("a", 2_000);
    const failed = await take();
    await fail(deps.db, deps.queue, failed, new Error("x"), POLICY);
    await handBack(deps.db, deps.queue, await take());
    const again = await take();
    expect(again.job).toMatchObject({ id: first.id, rank: first.rank });
    await succeed(deps.db, again, nothingMore);
    await cancelJob(deps, "a", second.id);
    const third = await create("a", 2_000);
    const retried = await retryJob(deps, "a", second.id);
    expect(retried.rank).toBe(third.rank + 2_000);
    expect((await take()).job.id).toBe(third.id);
    expect((await take()).job.id).toBe(second.id);
  });

  it("lose nothing that waited in the one queue of before", async () => {
    const { id } = await create("a", 20);
    // As the version before left it: in the queue of all jobs, without a rank.
    await deps.db.execute(sql`delete from pgboss.job`);
    await deps.queue.send(deps.db as never, { id, priority: "INTERACTIVE", characters: 50_000, rank: 0 });
    const newer = await create("b", 2_000);
    const alone = { ...POLICY, alone: true, leaseSeconds: 30 };
    const old = await take();
    expect(old.job.id).toBe(id);
    await succeed(deps.db, old, nothingMore);
    expect((await take()).job.id).toBe(newer.id);
    expect(await reap(deps.db, deps.queue, { ...alone, alone: false })).toBe(0);
  });

  it("are foreseen: positions by lane, ends in their order, in a constant number of queries", async () => {
    const rows: JobRow[] = [];
    const kind = "SYNTHESIS";
    for (let i = 0; i < 10; i++) {
      rows.push(await create("a", 3_000, { kind }), await create(`t${i}`, 20, { kind }));
    }
    let queries = 0;
    const counting = new Proxy(deps.db, {
      get(db, name) {
        if (name === "select") queries += 1;
        return Reflect.get(db, name);
      },
    });
    const outlook = new JobOutlook(counting, { lookMs: 0, paceMs: 0 });
    const before = await outlook.standings(rows);
    const forAll = queries;
    await outlook.standings(rows.slice(0, 1));
    // The first time it has also read what each job says of its speech.
    expect([forAll, queries - forAll]).toEqual([5, 4]);
    const positions = (lane: string) =>
      before.flatMap(({ queuePosition }, i) => (laneOf(rows[i] as JobRow) === lane ? [queuePosition] : []));
    expect(positions("long")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(positions("short")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const ends = before.map(({ estimatedSeconds }) => estimatedSeconds ?? -1);
    expect(Math.min(...ends)).toBeGreaterThan(0);
    const longEnds = ends.filter((_, i) => i % 2 === 0);
    expect(longEnds).toEqual([...longEnds].sort((a, b) => a - b));
    // All of the work is ahead of the last: thirty thousand characters at the default pace of one member.
    expect(longEnds.at(-1)).toBeGreaterThan(30_000 / 15 / 2);

    const lease = await take();
    const progressed = { ...lease.job, progress: 0.5 };
    await deps.db.update(jobs).set({ progress: 0.5 }).where(eq(jobs.id, lease.job.id));
    const [running, next] = await outlook.standings([progressed, rows[2] as JobRow]);
    expect(running).toMatchObject({ queuePosition: null });
    expect(next).toMatchObject({ queuePosition: 1 });
    expect(running?.estimatedSeconds).toBeLessThan(longEnds[0] ?? 0);
    await succeed(deps.db, lease, nothingMore);
    const ended = { ...lease.job, status: "SUCCEEDED" as const };
    expect(await outlook.standings([ended])).toEqual([{ queuePosition: null, estimatedSeconds: null }]);
  });
});
