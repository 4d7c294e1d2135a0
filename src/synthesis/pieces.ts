import { crc32 } from "node:zlib";
import type { Tx } from "../db/client.ts";
import { sha256Of } from "../digest.ts";
import type { UtteranceAudio, UtteranceRequest } from "../inference/engine.ts";
import type { Storage } from "../storage/storage.ts";
import { soundOf } from "./cache/identity.ts";
import type { PieceStore } from "./speak.ts";

/** Raised when the same request would sound different, so that old pieces are not mixed with new ones. */
const PIECE_VERSION = 2;
const HEADER_BYTES = 16;

export const piecesPrefix = (jobId: string) => `pieces/${jobId}/`;

/** The utterances of one attempt at a job, from the first to what is left of them when the job has ended. */
export interface JobPieces extends PieceStore {
  /**
   * Called in the transaction that writes the row of an utterance, with the key that `load` or `save` gave.
   *
   * @returns the key under which the utterance stays for as long as the job runs.
   */
  record(tx: Tx, pieceKey: string): Promise<string>;
  /** Called in the transaction that ends the job well. */
  commit(tx: Tx): Promise<void>;
  /** Removes what nobody needs once the job has ended well. */
  settled(): Promise<void>;
  /** Called when the attempt has failed: removes what a job that has ended would leave behind. */
  abandoned(): Promise<void>;
}

/** Keeps the utterances of one job in the store until the job has ended: for jobs that use no cache. */
export function jobPieces(storage: Storage, jobId: string): JobPieces {
  const keyOf = (request: UtteranceRequest) => `${piecesPrefix(jobId)}${fingerprint(request)}.piece`;
  return {
    async load(request) {
      const key = keyOf(request);
      const audio = await loadPiece(storage, key);
      return audio === null ? null : { key, audio };
    },
    async save(request, audio) {
      const key = keyOf(request);
      await storage.put(key, encodePiece(audio));
      return key;
    },
    record: async (_tx, pieceKey) => pieceKey,
    async commit() {},
    settled: () => storage.remove(piecesPrefix(jobId)),
    // Another attempt needs them, or the sweep sees that the job has ended.
    async abandoned() {},
  };
}

/** The utterance that is kept under a key; null when there is none, or only a damaged one. */
export async function loadPiece(storage: Storage, key: string): Promise<UtteranceAudio | null> {
  const bytes = await storage.get(key);
  return bytes === null ? null : decodePiece(bytes);
}

function fingerprint(request: UtteranceRequest): string {
  return sha256Of(JSON.stringify([PIECE_VERSION, ...soundOf(request)])).slice(0, 32);
}

/** How long a piece is, without making it. */
export function pieceBytes({ samples, tokenDurationsSeconds }: UtteranceAudio): number {
  return HEADER_BYTES + 4 * ((tokenDurationsSeconds?.length ?? 0) + samples.length);
}

/** Little-endian: sample rate, count of durations, count of samples, CRC-32 of the rest (uint32 each), then both as float32. */
export function encodePiece(audio: UtteranceAudio): Uint8Array {
  const durations = audio.tokenDurationsSeconds ?? new Float32Array();
  const bytes = new Uint8Array(pieceBytes(audio));
  new Float32Array(bytes.buffer, HEADER_BYTES, durations.length).set(durations);
  new Float32Array(bytes.buffer, HEADER_BYTES + 4 * durations.length).set(audio.samples);
  const header = [audio.sampleRate, durations.length, audio.samples.length];
  new Uint32Array(bytes.buffer, 0, 4).set([...header, crc32(bytes.subarray(HEADER_BYTES))]);
  return bytes;
}

/** Null for a piece that is not whole or not what was written: it is spoken again. */
function decodePiece(bytes: Uint8Array): UtteranceAudio | null {
  if (bytes.length < HEADER_BYTES) return null;
  // A copy of its own is aligned, which a pooled buffer need not be.
  const { buffer } = Uint8Array.from(bytes);
  const [sampleRate = 0, durationCount = 0, sampleCount = 0, checksum = 0] = new Uint32Array(buffer, 0, 4);
  if (bytes.length !== HEADER_BYTES + 4 * (durationCount + sampleCount)) return null;
  if (crc32(bytes.subarray(HEADER_BYTES)) !== checksum) return null;
  const durations = new Float32Array(buffer, HEADER_BYTES, durationCount);
  return {
    samples: new Float32Array(buffer, HEADER_BYTES + 4 * durationCount),
    sampleRate,
    tokenDurationsSeconds: durationCount === 0 ? null : durations,
    computeSeconds: 0,
  };
}
