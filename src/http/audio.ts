import type { IncomingMessage, ServerResponse } from "node:http";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import { mayOpenFile } from "../auth/file.ts";
import { ConflictError, NotFoundError, SpeakerError } from "../errors.ts";
import { findJob, isTerminal, tenantOfJob } from "../jobs/job.ts";
import type { Resources } from "../resources.ts";
import { findAudio } from "../synthesis/synthesis.ts";
import type { AudioAssetRow } from "../synthesis/table.ts";
import { sendFile } from "./file.ts";

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
  const { contentType, extension } = AUDIO_FORMAT_INFO[asset.format];
  const filename = `speaker-${asset.jobId}.${extension}`;
  const missing = "The audio of this job is no longer there. Submit the text again.";
  await sendFile(resources, request, response, { ...asset, contentType, filename, missing }, query);
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
      "The audio of this job was removed: it has expired, or its voice was deleted. Submit the text again.",
    );
  }
  return asset;
}
