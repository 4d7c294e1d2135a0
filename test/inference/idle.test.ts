import { describe, expect, it } from "vitest";
import { fakePool, GENEROUS_DEADLINE_MS } from "./fake-pool.ts";
import { fake, isAlive, pidsOf } from "./fake-utterances.ts";

const TONE = fake(3);
const RUN = { group: "test", deadlineMs: GENEROUS_DEADLINE_MS };

const ENDED = "inference member ended: nothing to do";
const READY = "inference member is ready";

describe("members that nothing wants", () => {
  it("are ended when idle, and the next utterance loads one", async () => {
    const { pool, logger } = fakePool({ members: 2, idleMs: 50 });
    await pool.start();
    const first = pidsOf(pool.status());
    await logger.seen(ENDED, 2);
    const asleep = pool.status();
    expect(asleep).toMatchObject({ state: "idle", executionProvider: null });
    expect(asleep.members.map(({ state, pid, residentBytes }) => [state, pid, residentBytes])).toEqual([
      ["stopped", null, null],
      ["stopped", null, null],
    ]);
    const before = logger.count(READY);
    expect((await pool.synthesize(TONE, RUN)).samples.length).toBeGreaterThan(0);
    expect(logger.count(READY)).toBe(before + 1);
    expect(pool.status().members.map(({ restarts }) => restarts)).toEqual([0, 0]);
    for (const pid of first) expect(isAlive(pid)).toBe(false);
  });

  it("are not loaded at start without preloading, and come as the work needs them", async () => {
    const { pool, logger } = fakePool({ members: 2, preload: false });
    await pool.start();
    const { state, members } = pool.status();
    expect([state, ...members.map((member) => member.state)]).toEqual(["idle", "stopped", "stopped"]);
    // The second utterance waits behind the first, so that a second member is worth its while.
    const slow = { ...TONE, blockMsPerToken: 500 };
    await Promise.all([pool.synthesize(slow, RUN), pool.synthesize(slow, RUN), pool.synthesize(slow, RUN)]);
    expect(logger.count(READY)).toBe(2);
    expect(pool.status()).toMatchObject({ state: "ready", queued: 0 });
  });

  it("are loaded for what waits while the pool closes", async () => {
    const { pool } = fakePool({ preload: false });
    await pool.start();
    const spoken = pool.synthesize(TONE, RUN);
    await pool.close({ drainMs: GENEROUS_DEADLINE_MS });
    expect((await spoken).samples.length).toBeGreaterThan(0);
  });

  it("fail what waits for them when they cannot start", async () => {
    const { pool } = fakePool({ preload: false, engines: { fake: { startFailure: "error" } } });
    await pool.start();
    await expect(pool.synthesize(TONE, RUN)).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
    expect(pool.status().state).toBe("unavailable");
  });
});
