import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { BlockBuffer, clampSamples, concatBytes, type EncodedEnd, type StreamEncoder } from "./encoder.ts";

/** The rates that MPEG-4 has a number for, by that number (ISO/IEC 14496-3, table 1.18). */
const RATE_NUMBERS: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
];

/** Bits a second: FFmpeg's encoder needs a third more than Opus for mono speech of the same quality. */
const BITRATE = 64_000;
/** What the bits of a second come to at most, for each sample: low rates cannot take as many. */
const MAX_BITS_PER_SAMPLE = 4;
const BYTES_PER_SAMPLE = 4;
const ADTS_HEADER_BYTES = 7;

/** What is used of FFmpeg's AAC encoder as the package compiled it; numbers are addresses in its memory. */
interface AacLibrary {
  /** A fresh view after each call: the memory may have grown. */
  readonly HEAPU8: Uint8Array;
  _init_encoder(channels: number, sampleRate: number, bitrate: number): number;
  _get_encoder_frame_size(context: number): number;
  _get_encode_input_ptr(context: number, bytes: number): number;
  _send_frame(context: number, position: bigint): number;
  _receive_packet(context: number): number;
  _get_encoded_data(context: number): number;
  _flush_encoder_start(context: number): void;
  _close_encoder(context: number): void;
}

type Factory = () => Promise<AacLibrary>;

let factory: Promise<Factory> | null = null;

/**
 * The package hands its encoder only to a worker that it starts itself, one message for each frame. The file that
 * the worker is made of has the whole encoder in it, but mixes both kinds of modules, so that no runtime loads it
 * as it is: it is compiled here, with the only line that stands in the way (its own address, of which it makes
 * no use outside browsers) left empty.
 */
async function loadFactory(): Promise<Factory> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve("@mediabunny/aac-encoder");
  const file = join(dirname(entry), "../modules/build/aac.js");
  const source = (await readFile(file, "utf8")).replace("import.meta.url", '""');
  const exports: { default?: Factory } = {};
  compileFunction(source, ["exports"], { filename: file })(exports);
  if (exports.default === undefined) throw new Error("the AAC package holds no encoder");
  return exports.default;
}

/**
 * The header that makes an AAC packet a frame of ADTS, which players find their way into at any point
 * (ISO/IEC 14496-3, §1.A.3.2): AAC-LC, mono, no checksum.
 */
function adtsHeader(rateNumber: number, packetBytes: number): Uint8Array {
  const length = ADTS_HEADER_BYTES + packetBytes;
  const channels = 1;
  return Uint8Array.of(
    0xff,
    0xf1,
    (1 << 6) | (rateNumber << 2) | (channels >> 2),
    ((channels & 3) << 6) | (length >> 11),
    (length >> 3) & 0xff,
    // How full the decoder's buffer is is said as "variable rate".
    ((length & 7) << 5) | 0x1f,
    0xfc,
  );
}

/**
 * AAC-LC in ADTS by FFmpeg's encoder. ADTS cannot say what to drop: the first frame (1,024 samples) holds only
 * the encoder's delay, which some decoders give as silence and others leave out, and the last one is filled up.
 *
 * @param sampleRate one that `AUDIO_FORMAT_INFO` lists for AAC
 */
export async function createAacEncoder(sampleRate: number): Promise<StreamEncoder> {
  factory ??= loadFactory();
  // One instance for each encoder: what one that was never finished holds goes with it.
  const aac = await (await factory)();
  const bitrate = Math.min(BITRATE, MAX_BITS_PER_SAMPLE * sampleRate);
  const context = aac._init_encoder(1, sampleRate, bitrate);
  if (context === 0) throw new Error("the AAC encoder refused to start");
  const frameSize = aac._get_encoder_frame_size(context);
  const rateNumber = RATE_NUMBERS.indexOf(sampleRate);
  const blocks = new BlockBuffer(frameSize);
  let sent = 0;

  const drain = (into: Uint8Array[]): void => {
    for (;;) {
      const size = aac._receive_packet(context);
      if (size < 0) throw new Error(`the AAC encoder failed: ${size}`);
      if (size === 0) return;
      const at = aac._get_encoded_data(context);
      into.push(adtsHeader(rateNumber, size), aac.HEAPU8.slice(at, at + size));
    }
  };
  const encode = (samples: Float32Array): Uint8Array[] => {
    const frames: Uint8Array[] = [];
    for (const block of blocks.push(samples)) {
      const at = aac._get_encode_input_ptr(context, frameSize * BYTES_PER_SAMPLE);
      if (at === 0) throw new Error("the AAC encoder is out of memory");
      aac.HEAPU8.set(new Uint8Array(block.buffer, block.byteOffset, block.byteLength), at);
      const status = aac._send_frame(context, BigInt(sent));
      if (status < 0) throw new Error(`the AAC encoder refused a frame: ${status}`);
      sent += frameSize;
      drain(frames);
    }
    return frames;
  };
  return {
    push: (samples) => concatBytes(encode(clampSamples(samples))),
    finish(): EncodedEnd {
      const missing = blocks.pendingLength > 0 || sent === 0 ? frameSize - blocks.pendingLength : 0;
      const frames = encode(new Float32Array(missing));
      aac._flush_encoder_start(context);
      drain(frames);
      aac._close_encoder(context);
      return { bytes: concatBytes(frames), patches: [] };
    },
  };
}
