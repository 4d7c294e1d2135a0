import type { Readable } from "node:stream";

/**
 * Where audio and samples lie. Keys are made by the program (`audio/<uuid>.wav`), never from what a caller
 * sends. A local folder today; an S3-compatible bucket fits behind the same verbs.
 */
export interface Storage {
  /** Stores bytes under `key`, whole or not at all. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Takes over the finished local file at `path`, which then no longer exists there. */
  putFile(key: string, path: string): Promise<void>;
  /** The whole object, or null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** Opens bytes `start` to `end` (both included) of an object; null when there is none. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable | null>;
  /** Removes every object whose key starts with `prefix`, which ends in "/" or is a whole key. Idempotent. */
  remove(prefix: string): Promise<void>;
  /** The keys directly under `prefix`, which ends in "/"; folders end in "/" too. */
  list(prefix: string): Promise<string[]>;
  /** A path for a file in the making, on the same device as the store where that matters. */
  temporaryPath(): Promise<string>;
  /** Bytes free for new objects; null where the store sets no bound. */
  freeBytes(): Promise<number | null>;
  /** Proves that objects can be written. */
  check(): Promise<void>;
}
