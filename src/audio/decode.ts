import { SpeakerError } from "../errors.ts";

/** Planar PCM, full scale ±1. All channels have the same length. */
export interface DecodedAudio {
  /** Hz; Opus always decodes at 48,000. */
  readonly sampleRate: number;
  readonly channels: Float32Array[];
}

interface CodecOutput {
  readonly sampleRate: number;
  readonly channelData: Float32Array[];
}

/** One package for each codec, because the collected ones bring GPL decoders along. */
const DECODERS = {
  wav: async (bytes: Uint8Array): Promise<CodecOutput> => (await import("@audio/decode-wav")).default(bytes),
  mp3: async (bytes: Uint8Array): Promise<CodecOutput> => (await import("@audio/decode-mp3")).default(bytes),
  flac: async (bytes: Uint8Array): Promise<CodecOutput> =>
    (await import("@audio/decode-flac")).default(bytes),
  opus: async (bytes: Uint8Array): Promise<CodecOutput> =>
    (await import("@audio/decode-opus")).default(bytes),
} as const;

type DecodableFormat = keyof typeof DECODERS;

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** Tells the format by content, never by name. Raw PCM has no mark to know it by. */
function sniff(bytes: Uint8Array): DecodableFormat | undefined {
  const magic = textAt(bytes, 0, 4);
  if (magic === "RIFF" && textAt(bytes, 8, 4) === "WAVE") return "wav";
  if (magic === "fLaC") return "flac";
  if (magic === "OggS" && textAt(bytes, 28, 8) === "OpusHead") return "opus";
  if (magic.startsWith("ID3")) return "mp3";
  const isFrameSync = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2; // sync bits, Layer III
  return isFrameSync ? "mp3" : undefined;
}

/** mpg123 decodes mono to two equal channels. */
function withoutTwin(channels: Float32Array[]): Float32Array[] {
  const [left, right] = channels;
  if (channels.length !== 2 || !left || !right) return channels;
  return left.every((sample, i) => sample === right[i]) ? [left] : channels;
}

/**
 * Decodes a whole file: WAV (integer and float PCM), MP3, FLAC or Ogg Opus, told apart by content. Encoder
 * delay and padding are removed where the file states them. It works on the calling thread and holds the
 * whole audio in memory: limit the size of what strangers send, and keep it off the API's thread.
 * @throws SpeakerError INVALID_INPUT when the bytes are none of these formats or hold no audio.
 */
export async function decodeAudio(bytes: Uint8Array): Promise<DecodedAudio> {
  const format = sniff(bytes);
  if (!format) throw new SpeakerError("INVALID_INPUT", "The file is not WAV, MP3, FLAC or Ogg Opus audio.");
  let output: CodecOutput;
  try {
    // A plain view: the decoders count on `slice` to copy, which Node's Buffer does not.
    output = await DECODERS[format](new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw new SpeakerError("INVALID_INPUT", `The ${format.toUpperCase()} audio is damaged.`, { cause });
  }
  const channels = format === "mp3" ? withoutTwin(output.channelData) : output.channelData;
  if (!output.sampleRate || !channels[0]?.length) {
    throw new SpeakerError(
      "INVALID_INPUT",
      `The ${format.toUpperCase()} file holds no audio that can be read.`,
    );
  }
  return { sampleRate: output.sampleRate, channels };
}
