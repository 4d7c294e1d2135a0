import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256Of } from "../../src/digest.ts";
import { cancelJob, retryJob } from "../../src/jobs/job.ts";
import { jobs } from "../../src/jobs/table.ts";
import { Turns } from "../../src/voices/enrolment/turns.ts";
import { parseQuality } from "../../src/voices/quality/report.ts";
import { voiceSamples, voices } from "../../src/voices/table.ts";
import { concat, tone } from "../audio/signals.ts";
import { createTestDatabase, describeDatabases, type TestDatabase } from "../helpers/database.ts";
import { type EnrolmentBench, openEnrolmentBench, toneCloning } from "../helpers/enrolment.ts";

const RATE = 16_000;
const EVALUATIONS = 30;
/** What the fake analysis takes for six seconds of speech: a tone that flat packs come close to. */
const SAMPLE = concat([new Float32Array(RATE), tone(1250, 6 * RATE, RATE), new Float32Array(RATE)]);
const ended = ({ finishedAt }: { finishedAt: Date | null }) => finishedAt !== null;
const refining = ({ stage, unitsDone }: { stage: string; unitsDone: number }) =>
  stage === "REFINING" && unitsDone >= 3;

describeDatabases("enrolment", (kind) => {
  let test: TestDatabase;
  let bench: EnrolmentBench;
  beforeAll(async () => {
    test = await createTestDatabase(kind);
    bench = await openEnrolmentBench(test, { cloning: toneCloning(EVALUATIONS), concurrency: 1 });
    await bench.start();
  });
  afterAll(async () => {
    await bench.close();
    await test.drop();
  });

  it("makes a voice that can be used before it is refined, and refines it", async () => {
    const { voiceId, jobId } = await bench.upload(SAMPLE);
    await bench.until(jobId, refining);
    const usable = await bench.voiceOf(voiceId);
    expect(usable).toMatchObject({ status: "READY", similarityNormalised: null });
    expect((await bench.sampleOf(voiceId))?.embedding).toHaveLength(256);
    const job = await bench.until(jobId, ended);
    expect(job).toMatchObject({ status: "SUCCEEDED", progress: 1, attempts: 1, unitsDone: EVALUATIONS });
    const voice = await bench.voiceOf(voiceId);
    expect(voice?.similarity).toBeGreaterThan(usable?.similarity ?? 1);
    expect(voice).toMatchObject({ status: "READY", similarityMethod: "One tone against another." });
    expect(voice?.similarityNormalised).toBeCloseTo(voice?.similarity ?? 0, 5);
    // One pack is left, and it is what the row says.
    const [packKey = "", ...others] = await bench.packsOf(voiceId);
    expect(others).toEqual([]);
    expect(packKey).toBe(voice?.packKey);
    expect(sha256Of((await bench.storage.get(packKey)) ?? new Uint8Array())).toBe(voice?.packSha256);
    const quality = parseQuality((await bench.sampleOf(voiceId))?.quality ?? null);
    expect(quality?.speechSeconds).toBeCloseTo(6, 0);
    expect(quality?.durationSeconds).toBeCloseTo(8, 2);
    expect(quality?.dnsmos?.overall).toBeGreaterThan(1);
    expect(quality?.speakers).toHaveLength(1);
    expect((await bench.enrolmentOf(voiceId))?.id).toBe(jobId);
  });

  it("gives the same voice for the same sample and seed", async () => {
    await bench.stop();
    const made = [await bench.upload(SAMPLE), await bench.upload(SAMPLE)];
    for (const { jobId } of made) {
      const { input } = await bench.jobOf(jobId);
      const seeded = { ...(input as object), seed: 7 };
      await bench.db.update(jobs).set({ input: seeded }).where(eq(jobs.id, jobId));
    }
    await bench.start();
    const packs: (string | null | undefined)[] = [];
    for (const { voiceId, jobId } of made) {
      await bench.until(jobId, ended);
      packs.push((await bench.voiceOf(voiceId))?.packSha256);
    }
    expect(packs[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(packs[1]).toBe(packs[0]);
  });

  it("keeps the voice as good as it is when the refinement is cancelled", async () => {
    const { voiceId, jobId } = await bench.upload(SAMPLE);
    await bench.until(jobId, refining);
    await cancelJob(bench.deps, "default", jobId);
    const voice = await bench.voiceOf(voiceId);
    expect(voice?.status).toBe("READY");
    expect(await bench.storage.get(voice?.packKey ?? "")).not.toBeNull();
    expect(voice?.failureCode).toBeNull();
  });

  it("takes no place while it refines: another voice is made meanwhile", async () => {
    const first = await bench.upload(SAMPLE);
    await bench.until(first.jobId, refining);
    // The runner has one place only.
    const second = await bench.upload(SAMPLE, 0);
    await bench.until(second.jobId, ({ stage }) => stage === "REFINING");
    expect((await bench.jobOf(first.jobId)).status).toBe("RUNNING");
    expect((await bench.voiceOf(second.voiceId))?.status).toBe("READY");
    await cancelJob(bench.deps, "default", first.jobId);
    expect((await bench.until(second.jobId, ended)).status).toBe("SUCCEEDED");
  });

  it("goes on where a node left it that stopped, with what is left of its time", async () => {
    const { voiceId, jobId } = await bench.upload(SAMPLE);
    await bench.until(jobId, ({ progress }) => progress > 0.3);
    await bench.stop();
    const left = await bench.jobOf(jobId);
    expect(left).toMatchObject({ status: "QUEUED", attempts: 0 });
    const usable = await bench.voiceOf(voiceId);
    expect(usable?.status).toBe("READY");
    await bench.start();
    const progress: number[] = [];
    await bench.until(jobId, (row) => {
      progress.push(row.progress);
      return ended(row);
    });
    expect(await bench.jobOf(jobId)).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
    // It never falls behind.
    expect(Math.min(...progress)).toBeGreaterThanOrEqual(left.progress);
    expect((await bench.voiceOf(voiceId))?.similarity).toBeGreaterThanOrEqual(
      (usable?.similarity ?? 1) - 0.01,
    );
    expect(await bench.packsOf(voiceId)).toHaveLength(1);
  });

  it("fails a recording in which nobody speaks, or too little, and says so; a retry tries again", async () => {
    const silent = await bench.upload(tone(300, 5 * RATE, RATE, 0.003));
    expect(await bench.until(silent.jobId, ended)).toMatchObject({
      ...{ status: "FAILED", attempts: 1, errorCode: "UNSUPPORTED_AUDIO" },
      errorMessage: "Nobody speaks in the recording.",
    });
    expect(await bench.voiceOf(silent.voiceId)).toMatchObject({
      ...{ status: "FAILED", failureCode: "UNSUPPORTED_AUDIO", packKey: null },
      failureMessage: "Nobody speaks in the recording.",
    });
    const gap = new Float32Array(2 * RATE);
    const short = await bench.upload(concat([tone(300, RATE, RATE), gap, tone(300, RATE, RATE)]));
    const job = await bench.until(short.jobId, ended);
    expect(job.errorMessage).toMatch(/only (1\.9|2\.0) s of speech; at least 3 s are needed/);
    expect(parseQuality((await bench.sampleOf(short.voiceId))?.quality ?? null)?.speechSeconds).toBeCloseTo(
      2,
      0,
    );

    await retryJob(bench.deps, "default", short.jobId);
    await bench.until(short.jobId, ended);
    expect((await bench.voiceOf(short.voiceId))?.status).toBe("FAILED");
  });

  it("fails a voice whose enrolment is cancelled before it can be used", async () => {
    await bench.stop();
    const { voiceId, jobId } = await bench.upload(SAMPLE);
    await cancelJob(bench.deps, "default", jobId);
    expect(await bench.voiceOf(voiceId)).toMatchObject({ status: "FAILED", failureCode: "CANCELLED" });
    await retryJob(bench.deps, "default", jobId);
    await bench.start();
    await bench.until(jobId, refining);
    expect(await bench.voiceOf(voiceId)).toMatchObject({ status: "READY", failureCode: null });
    await bench.until(jobId, ended);
  });

  it("ends when its voice is deleted, and leaves nothing in the store", async () => {
    const { voiceId, jobId } = await bench.upload(SAMPLE);
    await bench.until(jobId, refining);
    await bench.db.delete(voices).where(eq(voices.id, voiceId));
    await bench.db.update(jobs).set({ voiceId: null }).where(eq(jobs.id, jobId));
    await bench.until(jobId, ended);
    expect(await bench.jobOf(jobId)).toMatchObject({ status: "FAILED", errorCode: "NOT_FOUND" });
    expect(await bench.packsOf(voiceId)).toEqual([]);
  });

  it("ends when its sample is replaced, and the voice keeps what it has", async () => {
    const { voiceId, jobId } = await bench.upload(SAMPLE);
    await bench.until(jobId, refining);
    await bench.stop();
    await bench.db.delete(voiceSamples).where(eq(voiceSamples.voiceId, voiceId));
    await bench.start();
    await bench.until(jobId, ended);
    expect(await bench.jobOf(jobId)).toMatchObject({ status: "FAILED", errorCode: "NOT_FOUND" });
    expect(await bench.voiceOf(voiceId)).toMatchObject({ status: "READY" });
    expect(await bench.packsOf(voiceId)).toHaveLength(1);
  });
});

describe("Turns", () => {
  it("lets one in at a time, in order, and out at once who gives up", async () => {
    const turns = new Turns();
    const stay = new AbortController().signal;
    const order: string[] = [];
    let release: () => void = () => {};
    const first = turns.take(stay, () => new Promise<void>((resolve) => (release = resolve)));
    const impatient = new AbortController();
    const second = turns.take(impatient.signal, async () => order.push("second"));
    const third = turns.take(stay, async () => order.push("third"));
    impatient.abort(new Error("given up"));
    await expect(second).rejects.toThrow("given up");
    expect(order).toEqual([]);
    release();
    await Promise.all([first, third]);
    expect(order).toEqual(["third"]);
  });
});
