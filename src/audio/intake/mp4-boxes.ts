import { refuse } from "./refuse.ts";

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Boxes that hold boxes, on the way to the sample descriptions. */
const FOLDERS = new Set(["moov", "trak", "mdia", "minf", "stbl"]);
const PROTECTED_ENTRIES = new Set(["enca", "encv", "drms", "drmi"]);
/** A file of speech has a few dozen boxes; one with more is made to keep a reader busy. */
const MAX_BOXES = 2_000;

/** What the sample descriptions of a file say, before anything is decoded. */
export interface Mp4Tracks {
  /** Four-character codes of the sample entries of sound tracks. */
  readonly sound: readonly string[];
}

/**
 * Reads the track headers of an ISO base media file (ISO/IEC 14496-12).
 * @throws UnsupportedAudioError PROTECTED, or INVALID_HEADER when boxes overrun the file or each other.
 */
export function readMp4Tracks(bytes: Uint8Array): Mp4Tracks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const sound: string[] = [];
  let seen = 0;
  let handler = "";

  function* boxes(start: number, end: number): Generator<Box> {
    for (let at = start; at + 8 <= end; ) {
      seen += 1;
      if (seen > MAX_BOXES) refuse("INVALID_HEADER", "The file's header holds too many parts.");
      let size = view.getUint32(at);
      let header = 8;
      if (size === 1 && at + 16 <= end) {
        size = Number(view.getBigUint64(at + 8));
        header = 16;
      } else if (size === 0) size = end - at;
      if (size < header || at + size > end) {
        refuse("INVALID_HEADER", "The file's header states sizes beyond the end of the file.");
      }
      yield { type: text(at + 4), start: at + header, end: at + size };
      at += size;
    }
  }

  const walk = (start: number, end: number): void => {
    for (const box of boxes(start, end)) {
      if (box.type === "hdlr" && box.start + 12 <= box.end) handler = text(box.start + 8);
      else if (box.type === "stsd") readEntries(box);
      else if (FOLDERS.has(box.type)) {
        if (box.type === "trak") handler = "";
        walk(box.start, box.end);
      }
    }
  };

  const readEntries = (stsd: Box): void => {
    // Version, flags and the count of entries stand in front of them.
    for (const entry of boxes(stsd.start + 8, stsd.end)) {
      if (PROTECTED_ENTRIES.has(entry.type)) {
        refuse("PROTECTED", "The file is protected by digital rights management.");
      }
      if (handler === "soun") sound.push(entry.type);
    }
  };

  walk(0, bytes.length);
  return { sound };
}
