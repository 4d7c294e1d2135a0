import { SpeakerError } from "../errors.ts";

export function cancelled(): SpeakerError {
  return new SpeakerError("CANCELLED", "The utterance was cancelled.");
}

export function shuttingDown(): SpeakerError {
  return new SpeakerError("SERVICE_UNAVAILABLE", "The inference pool is not running.");
}

export function modelUnavailable(reason: string): SpeakerError {
  return new SpeakerError("MODEL_UNAVAILABLE", `The speech engine does not start: ${reason}.`);
}
