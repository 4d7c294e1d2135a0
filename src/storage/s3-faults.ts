import { SpeakerError } from "../errors.ts";

/** What the client throws for an answer of the server, and for none. */
interface S3Failure {
  readonly status?: number;
  readonly body?: string;
}

/** The answer behind an error of the client, however it was wrapped; null when the server gave none. */
function answerOf(error: unknown): { status: number; code: string } | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { status, body } = cause as S3Failure;
    if (typeof status === "number")
      return { status, code: /<Code>([A-Za-z]{1,64})<\/Code>/.exec(body ?? "")?.[1] ?? "" };
  }
  return null;
}

/** Whether the server said that this object is not there. A missing bucket is another matter. */
export function isMissingObject(error: unknown): boolean {
  const answer = answerOf(error);
  return answer?.status === 404 && answer.code !== "NoSuchBucket";
}

const FULL = new Set(["QuotaExceeded", "XMinioStorageFull", "XAmzStorageFull", "InsufficientStorage"]);

/**
 * The failure of a request as callers and operators see it: what is wrong and what to do, nothing secret. The
 * client's own error is the cause.
 */
export function s3Fault(error: unknown): SpeakerError {
  if (error instanceof SpeakerError) return error;
  return new SpeakerError("SERVICE_UNAVAILABLE", explain(answerOf(error)), { cause: error });
}

function explain(answer: ReturnType<typeof answerOf>): string {
  if (answer === null)
    return "The bucket for audio and voices does not answer. Check S3_ENDPOINT, or try again shortly.";
  const { status, code } = answer;
  if (status === 404)
    return "The bucket for audio and voices does not exist. Create it, or set S3_BUCKET to another one.";
  if (status === 507 || FULL.has(code)) return "The bucket for audio and voices is full. Free some space.";
  if (code === "RequestTimeTooSkewed")
    return "The bucket for audio and voices says that this machine's clock is wrong. Set it right.";
  if (status === 301 || status === 307 || code === "AuthorizationHeaderMalformed")
    return "The bucket for audio and voices is in another region. Set S3_REGION to it.";
  if (status === 401 || status === 403) {
    return `The bucket for audio and voices refuses this service (${code || status}). Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and the rights of that key.`;
  }
  return `The bucket for audio and voices fails (${code || status}). Try again shortly.`;
}
