import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import type { Storage } from "../storage/storage.ts";
import { type IncomingUpload, uploadFailed } from "./incoming.ts";

/** A file that has arrived whole, in a temporary place. */
export interface ReceivedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** As the caller calls it; only for looking at its extension. */
  readonly fileName: string | null;
  readonly mediaType: string | null;
}

const OWNER_ONLY = 0o600;

/**
 * Takes an upload into a temporary file, hands it to `use`, and removes it, whatever happens.
 *
 * @throws UploadFailedError, UploadTooLargeError, and what `use` throws.
 */
export async function withUpload<Result>(
  upload: IncomingUpload,
  storage: Pick<Storage, "temporaryPath">,
  use: (file: ReceivedFile) => Promise<Result>,
): Promise<Result> {
  const path = await storage.temporaryPath();
  try {
    return await use(await receive(upload, path));
  } finally {
    await rm(path, { force: true });
  }
}

async function receive(upload: IncomingUpload, path: string): Promise<ReceivedFile> {
  const { fileName, mediaType, content } = await upload.open();
  const file = await open(path, "wx", OWNER_ONLY);
  try {
    const { bytes, sha256 } = await copy(content, file);
    if (bytes === 0) throw uploadFailed("EMPTY");
    return { path, bytes, sha256, fileName, mediaType };
  } finally {
    await file.close();
  }
}

async function copy(content: AsyncIterable<Buffer>, file: FileHandle) {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    await file.writeFile(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
