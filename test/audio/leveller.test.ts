import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { encodeToFile } from "../../src/audio/encode.ts";
import type { AudioFormat } from "../../src/audio/format.ts";
import { measureLoudness } from "../../src/audio/loudness.ts";
import { TruePeakMeter } from "../../src/audio/true-peak.ts";
import { decodeAdts } from "./adts.ts";
import { chunked, concat, modelUtterance, noise, RATE, tone } from "./signals.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "speaker-level-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function* stream(samples: Float32Array, length = 10_000): AsyncGenerator<Float32Array> {
  yield* chunked(samples, length);
}

/** Three utterances of the model with pauses, as a job joins them. */
async function speech(): Promise<Float32Array> {
  const pause = new Float32Array(RATE * 0.3);
  const spoken = await Promise.all((["house", "fish", "up"] as const).map(modelUtterance));
  return concat(spoken.flatMap((utterance) => [pause, utterance]));
}

interface Wish {
  readonly format?: AudioFormat;
  readonly outputSampleRate?: number;
}

/** What is said of a file and what is heard in it. */
async function levelled(samples: Float32Array, loudnessLufs: number, { format = "wav", ...wish }: Wish = {}) {
  const path = join(folder, `level.${format}`);
  const audio = await encodeToFile(stream(samples), {
    format,
    sampleRate: RATE,
    loudnessLufs,
    path,
    ...wish,
  });
  expect(await readdir(folder)).toEqual([`level.${format}`]);
  const bytes = await readFile(path);
  const decoded = format === "aac" ? await decodeAdts(bytes) : await decodeAudio(bytes);
  const heard = "samples" in decoded ? decoded.samples : (decoded.channels[0] as Float32Array);
  const meter = new TruePeakMeter();
  meter.push(heard);
  return {
    audio,
    bytes,
    heard,
    lufs: measureLoudness(heard, decoded.sampleRate) ?? Number.NaN,
    peakDbtp: meter.finish(),
  };
}

describe("speech", () => {
  it.each([
    [-36, {}],
    [-23, {}],
    [-16, {}],
    [-12, {}],
    [-16, { outputSampleRate: 8_000 }],
    [-16, { outputSampleRate: 48_000 }],
    [-16, { format: "mp3" }],
    [-16, { format: "aac" }],
    [-14, { format: "opus" }],
  ] as const)("is brought to %i LUFS, its true peak to -1 dBTP at most: %o", async (target, wish) => {
    const { audio, lufs, peakDbtp } = await levelled(await speech(), target, wish);
    expect(Math.abs(lufs - target)).toBeLessThan(0.5);
    expect(peakDbtp).toBeLessThanOrEqual(-1);
    expect(audio.loudnessLufs).toBeCloseTo(lufs, 0);
    // Codecs swing a little farther than what they were given.
    expect(audio.truePeakDbtp).toBeLessThanOrEqual(peakDbtp + 0.2);
  });

  it("is only turned up or down where its peaks allow it", async () => {
    const samples = await speech();
    const { heard } = await levelled(samples, -23);
    const loudest = samples.reduce(
      (at, sample, i) => (Math.abs(sample) > Math.abs(samples[at] ?? 0) ? i : at),
      0,
    );
    const gain = (heard[loudest] as number) / (samples[loudest] as number);
    expect(samples.every((sample, i) => Math.abs(sample * gain - (heard[i] as number)) < 1e-4)).toBe(true);
  });

  it("that cannot be made so loud is as loud as can be, and that is told", async () => {
    const { audio, lufs, peakDbtp } = await levelled(await speech(), -4);
    expect(lufs).toBeLessThan(-9);
    expect(audio.loudnessLufs).toBeCloseTo(lufs, 1);
    expect(peakDbtp).toBeLessThanOrEqual(-1);
  });

  it("gives the same file each time, however it comes", async () => {
    const samples = await speech();
    const once = await levelled(samples, -14);
    const path = join(folder, "again.wav");
    const options = { format: "wav", sampleRate: RATE, loudnessLufs: -14, path } as const;
    const again = await encodeToFile(stream(samples, 333), options);
    expect(again.sha256).toBe(once.audio.sha256);
  });
});

describe("what is not like speech", () => {
  it("stays silent when it is, and says that there is nothing to measure", async () => {
    const { audio, heard } = await levelled(new Float32Array(RATE), -16);
    expect(audio).toMatchObject({ loudnessLufs: null, truePeakDbtp: null, sampleCount: RATE });
    expect(heard.every((sample) => sample === 0)).toBe(true);
  });

  it("is measured with silence behind it where it is shorter than a block", async () => {
    const { audio, heard } = await levelled(tone(440, RATE / 10), -30);
    expect(heard).toHaveLength(RATE / 10);
    const padded = concat([heard, new Float32Array(RATE * 0.3)]);
    expect(measureLoudness(padded, RATE)).toBeCloseTo(-30, 1);
    expect(audio.loudnessLufs).toBe(-30);
  });

  it("holds no number: that is silence, and the rest is levelled", async () => {
    const samples = noise(RATE * 2, 0.1);
    samples[100] = Number.NaN;
    samples[RATE] = Number.POSITIVE_INFINITY;
    expect((await levelled(samples, -20)).lufs).toBeCloseTo(-20, 1);
  });

  it("makes a file of an empty stream", async () => {
    const path = join(folder, "empty.flac");
    const options = { format: "flac", sampleRate: RATE, loudnessLufs: -16, path } as const;
    const audio = await encodeToFile(stream(new Float32Array(0)), options);
    expect(audio).toMatchObject({ sampleCount: 0, loudnessLufs: null, truePeakDbtp: null });
  });
});

it("leaves nothing behind when it is stopped", async () => {
  const stop = new AbortController();
  async function* endless(): AsyncGenerator<Float32Array> {
    yield new Float32Array(RATE);
    stop.abort(new Error("nobody waits"));
    await new Promise(() => {});
  }
  const path = join(folder, "stopped.wav");
  const options = { format: "wav", sampleRate: RATE, loudnessLufs: -16, path, signal: stop.signal } as const;
  await expect(encodeToFile(endless(), options)).rejects.toThrow("nobody waits");
  expect(await readdir(folder)).toEqual([]);
});
