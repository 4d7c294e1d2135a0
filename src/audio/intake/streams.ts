import type { Meter } from "./meter.ts";
import { checkFormat, refuse } from "./refuse.ts";

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
  readonly errors?: readonly unknown[];
}

interface StreamDecoder {
  decode(bytes: Uint8Array): Decoded;
  flush?(): Decoded;
  free(): void;
}

/** How much of the file is decoded at once: a few bytes of FLAC or Opus may unfold to seconds of silence. */
const DENSE_BYTES = 1 << 10;
const PLAIN_BYTES = 1 << 14;
/** A recording with more faults than this is not what was recorded. */
const MAX_FAULTS = 20;

/** Feeds a file to a decoder piece by piece, so that what is too long is left before it has been unfolded. */
function decodeStream(
  bytes: Uint8Array,
  decoder: StreamDecoder,
  pieceBytes: number,
  meter: Meter,
  mix = (channels: readonly Float32Array[]) => channels,
  cutAt = (_start: number, end: number) => end,
): void {
  let faults = 0;
  const take = ({ channelData, sampleRate, errors }: Decoded) => {
    faults += errors?.length ?? 0;
    if (faults > MAX_FAULTS) refuse("DAMAGED", "The file is damaged in many places.");
    meter.push(mix(channelData), sampleRate);
  };
  try {
    for (let at = 0; at < bytes.length; ) {
      const end = cutAt(at, Math.min(at + pieceBytes, bytes.length));
      // A copy: the decoders keep what they could not use yet.
      take(decoder.decode(bytes.slice(at, end)));
      at = end;
    }
    if (decoder.flush !== undefined) take(decoder.flush());
  } finally {
    decoder.free();
  }
}

/** @returns the codec's name */
export async function decodeMp3(bytes: Uint8Array, meter: Meter): Promise<string> {
  const { decoder } = await import("@audio/decode-mp3");
  // mpg123 decodes mono to two equal channels; once they differ the recording is stereo for good.
  let mono: boolean | null = null;
  decodeStream(bytes, await decoder(), PLAIN_BYTES, meter, (channels) => {
    const [left, right] = channels;
    if (channels.length !== 2 || left === undefined || right === undefined || left.length === 0)
      return channels;
    mono ??= left.every((sample, i) => sample === right[i]);
    return mono ? [left] : channels;
  });
  return "mp3";
}

/** Samples that no file of the largest size can honestly hold: a day at 192 kHz. */
const ABSURD_SAMPLES = 86_400 * 192_000;

/** What the first block of a FLAC file states (RFC 9639, section 8.2). */
function readStreamInfo(bytes: Uint8Array): { samples: number } {
  const start = Math.max(0, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("fLaC"));
  if (((bytes[start + 4] ?? 0x7f) & 0x7f) !== 0 || bytes.length < start + 42) {
    refuse("INVALID_HEADER", "The FLAC file does not say what it holds.");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start + 8, 34);
  const packed = view.getUint32(10);
  checkFormat(packed >>> 12, ((packed >>> 9) & 7) + 1);
  const samples = (view.getUint8(13) & 15) * 2 ** 32 + view.getUint32(14);
  if (samples > ABSURD_SAMPLES) refuse("INVALID_HEADER", `The FLAC file states ${samples} samples.`);
  return { samples };
}

/** The longest header of a FLAC frame (RFC 9639, section 9.1). */
const MAX_FRAME_HEADER_BYTES = 16;

/**
 * Where to end a piece of a FLAC file, so that no frame's header is cut in two: the decoder would take a frame
 * whose header it sees in halves for the end of the one before, and lose it.
 */
function cutBeforeHeader(bytes: Uint8Array, start: number, end: number): number {
  if (end === bytes.length) return end;
  for (let at = Math.max(start + 1, end - MAX_FRAME_HEADER_BYTES); at < end; at++) {
    if (bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xfe) === 0xf8) return at;
  }
  return end;
}

/** Frames may be lost at the very end; more than this is a file that was cut off. */
const COMPLETE_SHARE = 0.98;

/** @returns the codec's name */
export async function decodeFlac(bytes: Uint8Array, meter: Meter): Promise<string> {
  const { samples } = readStreamInfo(bytes);
  const { decoder } = await import("@audio/decode-flac");
  const whole = (channels: readonly Float32Array[]) => channels;
  decodeStream(bytes, await decoder(), DENSE_BYTES, meter, whole, (start, end) =>
    cutBeforeHeader(bytes, start, end),
  );
  if (meter.samples < samples * COMPLETE_SHARE) refuse("DAMAGED", "The FLAC file is cut off.");
  return "flac";
}

/** Ogg, by the first packet of its first stream. @returns the codec's name */
export async function decodeOgg(bytes: Uint8Array, meter: Meter): Promise<string> {
  const segments = bytes[26] ?? 0;
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(27 + segments);
  const starts = (mark: string) => packet.toString("latin1", 0, mark.length) === mark;
  if (starts("OpusHead")) {
    checkFormat(48_000, packet[9] ?? 0);
    const { decoder } = await import("@audio/decode-opus");
    decodeStream(bytes, await decoder(), DENSE_BYTES, meter);
    return "opus";
  }
  if (starts("\x01vorbis")) {
    if (packet.length < 16) refuse("INVALID_HEADER", "The Ogg file's header is cut short.");
    checkFormat(packet.readUInt32LE(12), packet[11] ?? 0);
    const { decoder } = await import("@audio/decode-vorbis");
    decodeStream(bytes, await decoder(), DENSE_BYTES, meter);
    return "vorbis";
  }
  for (const [mark, name] of OTHER_OGG) {
    if (!starts(mark)) continue;
    if (name === "video") refuse("NO_AUDIO_TRACK", "The Ogg file begins with video; send the sound alone.");
    refuse("UNSUPPORTED_CODEC", `The Ogg file holds ${name}; Opus and Vorbis are read.`);
  }
  refuse("UNSUPPORTED_CODEC", "The Ogg file holds a codec that is not read here; Opus and Vorbis are.");
}

const OTHER_OGG = [
  ["\x80theora", "video"],
  ["Speex   ", "Speex"],
  ["\x7fFLAC", "FLAC"],
  ["fishead", "several streams"],
] as const;
