import type { AudioFormat } from "../../audio/format.ts";

/** What a stream is encoded as. */
export interface StreamOutput {
  readonly format: AudioFormat;
  /** In Hz; left out, the format's own for speech. */
  readonly sampleRate?: number | undefined;
}

/** A stream as the thread makes it. */
export interface JoinedOutput extends StreamOutput {
  /** When the first utterance begins: what is before it is silence. */
  readonly headSeconds: number;
}

/** To the thread that encodes for listeners; `stream` numbers them. */
export type ToEncoders =
  | { readonly type: "open"; readonly stream: number; readonly output: JoinedOutput }
  /** The next utterance as the engine made it. One at a time for each stream: the next when `last` has come. */
  | {
      readonly type: "utterance";
      readonly stream: number;
      readonly samples: Float32Array;
      readonly pauseAfterSeconds: number;
      /** No other comes: the end of the recording is added. */
      readonly ends: boolean;
    }
  /** Nobody listens any more. */
  | { readonly type: "drop"; readonly stream: number };

export type FromEncoders =
  /** Encoded bytes of an utterance; `last`: it has no more. */
  | { readonly type: "bytes"; readonly stream: number; readonly bytes: Uint8Array; readonly last: boolean }
  | { readonly type: "failed"; readonly stream: number; readonly reason: string };
