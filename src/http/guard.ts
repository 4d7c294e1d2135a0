import type { IncomingMessage } from "node:http";
import { isLoopback } from "../auth/exposure.ts";
import type { RequestFacts } from "../context.ts";
import { CrossSiteError, SpeakerError } from "../errors.ts";
import type { Resources } from "../resources.ts";
import { isForeignPage } from "./cors.ts";
import { refuseCrossSite } from "./csrf.ts";

type Guarded = Pick<Resources, "config" | "auth">;

/**
 * Refuses what web pages of others could make a visitor's browser send, and bodies that would have to be unpacked, before
 * anything of it is read.
 *
 * @throws CrossSiteError, UNSUPPORTED_MEDIA_TYPE
 */
export function guardRequest(request: IncomingMessage, resources: Guarded, facts: RequestFacts): void {
  guardHost(request, resources);
  refuseCrossSite(request);
  refuseEncoded(request);
  // An EventSource needs no leave to connect, and what it starts costs something even when unread.
  if (request.headers.accept?.includes("text/event-stream")) guardPage(request, resources, facts);
}

/** Nothing here is unpacked, so that a small body is never a large one ("zip bomb"). */
function refuseEncoded({ headers }: IncomingMessage): void {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") return;
  throw new SpeakerError("UNSUPPORTED_MEDIA_TYPE", "Compressed bodies are not taken. Send it as it is.");
}

/** Refuses WebSockets of foreign pages: browsers ask nobody before they open one, and send cookies with it. */
export function guardUpgrade(request: IncomingMessage, resources: Guarded, facts: RequestFacts): void {
  guardHost(request, resources);
  guardPage(request, resources, facts);
}

function guardPage({ headers }: IncomingMessage, { config }: Guarded, { baseUrl }: RequestFacts): void {
  const own = [headers.host, new URL(baseUrl).host].filter((host) => host !== undefined);
  if (isForeignPage(headers.origin, own, config.corsOrigins)) {
    throw new CrossSiteError(
      "Pages of this origin may not open streams here. The operator lists those that may.",
    );
  }
}

/**
 * A page can make its own name lead to this machine and is then of the same origin as the service ("DNS
 * rebinding"). Where anyone on this machine may do everything, only this machine's own names are answered to.
 */
function guardHost({ headers }: IncomingMessage, { config, auth }: Guarded): void {
  const { host, publicUrl } = config.http;
  if (!auth.isOpen || !isLoopback(host) || config.trustedProxies.length > 0) return;
  const asked = headers.host ?? "";
  const name = URL.canParse(`http://${asked}`) ? new URL(`http://${asked}`) : null;
  if (name !== null && isLoopback(name.hostname)) return;
  if (publicUrl !== null && name?.host === new URL(publicUrl).host) return;
  throw new CrossSiteError(
    "This service is open to programs of its own machine, under the names localhost, 127.0.0.1 and [::1]. To reach it under another one, set PUBLIC_URL, or make a key.",
  );
}
