import type { ErrorCode } from "../errors.ts";
import type { AudioFormat } from "./format.ts";

/** The file that an encoder thread is to write next. */
export interface EncodeTask {
  readonly format: AudioFormat;
  readonly sampleRate: number;
  /** Rate of what is written; left out, the format decides. */
  readonly outputSampleRate?: number | undefined;
  /** Loudness that the audio is brought to; left out, it stays as it is. */
  readonly loudnessLufs?: number | undefined;
  /** File to create; it must not exist. */
  readonly path: string;
}

/** Where samples wait whose loudness is to be changed, beside the file that they are for. */
export const scratchPath = (path: string): string => `${path}.samples`;

/** What was written, exactly. */
export interface EncodedAudio {
  /** Size of the file. */
  readonly bytes: number;
  /** SHA-256 of the file in hexadecimal. */
  readonly sha256: string;
  /** Rate of the encoded audio in Hz; a few formats cannot keep the input's. */
  readonly sampleRate: number;
  /** Mono samples that a decoder gives back, at `sampleRate`; of AAC those of the audio itself, see `aac.ts`. */
  readonly sampleCount: number;
  readonly durationSeconds: number;
  /** Integrated loudness and true peak (EBU R 128) of what was encoded; null where no loudness was asked for. */
  readonly loudnessLufs: number | null;
  readonly truePeakDbtp: number | null;
}

export type ToEncodeThread =
  /** Begins a file; one at a time. */
  | { readonly type: "open"; readonly task: EncodeTask }
  | { readonly type: "samples"; readonly samples: Float32Array }
  | { readonly type: "finish" };

/** An error in a form that survives the way between threads. */
export interface ThreadFailure {
  readonly message: string;
  /** Code of a SpeakerError. */
  readonly code?: ErrorCode;
  /** Name of a system error, such as ENOSPC. */
  readonly systemCode?: string;
}

export type FromEncodeThread =
  /** One `samples` message has been encoded and written. */
  | { readonly type: "taken" }
  | { readonly type: "done"; readonly audio: EncodedAudio }
  | { readonly type: "failed"; readonly failure: ThreadFailure };
