/** Every code a client can receive, in `extensions.code` or in the `code` of a typed error member. `action`: what to do. */
export const ERROR_CODES = {
  INVALID_INPUT: {
    status: 400,
    description: "A field of the input is outside what it accepts; `issues` names each one.",
    action: "Mend the fields that `issues` names and send it again.",
  },
  BAD_REQUEST: {
    status: 400,
    description: "The request itself is malformed: document, variables, headers or body.",
    action: "Mend the request; the message says where it is wrong.",
  },
  UNAUTHENTICATED: {
    status: 401,
    description: "A key is needed and there is none, or it is wrong, expired or revoked.",
    action: "Send a valid key, see [security](security.md#keys).",
  },
  FORBIDDEN: {
    status: 403,
    description: "The key lacks a scope, or a signed address does not fit.",
    action: "Use a key with one of `scopes`, or the address exactly as it was given out.",
  },
  NOT_FOUND: {
    status: 404,
    description: "Nothing with this id exists, or it is not visible to the caller.",
    action: "Check the id and that the key belongs to the same tenant.",
  },
  CONFLICT: {
    status: 409,
    description: "The present state does not allow the action; the message says which state does.",
    action: "Read the present state, then decide again.",
  },
  GONE: {
    status: 410,
    description: "It existed and has been removed, for example expired audio.",
    action: "Make it again: submit the text or upload the recording anew.",
  },
  LINK_EXPIRED: {
    status: 410,
    description: "A signed address is past its end; ask for what it belongs to again, for a fresh one.",
    action: "Ask for the job or voice again and use its fresh address.",
  },
  QUEUE_FULL: {
    status: 503,
    description: "The queue has reached its limit; try again after `retryAfterSeconds`.",
    action: "Wait `retryAfterSeconds`, then send it again with the same `idempotencyKey`.",
  },
  RATE_LIMITED: {
    status: 429,
    description: "More requests came from this key or address than a minute allows; see `retryAfterSeconds`.",
    action: "Wait `retryAfterSeconds` (`Retry-After` over HTTP), then send it again.",
  },
  QUOTA_EXCEEDED: {
    status: 429,
    description: "What the key may use up is used up; the error names the quota and when it starts afresh.",
    action: "Wait until `resetsAt`, free something, or ask the operator for more.",
  },
  QUERY_TOO_COMPLEX: {
    status: 400,
    description:
      "The document is deeper, costlier or longer, or holds more aliases or directives, than is allowed.",
    action: "Ask for less at once; the message names the limit.",
  },
  OPERATION_NOT_ALLOWED: {
    status: 403,
    description: "The operator has switched introspection off, or admits only operations of a fixed list.",
    action: "Send an operation that the operator admits.",
  },
  CROSS_SITE_REQUEST: {
    status: 403,
    description: "A page of another site may have sent this; it needs a header that such a page cannot set.",
    action: "Send the header that the message names, or a JSON body.",
  },
  TOO_MANY_CONNECTIONS: {
    status: 503,
    description: "As many connections are open, from this address or in all, as the operator allows.",
    action: "Close connections that are not needed, or try again shortly.",
  },
  UNSUPPORTED_AUDIO: {
    status: 422,
    description: "The uploaded file is not a recording that can be made into a voice; `reason` says why.",
    action: "Send another recording; `reason` and the message say what it must be.",
  },
  UPLOAD_TOO_LARGE: {
    status: 413,
    description: "The upload is larger than the service accepts.",
    action: "Send a file of at most `limitBytes`.",
  },
  UPLOAD_FAILED: {
    status: 400,
    description: "The file did not arrive whole: it is missing, empty, cut off or took too long.",
    action: "Send the file again, whole.",
  },
  UPLOAD_TIMED_OUT: {
    status: 408,
    description: "The request took longer to arrive than the service waits.",
    action: "Send it again over a faster connection, or a smaller file.",
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    description: "The body of the request is larger than is read here.",
    action: "Send a smaller body.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    description: "The body of the request is of a type that is not read here.",
    action: "Send JSON, or multipart form data for files.",
  },
  UNSPEAKABLE_TEXT: {
    status: 422,
    description: "The text holds nothing that the chosen voice can speak.",
    action: "Send a text with letters, digits or spoken symbols of the voice's language.",
  },
  MODEL_UNAVAILABLE: {
    status: 503,
    description: "A model file is missing, damaged or could not be loaded.",
    action: "Ask the operator to run `speaker models verify`; then retry the job.",
  },
  INFERENCE_FAILED: {
    status: 500,
    description: "The engine failed or was lost while speaking; the job may be retried.",
    action: "Retry the job with `retryJob`.",
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    description: "The work took longer than its deadline allows.",
    action: "Retry later, or with a shorter text.",
  },
  CANCELLED: {
    status: 409,
    description: "The work was cancelled before it finished.",
    action: "Nothing, or `retryJob`.",
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    description: "A resource the service needs, such as its database, is not answering.",
    action: "Try again shortly.",
  },
  INTERNAL: {
    status: 500,
    description: "An unexpected fault; the log holds the details under the same request id.",
    action: "Tell the operator the request id.",
  },
} as const satisfies Record<string, { status: number; description: string; action: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One fault of an input: where it is (`["input", "speed"]`) and what is accepted there. */
export interface InputIssue {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * A failure the caller can act on. Its message is shown to the caller, so it never holds secrets, paths of
 * the machine or the text to be spoken; the technical reason goes into `cause`, which is only logged.
 */
export class SpeakerError extends Error {
  readonly code: ErrorCode;
  readonly timestamp = new Date();

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  /** Facts for programs that go into `extensions` beside the code; safe for the caller to see. */
  get context(): Readonly<Record<string, unknown>> {
    return {};
  }

  /** HTTP headers that belong to this failure. */
  get headers(): Readonly<Record<string, string>> {
    return {};
  }
}

/** The input breaks one or more rules; every broken rule is listed, not only the first. */
export class InvalidInputError extends SpeakerError {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    const summary = issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    super("INVALID_INPUT", `The input is not valid. ${summary}`);
    this.issues = issues;
  }
}

/** Nobody is known to ask: no key where one is needed, or one that does not hold. Why is never told apart. */
export class UnauthenticatedError extends SpeakerError {
  constructor(message: string) {
    super("UNAUTHENTICATED", message);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { "WWW-Authenticate": 'Bearer realm="speaker"' };
  }
}

/** The key is known and may not do this. */
export class ForbiddenError extends SpeakerError {
  readonly scopes: readonly string[];

  /** @param scopes any of these would do */
  constructor(message: string, scopes: readonly string[] = []) {
    super("FORBIDDEN", message);
    this.scopes = scopes;
  }

  override get context(): Readonly<Record<string, unknown>> {
    return this.scopes.length === 0 ? {} : { scopes: this.scopes };
  }
}

export class NotFoundError extends SpeakerError {
  constructor(message: string) {
    super("NOT_FOUND", message);
  }
}

export class ConflictError extends SpeakerError {
  constructor(message: string) {
    super("CONFLICT", message);
  }
}

/** An idempotency key was used for another request; nothing was stored. */
export class IdempotencyConflictError extends ConflictError {
  constructor() {
    super(
      "This idempotencyKey was used for a different input. Send a new key, or repeat the first input exactly.",
    );
  }
}

/** The bounded queue refuses more work; nothing was stored. */
export class QueueFullError extends SpeakerError {
  readonly retryAfterSeconds: number;
  readonly limit: number;

  constructor(limit: number, retryAfterSeconds: number) {
    super("QUEUE_FULL", `The queue holds its limit of ${limit} jobs. Try again in ${retryAfterSeconds} s.`);
    this.limit = limit;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** More came from one caller than a minute allows; nothing was done. */
export class RateLimitedError extends SpeakerError {
  readonly retryAfterSeconds: number;

  constructor(limit: number, retryAfterSeconds: number) {
    super(
      "RATE_LIMITED",
      `More than the ${limit} requests that a minute allows. Try again in ${retryAfterSeconds} s.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }

  override get context(): Readonly<Record<string, unknown>> {
    return { retryAfterSeconds: this.retryAfterSeconds };
  }

  override get headers(): Readonly<Record<string, string>> {
    return { "Retry-After": String(this.retryAfterSeconds) };
  }
}

/** What a key, or a tenant, may use up. Days and months are those of UTC. */
export const QUOTAS = {
  CHARACTERS_PER_DAY: "Characters of texts to be spoken, a day.",
  CHARACTERS_PER_MONTH: "Characters of texts to be spoken, a month.",
  AUDIO_SECONDS_PER_DAY: "Seconds of audio made, a day.",
  AUDIO_SECONDS_PER_MONTH: "Seconds of audio made, a month.",
  CONCURRENT_JOBS: "Jobs that wait or run at the same time.",
  VOICES: "Voices of its own that the tenant has.",
  DICTIONARIES: "Pronunciation dictionaries that the tenant has.",
  STORAGE_BYTES: "Bytes of stored audio, samples and dictionaries that the tenant has.",
} as const;

export type Quota = keyof typeof QUOTAS;

/** A quota has no room for what was asked; nothing was stored. */
export class QuotaExceededError extends SpeakerError {
  readonly quota: Quota;
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetsAt: Date | null;

  /** @param resetsAt when it starts afresh; null for one that is freed only by ending or deleting something */
  constructor(quota: Quota, facts: { limit: number; used: number; resetsAt: Date | null }) {
    const { limit, used, resetsAt } = facts;
    const remaining = Math.max(0, limit - used);
    const onwards =
      resetsAt === null
        ? "Wait for jobs to end, or delete what is no longer needed."
        : `It starts afresh at ${resetsAt.toISOString()}.`;
    super("QUOTA_EXCEEDED", `The quota ${quota} has ${remaining} of ${limit} left. ${onwards}`);
    this.quota = quota;
    this.limit = limit;
    this.used = used;
    this.remaining = remaining;
    this.resetsAt = resetsAt;
  }

  override get context(): Readonly<Record<string, unknown>> {
    const { quota, limit, used, remaining, resetsAt } = this;
    return { quota, limit, used, remaining, resetsAt };
  }
}

/** The document asks for too much at once. */
export class QueryTooComplexError extends SpeakerError {
  constructor(message: string) {
    super("QUERY_TOO_COMPLEX", message);
  }
}

/** The operator does not admit this operation. */
export class OperationNotAllowedError extends SpeakerError {
  constructor(message: string) {
    super("OPERATION_NOT_ALLOWED", message);
  }
}

/** A foreign page may have made a visitor's browser send this. */
export class CrossSiteError extends SpeakerError {
  constructor(message: string) {
    super("CROSS_SITE_REQUEST", message);
  }
}

/** Why an uploaded file is not taken as a recording. */
export const AUDIO_REFUSALS = {
  NOT_AUDIO: "Its content is not audio, whatever its name says.",
  TYPE_MISMATCH: "Its name or declared type says one format, its content is another.",
  PROTECTED: "It is encrypted or protected by digital rights management.",
  UNSUPPORTED_CODEC: "It is audio, in a format or codec that is not read here.",
  NO_AUDIO_TRACK: "It is a media file without an audio track.",
  INVALID_HEADER: "Its header says what cannot be: sizes, rates or channels that make no sense.",
  DAMAGED: "It begins well and cannot be decoded: cut off, altered or overwritten.",
  MIXED_CONTENT: "It is audio and something else at once, such as an archive or a document.",
  TOO_SHORT: "It holds too little sound.",
  TOO_LONG: "It holds too much sound.",
  SILENT: "It holds nothing that can be heard.",
  TOO_COMPLEX: "Decoding it took more time or memory than is allowed.",
} as const;

export type AudioRefusal = keyof typeof AUDIO_REFUSALS;

/** The file that was uploaded cannot be made into a voice; nothing of it was kept. */
export class UnsupportedAudioError extends SpeakerError {
  readonly reason: AudioRefusal;

  constructor(reason: AudioRefusal, message: string, options?: { cause?: unknown }) {
    super("UNSUPPORTED_AUDIO", message, options);
    this.reason = reason;
  }
}

/** The upload is larger than the service accepts; what had arrived was thrown away. */
export class UploadTooLargeError extends SpeakerError {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super("UPLOAD_TOO_LARGE", `The file is larger than the ${limitBytes} bytes that are accepted.`);
    this.limitBytes = limitBytes;
  }
}

/** Why a file did not arrive. */
export const UPLOAD_FAILURES = {
  MISSING: "The request holds no file for the place that `map` names.",
  EMPTY: "The file has no content.",
  INTERRUPTED: "The request ended before the file did.",
  TIMED_OUT: "The file took longer to arrive than the service waits.",
} as const;

export type UploadFailure = keyof typeof UPLOAD_FAILURES;

/** The file did not arrive whole; nothing of it was kept. */
export class UploadFailedError extends SpeakerError {
  readonly failure: UploadFailure;

  constructor(failure: UploadFailure, message: string) {
    super("UPLOAD_FAILED", message);
    this.failure = failure;
  }
}
