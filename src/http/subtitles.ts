import { sha256Of } from "../digest.ts";
import { ConflictError } from "../errors.ts";
import { isTerminal } from "../jobs/job.ts";
import type { Resources } from "../resources.ts";
import { inputOf, sourceOf } from "../synthesis/input.ts";
import { requireStored } from "../synthesis/stream/stored.ts";
import { findAudio } from "../synthesis/synthesis.ts";
import { toSrt, toVtt } from "../synthesis/timing/subtitles.ts";
import { jobWords } from "../synthesis/timing/timeline.ts";
import { loadSpoken } from "../synthesis/words.ts";
import { matchesEtag } from "./file.ts";
import type { FileExchange } from "./files.ts";
import { openJob } from "./open-job.ts";

export type SubtitleFormat = "srt" | "vtt";

const CONTENT_TYPES: Readonly<Record<SubtitleFormat, string>> = {
  srt: "application/x-subrip; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
};

/**
 * `GET /audio/:jobId.srt` and `.vtt`: subtitles of a job's finished audio. With `words=1` in the query of the latter each
 * word has a timestamp. They open to a key of the job's tenant, or to the signature that `audio.subtitles` carries,
 * and go when the audio goes.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403), LINK_EXPIRED (410), NotFoundError (404), ConflictError while there is
 *   no audio yet or never will be (409), SpeakerError GONE once it has expired (410).
 */
export async function serveSubtitles(
  resources: Resources,
  exchange: FileExchange,
  { jobId, format }: { readonly jobId: string; readonly format: SubtitleFormat },
): Promise<void> {
  const { db } = resources;
  const { request, response, query } = exchange;
  const { job } = await openJob(resources, jobId, `/audio/${jobId}.${format}`, exchange);
  const asset = await findAudio(db, jobId);
  if (asset === null) {
    throw new ConflictError(
      isTerminal(job.status)
        ? `The job ended as ${job.status} and has no audio.`
        : `The job is ${job.status}; come back when it has SUCCEEDED. Its \`words\` are there as they are spoken.`,
    );
  }
  requireStored(asset);
  const source = sourceOf(inputOf(job));
  const words = jobWords((await loadSpoken(db, [jobId])).flat());
  const file =
    format === "srt" ? toSrt(source, words) : toVtt(source, words, { wordTimes: query.get("words") === "1" });
  const etag = `"${sha256Of(file)}"`;
  response.setHeader("ETag", etag);
  response.setHeader("Cache-Control", "private, no-cache");
  if (matchesEtag(request.headers["if-none-match"], etag)) {
    response.writeHead(304).end();
    return;
  }
  const disposition = query.has("download") ? "attachment" : "inline";
  response.writeHead(200, {
    "Content-Type": CONTENT_TYPES[format],
    "Content-Disposition": `${disposition}; filename="speaker-${jobId}.${format}"`,
  });
  response.end(request.method === "HEAD" ? undefined : file);
}
