import { refuse } from "./refuse.ts";

/** A zip's end record, with the longest comment that may stand behind it. */
const ZIP_END_BYTES = 22 + 65_535;

/**
 * True when the bytes end in a zip directory, whatever they begin with: that is all a reader of zip files looks
 * for. The record must point at a directory, so that the four bytes alone, met by chance, are not enough.
 */
function endsInZip(bytes: Buffer): boolean {
  const from = Math.max(0, bytes.length - ZIP_END_BYTES);
  for (let at = bytes.lastIndexOf("PK\x05\x06"); at >= from; at = bytes.lastIndexOf("PK\x05\x06", at - 1)) {
    if (at + 22 > bytes.length) {
      if (at === 0) return false;
      continue;
    }
    const directoryBytes = bytes.readUInt32LE(at + 12);
    const directory = at - directoryBytes;
    const entries = bytes.readUInt16LE(at + 10);
    if (entries === 0 && directoryBytes === 0) return true;
    if (directory >= 0 && bytes.toString("latin1", directory, directory + 4) === "PK\x01\x02") return true;
    if (at === 0) return false;
  }
  return false;
}

/** Archives that are found by their mark wherever it lies, behind a stub of any kind. */
const ARCHIVES = [
  Buffer.from("Rar!\x1a\x07", "latin1"),
  Buffer.from("7z\xbc\xaf\x27\x1c", "latin1"),
  Buffer.from("PK\x03\x04\x14\x00", "latin1"),
];

/** Readers of documents look this far for their mark. */
const DOCUMENT_SEARCH_BYTES = 1_024;
const DOCUMENT = /%PDF-\d|<!doctype\s|<html|<script|<svg|<\?php/i;

/**
 * Looks for a second nature of the file.
 * @throws UnsupportedAudioError MIXED_CONTENT
 */
export function checkMixedContent(content: Uint8Array): void {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (endsInZip(bytes) || ARCHIVES.some((mark) => bytes.includes(mark))) {
    refuse("MIXED_CONTENT", "The file is audio and an archive at once.");
  }
  if (DOCUMENT.test(bytes.toString("latin1", 0, DOCUMENT_SEARCH_BYTES))) {
    refuse("MIXED_CONTENT", "The file is audio and a document or a program at once.");
  }
}
