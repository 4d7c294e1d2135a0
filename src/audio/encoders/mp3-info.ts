/** Samples of silence that LAME puts before the first sample (its `ENCDELAY`). */
const ENCODER_DELAY = 576;
const TOC_ENTRIES = 100;

/** CRC-16 with polynomial 0x8005, bits reflected, start value 0, as the LAME tag wants it. */
export function crc16(bytes: Uint8Array, start = 0): number {
  let crc = start;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number);
  return crc;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xa001 : 0);
  return value;
});

/** An empty frame in the form of the stream's own ones, and where its tag starts. */
function emptyFrame(header: Uint8Array, frameBytes: number): { frame: Buffer; tagAt: number } {
  const frame = Buffer.alloc(frameBytes);
  frame.set(header);
  frame[1] = (header[1] as number) | 0x01; // no CRC
  frame[2] = (header[2] as number) & ~0x02; // no padding
  const isMpeg1 = ((header[1] as number) & 0x08) !== 0;
  const tagAt = 4 + (isMpeg1 ? 17 : 9); // behind the side information of a mono frame
  frame.write("Info", tagAt, "latin1");
  return { frame, tagAt };
}

/** The Info frame while the length is unknown: players skip it and estimate from the bit rate. */
export function provisionalInfoFrame(header: Uint8Array, frameBytes: number): Uint8Array {
  return emptyFrame(header, frameBytes).frame;
}

export interface Mp3Summary {
  /** The four header bytes of the stream's first frame. */
  readonly header: Uint8Array;
  /** Length of a frame without padding. */
  readonly frameBytes: number;
  readonly frames: number;
  readonly samplesPerFrame: number;
  /** Samples that came in; what the frames hold beyond them is delay and padding. */
  readonly sampleCount: number;
  readonly musicBytes: number;
  readonly musicCrc: number;
  readonly bitrateKbps: number;
}

/**
 * The frame that goes before a constant-rate MP3 stream: Xing fields (frames, bytes, seek table) and LAME's
 * extension with encoder delay and padding. Layout: "Mp3 Info Tag revision 1" and LAME 3.100 `VbrTag.c`.
 */
export function infoFrame(summary: Mp3Summary): Uint8Array {
  const { frame, tagAt } = emptyFrame(summary.header, summary.frameBytes);
  const padding = summary.frames * summary.samplesPerFrame - ENCODER_DELAY - summary.sampleCount;
  if (padding < 0 || padding > 0xfff) throw new Error(`LAME lost samples: padding of ${padding}`);
  const totalBytes = summary.frameBytes + summary.musicBytes;

  frame.writeUInt32BE(0x0f, tagAt + 4); // frames, bytes, seek table and quality follow
  frame.writeUInt32BE(summary.frames, tagAt + 8);
  frame.writeUInt32BE(totalBytes, tagAt + 12);
  for (let i = 0; i < TOC_ENTRIES; i++) frame[tagAt + 16 + i] = Math.floor((i * 256) / TOC_ENTRIES);
  frame.writeUInt32BE(50, tagAt + 16 + TOC_ENTRIES);

  const lameAt = tagAt + 20 + TOC_ENTRIES;
  frame.write("LAME3.100", lameAt, "latin1");
  frame[lameAt + 9] = 0x01; // tag revision 0, constant bit rate
  frame[lameAt + 20] = summary.bitrateKbps;
  frame.writeUIntBE((ENCODER_DELAY << 12) | padding, lameAt + 21, 3);
  frame.writeUInt32BE(totalBytes, lameAt + 28);
  frame.writeUInt16BE(summary.musicCrc, lameAt + 32);
  frame.writeUInt16BE(crc16(frame.subarray(0, lameAt + 34)), lameAt + 34);
  return frame;
}
