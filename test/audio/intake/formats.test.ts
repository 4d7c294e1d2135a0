import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEncoder } from "../../../src/audio/encoder.ts";
import { createAudioIntake } from "../../../src/audio/intake/intake.ts";
import { resample } from "../../../src/audio/resample.ts";
import { recording, speech, type WavOptions, wavFile } from "../../helpers/recordings.ts";
import { concat, noise, snrDb, tone } from "../signals.ts";

const intake = createAudioIntake({ concurrency: 1 });
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "speaker-intake-"));
});
afterAll(async () => {
  await intake.close();
  await rm(folder, { recursive: true, force: true });
});

async function inspect(
  content: Uint8Array,
  fileName: string | null = null,
  declaredType: string | null = null,
) {
  const path = join(folder, "in");
  await writeFile(path, content);
  const pcm = [{ path: join(folder, "out"), sampleRate: 16_000 }];
  const facts = await intake.inspect({ path, fileName, declaredType, pcm });
  const bytes = await readFile(join(folder, "out"));
  return { ...facts, mono: new Float32Array(new Uint8Array(bytes).buffer) };
}

const refused = (content: Uint8Array, fileName: string | null = null, type: string | null = null) =>
  inspect(content, fileName, type).then(
    (facts) => expect.fail(`it was taken: ${JSON.stringify({ ...facts, mono: undefined })}`),
    (error: { reason?: string; code?: string }) => error.reason ?? error.code,
  );

async function encoded(format: "mp3" | "flac" | "opus", samples: Float32Array, sampleRate: number) {
  const encoder = await createEncoder(format, { sampleRate });
  const body = encoder.push(samples);
  const { bytes, patches } = encoder.finish();
  const file = Buffer.concat([body, bytes]);
  for (const patch of patches) file.set(patch.bytes, patch.offset);
  return file;
}

describe("recordings that are taken", () => {
  const wavs: readonly (readonly [string, WavOptions])[] = [
    ["pcm_u8", { bits: 8 }],
    ["pcm_s16", { bits: 16 }],
    ["pcm_s24", { bits: 24 }],
    ["pcm_s32", { bits: 32 }],
    ["pcm_f32", { kind: "float", bits: 32 }],
    ["pcm_f64", { kind: "float", bits: 64 }],
    ["pcm_s16", { bits: 16, extensible: true, channels: 2 }],
    ["pcm_s24", { bits: 24, extensible: true, channels: 6 }],
    ["pcm_f32", { kind: "float", bits: 32, extensible: true }],
  ];
  it.each(wavs)("WAV %s %j", async (codec, options) => {
    const samples = await speech();
    const facts = await inspect(wavFile(samples, options), "me.WAV", "audio/x-wav");
    expect(facts).toMatchObject({
      container: "wav",
      codec,
      sampleRate: 16_000,
      channels: options.channels ?? 1,
    });
    expect(facts.durationSeconds).toBeCloseTo(samples.length / 16_000, 6);
    expect(facts.mono).toHaveLength(samples.length);
    expect(snrDb(samples, facts.mono)).toBeGreaterThan(options.bits === 8 ? 25 : 60);
  });

  it.each([
    ["speech.m4a", "m4a", "aac", 1, "audio/mp4"],
    ["fragmented.m4a", "m4a", "aac", 1, "audio/x-m4a"],
    ["vbr-cover.mp3", "mp3", "mp3", 1, "audio/mpeg"],
    ["speech.opus", "ogg", "opus", 1, "audio/ogg; codecs=opus"],
    ["speech-vorbis.ogg", "ogg", "vorbis", 2, "application/ogg"],
    ["recorded.webm", "webm", "opus", 1, "video/webm;codecs=opus"],
    ["speech.flac", "flac", "flac", 1, "application/octet-stream"],
  ])(
    "%s, made by other programs: the same speech, aligned",
    async (name, container, codec, channels, type) => {
      const samples = await speech();
      const facts = await inspect(await recording(name), name, type);
      expect(facts).toMatchObject({ container, codec, channels });
      expect(facts.durationSeconds).toBeCloseTo(samples.length / 16_000, 1);
      const length = Math.min(samples.length, facts.mono.length);
      // Lossy codecs keep the wave of the low band; a shift of half a millisecond would take this below zero.
      const low = (audio: Float32Array) =>
        resample(resample(audio.subarray(0, length), 16_000, 2_000), 2_000, 16_000);
      expect(snrDb(low(samples), low(facts.mono))).toBeGreaterThan(10);
      expect(facts.soundSeconds).toBeGreaterThan(4);
      expect(facts.peak).toBeGreaterThan(0.5);
    },
  );

  it.each(["mp3", "flac", "opus"] as const)("%s of our own encoder", async (format) => {
    const samples = tone(300, 24_000 * 4);
    const facts = await inspect(await encoded(format, samples, 24_000));
    expect(facts.codec).toBe(format);
    expect(facts.durationSeconds).toBeCloseTo(4, 2);
  });

  it("FLAC whatever the place of its frames, to the last sample", async () => {
    const file = await recording("speech.flac");
    const { mono } = await inspect(file);
    const info = 4 + 4 + 34;
    expect(file[4]).toBe(0);
    // Paddings of growing length (RFC 9639, section 8.3) move the headers over every place where the file may be cut.
    for (let length = 0; length < 32; length++) {
      const padding = Buffer.from([1, 0, 0, length, ...new Array(length).fill(0)]);
      const moved = await inspect(Buffer.concat([file.subarray(0, info), padding, file.subarray(info)]));
      expect(moved.mono, `padding of ${length}`).toHaveLength(mono.length);
    }
  });

  it("a name without an extension, or none, is no contradiction", async () => {
    const wav = wavFile(await speech());
    await inspect(wav, "blob", "");
    await inspect(wav, null, null);
    await inspect(wav, "C:\\fakepath\\my.voice.wav", "application/octet-stream");
  });

  it("measures sound, not silence around it", async () => {
    const quiet = new Float32Array(16_000 * 2);
    const facts = await inspect(wavFile(concat([quiet, tone(200, 16_000 * 4, 16_000, 0.25), quiet])));
    expect(facts.durationSeconds).toBeCloseTo(8, 3);
    expect(facts.soundSeconds).toBeCloseTo(4, 1);
    expect(facts.peak).toBeCloseTo(0.25, 2);
    expect(facts.rms).toBeCloseTo(0.25 / 2, 2);
  });
});

describe("recordings that are refused, with the reason", () => {
  const patched = async (at: number, change: (file: Buffer, at: number) => void) => {
    const file = Buffer.from(wavFile(await speech()));
    change(file, at);
    return file;
  };

  it.each<[string, string, () => Promise<Uint8Array> | Uint8Array, string?, string?]>([
    ["NOT_AUDIO", "text", () => Buffer.from("Not audio at all.".repeat(5_000)), "voice.wav"],
    ["NOT_AUDIO", "a zip", () => Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(90_000, 7)])],
    ["NOT_AUDIO", "noise", () => Buffer.from(noise(50_000, 1).buffer)],
    ["TYPE_MISMATCH", "WAV called MP3", async () => wavFile(await speech()), "voice.mp3"],
    ["TYPE_MISMATCH", "WAV called a program", async () => wavFile(await speech()), "voice.wav.exe"],
    ["TYPE_MISMATCH", "MP3 declared as FLAC", () => recording("vbr-cover.mp3"), "voice.mp3", "audio/flac"],
    [
      "TYPE_MISMATCH",
      "MP3 declared as a picture",
      () => recording("vbr-cover.mp3"),
      "voice.mp3",
      "image/png",
    ],
    ["UNSUPPORTED_CODEC", "Apple Lossless", () => recording("alac.m4a")],
    ["UNSUPPORTED_CODEC", "Windows Media", () => recording("sound.wma")],
    ["UNSUPPORTED_CODEC", "AMR", () => Buffer.concat([Buffer.from("#!AMR\n"), Buffer.alloc(5_000, 0x3c)])],
    ["UNSUPPORTED_CODEC", "ADTS", () => Buffer.alloc(5_000, Buffer.from("fff15080021ffc", "hex"))],
    ["UNSUPPORTED_CODEC", "A-law", () => patched(20, (file, at) => file.writeUInt16LE(6, at))],
    ["NO_AUDIO_TRACK", "MP4 video", () => recording("video-only.mp4")],
    ["NO_AUDIO_TRACK", "WebM video", () => recording("video-only.webm")],
    ["NO_AUDIO_TRACK", "WAV without samples", async () => wavFile(await speech()).subarray(0, 36)],
    ["INVALID_HEADER", "4 GB declared", () => patched(40, (file, at) => file.writeUInt32LE(0xffff_ffff, at))],
    ["INVALID_HEADER", "0 Hz", () => patched(24, (file, at) => file.writeUInt32LE(0, at))],
    ["INVALID_HEADER", "4 GHz", () => patched(24, (file, at) => file.writeUInt32LE(0xffff_ffff, at))],
    ["INVALID_HEADER", "1,000 channels", () => patched(22, (file, at) => file.writeUInt16LE(1_000, at))],
    ["INVALID_HEADER", "0 channels", () => patched(22, (file, at) => file.writeUInt16LE(0, at))],
    ["INVALID_HEADER", "0 bits", () => patched(34, (file, at) => file.writeUInt16LE(0, at))],
    ["INVALID_HEADER", "17 bits", () => patched(34, (file, at) => file.writeUInt16LE(17, at))],
    ["DAMAGED", "a WAV cut off", async () => wavFile(await speech()).subarray(0, 100_000)],
    ["DAMAGED", "a FLAC cut off", async () => (await recording("speech.flac")).subarray(0, 60_000)],
    [
      "DAMAGED",
      "floating point that is not a number",
      () => wavFile(new Float32Array(80_000).fill(Number.NaN), { kind: "float", bits: 32 }),
    ],
    ["TOO_SHORT", "2.5 s", () => wavFile(tone(200, 40_000, 16_000))],
    [
      "TOO_SHORT",
      "1 s of sound in 10 s",
      () => wavFile(concat([new Float32Array(72_000), tone(200, 16_000, 16_000), new Float32Array(72_000)])),
    ],
    ["TOO_LONG", "301 s", () => wavFile(tone(200, 8_000 * 301, 8_000), { sampleRate: 8_000 })],
    ["SILENT", "digital silence", () => wavFile(new Float32Array(80_000))],
    ["SILENT", "noise at -80 dB", () => wavFile(noise(80_000, 0.0001), { bits: 24 })],
  ])("%s: %s", async (reason, _what, make, name, type) => {
    expect(await refused(await make(), name ?? null, type ?? null)).toBe(reason);
  });

  it("PROTECTED: an MP4 whose sample entry is encrypted", async () => {
    const file = Buffer.from(await recording("speech.m4a"));
    for (const entry of ["enca", "drms"]) {
      file.write(entry, file.indexOf("mp4a"), "latin1");
      expect(await refused(file)).toBe("PROTECTED");
      file.write("mp4a", file.indexOf(entry), "latin1");
    }
  });

  it("MIXED_CONTENT: audio that is an archive or a document at once", async () => {
    const wav = wavFile(await speech());
    const end = Buffer.alloc(22);
    end.write("PK\x05\x06", "latin1");
    expect(await refused(Buffer.concat([wav, end]))).toBe("MIXED_CONTENT");
    const entry = Buffer.concat([Buffer.from("PK\x03\x04\x14\x00", "latin1"), Buffer.alloc(60)]);
    expect(await refused(Buffer.concat([wav, entry]))).toBe("MIXED_CONTENT");
    expect(await refused(Buffer.concat([wav, Buffer.from("Rar!\x1a\x07\x01", "latin1")]))).toBe(
      "MIXED_CONTENT",
    );
    const page = Buffer.concat([
      wav.subarray(0, 12),
      Buffer.from("LIST\x20\0\0\0<script>alert(document.domain);", "latin1").subarray(0, 40),
      wav.subarray(12),
    ]);
    expect(await refused(page)).toBe("MIXED_CONTENT");
  });
});
