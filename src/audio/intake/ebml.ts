import { refuse } from "./refuse.ts";

/** Element ids of EBML (RFC 8794) and Matroska (RFC 9559), marker bits included. */
const ID = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  audio: 0xe1,
  channels: 0x9f,
  contentEncodings: 0x6d80,
  contentEncoding: 0x6240,
  contentEncryption: 0x5035,
  blockGroup: 0xa0,
  block: 0xa1,
  simpleBlock: 0xa3,
} as const;

/** Elements that hold elements, on the way to what is read. */
const FOLDERS: ReadonlySet<number> = new Set([
  ID.segment,
  ID.cluster,
  ID.tracks,
  ID.trackEntry,
  ID.audio,
  ID.contentEncodings,
  ID.contentEncoding,
  ID.blockGroup,
]);
/** Elements that may stand beside the children of a cluster only one level up: they end one of unknown size. */
const TOP_LEVEL: ReadonlySet<number> = new Set([
  ID.cluster,
  ID.tracks,
  0x114d9b74, // SeekHead
  0x1549a966, // Info
  0x1c53bb6b, // Cues
  0x1941a469, // Attachments
  0x1043a770, // Chapters
  0x1254c367, // Tags
]);
const SOUND = 2;
const OPUS = "A_OPUS";

export interface WebmSound {
  readonly channels: number;
  /** OpusHead; empty where the file has none. */
  readonly codecPrivate: Uint8Array;
  readonly packets: readonly Uint8Array[];
}

interface Track {
  number: number;
  type: number;
  codec: string;
  channels: number;
  codecPrivate: Uint8Array;
}

/**
 * Reads the Opus track of a WebM or Matroska file, also one whose segment and clusters have no stated size, as
 * browsers record them. Each byte is looked at once.
 *
 * @throws UnsupportedAudioError PROTECTED, NO_AUDIO_TRACK, UNSUPPORTED_CODEC, or DAMAGED where elements overrun
 *   each other or are not those of a WebM file.
 */
export function readWebm(bytes: Uint8Array): WebmSound {
  const tracks: Track[] = [];
  const packets: Uint8Array[] = [];
  let at = 0;

  const damaged = (): never => refuse("DAMAGED", "The WebM file is damaged: its parts overrun each other.");

  /** A number of one to eight bytes; null where all of its bits are set, which says "unknown". */
  const readNumber = (keepMarker: boolean, end: number): number | null => {
    const first = bytes[at] ?? 0;
    const length = Math.clz32(first) - 23;
    if (length > 8 || at + length > end) damaged();
    const mask = 0xff >> length;
    let value = keepMarker ? first : first & mask;
    let ones = (first & mask) === mask;
    for (let i = 1; i < length; i++) {
      const byte = bytes[at + i] ?? 0;
      value = value * 256 + byte;
      ones = ones && byte === 0xff;
    }
    at += length;
    return ones && !keepMarker ? null : value;
  };
  const unsigned = (start: number, end: number) =>
    bytes.subarray(start, Math.min(end, start + 8)).reduce((sum, byte) => sum * 256 + byte, 0);

  const readBlock = (end: number): void => {
    const number = readNumber(false, end);
    const flags = bytes[at + 2] ?? 0;
    at += 3; // time (two bytes) and flags
    if (at > end) damaged();
    const track = tracks.find((candidate) => candidate.number === number);
    if (track?.type === SOUND) {
      // Several frames in one block: no recorder does that for Opus.
      if ((flags & 0x06) !== 0)
        refuse("UNSUPPORTED_CODEC", "The WebM file packs its sound in a way not read here.");
      packets.push(bytes.subarray(at, end));
    }
    at = end;
  };

  const readField = (id: number, end: number): void => {
    const track = tracks.at(-1);
    if (track !== undefined) {
      if (id === ID.trackNumber) track.number = unsigned(at, end);
      else if (id === ID.trackType) track.type = unsigned(at, end);
      else if (id === ID.channels) track.channels = unsigned(at, end);
      else if (id === ID.codecId)
        track.codec = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 32)));
      else if (id === ID.codecPrivate) track.codecPrivate = bytes.subarray(at, end);
    }
    at = end;
  };

  /** @param unbounded true inside a cluster of unknown size, which the next top-level element ends */
  const walk = (end: number, unbounded: boolean): void => {
    while (at < end) {
      const start = at;
      const id = readNumber(true, end) ?? 0;
      if (unbounded && TOP_LEVEL.has(id)) {
        at = start;
        return;
      }
      const size = readNumber(false, end);
      if (size === null && id !== ID.segment && id !== ID.cluster) damaged();
      // A recording may end in the middle of its last block; a size beyond the parent elsewhere is damage.
      if (size !== null && at + size > end && end !== bytes.length) damaged();
      const stop = size === null ? end : Math.min(end, at + size);
      const cut = size !== null && at + size > end;
      if (id === ID.contentEncryption) refuse("PROTECTED", "The WebM file is encrypted.");
      if (id === ID.trackEntry) {
        tracks.push({ number: 0, type: 0, codec: "", channels: 1, codecPrivate: new Uint8Array(0) });
      }
      if (FOLDERS.has(id)) walk(stop, size === null && id === ID.cluster);
      else if (cut) at = stop;
      else if (id === ID.simpleBlock || id === ID.block) readBlock(stop);
      else readField(id, stop);
    }
  };

  walk(bytes.length, false);
  const sound = tracks.find(({ type }) => type === SOUND);
  if (sound === undefined) refuse("NO_AUDIO_TRACK", "The WebM file has no audio track.");
  if (sound.codec.replace(/\0+$/, "") !== OPUS) {
    refuse("UNSUPPORTED_CODEC", "The WebM file holds a codec that is not read here; Opus is.");
  }
  return { channels: sound.channels, codecPrivate: sound.codecPrivate, packets };
}
