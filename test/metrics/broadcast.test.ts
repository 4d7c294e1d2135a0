import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MetricsBroadcast } from "../../src/metrics/broadcast.ts";
import type { Snapshot } from "../../src/metrics/snapshot.ts";

describe("metrics broadcast", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    let samples = 0;
    const faults: unknown[] = [];
    const broadcast = new MetricsBroadcast(
      async () => {
        samples++;
        return { uptimeSeconds: samples } as Snapshot;
      },
      (error) => faults.push(error),
    );
    return { broadcast, faults, samples: () => samples };
  }

  /** Reads a stream to its end, keeping what came. */
  function collect(stream: AsyncIterableIterator<Snapshot>) {
    const seen: number[] = [];
    const done = (async () => {
      for await (const { uptimeSeconds } of stream) seen.push(uptimeSeconds);
    })();
    return { seen, done };
  }

  it("samples once for a hundred listeners, and not at all for none", async () => {
    const { broadcast, samples } = setUp();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(samples()).toBe(0);
    const streams = Array.from({ length: 100 }, () => broadcast.listen(1_000));
    const readers = streams.map(collect);
    await vi.advanceTimersByTimeAsync(0);
    expect(broadcast.listeners).toBe(100);
    // Each has its first snapshot at once; from then on one sample serves all.
    expect(samples()).toBe(100);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(samples()).toBe(105);
    for (const { seen } of readers) expect(seen.slice(-5)).toEqual([101, 102, 103, 104, 105]);
    await Promise.all(streams.map((stream) => stream.return?.()));
    await Promise.all(readers.map(({ done }) => done));
    expect(broadcast.listeners).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(samples()).toBe(105);
  });

  it("gives each listener its own pace from the fastest one's samples", async () => {
    const { broadcast, samples } = setUp();
    const fast = collect(broadcast.listen(250));
    const slow = collect(broadcast.listen(1_000));
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(samples()).toBe(2 + 16);
    expect(fast.seen).toHaveLength(1 + 16);
    expect(slow.seen).toHaveLength(1 + 4);
    broadcast.close();
    await Promise.all([fast.done, slow.done]);
  });

  it("goes on after a sample that failed", async () => {
    let fail = false;
    const faults: unknown[] = [];
    const broadcast = new MetricsBroadcast(
      async () => {
        if (fail) throw new Error("no database");
        return { uptimeSeconds: 1 } as Snapshot;
      },
      (error) => faults.push(error),
    );
    const reader = collect(broadcast.listen(250));
    await vi.advanceTimersByTimeAsync(0);
    fail = true;
    await vi.advanceTimersByTimeAsync(500);
    fail = false;
    await vi.advanceTimersByTimeAsync(250);
    expect(faults).toHaveLength(2);
    expect(reader.seen).toHaveLength(2);
    broadcast.close();
    await reader.done;
  });
});
