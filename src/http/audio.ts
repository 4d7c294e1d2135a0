import type { IncomingMessage, ServerResponse } from "node:http";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import { credentialOfHeaders } from "../auth/credential.ts";
import { actorOf } from "../auth/identity.ts";
import type { RequestFacts } from "../context.ts";
import { ConflictError } from "../errors.ts";
import { isTerminal } from "../jobs/job.ts";
import type { JobRow } from "../jobs/table.ts";
import type { Resources } from "../resources.ts";
import { requireStored } from "../synthesis/stream/stored.ts";
import { findAudio } from "../synthesis/synthesis.ts";
import { sendFile } from "./file.ts";
import { openJob } from "./open-job.ts";
import { sendStream } from "./stream.ts";

/**
 * `GET /audio/:jobId`: the finished audio of a job, whole or in ranges (RFC 9110 §14), revalidated by ETag. With
 * `stream=1` in the query it need not be finished: then it is sent while it is made, see `sendStream`.
 *
 * It opens to a key of the job's tenant, or to the signature that `audio.url` and `streamUrl` carry.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404), ConflictError while there is no audio yet or never will be (409),
 *   SpeakerError GONE once it has expired (410); with `stream=1` what `sendStream` throws.
 */
export async function serveAudio(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  jobId: string,
  query: URLSearchParams,
  facts: RequestFacts,
): Promise<void> {
  const { headers } = request;
  const job = await openJob(resources, jobId, `/audio/${jobId}`, query, headers);
  if (query.get("stream") === "1" && job.status !== "SUCCEEDED") {
    // By its signature alone nobody is known: whoever it is acts for the tenant all the same.
    const identity = await resources.auth.authenticate(credentialOfHeaders(headers));
    await sendStream(resources, request, response, job, { ...actorOf(identity, facts), tenant: job.tenant });
    return;
  }
  await sendStored(resources, request, response, job, query);
}

async function sendStored(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
  job: JobRow,
  query: URLSearchParams,
): Promise<void> {
  const found = await findAudio(resources.db, job.id);
  if (found === null) {
    const state = isTerminal(job.status)
      ? `ended as ${job.status} and has no audio`
      : `is ${job.status}; follow it with the subscription jobProgress and come back when it has SUCCEEDED, or listen to it at its streamUrl`;
    throw new ConflictError(`The job ${state}.`);
  }
  const asset = requireStored(found);
  const { contentType, extension } = AUDIO_FORMAT_INFO[asset.format];
  const filename = `speaker-${asset.jobId}.${extension}`;
  const missing = "The audio of this job is no longer there. Submit the text again.";
  await sendFile(resources, request, response, { ...asset, contentType, filename, missing }, query);
}
