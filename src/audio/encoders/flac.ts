import flac from "libflacjs/dist/libflac.js";
import { toPcm16 } from "../pcm16.ts";
import { concatBytes, type EncodedEnd, type StreamEncoder } from "./encoder.ts";

/** libFLAC's default; higher levels cost two to three times the time for about 0.5 % of the size. */
const COMPRESSION_LEVEL = 5;
const BITS_PER_SAMPLE = 16;
/** STREAMINFO is the first block: behind "fLaC" and its own four-byte block header. */
const STREAMINFO_OFFSET = 8;
const STREAMINFO_BYTES = 34;

/** What libFLAC knows about the stream once it is complete. */
interface StreamInfo {
  readonly min_blocksize: number;
  readonly max_blocksize: number;
  readonly min_framesize: number;
  readonly max_framesize: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  readonly total_samples: number;
  readonly md5sum: string;
}

/** The body of the STREAMINFO metadata block (RFC 9639 §8.2), big-endian. */
function streamInfoBlock(info: StreamInfo): Uint8Array {
  const block = Buffer.alloc(STREAMINFO_BYTES);
  block.writeUInt16BE(info.min_blocksize, 0);
  block.writeUInt16BE(info.max_blocksize, 2);
  block.writeUIntBE(info.min_framesize, 4, 3);
  block.writeUIntBE(info.max_framesize, 7, 3);
  // 20 bits of rate, 3 of channels - 1, 5 of bits per sample - 1, 36 of total samples.
  const packed =
    (BigInt(info.sampleRate) << 44n) |
    (BigInt(info.channels - 1) << 41n) |
    (BigInt(info.bitsPerSample - 1) << 36n) |
    BigInt(info.total_samples);
  block.writeBigUInt64BE(packed, 10);
  block.write(info.md5sum, 18, "hex");
  return block;
}

/**
 * Native FLAC, 16-bit mono, by libFLAC. Its STREAMINFO says "length unknown" while it streams; the patch at
 * the end brings total samples, frame sizes and the MD5 of the audio.
 */
export async function createFlacEncoder(sampleRate: number): Promise<StreamEncoder> {
  if (!flac.isReady()) await new Promise<void>((resolve) => flac.on("ready", () => resolve()));
  // Total samples unknown, no verification: it would decode everything again for twice the time.
  const handle = flac.create_libflac_encoder(sampleRate, 1, BITS_PER_SAMPLE, COMPRESSION_LEVEL, 0, false);
  if (!handle) throw new Error("libFLAC could not create an encoder");
  let written: Uint8Array[] = [];
  let info: StreamInfo | undefined;
  const status = flac.init_encoder_stream(
    handle,
    (bytes: Uint8Array) => void written.push(bytes.slice()),
    (metadata) => {
      info = metadata as unknown as StreamInfo;
    },
  );
  if (status !== 0) throw new Error(`libFLAC refused to start: status ${status}`);
  const drain = (): Uint8Array => {
    const bytes = concatBytes(written);
    written = [];
    return bytes;
  };
  return {
    push(samples) {
      if (samples.length === 0) return drain();
      const pcm = Int32Array.from(toPcm16(samples));
      if (!flac.FLAC__stream_encoder_process(handle, [pcm], pcm.length)) {
        throw new Error(`libFLAC failed: state ${flac.FLAC__stream_encoder_get_state(handle)}`);
      }
      return drain();
    },
    finish(): EncodedEnd {
      const finished = flac.FLAC__stream_encoder_finish(handle);
      flac.FLAC__stream_encoder_delete(handle);
      if (!finished || !info) throw new Error("libFLAC could not finish the stream");
      return { bytes: drain(), patches: [{ offset: STREAMINFO_OFFSET, bytes: streamInfoBlock(info) }] };
    },
    discard: () => void flac.FLAC__stream_encoder_delete(handle),
  };
}
