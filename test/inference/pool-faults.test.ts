import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakePool, GENEROUS_DEADLINE_MS } from "./fake-pool.ts";
import { fake, isAlive, pidsOf } from "./fake-utterances.ts";

const deadlineMs = GENEROUS_DEADLINE_MS;

describe("a pool whose members fail", () => {
  it("replaces a member that was killed in mid-utterance and speaks the utterance in the new one", async () => {
    const { pool, logger } = fakePool();
    await pool.start();
    const [victim] = pidsOf(pool.status());
    const spoken = pool.synthesize(fake(10, { blockMsPerToken: 50 }), { group: "a", deadlineMs });
    expect(pool.status().running).toBe(1);
    process.kill(victim as number, "SIGKILL");
    await expect(spoken).resolves.toMatchObject({ sampleRate: 24_000 });
    expect(logger.count("inference member died")).toBe(1);
    expect(pool.status().members[0]).toMatchObject({ state: "ready", restarts: 1 });
    expect(isAlive(victim as number)).toBe(false);
  });

  it("gives up an utterance that kills two members, and goes on with others", async () => {
    const { pool, logger } = fakePool();
    await pool.start();
    const poison = pool.synthesize(fake(1, { failure: "crash" }), { group: "a", deadlineMs });
    const healthy = pool.synthesize(fake(3), { group: "b", deadlineMs });
    await expect(poison).rejects.toMatchObject({ code: "INFERENCE_FAILED" });
    await expect(healthy).resolves.toBeDefined();
    expect(logger.count("inference member died")).toBe(2);
    expect(logger.lines.find(({ message }) => message === "inference member died")?.details).toMatchObject({
      reason: "was killed by SIGKILL",
    });
  });

  it("passes an engine's error on without losing the member", async () => {
    const { pool } = fakePool();
    await pool.start();
    const before = pidsOf(pool.status());
    const failed = pool.synthesize(fake(1, { failure: "error" }), { group: "a", deadlineMs });
    await expect(failed).rejects.toMatchObject({
      code: "INFERENCE_FAILED",
      cause: { message: "the fake engine was told to fail" },
    });
    await pool.synthesize(fake(1), { group: "a", deadlineMs });
    expect(pidsOf(pool.status())).toEqual(before);
  });

  it("kills a member that exceeds the deadline of its utterance and replaces it", async () => {
    const { pool } = fakePool();
    await pool.start();
    const [hung] = pidsOf(pool.status());
    const endless = pool.synthesize(fake(1, { failure: "hang" }), { group: "a", deadlineMs: 100 });
    const next = pool.synthesize(fake(3), { group: "a", deadlineMs });
    await expect(endless).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await expect(next).resolves.toBeDefined();
    expect(pidsOf(pool.status())).not.toContain(hung);
    expect(isAlive(hung as number)).toBe(false);
  });

  it("frees a member by its deadline even when the caller has left", async () => {
    const { pool } = fakePool();
    await pool.start();
    // One fast run makes the pool expect that the next one ends soon, so cancelling does not kill.
    await pool.synthesize(fake(10), { group: "a", deadlineMs });
    const controller = new AbortController();
    const abandoned = pool.synthesize(fake(1, { failure: "hang" }), {
      group: "a",
      deadlineMs: 300,
      signal: controller.signal,
    });
    controller.abort();
    await expect(abandoned).rejects.toMatchObject({ code: "CANCELLED" });
    expect(pool.status().running).toBe(1);
    await expect(pool.synthesize(fake(3), { group: "a", deadlineMs })).resolves.toBeDefined();
  });

  it.each([
    ["error", "the fake engine was told to fail"],
    ["crash", "was killed by SIGKILL"],
  ] as const)("opens the circuit when members cannot start (%s), and says why", async (startFailure, why) => {
    const { pool, logger } = fakePool({ engines: { fake: { startFailure } } });
    const started = pool.start();
    const queued = pool.synthesize(fake(1), { group: "a", deadlineMs });
    const outcomes = await Promise.allSettled([started, queued]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "MODEL_UNAVAILABLE" } });
    }
    expect(logger.count("inference member died")).toBe(3);
    expect(pool.status()).toMatchObject({ state: "unavailable", reason: why });
    await expect(pool.synthesize(fake(1), { group: "a", deadlineMs })).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
      message: `The speech engine does not start: ${why}.`,
    });
  });

  it("counts a member that never gets ready as dead", async () => {
    const { pool } = fakePool({ engines: { fake: { startFailure: "hang" } }, startDeadlineMs: 50 });
    await expect(pool.start()).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
    expect(pool.status().reason).toBe("did not get ready in time");
  });

  it("closes the circuit by itself when members start again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "speaker-pool-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const healedByFile = join(folder, "healed");
    const { pool, logger } = fakePool({ engines: { fake: { startFailure: "error", healedByFile } } });
    await expect(pool.start()).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
    await writeFile(healedByFile, "");
    await logger.seen("inference member is ready", 1);
    expect(pool.status()).toMatchObject({ state: "ready", reason: null });
    await expect(pool.synthesize(fake(1), { group: "a", deadlineMs })).resolves.toBeDefined();
  });

  it("passes over execution providers that fail, crash or hang, and tries each of them once", async () => {
    const { pool, logger } = fakePool({
      members: 2,
      providers: ["cuda", "webgpu", "cpu"],
      engines: { fake: { providerFailures: { cuda: "error", webgpu: "crash" } } },
    });
    await pool.start();
    await logger.seen("inference member is ready", 2);
    expect(pool.status()).toMatchObject({
      executionProvider: "cpu",
      refused: [
        { provider: "cuda", reason: "the fake engine was told to fail" },
        { provider: "webgpu", reason: "trying it ended the process (was killed by SIGKILL)" },
      ],
    });
    expect(logger.count("execution provider passed over")).toBe(2);
    const hanging = fakePool({
      providers: ["cuda", "cpu"],
      engines: { fake: { providerFailures: { cuda: "hang" } } },
      startDeadlineMs: 3_000,
    }).pool;
    await hanging.start();
    expect(hanging.status()).toMatchObject({
      executionProvider: "cpu",
      refused: [{ provider: "cuda", reason: "trying it ended the process (did not get ready in time)" }],
    });
  });
});
