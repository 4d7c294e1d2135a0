import type { IncomingHttpHeaders } from "node:http";
import { UnauthenticatedError } from "../errors.ts";

const BEARER = /^Bearer(?:\s+(.*))?$/i;

/**
 * The key that a request carries: `Authorization: Bearer` or `X-API-Key`. Other schemes of `Authorization` are a
 * proxy's business and passed over. Null when there is none.
 *
 * @throws UnauthenticatedError when both are there and differ.
 */
export function credentialOfHeaders(headers: Readonly<IncomingHttpHeaders>): string | null {
  const bearer = BEARER.exec(headers.authorization?.trim() ?? "");
  const sent = [bearer === null ? null : (bearer[1] ?? "").trim(), textOf(headers["x-api-key"])].filter(
    (credential) => credential !== null,
  );
  return onlyOne(sent);
}

/**
 * The key in the payload of connection_init, for browsers, which cannot send headers with a WebSocket:
 * `{ authorization: "Bearer …" }`, `{ apiKey: "…" }`, `{ "x-api-key": "…" }` in any letter case, also inside `headers`.
 */
export function credentialOfPayload(payload: unknown): string | null {
  if (typeof payload !== "object" || payload === null) return null;
  const entries = Object.entries(payload).map(([name, value]) => [name.toLowerCase(), value] as const);
  const { headers, ...fields } = Object.fromEntries(entries);
  const text = (name: string) => textOf(fields[name]) ?? undefined;
  const apiKey = text("apikey") ?? text("x-api-key");
  const own = credentialOfHeaders({
    ...(text("authorization") !== undefined && { authorization: text("authorization") }),
    ...(apiKey !== undefined && { "x-api-key": apiKey }),
  });
  const inner = headers === undefined ? null : credentialOfPayload(headers);
  return onlyOne([own, inner].filter((credential) => credential !== null));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value.trim() : null;
}

function onlyOne(sent: readonly string[]): string | null {
  const [first, ...others] = sent;
  if (first === undefined) return null;
  if (others.some((other) => other !== first)) {
    throw new UnauthenticatedError("The request carries two different API keys. Send one.");
  }
  return first;
}
