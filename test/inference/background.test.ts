import { describe, expect, it } from "vitest";
import { WorkQueue } from "../../src/inference/queue.ts";
import { fakePool, GENEROUS_DEADLINE_MS } from "./fake-pool.ts";
import { fake } from "./fake-utterances.ts";

const deadlineMs = GENEROUS_DEADLINE_MS;

describe("WorkQueue", () => {
  const item = (name: string, background = false) => ({
    ...{ name, owner: name, group: name },
    priority: background ? ("background" as const) : ("interactive" as const),
  });

  it("gives what is in the background last, and only when it is asked for", () => {
    const queue = new WorkQueue<ReturnType<typeof item>>();
    queue.push(item("b", true));
    queue.push(item("a"));
    expect(queue.size).toBe(2);
    expect(queue.shift({ background: true })?.name).toBe("a");
    expect(queue.shift({ background: false })).toBeUndefined();
    expect(queue.shift({ background: true })?.name).toBe("b");
    expect(queue.size).toBe(0);
  });

  it("returns, removes and clears in both", () => {
    const queue = new WorkQueue<ReturnType<typeof item>>();
    const [a, b] = [item("a"), item("b", true)];
    queue.push(b);
    queue.push(a);
    queue.pushFirst(item("c", true));
    expect(queue.remove(a)).toBe(true);
    expect(queue.remove(a)).toBe(false);
    expect(queue.shift({ background: true })?.name).toBe("c");
    expect(queue.clear()).toEqual([b]);
    expect(queue.size).toBe(0);
  });
});

describe("work in the background", () => {
  it("waits for all that somebody waits for, also when that comes later", async () => {
    const { pool } = fakePool();
    await pool.start();
    const order: string[] = [];
    const say = (name: string, background: boolean) =>
      pool
        .synthesize(fake(10, { blockMsPerToken: 2 }), {
          group: name,
          deadlineMs,
          ...(background && { priority: "background" as const }),
        })
        .then(() => order.push(name));
    await Promise.all([
      ...["b1", "b2", "b3"].map((name) => say(name, true)),
      ...["f1", "f2"].map((name) => say(name, false)),
    ]);
    // b1 was alone when it came; then nothing is taken from the background before the others are done.
    expect(order).toEqual(["b1", "f1", "f2", "b2", "b3"]);
  });

  it("leaves one of several members free", async () => {
    const { pool, logger } = fakePool({ members: 2 });
    await pool.start();
    await logger.seen("inference member is ready", 2);
    const background = Array.from({ length: 3 }, () =>
      pool.synthesize(fake(10, { blockMsPerToken: 10 }), {
        group: "refinement",
        deadlineMs,
        priority: "background",
      }),
    );
    expect(pool.status()).toMatchObject({ running: 1, queued: 2 });
    const heard = pool.synthesize(fake(1), { group: "someone", deadlineMs });
    expect(pool.status()).toMatchObject({ running: 2, queued: 2 });
    await heard;
    expect(pool.status().queued).toBe(2);
    await Promise.all(background);
  });

  it("takes the only member when nobody else wants it", async () => {
    const { pool } = fakePool();
    await pool.start();
    const audio = await pool.synthesize(fake(3), { group: "a", deadlineMs, priority: "background" });
    expect(audio.samples.length).toBeGreaterThan(0);
  });
});
