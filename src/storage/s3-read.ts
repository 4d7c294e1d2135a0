import { Readable } from "node:stream";
import type { S3mini } from "s3mini";
import { isMissingObject, s3Fault } from "./s3-faults.ts";
import type { Patience } from "./s3-fetch.ts";

/**
 * Opens an object as a stream that goes on where it broke off: a listener of a long file should not notice that one
 * connection to the bucket was lost. Null when there is no such object.
 */
export async function readObject(
  client: S3mini,
  name: string,
  range: { start: number; end: number } | undefined,
  patience: Patience,
): Promise<Readable | null> {
  const start = range?.start ?? 0;
  const first = await open(client, name, start, range?.end, undefined);
  return first === null
    ? null
    : Readable.from(bytesOf(client, name, start, range?.end, first, patience), { objectMode: false });
}

async function open(
  client: S3mini,
  name: string,
  from: number,
  to: number | undefined,
  etag: string | undefined,
): Promise<Response | null> {
  const whole = from === 0 && to === undefined;
  // The client counts the end of a range as the first byte that is not wanted.
  const end = to === undefined ? undefined : to + 1;
  const sameObject = etag === undefined ? {} : { "if-match": etag };
  try {
    return await client.getObjectRaw(name, whole, from, end, sameObject);
  } catch (error) {
    if (isMissingObject(error)) return null;
    throw s3Fault(error);
  }
}

async function* bytesOf(
  client: S3mini,
  name: string,
  start: number,
  end: number | undefined,
  first: Response,
  { attempts }: Patience,
): AsyncGenerator<Uint8Array> {
  const etag = first.headers.get("etag") ?? undefined;
  const stop = start + Number(first.headers.get("content-length") ?? Number.NaN);
  let at = start;
  let response: Response | null = first;
  for (let attempt = 1; ; attempt++) {
    try {
      if (response === null) throw new Error("the object is gone");
      for await (const chunk of response.body ?? []) {
        at += chunk.byteLength;
        yield chunk;
      }
      if (Number.isNaN(stop) || at >= stop) return;
      throw new Error("the answer ended early");
    } catch (error) {
      if (attempt >= attempts || Number.isNaN(stop)) throw s3Fault(error);
      if (at >= stop) return;
    }
    response = await open(client, name, at, end ?? stop - 1, etag);
  }
}
