import { afterAll, beforeAll, expect, test } from "vitest";
import type { InferencePool } from "../../src/inference/contract.ts";
import type { EspeakUtterance } from "../../src/inference/engine.ts";
import { createInferencePool } from "../../src/inference/pool.ts";

let pool: InferencePool;
beforeAll(async () => {
  pool = createInferencePool({
    ...{ members: 1, threads: 1, providers: ["cpu"], precision: "auto", queueLimit: 10, engines: {} },
    decisionFile: null,
  });
  await pool.start();
});
afterAll(() => pool.close({ drainMs: 0 }));

const options = { group: "test", deadlineMs: 30_000 };
const utterance = (text: string, phonemes: string, more: Partial<EspeakUtterance> = {}): EspeakUtterance => ({
  ...{ engine: "espeak", voice: "en-us", text, phonemes, speed: 1 },
  tokens: [...phonemes].map((_, index) => index),
  ...more,
});
const seconds = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);
const loudness = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

test("speaks by the program, at the service's rate, and tells the time of every symbol", async () => {
  const spoken = await pool.synthesize(utterance("Hello, world!", "həlˈoʊ, wˈɜːld!"), options);
  expect(spoken.sampleRate).toBe(24_000);
  const length = spoken.samples.length / spoken.sampleRate;
  expect(length).toBeGreaterThan(0.6);
  expect(length).toBeLessThan(2);
  expect(loudness(spoken.samples)).toBeGreaterThan(0.01);
  const times = spoken.tokenDurationsSeconds ?? new Float32Array();
  expect(times).toHaveLength("həlˈoʊ, wˈɜːld!".length + 2);
  expect(seconds(times)).toBeCloseTo(length, 2);
  // The second word begins behind the pause at the comma, where there is sound again.
  const second = seconds(times.slice(0, 9));
  const at = Math.round(second * 24_000);
  expect(loudness(spoken.samples.slice(at - 2400, at - 480))).toBeLessThan(0.01);
  expect(loudness(spoken.samples.slice(at, at + 4800))).toBeGreaterThan(0.02);
});

test("keeps to the pace, sounds the same again, and reads no phoneme names", async () => {
  const [plain, again, fast, named] = await Promise.all([
    pool.synthesize(utterance("Hello, world!", "həlˈoʊ"), options),
    pool.synthesize(utterance("Hello, world!", "həlˈoʊ"), options),
    pool.synthesize(utterance("Hello, world!", "həlˈoʊ", { speed: 2 }), options),
    pool.synthesize(utterance("[[w3:ld]]", "w"), options),
  ]);
  expect(Buffer.from(plain.samples.buffer).equals(Buffer.from(again.samples.buffer))).toBe(true);
  expect(plain.samples.length / fast.samples.length).toBeGreaterThan(1.6);
  // Spelt out, and not the word that the names stand for.
  expect(named.samples.length).toBeGreaterThan(plain.samples.length);
});

test("refuses a voice that there is none of, and goes on", async () => {
  const unknown = utterance("hello", "həlˈoʊ", { voice: "none-such" });
  await expect(pool.synthesize(unknown, options)).rejects.toMatchObject({ code: "INFERENCE_FAILED" });
  const fewer = { ...utterance("hello", "həlˈoʊ"), tokens: [1] };
  await expect(pool.synthesize(fewer, options)).rejects.toMatchObject({ code: "INFERENCE_FAILED" });
  expect((await pool.synthesize(utterance("hello", "həlˈoʊ"), options)).samples.length).toBeGreaterThan(0);
});
