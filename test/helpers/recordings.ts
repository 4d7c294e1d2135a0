import { readFile } from "node:fs/promises";
import { decodeAudio } from "../../src/audio/decode.ts";

/** A file of `test/fixtures/uploads` (its README says what each is). */
export function recording(name: string): Promise<Buffer> {
  return readFile(new URL(`../fixtures/uploads/${name}`, import.meta.url));
}

/** The sentence that the recordings hold: mono, 16 kHz. */
export async function speech(): Promise<Float32Array> {
  const { channels } = await decodeAudio(await recording("speech.flac"));
  return channels[0] as Float32Array;
}

export interface WavOptions {
  readonly kind?: "pcm" | "float";
  readonly bits?: 8 | 16 | 24 | 32 | 64;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly extensible?: boolean;
}

/** A WAV file with the same samples in every channel. */
export function wavFile(samples: Float32Array, options: WavOptions = {}): Buffer {
  const { kind = "pcm", bits = 16, channels = 1, sampleRate = 16_000, extensible = false } = options;
  const sampleBytes = bits / 8;
  const format = Buffer.alloc(extensible ? 40 : 16);
  const tag = kind === "pcm" ? 1 : 3;
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * channels * sampleBytes, 8);
  format.writeUInt16LE(channels * sampleBytes, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(tag, 24);
    Buffer.from("000000001000800000aa00389b71", "hex").copy(format, 26);
  }
  const data = Buffer.alloc(samples.length * channels * sampleBytes);
  let at = 0;
  for (const sample of samples) {
    for (let channel = 0; channel < channels; channel++, at += sampleBytes) {
      if (kind === "float") bits === 64 ? data.writeDoubleLE(sample, at) : data.writeFloatLE(sample, at);
      else if (bits === 8) data.writeUInt8(Math.round(sample * 127) + 128, at);
      else data.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, sampleBytes);
    }
  }
  const body = Buffer.concat([Buffer.from("WAVE"), chunk("fmt ", format), chunk("data", data)]);
  return chunk("RIFF", body);
}

function chunk(id: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(id), size, content, Buffer.alloc(content.length % 2)]);
}
