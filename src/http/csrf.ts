import type { IncomingMessage } from "node:http";
import { CrossSiteError } from "../errors.ts";

/** Content types that any page may send anywhere without asking first (Fetch standard, "CORS-safelisted"). */
const SIMPLE_TYPES = new Set(["", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"]);

/** A page of another origin can set none of these without a preflight, which only listed origins pass. */
const PROOFS = [
  "x-graphql-yoga-csrf",
  "apollo-require-preflight",
  "graphql-require-preflight",
  "x-api-key",
] as const;
/** Browsers add other schemes by themselves once a visitor has signed in to a proxy in front. */
const BEARER = /^Bearer\s/i;

/**
 * Refuses what a foreign page could make a visitor's browser send: a request that changes something, needs
 * no preflight and carries no header that would have needed one.
 *
 * @throws CrossSiteError
 */
export function refuseCrossSite({ method, headers }: IncomingMessage): void {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return;
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const proven =
    BEARER.test(headers.authorization ?? "") || PROOFS.some((name) => headers[name] !== undefined);
  if (!SIMPLE_TYPES.has(type) || proven) return;
  throw new CrossSiteError(
    `A request of type ${type === "" ? "(none)" : type} could have been sent by any web page. Add the header "X-GraphQL-Yoga-CSRF: 1", or send application/json.`,
  );
}
