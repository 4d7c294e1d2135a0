import type { ServerResponse } from "node:http";
import {
  type ErrorCode,
  IdempotencyConflictError,
  InvalidInputError,
  QueueFullError,
  QuotaExceededError,
  type SpeakerError,
} from "../errors.ts";
import { sendJson } from "../http/respond.ts";
import { ModelNotFoundError } from "./models.ts";

/** Where the hosted API has a name of its own for a failure; all others keep ours, in small letters. */
const CODES: Partial<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "invalid_api_key",
  FORBIDDEN: "insufficient_permissions",
  INVALID_INPUT: "invalid_value",
  RATE_LIMITED: "rate_limit_exceeded",
  QUOTA_EXCEEDED: "insufficient_quota",
};

/** What the fields of a synthesis are called here. */
const PARAMS: Readonly<Record<string, string>> = {
  text: "input",
  voiceId: "voice",
  format: "response_format",
  idempotencyKey: "Idempotency-Key",
};

/** Answers with an error in the hosted API's shape, from which its clients make their own error classes. */
export function sendOpenAIError(response: ServerResponse, error: SpeakerError): void {
  for (const [name, value] of Object.entries({ ...error.headers, ...advice(error) })) {
    response.setHeader(name, value);
  }
  const { message, param } = said(error);
  sendJson(response, error.status, { error: { message, type: typeOf(error), param, code: codeOf(error) } });
}

/** A place among those that run or listen at once is free again when one of them has ended. */
const PLACE_RETRY_SECONDS = 2;
const CONFLICT_STATUS = 409;

/** When and whether to try again, in headers that the clients obey. */
function advice(error: SpeakerError): Record<string, string> {
  if (error instanceof QueueFullError) return { "Retry-After": String(error.retryAfterSeconds) };
  // The clients take a conflict for a lock that is freed soon; neither of ours is.
  if (error.status === CONFLICT_STATUS) return { "X-Should-Retry": "false" };
  if (error.code === "TOO_MANY_CONNECTIONS") return { "Retry-After": String(PLACE_RETRY_SECONDS) };
  if (!(error instanceof QuotaExceededError)) return {};
  if (error.quota === "CONCURRENT_JOBS") return { "Retry-After": String(PLACE_RETRY_SECONDS) };
  // Trying again within a call's patience cannot help.
  const { resetsAt } = error;
  if (resetsAt === null) return { "X-Should-Retry": "false" };
  const seconds = Math.max(1, Math.ceil((resetsAt.getTime() - Date.now()) / 1000));
  return { "X-Should-Retry": "false", "Retry-After": String(seconds) };
}

function codeOf(error: SpeakerError): string {
  if (error instanceof ModelNotFoundError) return "model_not_found";
  if (error instanceof IdempotencyConflictError) return "idempotency_key_reused";
  return CODES[error.code] ?? error.code.toLowerCase();
}

function typeOf({ code, status }: SpeakerError): string {
  if (code === "QUOTA_EXCEEDED") return "insufficient_quota";
  if (code === "RATE_LIMITED") return "requests";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

function said(error: SpeakerError): { readonly message: string; readonly param: string | null } {
  if (error instanceof ModelNotFoundError) return { message: error.message, param: "model" };
  if (error instanceof IdempotencyConflictError) {
    return {
      message:
        "This Idempotency-Key was used for a different request. Send a new key, or repeat the first request exactly.",
      param: "Idempotency-Key",
    };
  }
  if (!(error instanceof InvalidInputError)) return { message: error.message, param: null };
  const faults = error.issues.map(({ path, message }) => {
    const field = path[0] === "input" && path.length > 1 ? path.slice(1).join(".") : path.join(".");
    return { param: PARAMS[field] ?? field, message };
  });
  return {
    message: faults.map(({ param, message }) => `${param} ${message}`).join("; "),
    param: faults[0]?.param ?? null,
  };
}
