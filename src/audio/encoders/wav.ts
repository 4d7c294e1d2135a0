import { SpeakerError } from "../../errors.ts";
import { toPcm16Bytes } from "../pcm16.ts";
import type { EncodedEnd, StreamEncoder } from "./encoder.ts";

const HEADER_BYTES = 44;
/** Chunk sizes are 32 bits, and the RIFF one also counts the 36 header bytes after it. */
const MAX_DATA_BYTES = 0xffff_ffff - (HEADER_BYTES - 8);

/** The canonical 44-byte header of 16-bit mono PCM (Microsoft RIFF, "WAVE" form). */
function wavHeader(sampleRate: number, riffBytes: number, dataBytes: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(Buffer.from("RIFF"), 0);
  view.setUint32(4, riffBytes, true);
  header.set(Buffer.from("WAVEfmt "), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // mono
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  header.set(Buffer.from("data"), 36);
  view.setUint32(40, dataBytes, true);
  return header;
}

/**
 * 16-bit mono WAV. While it streams, the sizes read 0xFFFFFFFF, which players take as "until the end"; the
 * patch at the end makes them exact.
 * @param maxDataBytes where the file is refused; only tests set it lower than the format's own limit.
 * @throws SpeakerError INVALID_INPUT from `push` when the audio no longer fits the format (4 GiB).
 */
export function createWavEncoder(sampleRate: number, maxDataBytes = MAX_DATA_BYTES): StreamEncoder {
  let header: Uint8Array | undefined = wavHeader(sampleRate, 0xffff_ffff, 0xffff_ffff);
  let dataBytes = 0;
  const start = (body: Uint8Array): Uint8Array => {
    if (!header) return body;
    const bytes = new Uint8Array(header.length + body.length);
    bytes.set(header);
    bytes.set(body, header.length);
    header = undefined;
    return bytes;
  };
  return {
    push(samples) {
      dataBytes += samples.length * 2;
      if (dataBytes > maxDataBytes) {
        throw new SpeakerError(
          "INVALID_INPUT",
          "The audio is longer than a WAV file can hold; use another format.",
        );
      }
      return start(toPcm16Bytes(samples));
    },
    finish(): EncodedEnd {
      const bytes = start(new Uint8Array(0));
      const exact = wavHeader(sampleRate, dataBytes + HEADER_BYTES - 8, dataBytes);
      return { bytes, patches: [{ offset: 0, bytes: exact }] };
    },
  };
}
