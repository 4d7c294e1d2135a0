import { describe, expect, it } from "vitest";
import { QueueFullError } from "../../src/errors.ts";
import { fakePool, GENEROUS_DEADLINE_MS } from "./fake-pool.ts";
import { fake, isAlive, pidsOf } from "./fake-utterances.ts";

const deadlineMs = GENEROUS_DEADLINE_MS;

describe("a pool of members", () => {
  it("brings back the audio bit for bit, with durations that sum up to it", async () => {
    const { pool } = fakePool();
    await pool.start();
    const audio = await pool.synthesize(fake(600), { group: "a", deadlineMs });
    expect(audio.sampleRate).toBe(24_000);
    const seconds = audio.tokenDurationsSeconds?.reduce((sum, value) => sum + value, 0) ?? 0;
    expect(audio.tokenDurationsSeconds).toHaveLength(602);
    expect(audio.samples.length / audio.sampleRate).toBeCloseTo(seconds, 3);
    const expected = audio.samples.map((_, i) => 0.5 * Math.sin((2 * Math.PI * 200 * i) / 24_000));
    expect(audio.samples).toEqual(expected);
  });

  it("starts every member and tells about each", async () => {
    const { pool, logger } = fakePool({ members: 2 });
    expect(pool.status().state).toBe("idle");
    await pool.start();
    await logger.seen("inference member is ready", 2);
    const status = pool.status();
    expect(status).toMatchObject({ state: "ready", reason: null, queued: 0, running: 0, limit: 100 });
    expect(status.members.map(({ state }) => state)).toEqual(["ready", "ready"]);
    expect(new Set(pidsOf(status)).size).toBe(2);
    for (const member of status.members) expect(member.residentBytes).toBeGreaterThan(10_000_000);
    expect(status.realTimeFactor).toBeNull();
    await pool.synthesize(fake(10), { group: "a", deadlineMs });
    expect(pool.status().realTimeFactor).toBeGreaterThan(0);
  });

  it("runs one utterance at a time in each member, on all members at once", async () => {
    const { pool, logger } = fakePool({ members: 2 });
    await pool.start();
    await logger.seen("inference member is ready", 2);
    const runs = Array.from({ length: 6 }, () =>
      pool.synthesize(fake(10, { blockMsPerToken: 5 }), { group: "a", deadlineMs }),
    );
    expect(pool.status()).toMatchObject({ running: 2, queued: 4 });
    await Promise.all(runs);
    expect(pool.status()).toMatchObject({ running: 0, queued: 0 });
  });

  it("lets a short job overtake a long one", async () => {
    const { pool } = fakePool();
    await pool.start();
    const order: string[] = [];
    const say = (group: string, name: string) =>
      pool.synthesize(fake(3), { group, deadlineMs }).then(() => order.push(name));
    await Promise.all([
      ...["l1", "l2", "l3", "l4", "l5"].map((name) => say("long", name)),
      say("short", "s1"),
    ]);
    // l1 runs at once; l2 is the long group's next turn, then comes the short one.
    expect(order).toEqual(["l1", "l2", "s1", "l3", "l4", "l5"]);
  });

  it("takes work before it is warm and speaks it then", async () => {
    const { pool } = fakePool();
    const started = pool.start();
    const audio = await pool.synthesize(fake(3), { group: "a", deadlineMs });
    expect(audio.samples.length).toBeGreaterThan(0);
    await started;
  });

  it("refuses more than its queue holds, and says when to come back", async () => {
    const { pool } = fakePool({ queueLimit: 2 });
    await pool.start();
    const say = () => pool.synthesize(fake(10, { blockMsPerToken: 5 }), { group: "a", deadlineMs });
    const accepted = [say(), say(), say()];
    const refusal = await say().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(QueueFullError);
    expect(refusal).toMatchObject({ code: "QUEUE_FULL", limit: 2 });
    expect((refusal as QueueFullError).retryAfterSeconds).toBeGreaterThanOrEqual(1);
    await expect(Promise.all(accepted)).resolves.toHaveLength(3);
    await expect(say()).resolves.toBeDefined();
  });

  it("takes a cancelled utterance out of the queue at once", async () => {
    const { pool } = fakePool();
    await pool.start();
    const first = pool.synthesize(fake(10, { blockMsPerToken: 20 }), { group: "a", deadlineMs });
    const controller = new AbortController();
    const second = pool.synthesize(fake(10), { group: "a", deadlineMs, signal: controller.signal });
    expect(pool.status().queued).toBe(1);
    controller.abort();
    expect(pool.status()).toMatchObject({ queued: 0, running: 1 });
    await expect(second).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(first).resolves.toBeDefined();
    const late = pool.synthesize(fake(1), { group: "a", deadlineMs, signal: controller.signal });
    await expect(late).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("frees the member of a cancelled utterance that would run for long", async () => {
    const { pool } = fakePool();
    await pool.start();
    const [before] = pidsOf(pool.status());
    const controller = new AbortController();
    const endless = pool.synthesize(fake(1, { failure: "hang" }), {
      group: "a",
      deadlineMs,
      signal: controller.signal,
    });
    controller.abort();
    await expect(endless).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(pool.synthesize(fake(3), { group: "a", deadlineMs })).resolves.toBeDefined();
    expect(pidsOf(pool.status())).not.toContain(before);
  });

  it("waits for a cancelled utterance that is nearly done, and drops its audio", async () => {
    const { pool } = fakePool();
    await pool.start();
    // The pool knows from the first run that such an utterance takes less than a new member.
    await pool.synthesize(fake(10), { group: "a", deadlineMs });
    const before = pidsOf(pool.status());
    const controller = new AbortController();
    const dropped = pool.synthesize(fake(10), { group: "a", deadlineMs, signal: controller.signal });
    controller.abort();
    await expect(dropped).rejects.toMatchObject({ code: "CANCELLED" });
    const next = await pool.synthesize(fake(20), { group: "a", deadlineMs });
    expect(next.tokenDurationsSeconds).toHaveLength(22);
    expect(pidsOf(pool.status())).toEqual(before);
  });

  it("drains on close: what is accepted is spoken, new work is refused, members are gone", async () => {
    const { pool, logger } = fakePool({ members: 2 });
    await pool.start();
    await logger.seen("inference member is ready", 2);
    const pids = pidsOf(pool.status());
    const accepted = Array.from({ length: 5 }, () =>
      pool.synthesize(fake(10, { blockMsPerToken: 2 }), { group: "a", deadlineMs }),
    );
    const closed = pool.close({ drainMs: 30_000 });
    await expect(pool.synthesize(fake(1), { group: "a", deadlineMs })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    await expect(Promise.all(accepted)).resolves.toHaveLength(5);
    await closed;
    expect(pids.filter(isAlive)).toEqual([]);
    expect(pool.status().state).toBe("closed");
  });

  it("gives up what does not drain in time", async () => {
    const { pool } = fakePool();
    await pool.start();
    const pids = pidsOf(pool.status());
    const endless = pool.synthesize(fake(1, { failure: "hang" }), { group: "a", deadlineMs });
    const waiting = pool.synthesize(fake(1), { group: "b", deadlineMs });
    const outcomes = Promise.allSettled([endless, waiting]);
    await pool.close({ drainMs: 1 });
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "SERVICE_UNAVAILABLE" } });
    }
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("can be closed before and while it starts", async () => {
    const idle = fakePool().pool;
    await idle.close({ drainMs: 0 });
    await expect(idle.start()).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    const starting = fakePool().pool;
    const started = starting.start();
    await Promise.all([
      starting.close({ drainMs: 0 }),
      expect(started).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" }),
    ]);
    expect(pidsOf(starting.status())).toEqual([]);
  });
});
