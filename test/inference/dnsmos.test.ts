import { beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { resample } from "../../src/audio/resample.ts";
import { DNSMOS_SAMPLE_RATE, DnsmosEngine } from "../../src/inference/engines/dnsmos.ts";
import { fixture } from "../audio/signals.ts";
import { testModelStore } from "../helpers/models.ts";

async function utterance(name: string): Promise<Float32Array> {
  const { channels, sampleRate } = await decodeAudio(await fixture(`model-${name}.flac`));
  return resample(channels[0] as Float32Array, sampleRate, DNSMOS_SAMPLE_RATE);
}

let dnsmos: DnsmosEngine;

beforeAll(async () => {
  const files = await testModelStore().ensure("dnsmos");
  dnsmos = await DnsmosEngine.load(
    { p835: files.file("sig_bak_ovr.onnx"), p808: files.file("model_v8.onnx") },
    { threads: 1 },
  );
});

// What `dnsmos.run(samples, 16000)` of the Python package speechmos 0.0.1.1 says about the same samples.
describe("DNSMOS agrees with Microsoft's package", () => {
  it("on a recording shorter than its window", async () => {
    const score = await dnsmos.score(await utterance("house"));
    expect(score.overall).toBeCloseTo(3.3691, 2);
    expect(score.signal).toBeCloseTo(3.6515, 2);
    expect(score.background).toBeCloseTo(4.0964, 2);
    expect(score.p808).toBeCloseTo(3.5141, 2);
  });

  it("on a recording of several windows", async () => {
    const once = await Promise.all(["fish", "house", "up"].map(utterance));
    const samples = Float32Array.from([...once, ...once, ...once].flatMap((part) => [...part]));
    const score = await dnsmos.score(samples);
    expect(score.overall).toBeCloseTo(3.3642, 2);
    expect(score.signal).toBeCloseTo(3.6457, 2);
    expect(score.background).toBeCloseTo(4.0978, 2);
    expect(score.p808).toBeCloseTo(3.9345, 2);
  });
});

describe("DNSMOS", () => {
  it("tells speech from speech buried in noise", async () => {
    const clean = await utterance("house");
    let seed = 1;
    const noisy = clean.map((sample) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return sample + 0.3 * (seed / 2 ** 31 - 1);
    });
    const [good, bad] = [await dnsmos.score(clean), await dnsmos.score(noisy)];
    expect(bad.overall).toBeLessThan(good.overall - 1);
    expect(bad.background).toBeLessThan(good.background - 1);
  });

  it("gives a number for silence, and none for nothing", async () => {
    const score = await dnsmos.score(new Float32Array(16_000));
    for (const value of Object.values(score)) expect(value).toBeGreaterThan(0);
    await expect(dnsmos.score(new Float32Array(0))).rejects.toThrow("empty");
  });
});
