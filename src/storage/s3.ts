import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { S3mini } from "s3mini";
import { sha256Of } from "../digest.ts";
import { SpeakerError } from "../errors.ts";
import { checkKey, checkPrefix } from "./keys.ts";
import { isMissingObject, s3Fault } from "./s3-faults.ts";
import { DEFAULT_PATIENCE, type Patience, patientFetch } from "./s3-fetch.ts";
import { readObject } from "./s3-read.ts";
import { removeUnfinishedUploads } from "./s3-unfinished.ts";
import { checked, type ObjectHeaders, PART_BYTES, uploadFile } from "./s3-upload.ts";
import type { Storage, StoredObject } from "./storage.ts";
import { createTemporaryFolder } from "./temporary.ts";

/** Where a bucket is and how it is reached. */
export interface S3Options {
  /** Null for Amazon's own, which the region names. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Begins every key; empty or ending in "/". */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The bucket in the path of the address, as most servers but Amazon's want it; else in its host name. */
  readonly forcePathStyle: boolean;
  /** Encryption at rest: `AES256`, `aws:kms`, or `aws:kms:<key id>`; null leaves it to the bucket. */
  readonly encryption: string | null;
  /** A local folder for files in the making. */
  readonly temporaryDir: string;
}

/** Digest of the content, kept with each object, so that damage anywhere on the way and at rest is noticed. */
const DIGEST_HEADER = "x-amz-meta-sha256";
const PAGE_KEYS = 1000;
const CONTENT_TYPE = "application/octet-stream";

/**
 * Objects in an S3-compatible bucket. Temporary files stay on a local disk; a finished one is sent in parts, so that
 * memory stays bounded whatever its length, and becomes an object whole or not at all.
 */
export async function openS3Storage(
  options: S3Options,
  patience: Patience = DEFAULT_PATIENCE,
): Promise<Storage> {
  const temporary = await createTemporaryFolder(options.temporaryDir);
  const client = new S3mini({
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    endpoint: bucketAddress(options),
    region: options.region,
    fetch: patientFetch(patience),
    requestSizeInBytes: PART_BYTES,
  });
  const { prefix } = options;
  const named = (key: string) => {
    checkKey(key);
    return prefix + key;
  };
  const headersOf = (sha256: string): ObjectHeaders => ({
    [DIGEST_HEADER]: sha256,
    ...encryptionHeaders(options.encryption),
  });

  /** Pages of what lies under a prefix; with `delimiter`, folders in place of what is in them. */
  async function* pages(under: string, delimiter?: string) {
    checkPrefix(under);
    let token: string | undefined;
    do {
      const query = delimiter === undefined ? {} : { delimiter };
      const page = await client.listObjectsPaged("/", prefix + under, PAGE_KEYS, token, query).catch(refuse);
      // The client takes a missing bucket for an empty answer.
      if (page?.objects == null) throw s3Fault(Object.assign(new Error("no such bucket"), { status: 404 }));
      yield page.objects.map((object) => ({
        key: object.Key.slice(prefix.length),
        bytes: object.Size,
        modifiedAt: object.LastModified,
      }));
      token = page.nextContinuationToken;
    } while (token !== undefined);
  }

  async function put(key: string, bytes: Uint8Array): Promise<void> {
    const headers = { ...headersOf(sha256Of(bytes)), ...checked(bytes) };
    await client.putObject(named(key), bytes, CONTENT_TYPE, undefined, headers).catch(refuse);
  }

  async function get(key: string): Promise<Uint8Array | null> {
    // A byte that turned over on the way is right at the second look; one in the store is not.
    for (const last of [false, true]) {
      const response = await client.getObjectRaw(named(key)).catch(nullWhenMissing);
      if (response === null) return null;
      const bytes = new Uint8Array(await response.arrayBuffer().catch(refuse));
      const expected = response.headers.get(DIGEST_HEADER);
      if (expected === null || expected === sha256Of(bytes)) return bytes;
      if (last) throw new SpeakerError("SERVICE_UNAVAILABLE", "An object in the bucket is damaged.");
    }
    return null;
  }

  const removeMany = async (keys: readonly string[]) => {
    for (let i = 0; i < keys.length; i += PAGE_KEYS) {
      const batch = keys.slice(i, i + PAGE_KEYS).map(named);
      const removed = await client.deleteObjects(batch).catch(refuse);
      if (removed.includes(false))
        throw new SpeakerError(
          "SERVICE_UNAVAILABLE",
          "The bucket for audio and voices did not remove every object.",
        );
    }
  };

  return {
    description: `bucket ${options.bucket}${prefix && `, prefix ${prefix}`}${options.endpoint === null ? "" : ` at ${options.endpoint}`}`,
    temporaryPath: () => temporary.path(),
    put,
    get,
    async putFile(key, path) {
      temporary.checkOwn(path);
      try {
        await uploadFile(client, named(key), path, headersOf);
      } catch (error) {
        throw s3Fault(error);
      } finally {
        await rm(path, { force: true });
      }
    },
    async read(key, range) {
      return await readObject(client, named(key), range, patience);
    },
    async size(key) {
      return await client.getContentLength(named(key)).catch(nullWhenMissing);
    },
    async remove(under) {
      if (!under.endsWith("/")) {
        await client.deleteObject(named(under)).catch(nullWhenMissing);
        return;
      }
      // Page by page from the start: what a page named is gone when the next is asked for.
      for (;;) {
        const { value } = await pages(under).next();
        if (value === undefined || value.length === 0) return;
        await removeMany(value.map(({ key }: StoredObject) => key));
      }
    },
    removeMany,
    async list(under) {
      const keys: string[] = [];
      for await (const page of pages(under, "/")) keys.push(...page.map(({ key }) => key));
      return keys.sort();
    },
    async *entries(under) {
      for await (const page of pages(under)) yield* page;
    },
    async removeUnfinished(before, dryRun) {
      const files = await temporary.removeOlder(before, dryRun);
      return files + (await removeUnfinishedUploads(client, prefix, before, dryRun).catch(refuse));
    },
    freeBytes: async () => null,
    async check() {
      const key = `probe/${randomUUID()}`;
      const bytes = Buffer.from(key);
      await put(key, bytes);
      const back = await get(key);
      await client.deleteObject(named(key)).catch(refuse);
      if (back === null || !bytes.equals(back))
        throw new SpeakerError(
          "SERVICE_UNAVAILABLE",
          "The bucket for audio and voices gives back other bytes.",
        );
    },
  };
}

function bucketAddress({ endpoint, region, bucket, forcePathStyle }: S3Options): string {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (!forcePathStyle) url.hostname = `${bucket}.${url.hostname}`;
  else url.pathname = `${url.pathname.replace(/\/+$/, "")}/${bucket}`;
  return url.toString().replace(/\/+$/, "");
}

function encryptionHeaders(encryption: string | null): ObjectHeaders {
  if (encryption === null) return {};
  const [, algorithm = "", keyId] = /^(AES256|aws:kms)(?::(.+))?$/.exec(encryption) ?? [];
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(keyId !== undefined && { "x-amz-server-side-encryption-aws-kms-key-id": keyId }),
  };
}

function refuse(error: unknown): never {
  throw s3Fault(error);
}

function nullWhenMissing(error: unknown): null {
  if (isMissingObject(error)) return null;
  throw s3Fault(error);
}
