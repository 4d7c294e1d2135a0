import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { createEncoder } from "../../src/audio/encoder.ts";
import { crc16 } from "../../src/audio/encoders/mp3-info.ts";
import { createWavEncoder } from "../../src/audio/encoders/wav.ts";
import { AUDIO_FORMATS, type AudioFormat } from "../../src/audio/format.ts";
import { chunked, fixture, modelUtterance, noise, RATE, snrDb, tone } from "./signals.ts";

interface Encoded {
  /** As a client receives it that reads while it is made. */
  readonly streamed: Buffer;
  /** As it is stored, with the header corrected. */
  readonly file: Buffer;
  readonly sampleRate: number;
  readonly sampleCount: number;
}

async function encode(
  format: AudioFormat,
  samples: Float32Array,
  { sampleRate = RATE, chunk = 5_000 } = {},
): Promise<Encoded> {
  const encoder = await createEncoder(format, { sampleRate });
  const parts: Uint8Array[] = [];
  for (const piece of chunked(samples, chunk)) parts.push(Uint8Array.from(encoder.push(piece)));
  const end = encoder.finish();
  const streamed = Buffer.concat([...parts, end.bytes]);
  const file = Buffer.from(streamed);
  for (const patch of end.patches) file.set(patch.bytes, patch.offset);
  return { streamed, file, sampleRate: encoder.sampleRate, sampleCount: encoder.sampleCount };
}

/** Samples that a decoder gives for each encoded one: Opus always decodes at 48 kHz. */
function decodedRatio(format: AudioFormat, sampleRate: number): number {
  return format === "opus" ? 48_000 / sampleRate : 1;
}

/** AAC is decoded by a program of its own and cannot be cut to the sample: aac.test.ts. */
const CONTAINERS = AUDIO_FORMATS.filter((format) => format !== "pcm" && format !== "aac");

describe.each(CONTAINERS)("%s", (format) => {
  it.each([1, 324, 480, 576, 4096, 24_000, 72_123])(
    "decodes to exactly the %i samples that went in",
    async (length) => {
      const { file, sampleCount } = await encode(format, tone(440, length));
      const decoded = await decodeAudio(file);
      expect(sampleCount).toBe(length);
      expect(decoded.channels).toHaveLength(1);
      expect(decoded.channels[0]).toHaveLength(length * decodedRatio(format, RATE));
    },
  );

  it("keeps speech in its place and recognisable to the last sample", async () => {
    const speech = await modelUtterance("house");
    const { channels } = await decodeAudio((await encode(format, speech)).file);
    const step = decodedRatio(format, RATE);
    const decoded = Float32Array.from(speech, (_, i) => channels[0]?.[i * step] ?? Number.NaN);
    // A shift by one sample alone would bring this down to about 12 dB.
    expect(snrDb(speech, decoded)).toBeGreaterThan({ wav: 60, flac: 60, mp3: 20, opus: 15, pcm: 60 }[format]);
  });

  it("writes the same bytes however the input is cut", async () => {
    const speech = await modelUtterance("fish");
    const whole = await encode(format, speech, { chunk: speech.length });
    const pieces = await encode(format, speech, { chunk: 777 });
    expect(pieces.file.equals(whole.file)).toBe(true);
  });

  it("can be played from a stream whose header was never corrected", async () => {
    const { streamed } = await encode(format, tone(440, 24_000));
    const { channels } = await decodeAudio(streamed);
    expect(channels[0]?.length).toBeGreaterThanOrEqual(24_000);
  });

  it.each([16_000, 22_050, 44_100, 48_000])("takes audio at %i Hz", async (sampleRate) => {
    const length = sampleRate / 2;
    const encoded = await encode(format, tone(440, length, sampleRate), { sampleRate });
    expect(encoded.sampleRate).toBeGreaterThanOrEqual(sampleRate);
    expect(encoded.sampleCount).toBe(encoded.sampleRate / 2);
    const { channels } = await decodeAudio(encoded.file);
    expect(channels[0]).toHaveLength(encoded.sampleCount * decodedRatio(format, encoded.sampleRate));
  });

  it("clamps what is too loud and silences what is no number", async () => {
    const wild = tone(200, 9_600).map((sample) => sample * 20);
    wild.fill(Number.NaN, 4_000, 4_100);
    const { channels } = await decodeAudio((await encode(format, wild)).file);
    expect(channels[0]?.every((sample) => Math.abs(sample) < 1.5)).toBe(true);
    expect(channels[0]?.subarray(-2_000).some((sample) => Math.abs(sample) > 0.5)).toBe(true);
  });

  it("makes a file of an empty stream", async () => {
    const { file, sampleCount } = await encode(format, new Float32Array(0));
    expect(sampleCount).toBe(0);
    expect(file.length).toBeGreaterThan(40);
  });
});

describe("pcm", () => {
  it("is signed 16-bit little-endian, rounded and clamped", async () => {
    const samples = Float32Array.of(0, 0.5, -0.5, 1, -1, 2, -2, 1.4 / 32_768, 1.6 / 32_768, Number.NaN);
    const { file } = await encode("pcm", samples);
    const values = Array.from({ length: samples.length }, (_, i) => file.readInt16LE(i * 2));
    expect(values).toEqual([0, 16_384, -16_384, 32_767, -32_768, 32_767, -32_768, 1, 2, 0]);
    expect(file).toHaveLength(samples.length * 2);
  });

  it("is always at 24 kHz", async () => {
    const encoded = await encode("pcm", tone(440, 22_050, 22_050), { sampleRate: 22_050 });
    expect(encoded).toMatchObject({ sampleRate: 24_000, sampleCount: 24_000 });
    expect(encoded.file).toHaveLength(48_000);
  });
});

describe("wav header", () => {
  it("states the exact sizes", async () => {
    const { file, streamed } = await encode("wav", tone(440, 1_001));
    expect(file.toString("latin1", 0, 4) + file.toString("latin1", 8, 16)).toBe("RIFFWAVEfmt ");
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.toString("latin1", 36, 40)).toBe("data");
    expect(file.readUInt32LE(40)).toBe(2_002);
    expect(file.readUInt32LE(24)).toBe(RATE);
    expect(streamed.readUInt32LE(40)).toBe(0xffff_ffff);
  });

  it("is refused beyond what its 32-bit sizes can say", () => {
    const encoder = createWavEncoder(RATE, 4_000);
    encoder.push(new Float32Array(2_000));
    expect(() => encoder.push(new Float32Array(1))).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT" }),
    );
  });
});

describe("flac STREAMINFO", () => {
  it("holds total samples, frame sizes and the MD5 of the audio", async () => {
    const samples = noise(72_123, 0.4);
    const { file } = await encode("flac", samples);
    expect(file.toString("latin1", 0, 4)).toBe("fLaC");
    expect(file.readUInt32BE(4) & 0x7fff_ffff).toBe(34);
    const packed = file.readBigUInt64BE(18);
    expect(Number(packed >> 44n)).toBe(RATE);
    expect(Number((packed >> 41n) & 7n)).toBe(0);
    expect(Number((packed >> 36n) & 31n)).toBe(15);
    expect(Number(packed & 0xf_ffff_ffffn)).toBe(72_123);
    expect(file.readUIntBE(12, 3)).toBeGreaterThan(0);
    expect(file.readUIntBE(15, 3)).toBeGreaterThanOrEqual(file.readUIntBE(12, 3));
    const { file: pcm } = await encode("pcm", samples);
    expect(file.toString("hex", 26, 42)).toBe(createHash("md5").update(pcm).digest("hex"));
  });
});

describe("mp3 Info frame", () => {
  it("counts frames and bytes, and says what to drop at both ends", async () => {
    const length = 50_001;
    const { file } = await encode("mp3", tone(440, length));
    const frameBytes = 288; // 576 samples at 96 kbit/s and 24 kHz
    expect(file.toString("latin1", 13, 17)).toBe("Info");
    expect(file.readUInt32BE(17)).toBe(0x0f);
    const frames = file.readUInt32BE(21);
    expect(file).toHaveLength((frames + 1) * frameBytes);
    expect(file.readUInt32BE(25)).toBe(file.length);
    const lame = 13 + 120;
    expect(file.toString("latin1", lame, lame + 4)).toBe("LAME");
    const trims = file.readUIntBE(lame + 21, 3);
    expect((trims >> 12) + length + (trims & 0xfff)).toBe(frames * 576);
    expect(file.readUInt16BE(lame + 32)).toBe(crc16(file.subarray(frameBytes)));
    expect(file.readUInt16BE(lame + 34)).toBe(crc16(file.subarray(0, lame + 34)));
  });

  it("uses the checksum that LAME itself writes", async () => {
    // The tag of a file by LAME ends in a checksum over all before it; the ID3 tag in front is skipped.
    const foreign = await fixture("stereo.mp3");
    const tag = foreign.indexOf("Info");
    const frame = foreign.subarray(tag - 36);
    expect(frame.readUInt16BE(36 + 120 + 34)).toBe(crc16(frame.subarray(0, 36 + 120 + 34)));
  });
});

describe("ogg pages", () => {
  interface Page {
    readonly flags: number;
    readonly granule: number;
    readonly sequence: number;
    readonly body: Buffer;
  }

  function pagesOf(file: Buffer): Page[] {
    const pages: Page[] = [];
    for (let at = 0; at < file.length; ) {
      expect(file.toString("latin1", at, at + 4)).toBe("OggS");
      const segments = file.subarray(at + 27, at + 27 + (file[at + 26] ?? 0));
      const start = at + 27 + segments.length;
      const end = start + segments.reduce((sum, size) => sum + size, 0);
      pages.push({
        flags: file[at + 5] ?? 0,
        granule: Number(file.readBigInt64LE(at + 6)),
        sequence: file.readUInt32LE(at + 18),
        body: file.subarray(start, end),
      });
      at = end;
    }
    return pages;
  }

  it("begin with the headers and end at the trimmed position", async () => {
    const length = 60_001;
    const pages = pagesOf((await encode("opus", tone(440, length))).file);
    expect(pages.map((page) => page.sequence)).toEqual(pages.map((_, i) => i));
    expect(pages.map((page) => page.flags)).toEqual([2, ...pages.slice(2).map(() => 0), 4]);
    expect(pages[0]?.body.toString("latin1", 0, 8)).toBe("OpusHead");
    expect(pages[1]?.body.toString("latin1", 0, 8)).toBe("OpusTags");
    const preSkip = pages[0]?.body.readUInt16LE(10) ?? 0;
    expect(preSkip).toBeGreaterThan(0);
    expect(pages[0]?.body.readUInt32LE(12)).toBe(RATE);
    expect(pages.at(-1)?.granule).toBe(preSkip + length * 2);
    // A page goes out with every fifth of a second, at 48 kHz.
    const granules = pages.slice(2, -1).map((page) => page.granule);
    expect(granules).toEqual(granules.map((_, i) => 9_600 * (i + 1)));
    expect(granules).toHaveLength(12);
  });
});

it("refuses a format that does not exist", async () => {
  await expect(createEncoder("aiff" as AudioFormat, { sampleRate: RATE })).rejects.toMatchObject({
    code: "INVALID_INPUT",
  });
});
