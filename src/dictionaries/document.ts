import type { WrittenEntry } from "./entry.ts";

export const DICTIONARY_FORMATS = ["PLS", "CSV"] as const;
export type DictionaryFormat = (typeof DICTIONARY_FORMATS)[number];

/** The most entries of a dictionary; also of a file, doubles included. */
export const MAX_ENTRIES = 100_000;

/** An entry of a file and the line that it begins on, counted from 1. */
export interface FileEntry extends WrittenEntry {
  readonly line: number;
}

/** What an import says for entries that do not say it themselves. */
export interface FileDefaults {
  /** Null: they hold for every language. */
  readonly language: string | null;
  readonly caseSensitive: boolean;
}

/** A file that is no dictionary, or is damaged: where, and what to do. Holds nothing of its text but names and symbols. */
export class DocumentFault extends Error {
  readonly line: number | null;

  constructor(line: number | null, message: string) {
    super(message);
    this.line = line;
  }
}

const TOO_MANY = `holds more than ${MAX_ENTRIES} entries: divide it into several dictionaries`;

/** @throws DocumentFault when there are more entries than a dictionary takes. */
export function requireRoom(entries: { readonly length: number }, line: number): void {
  if (entries.length >= MAX_ENTRIES) throw new DocumentFault(line, TOO_MANY);
}

/**
 * The text of a file: UTF-8, UTF-16 by its byte order mark, or what an XML declaration names.
 *
 * @throws DocumentFault for bytes that are no text in that encoding.
 */
export function decodeDocument(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new DocumentFault(1, "names an encoding that is not known: save it as UTF-8");
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw new DocumentFault(null, "is not a text in the encoding that it states: save it as UTF-8");
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  return /^<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.-]{1,40})["']/.exec(head)?.[1] ?? "utf-8";
}

/** What a text is: lexicons begin with a tag, tables do not. */
export function formatOf(text: string): DictionaryFormat {
  return text.trimStart().startsWith("<") ? "PLS" : "CSV";
}
