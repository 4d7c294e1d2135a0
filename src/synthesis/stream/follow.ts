import type { AudioFormat } from "../../audio/format.ts";
import type { Db } from "../../db/client.ts";
import type { EventBus } from "../../db/events.ts";
import { ERROR_CODES, type ErrorCode, NotFoundError, SpeakerError } from "../../errors.ts";
import { changed } from "../../jobs/watch.ts";
import type { Storage } from "../../storage/storage.ts";
import { loadPiece } from "../pieces.ts";
import type { SpeechEncoder, StreamEncoders } from "./encoders.ts";
import type { StreamOutput } from "./protocol.ts";
import { type AudioPart, readStored } from "./stored.ts";
import { type JobSnapshot, readSnapshot, type SpokenRow } from "./utterances.ts";

/** FLAC says in front how long it is and what its digest is: it is sent when it is whole. */
const STREAMABLE: ReadonlySet<AudioFormat> = new Set(["wav", "mp3", "opus", "aac", "pcm"]);

export interface FollowDeps {
  readonly db: Db;
  readonly bus: EventBus;
  readonly storage: Storage;
  readonly encoders: StreamEncoders;
}

export interface Followed extends StreamOutput {
  readonly jobId: string;
  /** It is brought to a loudness, which is known when all of it has been spoken: it is sent when it is whole. */
  readonly levelled: boolean;
}

/**
 * The audio of a job from its first byte to its last, while it is being made: each utterance is read from the store,
 * joined and encoded when it is asked for, so that a slow listener holds one in memory and no more. A listener who is
 * behind when the job ends, and one who comes after, gets the rest from the stored file: encoding the same utterances
 * gives the same bytes.
 *
 * @throws NotFoundError; SpeakerError with the job's own code when it fails or is cancelled, GONE when the audio has
 *   expired, SERVICE_UNAVAILABLE when the node stops. The signal's reason when it aborts.
 */
export async function* followAudio(
  deps: FollowDeps,
  { jobId, levelled, ...output }: Followed,
  signal: AbortSignal,
): AsyncGenerator<AudioPart> {
  const { db, bus, storage, encoders } = deps;
  // Subscribed before the rows are read: nothing can fall in between.
  const changes = bus.subscribe(`job:${jobId}`);
  signal.addEventListener("abort", changes.close, { once: true });
  const streamable = STREAMABLE.has(output.format) && !levelled;
  let encoder: SpeechEncoder | null = null;
  let next = 0;
  let position = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const snapshot = await readSnapshot(db, jobId, next);
      if (snapshot === null) throw new NotFoundError("There is no such job.");
      refuseEnded(snapshot);
      if (snapshot.status === "SUCCEEDED") {
        yield* readStored(deps, jobId, { position, total: snapshot.unitsTotal ?? 0 });
        return;
      }
      const total = snapshot.unitsTotal;
      let spoken = 0;
      // Before the text has been split there is only what an earlier attempt has left.
      for (const row of streamable && total !== null ? snapshot.spoken : []) {
        const piece = row.index === next ? await loadPiece(storage, row.pieceKey) : null;
        // Gone: the job has ended meanwhile, or the utterance is about to be spoken again.
        if (piece === null) break;
        const final = next + 1 === total;
        // Always the first one: all of a stream goes through one encoder.
        encoder ??= encoders.open({ ...output, headSeconds: row.startSeconds });
        for await (const part of encode(encoder, piece.samples, row, final)) {
          yield { ...part, position, total: total ?? 0 };
          position += part.bytes.length;
        }
        if (final) return;
        next += 1;
        spoken += 1;
      }
      if (spoken > 0) continue;
      if (!(await changed(changes))) {
        signal.throwIfAborted();
        throw new SpeakerError("SERVICE_UNAVAILABLE", "The service is stopping. Listen again shortly.");
      }
    }
  } finally {
    encoder?.close();
    signal.removeEventListener("abort", changes.close);
    changes.close();
  }
}

/** The parts of one utterance; the last of them says so, and has no bytes where there are no more. */
async function* encode(
  encoder: SpeechEncoder,
  samples: Float32Array,
  utterance: SpokenRow,
  final: boolean,
): AsyncGenerator<Omit<AudioPart, "position" | "total">> {
  for await (const bytes of encoder.push(samples, utterance.pauseAfterSeconds, final)) {
    yield { bytes, utterance, last: false, final: false };
  }
  yield { bytes: new Uint8Array(), utterance, last: true, final };
}

/** @throws SpeakerError with the code of a job that has ended without audio. */
export function refuseEnded({
  status,
  errorCode,
  errorMessage,
}: Pick<JobSnapshot, "status" | "errorCode" | "errorMessage">): void {
  if (status !== "FAILED" && status !== "CANCELLED") return;
  const code = errorCode !== null && errorCode in ERROR_CODES ? (errorCode as ErrorCode) : "INTERNAL";
  throw new SpeakerError(code, errorMessage ?? `The job ended as ${status}.`);
}
