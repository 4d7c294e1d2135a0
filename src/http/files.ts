import type { IncomingMessage, ServerResponse } from "node:http";
import { type Caller, identifyCaller } from "../auth/caller.ts";
import type { RequestFacts } from "../context.ts";
import type { FileWeight } from "../limits/weights.ts";
import type { Resources } from "../resources.ts";
import { serveAudio } from "./audio.ts";
import { serveAudit } from "./audit.ts";
import { chargeFetch, chargeRequest } from "./caller.ts";
import { serveDictionary } from "./dictionary.ts";
import { serveExport } from "./export.ts";
import { servePreview } from "./preview.ts";
import { type SubtitleFormat, serveSubtitles } from "./subtitles.ts";

/** A request for a file, let in at the door. */
export interface FileExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly facts: RequestFacts;
  readonly caller: Caller;
}

interface FileRoute {
  readonly path: RegExp;
  readonly weight: FileWeight;
  /** Whether the file lies in the store: then it counts as a fetch, else as a request. */
  readonly stored: boolean;
  /** @param parts what the path's groups have matched */
  serve(resources: Resources, exchange: FileExchange, parts: readonly string[]): Promise<void>;
}

const ROUTES: readonly FileRoute[] = [
  {
    path: /^\/audio\/([\w-]{1,64})\.(srt|vtt)$/,
    ...{ weight: "subtitles", stored: true },
    serve: (resources, exchange, [jobId = "", format]) =>
      serveSubtitles(resources, exchange, { jobId, format: format as SubtitleFormat }),
  },
  {
    path: /^\/audio\/([^/]{1,64})$/,
    ...{ weight: "audio", stored: true },
    serve: (resources, exchange, [jobId = ""]) => serveAudio(resources, exchange, jobId),
  },
  {
    path: /^\/voices\/([\w-]{1,64})\/preview\/([\w-]{1,16})$/,
    ...{ weight: "preview", stored: true },
    serve: (resources, exchange, [voiceId = "", language = ""]) =>
      servePreview(resources, exchange, { voiceId, language }),
  },
  {
    path: /^\/voices\/([\w-]{1,64})\/export(\/without-sample)?$/,
    ...{ weight: "voiceExport", stored: false },
    serve: (resources, exchange, [voiceId = "", without]) =>
      serveExport(resources, exchange, { voiceId, withSample: without === undefined }),
  },
  {
    path: /^\/dictionaries\/([\w-]{1,64})\.(pls|csv)$/,
    ...{ weight: "dictionaryExport", stored: false },
    serve: (resources, exchange, [id = "", extension]) =>
      serveDictionary(resources, exchange, { id, format: extension === "pls" ? "PLS" : "CSV" }),
  },
  {
    path: /^\/audit\.jsonl$/,
    ...{ weight: "auditExport", stored: false },
    serve: serveAudit,
  },
];

/** What a request for a file needs to be let in. */
export type FileAttempt = Omit<FileExchange, "caller">;

/**
 * Serves what a path names, if it names a file: looks once who asks, counts the request, and leaves the rest to the file's
 * own route. A key that does not hold costs what it costs elsewhere; a signature may open the file all the same.
 *
 * @returns false when the path is that of no file
 * @throws RateLimitedError (429), UnauthenticatedError (401), and what the routes throw.
 */
export async function serveFile(
  resources: Resources,
  pathname: string,
  attempt: FileAttempt,
): Promise<boolean> {
  for (const { path, weight, stored, serve } of ROUTES) {
    const match = path.exec(pathname);
    if (match === null) continue;
    const { request, response, facts } = attempt;
    const caller = await identifyCaller(resources.auth, request.headers);
    const cost = 1 + (resources.rateLimits.weights[weight] ?? 0);
    if (caller.identity === null) await chargeRequest(resources, response, facts, null);
    else if (stored) await chargeFetch(resources, response, facts, caller.identity, cost);
    else await chargeRequest(resources, response, facts, caller.identity, cost);
    try {
      await serve(resources, { ...attempt, caller }, match.slice(1));
    } catch (error) {
      if (error === caller.refused) await resources.observability.refusals.recordStranger(facts, error);
      throw error;
    }
    return true;
  }
  return false;
}
