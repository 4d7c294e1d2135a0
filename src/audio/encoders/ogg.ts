import { concatBytes } from "./encoder.ts";

/** CRC-32 of RFC 3533: polynomial 0x04C11DB7, most significant bit first, start value and final XOR 0. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value & 0x8000_0000 ? 0x04c1_1db7 : 0);
  return value >>> 0;
});

function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] as number);
  return crc >>> 0;
}

const MAX_SEGMENTS = 255;
const SEGMENT_BYTES = 255;
const PAGE_HEADER_BYTES = 27;

interface PageFlags {
  readonly first?: boolean;
  readonly last?: boolean;
}

/**
 * Writes one logical bitstream as Ogg pages (RFC 3533). A packet never spans pages: the packets of speech
 * codecs are far below a page's 65,025 bytes.
 */
export class OggStream {
  readonly #serial: number;
  #sequence = 0;
  #packets: Uint8Array[] = [];
  #segments: number[] = [];

  /** @param serial any number; it only has to differ between streams multiplexed into one file. */
  constructor(serial: number) {
    this.#serial = serial;
  }

  /** Whether the current page has room for a packet of this many bytes. */
  fits(packetBytes: number): boolean {
    return this.#segments.length + Math.floor(packetBytes / SEGMENT_BYTES) + 1 <= MAX_SEGMENTS;
  }

  /** Adds a packet to the current page. @throws RangeError when it does not fit. */
  add(packet: Uint8Array): void {
    if (!this.fits(packet.length)) throw new RangeError("The packet does not fit into the Ogg page");
    let rest = packet.length;
    for (; rest >= SEGMENT_BYTES; rest -= SEGMENT_BYTES) this.#segments.push(SEGMENT_BYTES);
    this.#segments.push(rest);
    this.#packets.push(packet);
  }

  /** Closes the current page. @param granule position in samples at the end of its last packet. */
  page(granule: number, { first = false, last = false }: PageFlags = {}): Uint8Array {
    const header = Buffer.alloc(PAGE_HEADER_BYTES + this.#segments.length);
    header.write("OggS", 0, "latin1");
    header.writeUInt8((first ? 2 : 0) | (last ? 4 : 0), 5);
    header.writeBigInt64LE(BigInt(granule), 6);
    header.writeUInt32LE(this.#serial, 14);
    header.writeUInt32LE(this.#sequence, 18);
    header.writeUInt8(this.#segments.length, 26);
    header.set(this.#segments, PAGE_HEADER_BYTES);
    const page = concatBytes([header, ...this.#packets]);
    new DataView(page.buffer, page.byteOffset).setUint32(22, oggCrc(page), true);
    this.#sequence += 1;
    this.#packets = [];
    this.#segments = [];
    return page;
  }
}
