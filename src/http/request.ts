import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Config } from "../config.ts";
import type { RequestFacts } from "../context.ts";
import { API_VERSION } from "../version.ts";
import { clientAddress, type TrustedProxies, trustedProxies } from "./client-address.ts";

/** What a caller may choose as request id: enough for every tracing scheme, nothing that breaks a log line. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

const compiled = new WeakMap<readonly string[], TrustedProxies>();

function proxiesOf(config: Config): TrustedProxies {
  const known = compiled.get(config.trustedProxies);
  if (known !== undefined) return known;
  const made = trustedProxies(config.trustedProxies) ?? (() => false);
  compiled.set(config.trustedProxies, made);
  return made;
}

/** Who asks and under which request id; a caller's own `X-Request-Id` is kept when it is well-formed. */
export function requestFacts(request: IncomingMessage, config: Config): RequestFacts {
  const given = request.headers["x-request-id"];
  const { ip, protocol, host } = clientAddress(request, proxiesOf(config));
  const named = host !== null && HOST.test(host) ? host : `localhost:${request.socket.localPort}`;
  return {
    requestId: typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID(),
    ip,
    userAgent: request.headers["user-agent"] ?? null,
    baseUrl: config.http.publicUrl ?? `${protocol}://${named}`,
  };
}

/** A host name or address with an optional port: what may be put into a URL that is handed out. */
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** The headers that every response carries. */
export function standardHeaders(facts: Pick<RequestFacts, "requestId">): Record<string, string> {
  return { "X-Request-Id": facts.requestId, "X-API-Version": API_VERSION };
}
