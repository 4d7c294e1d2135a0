import { pipeline } from "node:stream/promises";
import { SpeakerError } from "../errors.ts";
import type { Resources } from "../resources.ts";
import type { FileExchange } from "./files.ts";
import { parseRange } from "./range.ts";

/** A stored file as it is served. */
export interface ServedFile {
  readonly storageKey: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly createdAt: Date;
  /** Name that a browser saves it under. */
  readonly filename: string;
  /** What the caller reads when the row is there and the file is not. */
  readonly missing: string;
}

const VALIDATORS = ["ETag", "Last-Modified", "Accept-Ranges", "Content-Disposition"];

/**
 * Answers with a stored file, whole or in ranges (RFC 9110 §14), revalidated by ETag; as a download where the query has
 * `download`.
 *
 * @throws SpeakerError GONE when the store does not have it.
 */
export async function sendFile(
  { storage, log }: Resources,
  { request, response, query }: Pick<FileExchange, "request" | "response" | "query">,
  file: ServedFile,
): Promise<void> {
  const etag = `"${file.sha256}"`;
  const disposition = query.has("download") ? "attachment" : "inline";
  response.setHeader("ETag", etag);
  response.setHeader("Accept-Ranges", "bytes");
  // The bytes behind an address rarely change or never, but they can go.
  response.setHeader("Cache-Control", "private, no-cache");
  response.setHeader("Last-Modified", file.createdAt.toUTCString());
  response.setHeader("Content-Disposition", `${disposition}; filename="${file.filename}"`);

  if (matchesEtag(request.headers["if-none-match"], etag)) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader("Content-Type", file.contentType);
  const ifRange = request.headers["if-range"];
  // A range of other bytes than the client already has would be worthless to it.
  const wanted = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = parseRange(wanted, file.bytes);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "Content-Range": `bytes */${file.bytes}`, "Content-Length": 0 }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.bytes - 1 };
  const head = request.method === "HEAD";
  const body = head ? null : await storage.read(file.storageKey, { start, end });
  if (head ? (await storage.size(file.storageKey)) === null : body === null) {
    log.error({ key: file.storageKey }, "a stored file is missing");
    for (const name of VALIDATORS) response.removeHeader(name);
    throw new SpeakerError("GONE", file.missing);
  }
  response.writeHead(range === null ? 200 : 206, {
    "Content-Length": end - start + 1,
    ...(range !== null && { "Content-Range": `bytes ${start}-${end}/${file.bytes}` }),
  });
  if (body === null) response.end();
  else await pipeline(body, response);
}

/** True when the client has these bytes already, by its `If-None-Match`. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((candidate) => ["*", etag, `W/${etag}`].includes(candidate.trim()));
}
