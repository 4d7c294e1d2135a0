import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { encodeToFile } from "../../src/audio/encode.ts";
import { giveBackThread, takeThread } from "../../src/audio/encode-threads.ts";
import { AUDIO_FORMAT_INFO, AUDIO_FORMATS } from "../../src/audio/format.ts";
import { AAC_FRAME_SAMPLES, adtsFrames } from "./adts.ts";
import { chunked, RATE, tone } from "./signals.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "speaker-encode-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function* stream(samples: Float32Array, length = 10_000): AsyncGenerator<Float32Array> {
  yield* chunked(samples, length);
}

describe("encodeToFile", () => {
  it.each(AUDIO_FORMATS)("says exactly what it stored as %s", async (format) => {
    const path = join(folder, `speech.${AUDIO_FORMAT_INFO[format].extension}`);
    const audio = await encodeToFile(stream(tone(440, 30_001)), { format, sampleRate: RATE, path });
    const bytes = await readFile(path);
    expect(audio).toEqual({
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      sampleRate: RATE,
      sampleCount: 30_001,
      durationSeconds: 30_001 / RATE,
      loudnessLufs: null,
      truePeakDbtp: null,
    });
    if (format === "aac") expect(adtsFrames(bytes)).toHaveLength(Math.ceil(30_001 / AAC_FRAME_SAMPLES) + 1);
    else if (format !== "pcm") {
      const decoded = await decodeAudio(bytes);
      expect((decoded.channels[0]?.length ?? 0) / decoded.sampleRate).toBe(audio.durationSeconds);
    }
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("replaces an older file only when the new one is complete", async () => {
    const path = join(folder, "speech.pcm");
    await writeFile(path, "old");
    async function* source(): AsyncGenerator<Float32Array> {
      yield new Float32Array(1_000);
      expect(await readFile(path, "utf8")).toBe("old");
    }
    await encodeToFile(source(), { format: "pcm", sampleRate: RATE, path });
    expect((await stat(path)).size).toBe(2_000);
  });

  it("asks for no more than it can write", async () => {
    const slice = 1 << 16;
    const behind: number[] = [];
    async function* source(): AsyncGenerator<Float32Array> {
      for (let pulled = 0; pulled < 20; pulled++) {
        const [partial] = readdirSync(folder);
        const written = partial ? Math.max(0, statSync(join(folder, partial)).size - 44) / (slice * 2) : 0;
        behind.push(pulled - written);
        yield new Float32Array(slice);
      }
    }
    await encodeToFile(source(), { format: "wav", sampleRate: RATE, path: join(folder, "long.wav") });
    expect(behind).toHaveLength(20);
    expect(Math.max(...behind)).toBeLessThanOrEqual(2);
  });

  it("takes one chunk that holds everything", async () => {
    const path = join(folder, "whole.flac");
    const samples = tone(440, 200_001);
    await encodeToFile(stream(samples, samples.length), { format: "flac", sampleRate: RATE, path });
    const { channels } = await decodeAudio(await readFile(path));
    expect(channels[0]).toHaveLength(200_001);
    expect(samples).toHaveLength(200_001); // the caller keeps its samples
  });

  it("keeps a thread for the next file, and none that has failed", async () => {
    const thread = takeThread();
    giveBackThread(thread);
    const path = join(folder, "speech.wav");
    const options = { format: "wav", sampleRate: RATE, path } as const;
    await encodeToFile(stream(tone(440, 1_000)), options);
    expect(takeThread()).toBe(thread);
    giveBackThread(thread);
    async function* broken(): AsyncGenerator<Float32Array> {
      yield new Float32Array(1_000);
      throw new Error("no more speech");
    }
    await expect(encodeToFile(broken(), options)).rejects.toThrow("no more speech");
    const another = takeThread();
    expect(another).not.toBe(thread);
    giveBackThread(another);
  });

  it("passes the source's own failure on and leaves nothing behind", async () => {
    const failure = new Error("no more speech");
    async function* source(): AsyncGenerator<Float32Array> {
      yield new Float32Array(1_000);
      throw failure;
    }
    const path = join(folder, "broken.mp3");
    await expect(encodeToFile(source(), { format: "mp3", sampleRate: RATE, path })).rejects.toBe(failure);
    expect(await readdir(folder)).toEqual([]);
  });

  it("stops when aborted, even while its source is waiting, and closes the source", async () => {
    const controller = new AbortController();
    const reason = new Error("cancelled");
    let closed = false;
    const source: AsyncIterable<Float32Array> = {
      [Symbol.asyncIterator]: () => {
        let pulls = 0;
        return {
          next() {
            if (pulls++ < 3) return Promise.resolve({ done: false, value: new Float32Array(70_000) });
            controller.abort(reason);
            return new Promise(() => {}); // an utterance that never comes
          },
          return() {
            closed = true;
            return Promise.resolve({ done: true, value: undefined });
          },
        };
      },
    };
    const path = join(folder, "aborted.opus");
    const options = { format: "opus", sampleRate: RATE, path, signal: controller.signal } as const;
    await expect(encodeToFile(source, options)).rejects.toBe(reason);
    expect(closed).toBe(true);
    expect(await readdir(folder)).toEqual([]);
    await expect(encodeToFile(source, options)).rejects.toBe(reason);
  });

  it("says that it cannot store where it cannot, without naming the place", async () => {
    const path = join(folder, "missing", "speech.wav");
    const attempt = encodeToFile(stream(tone(440, 1_000)), { format: "wav", sampleRate: RATE, path });
    await expect(attempt).rejects.toMatchObject({ name: "SpeakerError", code: "SERVICE_UNAVAILABLE" });
    await expect(attempt).rejects.not.toThrow(folder);
  });

  it("removes what it wrote when the last step fails", async () => {
    // A folder in the file's place lets everything succeed up to the very last step.
    const attempt = encodeToFile(stream(tone(440, 1_000)), { format: "wav", sampleRate: RATE, path: folder });
    await expect(attempt).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    const siblings = await readdir(tmpdir());
    expect(siblings.filter((name) => name.startsWith(`${basename(folder)}.`))).toEqual([]);
  });
});
