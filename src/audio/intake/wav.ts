import type { Meter } from "./meter.ts";
import { checkFormat, refuse } from "./refuse.ts";

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Behind the first two bytes, the sub-format of WAVE_FORMAT_EXTENSIBLE is always this (KSDATAFORMAT_SUBTYPE). */
const SUBTYPE_TAIL = "000000001000800000aa00389b71";
/** No recorder writes gigabytes for what is at most minutes: a stated size beyond this is made up. */
const ABSURD_BYTES = 0x4000_0000;
const BLOCK_BYTES = 1 << 16;

interface WavFormat {
  readonly kind: "pcm" | "float";
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: 8 | 16 | 24 | 32 | 64;
}

const NAMES: Readonly<Record<number, string>> = {
  2: "ADPCM",
  6: "A-law",
  7: "µ-law",
  17: "IMA ADPCM",
  49: "GSM",
  80: "MPEG",
  85: "MP3",
  255: "AAC",
};

function readFormat(view: DataView, start: number, size: number): WavFormat {
  if (size < 16) refuse("INVALID_HEADER", "The WAV file's format is cut short.");
  let tag = view.getUint16(start, true);
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const blockBytes = view.getUint16(start + 12, true);
  const bits = view.getUint16(start + 14, true);
  if (tag === EXTENSIBLE) {
    if (size < 40) refuse("INVALID_HEADER", "The WAV file's extensible format is cut short.");
    tag = view.getUint16(start + 24, true);
    const tail = Buffer.from(view.buffer, view.byteOffset + start + 26, 14).toString("hex");
    if (tail !== SUBTYPE_TAIL)
      refuse("UNSUPPORTED_CODEC", "The WAV file holds a codec that is not read here.");
  }
  if (tag !== PCM && tag !== FLOAT) {
    refuse(
      "UNSUPPORTED_CODEC",
      `The WAV file holds ${NAMES[tag] ?? `codec ${tag}`}; PCM and floating point are read.`,
    );
  }
  checkFormat(sampleRate, channels);
  const accepted = tag === PCM ? [8, 16, 24, 32] : [32, 64];
  if (!accepted.includes(bits) || blockBytes !== (channels * bits) / 8) {
    refuse(
      "INVALID_HEADER",
      `The WAV file states ${bits} bits a sample in blocks of ${blockBytes} bytes, which makes no sense.`,
    );
  }
  return { kind: tag === PCM ? "pcm" : "float", channels, sampleRate, bits: bits as WavFormat["bits"] };
}

type ReadSample = (view: DataView, at: number) => number;

const READERS: Readonly<Record<string, ReadSample>> = {
  pcm8: (view, at) => (view.getUint8(at) - 128) / 128,
  pcm16: (view, at) => view.getInt16(at, true) / 0x8000,
  pcm24: (view, at) => (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 0x80_0000,
  pcm32: (view, at) => view.getInt32(at, true) / 0x8000_0000,
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
};

/**
 * Decodes a WAV file: integer PCM of 8, 16, 24 and 32 bits, floating point of 32 and 64, plain or extensible.
 * @returns the codec's name
 * @throws UnsupportedAudioError
 */
export function decodeWav(bytes: Uint8Array, meter: Meter): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: WavFormat | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    const room = bytes.length - start;
    if (size > ABSURD_BYTES) refuse("INVALID_HEADER", `The WAV file states a part of ${size} bytes.`);
    if (size > room) refuse("DAMAGED", `The WAV file is cut off: ${size - room} bytes are missing.`);
    if (id === "fmt ") format = readFormat(view, start, size);
    else if (id === "data") {
      if (format === null) refuse("INVALID_HEADER", "The WAV file has samples before it says of what kind.");
      decodeSamples(view, start, size, format, meter);
      return codecName(format);
    }
    at = start + size + (size & 1);
  }
  refuse(format === null ? "INVALID_HEADER" : "NO_AUDIO_TRACK", "The WAV file holds no samples.");
}

function decodeSamples(view: DataView, start: number, size: number, format: WavFormat, meter: Meter): void {
  const { channels, bits, sampleRate } = format;
  const read = READERS[format.kind + bits] as ReadSample;
  const sampleBytes = bits / 8;
  const frames = Math.floor(size / (sampleBytes * channels));
  const block = Math.max(1, Math.floor(BLOCK_BYTES / (sampleBytes * channels)));
  for (let first = 0; first < frames; first += block) {
    const length = Math.min(block, frames - first);
    const planes = Array.from({ length: channels }, () => new Float32Array(length));
    let at = start + first * sampleBytes * channels;
    for (let i = 0; i < length; i++) {
      for (const plane of planes) {
        plane[i] = read(view, at);
        at += sampleBytes;
      }
    }
    meter.push(planes, sampleRate);
  }
}

/** WAV's samples of eight bits are the only ones without a sign. */
function codecName({ kind, bits }: WavFormat): string {
  return `pcm_${kind === "float" ? "f" : bits === 8 ? "u" : "s"}${bits}`;
}
