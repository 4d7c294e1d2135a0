import type { Readable } from "node:stream";

/** An object as a listing shows it. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/**
 * Where audio, samples and voices lie: a local folder (`fs.ts`) or an S3-compatible bucket (`s3.ts`), behind the same
 * verbs. Keys are made by the program (`audio/<job>/<random>.wav`), never from what a caller sends; `keys.ts` says
 * which are accepted, and another one is a fault of the program (a plain Error). Where the store is full or does not
 * answer, every verb throws a SpeakerError SERVICE_UNAVAILABLE.
 */
export interface Storage {
  /** Which store this is and where, for the log and the command line; holds no secret. */
  readonly description: string;
  /** Stores bytes under `key`, whole or not at all. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Takes over the finished file at `path`, made by `temporaryPath`; it no longer exists there afterwards. */
  putFile(key: string, path: string): Promise<void>;
  /** The whole object, or null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** Opens bytes `start` to `end` (both included) of an object; null when there is none. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable | null>;
  /** Length of an object in bytes; null when there is none. */
  size(key: string): Promise<number | null>;
  /** Removes every object whose key starts with `prefix`, which ends in "/" or is a whole key. Idempotent. */
  remove(prefix: string): Promise<void>;
  /** Removes these objects. Idempotent. */
  removeMany(keys: readonly string[]): Promise<void>;
  /** The keys directly under `prefix`, which ends in "/"; folders end in "/" too. */
  list(prefix: string): Promise<string[]>;
  /** Every object under `prefix`, which ends in "/", at any depth, in the order of keys as far as the store keeps one. */
  entries(prefix: string): AsyncIterable<StoredObject>;
  /**
   * Removes what was begun before `before` and never finished: temporary files and half-done uploads.
   *
   * @returns how many there were; with `dryRun` none is removed.
   */
  removeUnfinished(before: Date, dryRun: boolean): Promise<number>;
  /** A path for a file in the making, on a local disk. */
  temporaryPath(): Promise<string>;
  /** Bytes free for new objects; null where the store sets no bound. */
  freeBytes(): Promise<number | null>;
  /** Proves that objects can be written, read and removed. @throws SpeakerError that says what is wrong. */
  check(): Promise<void>;
}
