import type { IncomingMessage, ServerResponse } from "node:http";
import { measureRequest } from "../metrics/http.ts";
import type { Observability } from "../metrics/observability.ts";
import { traceRequest } from "../telemetry/http.ts";

/** Counts, times and traces a request from its arrival until its answer was sent or cut off. */
export function observeRequest(
  { metrics, tracing }: Observability,
  request: IncomingMessage,
  response: ServerResponse,
  facts: { readonly pathname: string; readonly requestId: string },
): void {
  measureRequest(metrics, request, response, facts.pathname);
  traceRequest(tracing, request, response, facts);
}
