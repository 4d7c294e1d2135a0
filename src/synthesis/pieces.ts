import { sha256Of } from "../digest.ts";
import type { UtteranceAudio, UtteranceRequest, VoiceReference } from "../inference/engine.ts";
import type { Storage } from "../storage/storage.ts";
import type { PieceStore } from "./speak.ts";

/** Raised when the same request would sound different, so that old pieces are not mixed with new ones. */
const PIECE_VERSION = 1;
const HEADER_BYTES = 12;

export const piecesPrefix = (jobId: string) => `pieces/${jobId}/`;

/** Keeps the utterances of one job in the store until the job has ended. */
export function jobPieces(storage: Storage, jobId: string): PieceStore {
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
  };
}

/** The utterance that is kept under a key; null when there is none, or only a damaged one. */
export async function loadPiece(storage: Storage, key: string): Promise<UtteranceAudio | null> {
  const bytes = await storage.get(key);
  return bytes === null ? null : decodePiece(bytes);
}

function fingerprint(request: UtteranceRequest): string {
  const voice = voiceIdentity(
    request.engine === "kokoro" ? request.voice : { style: request.style ?? NO_STYLE },
  );
  const identity = JSON.stringify([PIECE_VERSION, request.engine, voice, request.tokens, request.speed]);
  return sha256Of(identity).slice(0, 32);
}

const NO_STYLE = new Float32Array();

function voiceIdentity(voice: VoiceReference): string {
  if ("key" in voice) return voice.key;
  const values = "pack" in voice ? voice.pack : voice.style;
  return sha256Of(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Little-endian: sample rate, count of durations, count of samples (uint32 each), then both as float32. */
function encodePiece(audio: UtteranceAudio): Uint8Array {
  const durations = audio.tokenDurationsSeconds ?? new Float32Array();
  const bytes = new Uint8Array(HEADER_BYTES + 4 * (durations.length + audio.samples.length));
  new Uint32Array(bytes.buffer, 0, 3).set([audio.sampleRate, durations.length, audio.samples.length]);
  new Float32Array(bytes.buffer, HEADER_BYTES, durations.length).set(durations);
  new Float32Array(bytes.buffer, HEADER_BYTES + 4 * durations.length).set(audio.samples);
  return bytes;
}

/** Null for a piece that is not whole: it is spoken again. */
function decodePiece(bytes: Uint8Array): UtteranceAudio | null {
  if (bytes.length < HEADER_BYTES) return null;
  // A copy of its own is aligned, which a pooled buffer need not be.
  const buffer = Uint8Array.from(bytes).buffer;
  const [sampleRate = 0, durationCount = 0, sampleCount = 0] = new Uint32Array(buffer, 0, 3);
  if (bytes.length !== HEADER_BYTES + 4 * (durationCount + sampleCount)) return null;
  const durations = new Float32Array(buffer, HEADER_BYTES, durationCount);
  return {
    samples: new Float32Array(buffer, HEADER_BYTES + 4 * durationCount),
    sampleRate,
    tokenDurationsSeconds: durationCount === 0 ? null : durations,
    computeSeconds: 0,
  };
}
