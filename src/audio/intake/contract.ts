/** What a recording may come in. */
export type AudioContainer = "wav" | "mp3" | "flac" | "m4a" | "ogg" | "webm";

/** What was found in a file that was decoded from its first sample to its last. */
export interface AudioFacts {
  readonly container: AudioContainer;
  /** `pcm_s16`, `pcm_f32`, …, `mp3`, `flac`, `aac`, `opus`, `vorbis`. */
  readonly codec: string;
  readonly durationSeconds: number;
  /** From the first sound to the last: silence at the ends does not count. */
  readonly soundSeconds: number;
  /** Hz, as decoded. */
  readonly sampleRate: number;
  readonly channels: number;
  /** The largest sample of any channel; 1 is full scale, floating point may exceed it. */
  readonly peak: number;
  /** Root mean square of the mono mix. */
  readonly rms: number;
}

/** The mono mix of a recording, to be written as raw little-endian float32 at a rate of choice. */
export interface PcmOutput {
  readonly path: string;
  /** Hz. */
  readonly sampleRate: number;
}

export interface InspectRequest {
  /** A local file of the program's own naming. */
  readonly path: string;
  /** What the caller called it: only its extension is looked at. Null when there is none. */
  readonly fileName: string | null;
  /** The media type that the caller stated; null when none. */
  readonly declaredType: string | null;
  readonly pcm: readonly PcmOutput[];
}

/** Shortest and longest sound that is taken for a voice. */
export const MIN_SOUND_SECONDS = 3;
export const MAX_SOUND_SECONDS = 300;
/** Decoding stops this far behind the longest: whatever a small file unfolds to, it is not followed. */
export const DECODE_MARGIN_SECONDS = 1;

/** Quieter than this, a stretch counts as silence: -60 dB below full scale. */
export const SILENCE_RMS = 0.001;

export const MAX_CHANNELS = 8;
export const MIN_SAMPLE_RATE = 8_000;
export const MAX_SAMPLE_RATE = 192_000;
