import type { IncomingMessage, ServerResponse } from "node:http";
import type { SpeakerError } from "../errors.ts";

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = "application/json",
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}

const GRAPHQL_JSON = "application/graphql-response+json";

/** Answers a GraphQL request that was refused before GraphQL saw it, as GraphQL would have. */
export function sendGraphQLError(
  request: IncomingMessage,
  response: ServerResponse,
  error: SpeakerError,
  requestId: string,
): void {
  const { code, message, timestamp } = error;
  const extensions = { ...error.context, code, requestId, timestamp: timestamp.toISOString() };
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  const wantsNew = request.headers.accept?.includes(GRAPHQL_JSON) === true;
  sendJson(
    response,
    error.status,
    { errors: [{ message, extensions }] },
    wantsNew ? GRAPHQL_JSON : "application/json",
  );
}

/** Answers with a typed error in the same words as GraphQL would. */
export function sendError(response: ServerResponse, error: SpeakerError, requestId: string): void {
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  sendJson(response, error.status, {
    error: {
      ...error.context,
      code: error.code,
      message: error.message,
      timestamp: error.timestamp.toISOString(),
      requestId,
    },
  });
}
