import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { credentialOfHeaders } from "../auth/credential.ts";
import { isLoopback } from "../auth/exposure.ts";
import { requireScope } from "../auth/refusal.ts";
import type { Resources } from "../resources.ts";

/** Headers by which a proxy tells for whom it asks. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-real-ip", "via"] as const;

/**
 * `GET /metrics`: everything this node measures, as Prometheus reads it. It opens to METRICS_TOKEN and to keys with
 * `admin`; as long as no token is set also to programs on this machine, but not to what a proxy here passes on.
 *
 * @throws UnauthenticatedError (401), ForbiddenError (403)
 */
export async function serveMetrics(
  resources: Resources,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { config, auth, observability } = resources;
  const credential = credentialOfHeaders(request.headers);
  if (!isScraper(request, credential, config.metrics.token)) {
    requireScope(await auth.authenticate(credential), "admin");
  }
  await observability.sampler.refresh(resources);
  const body = await observability.metrics.registry.metrics();
  response.writeHead(200, {
    "Content-Type": observability.metrics.registry.contentType,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function isScraper(request: IncomingMessage, credential: string | null, token: string | null): boolean {
  if (token !== null) return credential !== null && timingSafeEqual(digest(credential), digest(token));
  const passedOn = PROXY_HEADERS.some((name) => request.headers[name] !== undefined);
  return credential === null && !passedOn && isLoopback(request.socket.remoteAddress ?? "");
}

/** Digests have one length, so comparing them tells nothing of either. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
