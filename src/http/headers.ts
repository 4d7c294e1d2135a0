import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";

/** Nothing may be loaded, framed, submitted or run: right for every answer that is not a page. */
const NO_CONTENT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const ONE_YEAR_SECONDS = 31_536_000;

export interface HardeningFacts {
  /** True when the client speaks TLS, to us or to the trusted proxy in front. */
  readonly tls: boolean;
  /** True for what pages of other sites may show: audio, whose address is what grants it. */
  readonly embeddable: boolean;
}

/** Sets the headers that keep browsers from doing more with an answer than was meant. */
export function hardenResponse(response: ServerResponse, { tls, embeddable }: HardeningFacts): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("X-Frame-Options", "DENY");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Resource-Policy", embeddable ? "cross-origin" : "same-origin");
  response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  response.setHeader("Content-Security-Policy", NO_CONTENT);
  // Over plain HTTP browsers must ignore it (RFC 6797 §7.2).
  if (tls) response.setHeader("Strict-Transport-Security", `max-age=${ONE_YEAR_SECONDS}; includeSubDomains`);
}

/** The scripts that a page holds, as a policy names them: by their digests. */
export function scriptDigests(html: string): string {
  const scripts = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/gi)].map(
    (match) =>
      `'sha256-${createHash("sha256")
        .update(match[1] ?? "")
        .digest("base64")}'`,
  );
  return scripts.join(" ") || "'none'";
}

/**
 * The policy under which a page with inlined scripts runs: those very scripts by their digests, and no
 * others. Monaco, GraphiQL's editor, starts its workers from blobs, carries its font in the style sheet and
 * writes style elements as it goes.
 *
 * @param digests what `scriptDigests` gives for the page exactly as it is sent
 * @param host where its WebSockets go: some browsers do not count them under 'self'
 */
export function pagePolicy(digests: string, host: string): string {
  return [
    NO_CONTENT,
    `script-src ${digests}`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "font-src data:",
    "img-src 'self' data:",
    "media-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
  ].join("; ");
}
