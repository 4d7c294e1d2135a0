import type { IncomingMessage, ServerResponse } from "node:http";

/** Which pages of other origins may call: none, every one without credentials, or those on a list. */
export type CorsOrigins = "none" | "any" | readonly string[];

const METHODS = "GET, HEAD, POST, OPTIONS";
/** What a page may send beside the headers that need no leave. */
const REQUEST_HEADERS = [
  "Accept",
  "Apollo-Require-Preflight",
  "Authorization",
  "Content-Type",
  "GraphQL-Require-Preflight",
  "Idempotency-Key",
  "If-None-Match",
  "If-Range",
  "Range",
  "X-API-Key",
  "X-GraphQL-Yoga-CSRF",
  "X-Request-Id",
  // The hosted API's own client for pages sends these about itself (docs/openai.md).
  "OpenAI-Organization",
  "OpenAI-Project",
  "X-Stainless-Arch",
  "X-Stainless-Lang",
  "X-Stainless-OS",
  "X-Stainless-Package-Version",
  "X-Stainless-Retry-Count",
  "X-Stainless-Runtime",
  "X-Stainless-Runtime-Version",
  "X-Stainless-Timeout",
].join(", ");
/** What a page may read beside the headers that need no leave. */
const RESPONSE_HEADERS = [
  "Accept-Ranges",
  "Content-Disposition",
  "Content-Length",
  "Content-Range",
  "ETag",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
  "Retry-After",
  "X-API-Version",
  "X-Request-Id",
  "X-Speaker-Job",
].join(", ");
/** Browsers keep a preflight's answer this long; Chromium caps it at two hours. */
const PREFLIGHT_SECONDS = 7200;

/**
 * Sets the headers of cross-origin resource sharing (Fetch standard, §3.3) and answers preflights.
 *
 * @returns true when the request was a preflight and has been answered.
 */
export function answerCors(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: CorsOrigins,
): boolean {
  const { origin } = request.headers;
  const preflight =
    request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
  if (allowed !== "any" && allowed !== "none") response.setHeader("Vary", "Origin");
  if (origin !== undefined && mayShare(origin, allowed)) {
    response.setHeader("Access-Control-Allow-Origin", allowed === "any" ? "*" : origin);
    if (allowed !== "any") response.setHeader("Access-Control-Allow-Credentials", "true");
    if (preflight) {
      response.setHeader("Access-Control-Allow-Methods", METHODS);
      response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
      response.setHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    } else response.setHeader("Access-Control-Expose-Headers", RESPONSE_HEADERS);
  }
  // Refused preflights get the same answer without the leave: the browser says the rest.
  if (preflight) response.writeHead(204).end();
  return preflight;
}

function mayShare(origin: string, allowed: CorsOrigins): boolean {
  return allowed === "any" || (allowed !== "none" && allowed.includes(origin));
}

/**
 * True when a request comes from a page that is neither our own nor on the list. A request without `Origin`
 * comes from no page: browsers always send it with WebSockets and with everything but plain GETs.
 *
 * @param ownHosts under which names this service is reached, such as `localhost:4000`
 */
export function isForeignPage(
  origin: string | undefined,
  ownHosts: readonly string[],
  allowed: CorsOrigins,
): boolean {
  if (origin === undefined || mayShare(origin, allowed)) return false;
  // Hosts, not origins: a proxy that ends TLS and is not trusted does not tell the scheme.
  return !URL.canParse(origin) || !ownHosts.includes(new URL(origin).host);
}
