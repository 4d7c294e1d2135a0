import type { ServerResponse } from "node:http";
import type { SpeakerError } from "../errors.ts";

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}

/** Answers with a typed error in the same words as GraphQL would. */
export function sendError(response: ServerResponse, error: SpeakerError, requestId: string): void {
  sendJson(response, error.status, {
    error: { code: error.code, message: error.message, timestamp: error.timestamp.toISOString(), requestId },
  });
}
