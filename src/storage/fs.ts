import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { Storage } from "./storage.ts";

const TEMPORARY = "tmp";
/** A temporary file older than this belongs to a process that is gone. */
const STALE_TEMPORARY_MS = 24 * 60 * 60 * 1000;

/**
 * Objects as files under `root`: mode 0600, written beside their place, flushed to disk, then renamed, so that
 * a reader never sees half a file and a power cut leaves the old state or the new.
 */
export async function openFolderStorage(root: string): Promise<Storage> {
  const temporaryDir = join(root, TEMPORARY);
  await mkdir(temporaryDir, { recursive: true, mode: 0o700 });
  await removeStale(temporaryDir);

  const pathOf = (key: string): string => {
    const path = resolve(root, key);
    if (!path.startsWith(root + sep)) throw new Error("storage key leaves the store");
    return path;
  };
  const publish = async (from: string, key: string) => {
    const to = pathOf(key);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
    await flush(dirname(to), constants.O_RDONLY);
  };
  const temporaryPath = async () => join(temporaryDir, randomUUID());

  return {
    temporaryPath,
    async put(key, bytes) {
      const temporary = await temporaryPath();
      try {
        const file = await open(temporary, "wx", 0o600);
        await writeAndClose(file, bytes);
        await publish(temporary, key);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async putFile(key, path) {
      await flush(path, constants.O_RDWR);
      await publish(path, key);
    },
    get: (key) => readFile(pathOf(key)).catch(nullWhenMissing),
    async read(key, range) {
      const file = await open(pathOf(key), "r").catch(nullWhenMissing);
      return file?.createReadStream({ ...range, highWaterMark: 256 * 1024 }) ?? null;
    },
    remove: (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
    async list(prefix) {
      const entries = await readdir(pathOf(prefix), { withFileTypes: true }).catch(nullWhenMissing);
      return (entries ?? []).map((entry) => `${prefix}${entry.name}${entry.isDirectory() ? "/" : ""}`);
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
    async check() {
      const temporary = await temporaryPath();
      await writeAndClose(await open(temporary, "wx", 0o600), Buffer.from("speaker"));
      await rm(temporary);
    },
  };
}

async function writeAndClose(file: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flush(path: string, flags: number): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeStale(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_TEMPORARY_MS) await rm(path, { force: true });
  }
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
