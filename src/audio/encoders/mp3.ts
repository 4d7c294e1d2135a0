import { createMp3Encoder as createLame } from "wasm-media-encoders";
import { clampSamples, concatBytes, type EncodedEnd, type StreamEncoder } from "./encoder.ts";
import { mp3Frames } from "./mp3-frames.ts";
import { crc16, infoFrame, provisionalInfoFrame } from "./mp3-info.ts";

const HEADER_BYTES = 4;

/**
 * MP3 by LAME at a constant bit rate. The library writes no Info tag, so this adds one in front: it carries
 * the frame count and how many samples to drop at both ends, which makes the length exact and gapless. LAME
 * itself lowers the level by 0.45 dB, so that what it adds does not clip when decoded.
 * @param sampleRate one that `AUDIO_FORMAT_INFO` lists for MP3
 */
export async function createMp3Encoder(sampleRate: number): Promise<StreamEncoder> {
  const lame = await createLame();
  const { bitrateKbps, samplesPerFrame, frameBytes } = mp3Frames(sampleRate);
  lame.configure({ sampleRate, channels: 1, bitrate: bitrateKbps });

  let header: Uint8Array | undefined;
  let received = 0;
  let musicBytes = 0;
  let musicCrc = 0;
  let frames = 0;
  let nextFrameAt = 0;
  /** The start of a frame header that the last chunk cut off. */
  let carry = new Uint8Array(0);

  /** Counts frames by walking from header to header; only the padding bit varies their length. */
  const countFrames = (bytes: Uint8Array): void => {
    const data = concatBytes([carry, bytes]);
    const start = musicBytes - carry.length;
    while (nextFrameAt + HEADER_BYTES <= start + data.length) {
      const at = nextFrameAt - start;
      if (data[at] !== 0xff || ((data[at + 1] as number) & 0xe0) !== 0xe0)
        throw new Error("LAME lost frame sync");
      nextFrameAt += frameBytes + (((data[at + 2] as number) >> 1) & 1);
      frames += 1;
    }
    carry = data.slice(Math.min(data.length, Math.max(0, nextFrameAt - start)));
  };

  const take = (fromLame: Uint8Array): Uint8Array => {
    if (fromLame.length === 0) return fromLame;
    const bytes = fromLame.slice(); // LAME reuses its buffer
    countFrames(bytes);
    musicBytes += bytes.length;
    musicCrc = crc16(bytes, musicCrc);
    if (header) return bytes;
    header = bytes.slice(0, HEADER_BYTES);
    return concatBytes([provisionalInfoFrame(header, frameBytes), bytes]);
  };

  return {
    push(samples) {
      received += samples.length;
      return take(lame.encode([clampSamples(samples)]));
    },
    finish(): EncodedEnd {
      const bytes = take(lame.finalize());
      if (!header) throw new Error("LAME produced no frame");
      const exact = infoFrame({
        header,
        frameBytes,
        frames,
        samplesPerFrame,
        sampleCount: received,
        musicBytes,
        musicCrc,
        bitrateKbps,
      });
      return { bytes, patches: [{ offset: 0, bytes: exact }] };
    },
  };
}
