import type { IncomingMessage, ServerResponse } from "node:http";
import { constants } from "node:zlib";
import compression from "compression";

/** Below it the headers weigh more than what is saved. */
const THRESHOLD_BYTES = 1_024;
/** Window of Brotli, 2^18 bytes: its default of 2^22 takes megabytes for each answer under way. */
const BROTLI_WINDOW_BITS = 18;

/**
 * What is compressed: whole documents of text. Never audio, never streams of events (SSE, multipart), never files; nor the
 * page of GraphiQL, whose 9 MB would keep a core busy for whoever asks for it again and again.
 */
const DOCUMENTS =
  /^(application\/(json|graphql-response\+json|x-ndjson|openmetrics-text)|text\/plain)\s*(;|$)/i;

const compress = compression({
  threshold: THRESHOLD_BYTES,
  brotli: { params: { [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS } },
  filter(request, response) {
    if (!DOCUMENTS.test(String(response.getHeader("content-type") ?? ""))) return false;
    // A validator names the very bytes that are sent.
    if (response.hasHeader("etag")) return false;
    const bytes = Number(response.getHeader("content-length"));
    // What a GET would be sent is not known without compressing it (RFC 9110 §9.3.2).
    if (request.method === "HEAD" && bytes >= THRESHOLD_BYTES) response.removeHeader("content-length");
    return true;
  },
});

/** Routes that carry bytes: what sends them is better off with the response as Node made it. */
const BYTES = /^\/(audio\/|voices\/|v1\/audio\/speech$)/;

/**
 * Has what is answered to a request compressed, with Brotli, gzip or deflate as its `Accept-Encoding` says, off the
 * event loop. To be called once the headers of CORS are set and before anything is written.
 */
export function compressResponse(request: IncomingMessage, response: ServerResponse, pathname: string): void {
  if (BYTES.test(pathname)) return;
  if (isForeign(request, response)) delete request.headers["accept-encoding"];
  compress(request, response, () => {});
}

/**
 * True when a page of another origin had its visitor's browser ask, and the operator has not listed it. By the length of
 * a compressed answer that repeats what it chose, such a page, with an ear on the line, could guess what else is in
 * there (BREACH).
 */
function isForeign({ headers }: IncomingMessage, response: ServerResponse): boolean {
  const site = headers["sec-fetch-site"];
  const foreign = site === "cross-site" || site === "same-site";
  return foreign && !response.hasHeader("access-control-allow-origin");
}
