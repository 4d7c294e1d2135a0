import type { IncomingMessage, ServerResponse } from "node:http";
import { processRequest, Upload } from "graphql-upload-minimal";
import { SpeakerError, UploadTooLargeError } from "../errors.ts";
import { CheckedBody, MAX_ENVELOPE_BYTES, MAX_FIELD_BYTES, type UploadLimits } from "./body.ts";
import { IncomingUpload } from "./incoming.ts";

/** After an answer that came before the request had ended, its client gets this long to read it. */
const LINGER_MS = 2_000;

/** An operation as GraphQL runs it, with the file in its place among the variables. */
export interface UploadOperation {
  readonly query?: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

/** True for a body that `readMultipart` reads. */
export function isMultipart(contentType: string | null | undefined): boolean {
  return /^multipart\/form-data\s*(?:;|$)/i.test(contentType ?? "");
}

/**
 * Reads a GraphQL multipart request up to its file, which is left to flow until it is asked for.
 *
 * @throws SpeakerError BAD_REQUEST, UPLOAD_TIMED_OUT, UPLOAD_FAILED (the client left), UploadTooLargeError.
 */
export async function readMultipart(
  request: IncomingMessage,
  response: ServerResponse,
  limits: UploadLimits,
): Promise<UploadOperation> {
  if (Number(request.headers["content-length"] ?? 0) > limits.maxBytes + MAX_ENVELOPE_BYTES) {
    endAfter(request, response);
    throw new UploadTooLargeError(limits.maxBytes);
  }
  const body = new CheckedBody(request, limits);
  response.once("close", () => body.dispose());
  endAfter(request, response);
  try {
    const operation = await processRequest(body as never, response, {
      maxFieldSize: MAX_FIELD_BYTES,
      // One more than is taken: the parser cuts at the limit, and a file of exactly that size is whole.
      maxFileSize: limits.maxBytes + 1,
      maxFiles: 1,
    });
    if (body.fault !== null) throw body.fault;
    putFile(operation as unknown as Record<string, unknown>, body, limits);
    return operation as UploadOperation;
  } catch (error) {
    throw body.fault ?? faultOf(error);
  }
}

/** Puts what resolvers work with into the place that the parser has filled. */
function putFile(operation: Record<string, unknown>, body: CheckedBody, limits: UploadLimits): void {
  const place = body.place ?? [];
  const last = place.at(-1);
  let holder: unknown = operation;
  for (const step of place.slice(0, -1)) holder = (holder as Record<string, unknown>)[step];
  const upload = last === undefined ? undefined : (holder as Record<string, unknown>)[last];
  if (last === undefined || !(upload instanceof Upload)) {
    throw new SpeakerError("BAD_REQUEST", "The request does not say where its file belongs.");
  }
  (holder as Record<string, unknown>)[last] = new IncomingUpload(upload.promise, body, limits);
}

/** The parser's errors, in the words of this service. */
function faultOf(error: unknown): SpeakerError {
  const { status, message } = error as { status?: number; message?: string };
  if (status === 413 && message?.includes("file uploads")) {
    return new SpeakerError("BAD_REQUEST", "The request holds more than one file; send one.");
  }
  if (status === 413) {
    return new SpeakerError(
      "BAD_REQUEST",
      `The fields \`operations\` and \`map\` take up to ${MAX_FIELD_BYTES} bytes each.`,
    );
  }
  // "Unexpected end of form" and the like: nothing of the machine is in them.
  return new SpeakerError(
    "BAD_REQUEST",
    "The request does not follow the GraphQL multipart request specification: fields `operations`, `map`, then the file.",
    { cause: error },
  );
}

/** Cuts a client off that goes on sending when it has its answer. */
function endAfter(request: IncomingMessage, response: ServerResponse): void {
  response.once("finish", () => {
    if (request.complete) return;
    request.resume();
    const cut = setTimeout(() => request.destroy(), LINGER_MS);
    request.once("close", () => clearTimeout(cut));
    request.once("end", () => clearTimeout(cut));
  });
}
