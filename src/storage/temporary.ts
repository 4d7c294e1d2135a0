import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A local folder for files in the making. */
export interface TemporaryFolder {
  /** A new path in it. */
  path(): Promise<string>;
  /** @throws Error when `path` was not made by `path()`. */
  checkOwn(path: string): void;
  /** Removes files last written before `before`, which belong to processes that are gone. @returns how many. */
  removeOlder(before: Date, dryRun: boolean): Promise<number>;
}

/** Makes the folder, for this user alone. */
export async function createTemporaryFolder(folder: string): Promise<TemporaryFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const root = await realpath(folder);
  return {
    path: async () => join(root, randomUUID()),
    checkOwn(path) {
      if (dirname(path) !== root) throw new Error("only a temporary file of the store can be stored");
    },
    async removeOlder(before, dryRun) {
      let count = 0;
      for (const name of await readdir(root)) {
        const path = join(root, name);
        // It may be finished, and so be gone, by now.
        const found = await lstat(path).catch(() => null);
        if (found === null || found.mtime >= before) continue;
        if (!dryRun) await rm(path, { force: true, recursive: true });
        count++;
      }
      return count;
    },
  };
}
