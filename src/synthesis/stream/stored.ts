import type { Db } from "../../db/client.ts";
import { SpeakerError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import { findAudio } from "../synthesis.ts";
import type { AudioAssetRow } from "../table.ts";
import type { SpokenRow } from "./utterances.ts";

/** Bytes of a job's audio, in order. */
export interface AudioPart {
  readonly bytes: Uint8Array;
  /** Where they begin in the stream. */
  readonly position: number;
  /** The utterance that they belong to; null where that is not known. */
  readonly utterance: SpokenRow | null;
  /** The utterance has no more. */
  readonly last: boolean;
  /** The stream has no more. */
  readonly final: boolean;
  /** How many utterances the job has; 0 where that was not written down. */
  readonly total: number;
}

/**
 * The stored audio as far as it can be served.
 *
 * @throws SpeakerError GONE once it has expired or was removed.
 */
export function requireStored(asset: AudioAssetRow | null): AudioAssetRow {
  const now = new Date();
  if (asset === null || asset.deletedAt !== null || (asset.expiresAt !== null && asset.expiresAt <= now)) {
    throw new SpeakerError(
      "GONE",
      "The audio of this job was removed: it has expired, or its voice was deleted. Submit the text again.",
    );
  }
  return asset;
}

/** The rest of a job that has succeeded, from its stored file. */
export async function* readStored(
  { db, storage }: { readonly db: Db; readonly storage: Storage },
  jobId: string,
  from: { readonly position: number; readonly total: number },
): AsyncGenerator<AudioPart> {
  const asset = requireStored(await findAudio(db, jobId));
  const { total } = from;
  let { position } = from;
  const end = asset.bytes;
  const rest = { utterance: null, total } as const;
  if (position >= end) {
    yield { ...rest, bytes: new Uint8Array(), position, last: true, final: true };
    return;
  }
  const body = await storage.read(asset.storageKey, { start: position, end: end - 1 });
  for await (const chunk of body ?? []) {
    const bytes = chunk as Uint8Array;
    const final = position + bytes.length >= end;
    yield { ...rest, bytes, position, last: final, final };
    position += bytes.length;
  }
  if (position < end) {
    throw new SpeakerError("GONE", "The audio of this job is no longer there. Submit the text again.");
  }
}
