import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errorCode } from "./faults.ts";
import type { ManifestFile } from "./manifest.ts";

export type FileState = "OK" | "MISSING" | "CORRUPT";

const STAMP_FILE = ".verified.json";
const PIN_FILE = ".pinned.json";
/** Large reads: a weight file is hashed at the speed of SHA-256, not of the event loop. */
const READ_BYTES = 1 << 20;

const stampSchema = z.record(
  z.string(),
  z.object({ bytes: z.number(), modifiedMs: z.number(), sha256: z.string() }),
);
/** What each file looked like when its digest was last found right. */
type Stamps = z.infer<typeof stampSchema>;

const pinSchema = z.record(z.string(), z.object({ md5: z.string(), sha256: z.string() }));
/** The SHA-256 that a file had when its MD5 was first found right: MD5 alone proves no more than an intact download. */
type Pins = z.infer<typeof pinSchema>;

interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: (bytes: number) => void;
}

/** Digests of a file in one reading, in hexadecimal. */
async function digestsOfFile(path: string, { signal, onBytes }: ReadOptions) {
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  const stream = createReadStream(path, { highWaterMark: READ_BYTES, signal });
  for await (const chunk of stream) {
    sha256.update(chunk as Buffer);
    md5.update(chunk as Buffer);
    onBytes?.((chunk as Buffer).length);
  }
  return { sha256: sha256.digest("hex"), md5: md5.digest("hex") };
}

/** Knows which files of one model's folder are right, and remembers it so that a start need not hash them. */
export class Verification {
  readonly #dir: string;
  #stamps: Promise<Stamps> | null = null;
  #pins: Promise<Pins> | null = null;
  /** Files are proven side by side: what each finds is written down one after the other, so that nothing is lost. */
  #written: Promise<void> = Promise.resolve();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Compares size and modification time with those of the last full check: milliseconds, no reading.
   * `UNKNOWN` means that only a full check can tell.
   */
  async quick(file: ManifestFile): Promise<FileState | "UNKNOWN"> {
    const stat = await statOrNull(join(this.#dir, file.path));
    if (stat === null) return "MISSING";
    if (!stat.isFile() || stat.size !== file.bytes) return "CORRUPT";
    const stamp = (await this.#read())[file.path];
    const known =
      stamp !== undefined &&
      stamp.sha256 === (await this.digestOf(file)) &&
      stamp.bytes === stat.size &&
      stamp.modifiedMs === stat.mtimeMs;
    return known ? "OK" : "UNKNOWN";
  }

  /** Reads the whole file and compares its digest; the outcome is remembered where the folder can be written. */
  async full(file: ManifestFile, options: ReadOptions = {}): Promise<FileState> {
    const path = join(this.#dir, file.path);
    const stat = await statOrNull(path);
    if (stat === null) return "MISSING";
    const sha256 = stat.isFile() ? await this.prove(file, path, options) : null;
    const stamp = sha256 === null ? null : { bytes: stat.size, modifiedMs: stat.mtimeMs, sha256 };
    await this.#remember({ [file.path]: stamp });
    return stamp === null ? "CORRUPT" : "OK";
  }

  /** What the file's SHA-256 must be: by the manifest, or as it was first found; null where nobody knows yet. */
  async digestOf({ path, sha256, md5 }: ManifestFile): Promise<string | null> {
    if (sha256 !== undefined) return sha256;
    const pin = (await this.#readPins())[path];
    // A manifest with another MD5 wants another file.
    return pin !== undefined && pin.md5 === md5 ? pin.sha256 : null;
  }

  /**
   * Reads what is to be this file, wherever it lies.
   *
   * @returns its SHA-256, which is kept where the manifest has none; null when it is another file
   */
  async prove(file: ManifestFile, at: string, options: ReadOptions = {}): Promise<string | null> {
    if ((await fs.stat(at)).size !== file.bytes) return null;
    const found = await digestsOfFile(at, options);
    const expected = await this.digestOf(file);
    if (expected !== null) return found.sha256 === expected ? expected : null;
    if (file.md5 === undefined || found.md5 !== file.md5) return null;
    await this.#pin(file.path, { md5: file.md5, sha256: found.sha256 });
    return found.sha256;
  }

  /** Records files that have just been proven and put in place. */
  async accept(files: readonly { readonly path: string; readonly sha256: string }[]): Promise<void> {
    const stamps: Record<string, Stamps[string]> = {};
    for (const { path, sha256 } of files) {
      const { size, mtimeMs } = await fs.stat(join(this.#dir, path));
      stamps[path] = { bytes: size, modifiedMs: mtimeMs, sha256 };
    }
    await this.#remember(stamps);
  }

  #read(): Promise<Stamps> {
    this.#stamps ??= this.#readJson(STAMP_FILE, stampSchema);
    return this.#stamps;
  }

  #readPins(): Promise<Pins> {
    this.#pins ??= this.#readJson(PIN_FILE, pinSchema);
    return this.#pins;
  }

  async #readJson<Value extends object>(name: string, schema: z.ZodType<Value>): Promise<Value> {
    const text = await fs.readFile(join(this.#dir, name), "utf8").catch(() => "{}");
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      return schema.parse({});
    }
  }

  #remember(changes: Readonly<Record<string, Stamps[string] | null>>): Promise<void> {
    return this.#inTurn(async () => {
      const stamps = { ...(await this.#read()) };
      for (const [path, stamp] of Object.entries(changes)) {
        if (stamp === null) delete stamps[path];
        else stamps[path] = stamp;
      }
      this.#stamps = Promise.resolve(stamps);
      await this.#write(STAMP_FILE, stamps);
    });
  }

  #pin(path: string, pin: Pins[string]): Promise<void> {
    return this.#inTurn(async () => {
      const pins = { ...(await this.#readPins()), [path]: pin };
      this.#pins = Promise.resolve(pins);
      await this.#write(PIN_FILE, pins);
    });
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#written.then(write);
    this.#written = turn.catch(() => undefined);
    return turn;
  }

  async #write(name: string, value: Stamps | Pins): Promise<void> {
    const target = join(this.#dir, name);
    const temporary = `${target}.${randomUUID()}`;
    try {
      await fs.writeFile(temporary, `${JSON.stringify(value, null, 1)}\n`);
      await fs.rename(temporary, target);
    } catch (error) {
      await fs.rm(temporary, { force: true }).catch(() => undefined);
      // These only save time: weights in a read-only image are hashed at each start instead.
      if (!["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"].includes(errorCode(error) ?? "")) throw error;
    }
  }
}

/** Whether a killed process left this file while it wrote what it had found. */
export function isLeftover(name: string): boolean {
  return name.startsWith(`${STAMP_FILE}.`) || name.startsWith(`${PIN_FILE}.`);
}

async function statOrNull(path: string) {
  try {
    return await fs.stat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    throw error;
  }
}
