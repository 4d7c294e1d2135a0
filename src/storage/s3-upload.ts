import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { S3mini } from "s3mini";

/** Headers that the bucket keeps or acts on. */
export type ObjectHeaders = Record<`x-amz-${string}`, string>;

/** Files up to this long go in one request; longer ones in parts of this length, S3's least being 5 MiB. */
export const PART_BYTES = 8 * 1024 * 1024;
/** S3 takes at most so many parts. */
const MAX_PARTS = 10_000;
/** Parts under way at once: memory is this times the length of a part. */
const CONCURRENT_PARTS = 2;

/** Sends a local file; on any failure nothing of it stays in the bucket. Errors are the client's own. */
export async function uploadFile(
  client: S3mini,
  name: string,
  path: string,
  headersOf: (sha256: string) => ObjectHeaders,
): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const headers = headersOf(hash.digest("hex"));
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size <= PART_BYTES) {
      const bytes = await slice(file, 0, size);
      await client.putObject(name, bytes, undefined, undefined, { ...headers, ...checked(bytes) });
    } else await uploadParts(client, name, file, size, headers);
  } finally {
    await file.close();
  }
}

async function uploadParts(
  client: S3mini,
  name: string,
  file: FileHandle,
  size: number,
  headers: ObjectHeaders,
) {
  const partBytes = Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
  const count = Math.ceil(size / partBytes);
  const uploadId = await client.getMultipartUploadId(name, undefined, undefined, headers);
  try {
    const etags = new Array<string>(count);
    let next = 0;
    const sender = async () => {
      for (let index = next++; index < count; index = next++) {
        const bytes = await slice(file, index * partBytes, Math.min(partBytes, size - index * partBytes));
        const part = await client.uploadPart(name, uploadId, bytes, index + 1, {}, undefined, checked(bytes));
        etags[index] = part.etag;
      }
    };
    const senders = Array.from({ length: Math.min(CONCURRENT_PARTS, count) }, sender);
    // All have to end before the upload can be given up, or a late part would outlive it.
    const failed = (await Promise.allSettled(senders)).find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const parts = etags.map((etag, index) => ({ partNumber: index + 1, etag }));
    const completed = client.completeMultipartUpload(name, uploadId, parts).then(
      () => new Error("the bucket holds another length"),
      (error: unknown) => error,
    );
    // An answer of 200 may tell of a failure in its body, and one that was lost of a success: what counts is what is
    // there.
    const failure = await completed;
    if ((await client.getContentLength(name).catch(() => null)) !== size) throw failure;
  } catch (error) {
    await client.abortMultipartUpload(name, uploadId).catch(() => {});
    throw error;
  }
}

async function slice(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) throw new Error("the file became shorter while it was sent");
    filled += bytesRead;
  }
  return bytes;
}

/** The header by which the server compares what reached it; the client's type names only those of Amazon. */
export function checked(bytes: Uint8Array): ObjectHeaders {
  return { "content-md5": createHash("md5").update(bytes).digest("base64") } as ObjectHeaders;
}
