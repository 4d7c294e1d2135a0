import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errorCode } from "./faults.ts";
import type { ManifestFile } from "./manifest.ts";

export type FileState = "OK" | "MISSING" | "CORRUPT";

const STAMP_FILE = ".verified.json";
/** Large reads: a weight file is hashed at the speed of SHA-256, not of the event loop. */
const READ_BYTES = 1 << 20;

const stampSchema = z.record(
  z.string(),
  z.object({ bytes: z.number(), modifiedMs: z.number(), sha256: z.string() }),
);
/** What each file looked like when its digest was last found right. */
type Stamps = z.infer<typeof stampSchema>;

/** SHA-256 of a file, in hexadecimal. */
export async function sha256OfFile(
  path: string,
  options: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const hash = createHash("sha256");
  const stream = createReadStream(path, { highWaterMark: READ_BYTES, signal: options.signal });
  for await (const chunk of stream) {
    hash.update(chunk as Buffer);
    options.onBytes?.((chunk as Buffer).length);
  }
  return hash.digest("hex");
}

/** Knows which files of one model's folder are right, and remembers it so that a start need not hash them. */
export class Verification {
  readonly #dir: string;
  #stamps: Stamps | null = null;

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
      stamp?.sha256 === file.sha256 && stamp.bytes === stat.size && stamp.modifiedMs === stat.mtimeMs;
    return known ? "OK" : "UNKNOWN";
  }

  /** Reads the whole file and compares its digest; the outcome is remembered where the folder can be written. */
  async full(
    file: ManifestFile,
    options: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
  ): Promise<FileState> {
    const path = join(this.#dir, file.path);
    const stat = await statOrNull(path);
    if (stat === null) return "MISSING";
    const right =
      stat.isFile() && stat.size === file.bytes && (await sha256OfFile(path, options)) === file.sha256;
    const stamp = { bytes: stat.size, modifiedMs: stat.mtimeMs, sha256: file.sha256 };
    await this.#remember({ [file.path]: right ? stamp : null });
    return right ? "OK" : "CORRUPT";
  }

  /** Records files that have just been checked and put in place. */
  async accept(files: readonly ManifestFile[]): Promise<void> {
    const stamps: Record<string, Stamps[string]> = {};
    for (const file of files) {
      const { size, mtimeMs } = await fs.stat(join(this.#dir, file.path));
      stamps[file.path] = { bytes: size, modifiedMs: mtimeMs, sha256: file.sha256 };
    }
    await this.#remember(stamps);
  }

  async #read(): Promise<Stamps> {
    if (this.#stamps === null) {
      const text = await fs.readFile(join(this.#dir, STAMP_FILE), "utf8").catch(() => "{}");
      this.#stamps = parseStamps(text);
    }
    return this.#stamps;
  }

  async #remember(changes: Readonly<Record<string, Stamps[string] | null>>): Promise<void> {
    const stamps = { ...(await this.#read()) };
    for (const [path, stamp] of Object.entries(changes)) {
      if (stamp === null) delete stamps[path];
      else stamps[path] = stamp;
    }
    this.#stamps = stamps;
    await this.#write(stamps);
  }

  async #write(stamps: Stamps): Promise<void> {
    const target = join(this.#dir, STAMP_FILE);
    const temporary = `${target}.${randomUUID()}`;
    try {
      await fs.writeFile(temporary, `${JSON.stringify(stamps, null, 1)}\n`);
      await fs.rename(temporary, target);
    } catch (error) {
      await fs.rm(temporary, { force: true }).catch(() => undefined);
      // The stamp only saves time: weights in a read-only image are hashed at each start instead.
      if (!["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"].includes(errorCode(error) ?? "")) throw error;
    }
  }
}

/** Whether a killed process left this file while it wrote its stamps. */
export function isLeftover(name: string): boolean {
  return name.startsWith(`${STAMP_FILE}.`);
}

function parseStamps(text: string): Stamps {
  try {
    return stampSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

async function statOrNull(path: string) {
  try {
    return await fs.stat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    throw error;
  }
}
