import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import { mayOpenFile } from "../auth/file.ts";
import { ConflictError, NotFoundError, SpeakerError } from "../errors.ts";
import { findJob, isTerminal, tenantOfJob } from "../jobs/job.ts";
import type { Resources } from "../resources.ts";
import { findAudio } from "../synthesis/synthesis.ts";
import type { AudioAssetRow } from "../synthesis/table.ts";
import { parseRange } from "./range.ts";

/**
 * `GET /audio/:jobId`: the finished audio of a job, whole or in ranges (RFC 9110 §14), revalidated by ETag.
 *
 * It opens to a key of the job's tenant, or to the signature that `audio.url` carries.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404), ConflictError while there is no audio yet or never will be (409),
 *   SpeakerError GONE once it has expired (410).
 */
export async function serveAudio(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  jobId: string,
  query: URLSearchParams,
): Promise<void> {
  const owner = await tenantOfJob(resources.db, jobId);
  const file = { path: `/audio/${jobId}`, owner, scopes: ["synthesize"] as const, query };
  const open = await mayOpenFile(resources.auth, { ...file, headers: request.headers });
  const asset = await servableAudio(resources, open ? owner : null, jobId);
  const etag = `"${asset.sha256}"`;
  const { contentType, extension } = AUDIO_FORMAT_INFO[asset.format];
  const disposition = query.has("download") ? "attachment" : "inline";
  response.setHeader("ETag", etag);
  response.setHeader("Accept-Ranges", "bytes");
  // The bytes under a job's id never change, but they expire.
  response.setHeader("Cache-Control", "private, no-cache");
  response.setHeader("Last-Modified", asset.createdAt.toUTCString());
  response.setHeader("Content-Disposition", `${disposition}; filename="speaker-${asset.jobId}.${extension}"`);

  if (matchesEtag(request.headers["if-none-match"], etag)) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader("Content-Type", contentType);
  const ifRange = request.headers["if-range"];
  // A range of other bytes than the client already has would be worthless to it.
  const wanted = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = parseRange(wanted, asset.bytes);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "Content-Range": `bytes */${asset.bytes}`, "Content-Length": 0 }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: asset.bytes - 1 };
  const { storage } = resources;
  const head = request.method === "HEAD";
  const body = head ? null : await storage.read(asset.storageKey, { start, end });
  if (head ? (await storage.size(asset.storageKey)) === null : body === null) {
    resources.log.error({ jobId, key: asset.storageKey }, "stored audio is missing");
    for (const name of ["ETag", "Last-Modified", "Accept-Ranges", "Content-Disposition"])
      response.removeHeader(name);
    throw new SpeakerError("GONE", "The audio of this job is no longer there. Submit the text again.");
  }
  response.writeHead(range === null ? 200 : 206, {
    "Content-Length": end - start + 1,
    ...(range !== null && { "Content-Range": `bytes ${start}-${end}/${asset.bytes}` }),
  });
  if (body === null) response.end();
  else await pipeline(body, response);
}

async function servableAudio({ db }: Resources, owner: string | null, jobId: string): Promise<AudioAssetRow> {
  const job = owner === null ? null : await findJob(db, owner, jobId);
  if (job === null) throw new NotFoundError("There is no job with this id.");
  const asset = await findAudio(db, jobId);
  if (asset === null) {
    const state = isTerminal(job.status)
      ? `ended as ${job.status} and has no audio`
      : `is ${job.status}; follow it with the subscription jobProgress and come back when it has SUCCEEDED`;
    throw new ConflictError(`The job ${state}.`);
  }
  if (asset.deletedAt !== null || (asset.expiresAt !== null && asset.expiresAt <= new Date())) {
    throw new SpeakerError(
      "GONE",
      "The audio of this job has expired and was removed. Submit the text again.",
    );
  }
  return asset;
}

function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((candidate) => ["*", etag, `W/${etag}`].includes(candidate.trim()));
}
