import { SpeakerError } from "../errors.ts";

/** One source could not give a file; its message is in plain words, for the person who waits for the model. */
export class SourceError extends Error {
  override readonly name = "SourceError";
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/**
 * A fault of the models folder itself, which no other source cures: full, not writable, or no folder. Anything else gives
 * `null`.
 */
export function folderFault(error: unknown): SpeakerError | null {
  switch (errorCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new SpeakerError(
        "MODEL_UNAVAILABLE",
        "The disk of the models folder is full. Free some space, or set MODELS_DIR to a folder on a larger disk.",
        { cause: error },
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new SpeakerError(
        "MODEL_UNAVAILABLE",
        "The models folder cannot be written. Set MODELS_DIR to a folder that this user may write, or put the " +
          "model files there as a user who may.",
        { cause: error },
      );
    case "ENOTDIR":
    case "EEXIST":
      return new SpeakerError(
        "MODEL_UNAVAILABLE",
        "The models folder is not a folder: a file is in its place. Set MODELS_DIR to a folder.",
        { cause: error },
      );
    default:
      return null;
  }
}

const NETWORK_FAULTS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its host name could not be resolved",
  EAI_AGAIN: "its host name could not be resolved",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  UND_ERR_CONNECT_TIMEOUT: "it did not answer in time",
  ETIMEDOUT: "it did not answer in time",
  ENETUNREACH: "the network cannot be reached",
  EHOSTUNREACH: "the host cannot be reached",
  CERT_HAS_EXPIRED: "its certificate has expired",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted here",
};

/** Why a request failed, in plain words; `fetch` hides the reason in nested causes. */
export function networkFault(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SourceError) return cause.message;
    const words = NETWORK_FAULTS[errorCode(cause) ?? ""];
    if (words) return words;
    if (cause instanceof AggregateError && cause.errors.length > 0) return networkFault(cause.errors[0]);
  }
  return "the connection failed";
}
