import { constants, type Dirent } from "node:fs";
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  statfs,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { SpeakerError } from "../errors.ts";
import { checkKey, checkPrefix, TEMPORARY } from "./keys.ts";
import type { Storage, StoredObject } from "./storage.ts";
import { createTemporaryFolder } from "./temporary.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const READ_CHUNK_BYTES = 256 * 1024;
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * Objects as files under `folder`: mode 0600, written beside their place, flushed to disk, then renamed, so that a
 * reader never sees half a file and a power cut leaves the old state or the new. Links inside it are not followed.
 */
export async function openFolderStorage(folder: string): Promise<Storage> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const root = await realpath(folder);
  const temporary = await createTemporaryFolder(join(root, TEMPORARY));

  /** Where a key's file is. @throws Error when a link on the way leads elsewhere. */
  const place = async (key: string) => {
    checkKey(key);
    const path = join(root, key);
    await refuseLinks(dirname(path));
    return path;
  };
  const publish = async (from: string, key: string) => {
    checkKey(key);
    const to = join(root, key);
    for (let attempt = 1; ; attempt++) {
      let first: string | undefined;
      try {
        first = await mkdir(dirname(to), { recursive: true, mode: FOLDER_MODE });
        await refuseLinks(dirname(to));
        await rename(from, to);
      } catch (error) {
        // Another process may have removed the folder, empty until now, in between.
        if ((error as NodeJS.ErrnoException).code === "ENOENT" && attempt < PUBLISH_ATTEMPTS) continue;
        throw error;
      }
      // A name is on disk once its folder is, and that folder's name once its own folder is.
      const top = first === undefined ? dirname(to) : dirname(first);
      for (let at = dirname(to); ; at = dirname(at)) {
        await flush(at, constants.O_RDONLY);
        if (at === top) return;
      }
    }
  };
  const removeFile = async (key: string) => {
    const path = await place(key);
    await rm(path, { force: true });
    await prune(dirname(path), root);
  };
  const openFile = async (key: string) => {
    const file = await open(await place(key), constants.O_RDONLY | NO_FOLLOW).catch(nullWhenMissing);
    if (file === null || (await file.stat()).isFile()) return file;
    await file.close();
    return null;
  };

  return {
    description: `folder ${root}`,
    temporaryPath: () => temporary.path(),
    async put(key, bytes) {
      const path = await temporary.path();
      await withoutRest(path, async () => {
        await writeAndClose(await open(path, "wx", FILE_MODE), bytes);
        await publish(path, key);
      });
    },
    async putFile(key, path) {
      temporary.checkOwn(path);
      await withoutRest(path, async () => {
        await chmod(path, FILE_MODE);
        await flush(path, constants.O_RDWR);
        await publish(path, key);
      });
    },
    async get(key) {
      const file = await openFile(key);
      if (file === null) return null;
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
    async read(key, range) {
      const file = await openFile(key);
      return file?.createReadStream({ ...range, highWaterMark: READ_CHUNK_BYTES }) ?? null;
    },
    async size(key) {
      const found = await lstat(await place(key)).catch(nullWhenMissing);
      return found?.isFile() ? found.size : null;
    },
    async remove(prefix) {
      if (!prefix.endsWith("/")) return await removeFile(prefix);
      checkPrefix(prefix);
      const path = join(root, prefix.slice(0, -1));
      await refuseLinks(dirname(path));
      await rm(path, { recursive: true, force: true });
      await prune(dirname(path), root);
    },
    async removeMany(keys) {
      for (const key of keys) await removeFile(key);
    },
    async list(prefix) {
      checkPrefix(prefix);
      return (await sortedNames(join(root, prefix))).map((name) => `${prefix}${name}`);
    },
    entries(prefix) {
      checkPrefix(prefix);
      return walk(root, prefix);
    },
    removeUnfinished: (before, dryRun) => temporary.removeOlder(before, dryRun),
    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
    async check() {
      const path = await temporary.path();
      const probe = Buffer.from(path);
      await withoutRest(path, async () => {
        await writeAndClose(await open(path, "wx", FILE_MODE), probe);
        const file = await open(path, "r");
        const back = await file.readFile().finally(() => file.close());
        if (!probe.equals(back))
          throw new SpeakerError("SERVICE_UNAVAILABLE", "The store gives back other bytes.");
        await rm(path);
      });
    },
  };
}

const PUBLISH_ATTEMPTS = 5;

/** @throws Error when `directory` is reached through a link; one that does not exist is no fault. */
async function refuseLinks(directory: string): Promise<void> {
  const real = await realpath(directory).catch(nullWhenMissing);
  if (real !== null && real !== directory) throw new Error("a link inside the store is not followed");
}

/** Removes folders that have become empty, up to but without the store itself. */
async function prune(directory: string, root: string): Promise<void> {
  for (let at = directory; dirname(at) !== root && at !== root; at = dirname(at)) {
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** Names in a folder in the order of keys, those of folders with "/"; links and other things are passed over. */
async function sortedNames(directory: string): Promise<string[]> {
  const real = await realpath(directory).catch(nullWhenMissing);
  if (real === null) return [];
  if (`${real}/` !== directory) throw new Error("a link inside the store is not followed");
  const entries: Dirent[] = (await readdir(directory, { withFileTypes: true }).catch(nullWhenMissing)) ?? [];
  return entries
    .filter((entry) => entry.isDirectory() || entry.isFile())
    .map((entry) => `${entry.name}${entry.isDirectory() ? "/" : ""}`)
    .sort((a, b) => (a < b ? -1 : 1));
}

async function* walk(root: string, prefix: string): AsyncGenerator<StoredObject> {
  for (const name of await sortedNames(join(root, prefix))) {
    const key = `${prefix}${name}`;
    if (name.endsWith("/")) {
      yield* walk(root, key);
      continue;
    }
    const found = await lstat(join(root, key)).catch(nullWhenMissing);
    if (found?.isFile()) yield { key, bytes: found.size, modifiedAt: found.mtime };
  }
}

/** Runs `work`; when it fails, the file at `path` is removed, and a full disk is told as what it is. */
async function withoutRest(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw isFull(error)
      ? new SpeakerError("SERVICE_UNAVAILABLE", "The store for audio and voices is full. Free some space.", {
          cause: error,
        })
      : error;
  }
}

/** No space, no quota, or beyond the size that this process may write. */
function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes((error as NodeJS.ErrnoException).code ?? "");
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

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}
