import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createEncoder } from "../../../src/audio/encoder.ts";
import {
  type AudioIntake,
  type AudioIntakeOptions,
  createAudioIntake,
} from "../../../src/audio/intake/intake.ts";
import { recording, speech, wavFile } from "../../helpers/recordings.ts";
import { concat } from "../signals.ts";

let folder = "";
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "speaker-intake-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function request(content: Uint8Array) {
  const path = join(folder, `${files++}`);
  await writeFile(path, content);
  return { path, fileName: null, declaredType: null, pcm: [] };
}

/** An intake for one test, which must leave no process behind. */
async function withIntake(
  options: AudioIntakeOptions,
  use: (intake: AudioIntake) => Promise<void>,
): Promise<void> {
  const intake = createAudioIntake({ concurrency: 1, ...options });
  const pids = new Set<number>();
  const watch = setInterval(() => {
    for (const pid of intake.pids) pids.add(pid);
  }, 20);
  try {
    await use(intake);
  } finally {
    for (const pid of intake.pids) pids.add(pid);
    clearInterval(watch);
    await intake.close();
  }
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
}

/** Speech that goes on for so many seconds. */
async function long(seconds: number): Promise<Float32Array> {
  const samples = await speech();
  return concat(Array.from({ length: Math.ceil((seconds * 16_000) / samples.length) }, () => samples));
}

async function flacOf(samples: Float32Array): Promise<Buffer> {
  const encoder = await createEncoder("flac", { sampleRate: 16_000 });
  const parts = [encoder.push(samples)];
  const { bytes, patches } = encoder.finish();
  const file = Buffer.concat([...parts, bytes]);
  for (const patch of patches) file.set(patch.bytes, patch.offset);
  return file;
}

describe("the decoding process", () => {
  it("is killed when a file takes too long, and the next file has another", async () => {
    const lost: string[] = [];
    await withIntake({ deadlineMs: 1_500, onLost: (reason) => lost.push(reason) }, async (intake) => {
      // A WAV of 8 channels at 16 kHz that takes seconds to mix down at rates that share no divisor.
      const wav = wavFile(await long(240), { channels: 8, bits: 8 });
      const pcm = [1, 2, 3, 4].map((n) => ({ path: join(folder, `pcm${n}`), sampleRate: 47_999 + n * 4 }));
      await expect(intake.inspect({ ...(await request(wav)), pcm })).rejects.toMatchObject({
        reason: "TOO_COMPLEX",
      });
      expect(lost).toEqual(["the deadline"]);
      expect(await intake.inspect(await request(await recording("speech.opus")))).toMatchObject({
        codec: "opus",
      });
    });
  });

  it.runIf(process.platform === "linux")("is killed when a file takes too much memory", async () => {
    const lost: string[] = [];
    await withIntake({ maxResidentBytes: 1 << 20, onLost: (reason) => lost.push(reason) }, async (intake) => {
      const wav = wavFile(await long(240));
      await expect(intake.inspect(await request(wav))).rejects.toMatchObject({ reason: "TOO_COMPLEX" });
      expect(lost[0]).toMatch(/^\d+ kB of memory$/);
    });
  });

  it("is replaced when it is killed under a file, which is read again", async () => {
    const lost: string[] = [];
    await withIntake({ onLost: (reason) => lost.push(reason) }, async (intake) => {
      const wav = wavFile(await long(240));
      await intake.inspect(await request(wav));
      const [pid] = intake.pids;
      const reading = intake.inspect(await request(wav));
      process.kill(pid ?? 0, "SIGKILL");
      expect(await reading).toMatchObject({ codec: "pcm_s16" });
      expect(intake.pids).not.toContain(pid);
      expect(lost).toHaveLength(1);
    });
  });

  it("is not followed by a file that nobody wants any more", async () => {
    await withIntake({}, async (intake) => {
      const abort = new AbortController();
      const wav = await request(wavFile(await long(240)));
      const both = Promise.allSettled([1, 2].map(() => intake.inspect(wav, abort.signal)));
      await vi.waitFor(() => expect(intake.pids).toHaveLength(1), { interval: 1 });
      abort.abort();
      const cancelled = { status: "rejected", reason: expect.objectContaining({ code: "CANCELLED" }) };
      expect(await both).toEqual([cancelled, cancelled]);
      // Nor is one begun that was not wanted to begin with.
      await expect(intake.inspect(wav, abort.signal)).rejects.toMatchObject({ code: "CANCELLED" });
    });
  });

  it("keeps more from waiting than may wait", async () => {
    await withIntake({ waiting: 1 }, async (intake) => {
      const wav = await request(wavFile(await speech()));
      const taken = [intake.inspect(wav), intake.inspect(wav)];
      await expect(intake.inspect(wav)).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
      expect((await Promise.all(taken)).map(({ codec }) => codec)).toEqual(["pcm_s16", "pcm_s16"]);
    });
  });

  it("decodes AAC in a program of its own, one file after the other, whatever came between", async () => {
    await withIntake({}, async (intake) => {
      const m4a = await recording("speech.m4a");
      const first = await intake.inspect(await request(m4a));
      const broken = Buffer.from(m4a);
      broken.fill(0xff, 2_000, 20_000);
      await intake.inspect(await request(broken)).catch(() => {});
      expect(await intake.inspect(await request(m4a))).toEqual(first);
    });
  });
});

describe("small files that unfold to hours", () => {
  it("are left as soon as they are too long", { timeout: 60_000 }, async () => {
    await withIntake({ maxResidentBytes: 400 << 20 }, async (intake) => {
      // Half an hour of silence is a few kilobytes of FLAC: repeated, the frames of a day.
      const silence = await flacOf(new Float32Array(16_000 * 1_800));
      const frames = silence.subarray(silence.indexOf(Buffer.from([0xff, 0xf8])));
      const bomb = Buffer.concat([silence, ...Array.from({ length: 100 }, () => frames)]);
      expect(bomb.length).toBeLessThan(25_000_000);
      await expect(intake.inspect(await request(bomb))).rejects.toMatchObject({ reason: "TOO_LONG" });
    });
  });
});
