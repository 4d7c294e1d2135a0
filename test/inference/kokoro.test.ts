import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { resample } from "../../src/audio/resample.ts";
import type { InferencePool } from "../../src/inference/contract.ts";
import type { KokoroUtterance, UtteranceAudio, VoiceReference } from "../../src/inference/engine.ts";
import { DNSMOS_SAMPLE_RATE, DnsmosEngine } from "../../src/inference/engines/dnsmos.ts";
import { createInferencePool } from "../../src/inference/pool.ts";
import { PROBE_UTTERANCE } from "../../src/inference/probe.ts";
import { testModelStore } from "../helpers/models.ts";
import { pidsOf } from "./fake-utterances.ts";
import { kokoroFiles, realPoolOptions, stockVoice } from "./kokoro-pool.ts";

/** Real runs on a machine that is busy with other things. */
const DEADLINE_MS = 150_000;

let pool: InferencePool;
let heart: VoiceReference & { path: string };

beforeAll(async () => {
  heart = { key: "af_heart", path: await stockVoice("af_heart") };
  pool = createInferencePool(realPoolOptions(await kokoroFiles()));
  await pool.start();
});

afterAll(async () => {
  await pool.close({ drainMs: 0 });
});

/** "The birch canoe slid on the smooth planks." in af_heart's voice, or what `changes` make of it. */
function say(changes: Partial<KokoroUtterance> = {}): Promise<UtteranceAudio> {
  return pool.synthesize(
    { ...PROBE_UTTERANCE, voice: heart, ...changes },
    { group: "test", deadlineMs: DEADLINE_MS },
  );
}

/** Seconds of processor time that a process has used so far; null where the system does not tell. */
async function processorSeconds(pid: number): Promise<number | null> {
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

describe("Kokoro in a pool", { timeout: 180_000 }, () => {
  it("says which execution provider it uses and why not an earlier one", () => {
    const { executionProvider, refused, precision, members } = pool.status();
    const order = ["cuda", "webgpu", "cpu"];
    expect(order).toContain(executionProvider);
    expect(refused.map(({ provider }) => provider)).toEqual(
      order.slice(0, order.indexOf(executionProvider ?? "")),
    );
    for (const { reason } of refused) expect(reason).toMatch(/^[^/]{10,}$/);
    expect(precision).toBe("int8");
    expect(members[0]?.residentBytes).toBeGreaterThan(100_000_000);
  });

  /** DNSMOS, overall: how people would judge it, 1 to 5. */
  async function judged({ samples, sampleRate }: UtteranceAudio): Promise<number> {
    const files = await testModelStore().ensure("dnsmos");
    const dnsmos = await DnsmosEngine.load(
      { p835: files.file("sig_bak_ovr.onnx"), p808: files.file("model_v8.onnx") },
      { threads: 1 },
    );
    return (await dnsmos.score(resample(samples, sampleRate, DNSMOS_SAMPLE_RATE))).overall;
  }

  it("speaks a sentence that listeners would like, with durations that sum up to it", async () => {
    const { samples, sampleRate, tokenDurationsSeconds, computeSeconds } = await say();
    expect(sampleRate).toBe(24_000);
    expect(samples.length / sampleRate).toBeGreaterThan(2);
    expect(samples.length / sampleRate).toBeLessThan(4);
    expect(computeSeconds).toBeGreaterThan(0);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(0.1);
    expect(peak).toBeLessThan(1);
    expect(tokenDurationsSeconds).toHaveLength(PROBE_UTTERANCE.tokens.length + 2);
    const seconds = tokenDurationsSeconds?.reduce((sum, value) => sum + value, 0) ?? 0;
    expect(seconds).toBeCloseTo(samples.length / sampleRate, 3);
    expect(await judged({ samples, sampleRate, tokenDurationsSeconds, computeSeconds })).toBeGreaterThan(3);
  });

  it("raises and softens speech that stays as long, in its place and likeable", async () => {
    const plain = await say();
    const changed = await say({ effects: { pitchSemitones: 3, gainDb: -6 } });
    expect(changed.samples).toHaveLength(plain.samples.length);
    expect(changed.samples).not.toEqual(plain.samples);
    expect(changed.tokenDurationsSeconds).toEqual(plain.tokenDurationsSeconds);
    expect(await judged(changed)).toBeGreaterThan(2.7);
  });

  it("speaks the same from a voice file, a pack and a style vector, and another from another voice", async () => {
    const pack = new Float32Array(new Uint8Array(await readFile(heart.path)).buffer);
    const row = PROBE_UTTERANCE.tokens.length - 1;
    const style = pack.slice(row * 256, (row + 1) * 256);
    const fromFile = await say();
    expect((await say({ voice: { pack } })).samples).toEqual(fromFile.samples);
    expect((await say({ voice: { style } })).samples).toEqual(fromFile.samples);
    const michael = { key: "am_michael", path: await stockVoice("am_michael") };
    expect((await say({ voice: michael })).samples).not.toEqual(fromFile.samples);
  });

  it("speaks faster when told to", async () => {
    const [normal, fast] = [await say(), await say({ speed: 2 })];
    expect(fast.samples.length).toBeLessThan(normal.samples.length * 0.7);
  });

  it("keeps the caller's event loop free while it computes", async () => {
    const intervalMs = 5;
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, intervalMs);
    const startedAt = performance.now();
    await say({ tokens: [...PROBE_UTTERANCE.tokens, 16, ...PROBE_UTTERANCE.tokens] });
    const elapsedMs = performance.now() - startedAt;
    clearInterval(timer);
    // A blocked loop would tick once or twice, whatever the run takes; a busy machine loses some of them.
    expect(ticks).toBeGreaterThan((elapsedMs / intervalMs) * 0.2);
  });

  it("speaks an utterance whose member is killed while it computes", async () => {
    const [victim = 0] = pidsOf(pool.status());
    const before = await processorSeconds(victim);
    const spoken = say({ tokens: [...PROBE_UTTERANCE.tokens, 16, ...PROBE_UTTERANCE.tokens] });
    await vi.waitFor(async () => {
      const now = await processorSeconds(victim);
      if (now !== null && before !== null) expect(now).toBeGreaterThan(before + 0.1);
    });
    expect(pool.status().running).toBe(1);
    process.kill(victim, "SIGKILL");
    expect((await spoken).samples.length / 24_000).toBeGreaterThan(4);
    expect(pidsOf(pool.status())).not.toContain(victim);
    expect(pool.status().members[0]?.restarts).toBe(1);
  });

  it.each([
    ["no tokens", { tokens: [] }, "holds 1 to 510 tokens, this one 0"],
    ["too many tokens", { tokens: new Array<number>(511).fill(43) }, "holds 1 to 510 tokens, this one 511"],
    ["no speed", { speed: 0 }, "speed must be a positive number"],
    ["a missing voice", { voice: { key: "gone", path: "/nowhere/gone.bin" } }, "ENOENT"],
  ])("refuses %s without losing the member", async (_, changes, why) => {
    const before = pidsOf(pool.status());
    const failure = (await say(changes).catch((error: unknown) => error)) as Error;
    expect(failure).toMatchObject({ code: "INFERENCE_FAILED" });
    expect((failure.cause as Error).message).toContain(why);
    expect(failure.message).not.toContain("/nowhere");
    expect(pidsOf(pool.status())).toEqual(before);
  });
});

describe("a damaged model file", () => {
  it("makes the pool unavailable and says why without a path", async () => {
    const folder = await mkdtemp(join(tmpdir(), "speaker-damaged-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "kokoro.onnx");
    await writeFile(path, "This is no model.");
    const damaged = createInferencePool({
      ...realPoolOptions({ int8: { path, sha256: "0" }, int8Vnni: null, float32: null }),
      providers: ["cpu"],
    });
    onTestFinished(() => damaged.close({ drainMs: 0 }));
    await expect(damaged.start()).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
    expect(damaged.status().reason).toMatch(/Protobuf parsing failed/);
    expect(damaged.status().reason).not.toContain(folder);
  });
});
