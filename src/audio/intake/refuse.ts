import { type AudioRefusal, UnsupportedAudioError } from "../../errors.ts";
import { MAX_CHANNELS, MAX_SAMPLE_RATE, MIN_SAMPLE_RATE } from "./contract.ts";

/** A file that is not taken, and why, in words for the caller. */
export function refuse(reason: AudioRefusal, message: string, cause?: unknown): never {
  throw new UnsupportedAudioError(reason, message, { cause });
}

/** @throws UnsupportedAudioError INVALID_HEADER for a rate or a number of channels that no recording has. */
export function checkFormat(sampleRate: number, channels: number): void {
  if (!Number.isInteger(sampleRate) || sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE) {
    refuse(
      "INVALID_HEADER",
      `The file states ${sampleRate} samples a second; ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} are taken.`,
    );
  }
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
    refuse("INVALID_HEADER", `The file states ${channels} channels; 1 to ${MAX_CHANNELS} are taken.`);
  }
}
