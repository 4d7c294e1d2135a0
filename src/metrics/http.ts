import type { IncomingMessage, ServerResponse } from "node:http";
import type { Metrics } from "./definitions.ts";

/** Routes as they are labelled: what a client can make up ends as `other`. */
const ROUTES: readonly (readonly [RegExp, string])[] = [
  [/^\/graphql$/, "/graphql"],
  [/^\/audio\/[^/]+\.(srt|vtt)$/, "/audio/:id/subtitles"],
  [/^\/audio\/[^/]+$/, "/audio/:id"],
  [/^\/voices\/[^/]+\/(preview\/[\w-]+|export(\/without-sample)?)$/, "/voices/:id"],
  [/^\/dictionaries\/[^/]+\.(pls|csv)$/, "/dictionaries/:id"],
  [/^\/v1\/audio\/(speech|voices)$/, "/v1/audio"],
  [/^\/v1\/models(\/[\w.-]+)?$/, "/v1/models"],
  [/^\/(healthz|readyz|metrics|audit\.jsonl|docs)?$/, ""],
];

export function routeOf(pathname: string): string {
  for (const [pattern, label] of ROUTES) if (pattern.test(pathname)) return label || pathname;
  return "other";
}

/** Counts a request once its answer was sent or cut off. */
export function measureRequest(
  metrics: Metrics,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): void {
  const route = routeOf(pathname);
  const method = request.method ?? "GET";
  const end = metrics.httpDuration.startTimer({ route, method });
  response.once("close", () => {
    // A stream lasts as long as its reader likes: that is no duration of ours.
    const events = String(response.getHeader("content-type") ?? "").startsWith("text/event-stream");
    if (!events && response.getHeader("x-accel-buffering") !== "no") end();
    // 499: the client went before it was answered.
    const status = response.headersSent ? response.statusCode : 499;
    metrics.httpRequests.inc({ route, method, status: String(status) });
  });
}
