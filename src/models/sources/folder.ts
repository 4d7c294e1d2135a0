import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { errorCode, SourceError } from "../faults.ts";
import type { ManifestFile } from "../manifest.ts";
import type { Source, SourceRequest } from "./source.ts";

/** A folder with the files of the manifest, in `<model>/<file>` or flat: for networks without a way out. */
export function folderSource(dir: string): Source {
  return {
    label: "the source folder",
    phase: "download",
    async fetch(request) {
      const isFolder = await fs.stat(dir).then(
        (stat) => stat.isDirectory(),
        () => false,
      );
      if (!isFolder) throw new SourceError("it is not a folder that can be read");
      let received = 0;
      const total = request.files.reduce((sum, file) => sum + file.bytes, 0);
      for (const file of request.files) {
        request.signal.throwIfAborted();
        await copyOne(dir, file, request);
        received += file.bytes;
        request.report(file, received, total);
      }
    },
  };
}

async function copyOne(dir: string, file: ManifestFile, request: SourceRequest): Promise<void> {
  const found = await findReadable([join(dir, request.model.id, file.path), join(dir, file.path)]);
  if (found === null) {
    request.refuse(file, "is not there");
    return;
  }
  const part = request.partPath(file);
  await fs.rm(part, { force: true });
  await fs.copyFile(found, part, constants.COPYFILE_FICLONE);
  // The copy keeps the mode of the original, which may be read-only.
  await fs.chmod(part, 0o644);
  await request.deliver(file);
}

async function findReadable(candidates: readonly string[]): Promise<string | null> {
  for (const path of candidates) {
    try {
      await fs.access(path, constants.R_OK);
      return path;
    } catch (error) {
      if (errorCode(error) === "EACCES") throw new SourceError("its files may not be read by this user");
    }
  }
  return null;
}
