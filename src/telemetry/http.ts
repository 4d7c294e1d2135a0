import type { IncomingMessage, ServerResponse } from "node:http";
import { routeOf } from "../metrics/http.ts";
import type { Span, Tracing } from "./tracing.ts";

const spans = new WeakMap<IncomingMessage, Span>();

/** The span of a request that is being answered; null where none is recorded, as over WebSockets. */
export function spanOfRequest(request: IncomingMessage): Span | null {
  return spans.get(request) ?? null;
}

/** A span from the arrival of a request until its answer was sent or cut off; the caller's trace goes on in it. */
export function traceRequest(
  tracing: Tracing,
  request: IncomingMessage,
  response: ServerResponse,
  facts: { readonly pathname: string; readonly requestId: string },
): void {
  const { traceparent } = request.headers;
  const method = request.method ?? "GET";
  const route = routeOf(facts.pathname);
  const span = tracing.start(`${method} ${route}`, {
    server: true,
    ...(typeof traceparent === "string" && { traceparent }),
    attributes: {
      "http.request.method": method,
      "http.route": route,
      "speaker.request_id": facts.requestId,
    },
  });
  spans.set(request, span);
  response.once("close", () => {
    span.set({ "http.response.status_code": response.statusCode });
    span.end(response.statusCode >= 500);
  });
}
