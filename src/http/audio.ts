import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import { actorOf } from "../auth/identity.ts";
import { ConflictError } from "../errors.ts";
import { isTerminal } from "../jobs/job.ts";
import type { JobRow } from "../jobs/table.ts";
import type { Resources } from "../resources.ts";
import { requireStored } from "../synthesis/stream/stored.ts";
import { findAudio } from "../synthesis/synthesis.ts";
import { chargeRequest } from "./caller.ts";
import { sendFile } from "./file.ts";
import type { FileExchange } from "./files.ts";
import { openJob } from "./open-job.ts";
import { sendStream } from "./stream.ts";

/**
 * `GET /audio/:jobId`: the finished audio of a job, whole or in ranges (RFC 9110 §14), revalidated by ETag. With
 * `stream=1` in the query it need not be finished: then it is sent while it is made, see `sendStream`.
 *
 * It opens to a key of the job's tenant, or to the signature that `audio.url` and `streamUrl` carry.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404), ConflictError while there is no audio yet or never will be (409),
 *   SpeakerError GONE once it has expired (410); with `stream=1` RateLimitedError (429) and what `sendStream` throws.
 */
export async function serveAudio(resources: Resources, exchange: FileExchange, jobId: string): Promise<void> {
  const { response, query, facts, caller } = exchange;
  const { job, identity, holder } = await openJob(resources, jobId, `/audio/${jobId}`, exchange);
  if (query.get("stream") === "1" && job.status !== "SUCCEEDED") {
    // Joining and encoding is no mere fetch.
    const cost = 1 + (resources.rateLimits.weights.stream ?? 0);
    await chargeRequest(resources, response, facts, caller.identity, cost);
    // Whoever it is acts for the tenant.
    const actor = { ...actorOf(identity, facts), tenant: job.tenant };
    await sendStream(resources, exchange, job, { actor, holder });
    return;
  }
  await sendStored(resources, exchange, job);
}

async function sendStored(resources: Resources, exchange: FileExchange, job: JobRow): Promise<void> {
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
  await sendFile(resources, exchange, { ...asset, contentType, filename, missing });
}
