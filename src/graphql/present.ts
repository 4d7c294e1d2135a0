import { GraphQLError, type GraphQLSchema, isEnumType } from "graphql";
import type { Logger } from "pino";
import { isDatabaseLost } from "../db/faults.ts";
import { ERROR_CODES, type ErrorCode, SpeakerError } from "../errors.ts";

export interface Presentation {
  readonly schema: GraphQLSchema;
  /** Whether messages may say what the schema holds; where introspection is off they may not. */
  readonly suggest: boolean;
  readonly requestId: string;
  readonly log: Logger;
}

/** Names of the faults that libraries in front of the schema give in `extensions.code`. */
const FOREIGN_CODES: Readonly<Record<string, ErrorCode>> = { INTERNAL_SERVER_ERROR: "INTERNAL" };

/**
 * An error as clients see it: with `code`, `requestId` and `timestamp` in its extensions. What the caller can
 * act on keeps its message; a fault is logged and only says that it happened.
 */
export function presentError(error: GraphQLError, presentation: Presentation): GraphQLError {
  const { schema, suggest, requestId, log } = presentation;
  const root = rootOf(error);
  if (root instanceof SpeakerError) {
    const http = { status: root.status, headers: root.headers };
    const extensions = { ...root.context, http, ...error.extensions };
    return dress(error, root.code, root.message, requestId, extensions);
  }
  const stated = error.extensions.code;
  // Without a cause or a code it is GraphQL's own: about the request when no field has run yet.
  if (root === null && (error.path === undefined || stated !== undefined)) {
    const code = codeOf(stated);
    const message = suggest ? withAcceptedValues(error.message, schema) : withoutSuggestions(error.message);
    return dress(error, code, message, requestId);
  }
  if (isDatabaseLost(root)) {
    log.error({ err: root, requestId }, "the database does not answer");
    return dress(error, "SERVICE_UNAVAILABLE", "The database does not answer. Try again shortly.", requestId);
  }
  log.error({ err: root ?? error, requestId, path: error.path }, "fault in an operation");
  const message = `An unexpected fault stopped this operation. It is in the service's log under request id ${requestId}.`;
  return dress(error, "INTERNAL", message, requestId);
}

/** The error that was thrown; null when GraphQL itself raised it over the document or its variables. */
function rootOf(error: GraphQLError): unknown {
  let root: unknown = error;
  while (root instanceof GraphQLError && root.originalError !== undefined) root = root.originalError;
  return root instanceof GraphQLError ? null : root;
}

/** Of the codes that libraries give, those of the enum are kept: clients need to know no others. */
function codeOf(stated: unknown): ErrorCode {
  const code = typeof stated === "string" ? (FOREIGN_CODES[stated] ?? stated) : "";
  return Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : "BAD_REQUEST";
}

function dress(
  error: GraphQLError,
  code: ErrorCode,
  message: string,
  requestId: string,
  extensions: Readonly<Record<string, unknown>> = error.extensions,
): GraphQLError {
  const http = extensions.http ?? { status: ERROR_CODES[code].status };
  return new GraphQLError(message, {
    ...(error.nodes !== undefined && { nodes: error.nodes }),
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...extensions, http, code, requestId, timestamp: new Date().toISOString() },
  });
}

/** Armor takes them from faults of documents; those of variables come later and in other words. */
function withoutSuggestions(message: string): string {
  return message.replace(/\s*Did you mean [^?]*\?/g, "");
}

/** GraphQL names the enum that a value is not in, but not what it holds. */
function withAcceptedValues(message: string, schema: GraphQLSchema): string {
  const name = /does not exist in "(\w+)" enum/.exec(message)?.[1];
  const type = name === undefined ? undefined : schema.getType(name);
  if (!isEnumType(type)) return message;
  const values = type.getValues().map((value) => value.name);
  return `${message.replace(/\.?$/, ".")} Accepted: ${values.join(", ")}.`;
}
