import { sha256Of } from "../../digest.ts";
import type { UtteranceRequest, VoiceReference } from "../../inference/engine.ts";
import type { JobPriority } from "../../jobs/table.ts";
import type { Manifest } from "../../models/manifest.ts";
import { VERSION } from "../../version.ts";
import type { SynthesisInput } from "../input.ts";

/**
 * Raised when the same request would sound different or be encoded otherwise: text front end, cutting, joining, level,
 * encoders. Releases make other keys by their version alone; this is for what changes between them.
 */
const RENDER_VERSION = 2;
/** Raised when the engine makes other samples of the same tokens, or their files have another form. */
const UTTERANCE_VERSION = 1;

/** What a text goes through before it is sound. */
const ENGINE_MODELS: readonly string[] = [
  "kokoro-82m-int8",
  "kokoro-82m-int8-vnni",
  "kokoro-82m-float32",
  "english-lexicon",
];

/**
 * Names the engine that a configuration uses, the same on every node of a fleet: engine and weights by their digests in
 * the manifest. Which copy of the weights a worker computes with is its own choice and not part of it.
 */
export function engineIdentity(engine: string, { models }: Pick<Manifest, "models">): string {
  const weights = models
    .filter(({ id }) => ENGINE_MODELS.includes(id))
    .map(({ id, files }) => [id, ...files.map(({ sha256 }) => sha256)]);
  return sha256Of(JSON.stringify([engine, weights]));
}

/** A part of a voice of a request, with the pack that it has at this moment. */
export interface KeyedVoice {
  /** As it is referred to, the speaker included where a voice has several. */
  readonly voiceId: string;
  /** Its share of an inline mix; null for a voice that speaks alone. */
  readonly weight: number | null;
  readonly packSha256: string;
}

/** The parts of one voice: one, or those of an inline mix. */
export type KeyedParts = readonly KeyedVoice[];

export interface KeyedRequest {
  readonly tenant: string;
  /** By `engineIdentity`. */
  readonly engine: string;
  /** The voices that speak, in the order in which the input numbers them. */
  readonly voices: readonly KeyedParts[];
  readonly input: HeardInput;
  /** The first utterance is cut short where somebody waits for it. */
  readonly priority: JobPriority;
}

/** What is heard of an input besides its voices. */
type HeardInput = Omit<SynthesisInput, "voiceId" | "mix" | "voices" | "cache">;

/** Names everything that the bytes of a finished file follow from: the same key means the same bytes. */
export function requestKey({ tenant, engine, voices, input, priority }: KeyedRequest): string {
  const spoken = voices.map((parts) =>
    parts.map(({ voiceId, weight, packSha256 }) => [voiceId, weight, packSha256]),
  );
  const facts = [VERSION, RENDER_VERSION, engine, tenant, spoken, heardOf(input), priority];
  return sha256Of(JSON.stringify(facts));
}

/** All of an input that is heard, in one order: JSON from the database has another. */
function heardOf(input: HeardInput): object {
  return {
    text: input.text,
    textFormat: input.textFormat,
    segments: input.segments?.map(({ start, end, voice, language, speed }) => [
      ...[start, end, voice, language ?? null, speed ?? null],
    ]),
    language: input.language,
    detect: input.detect,
    format: input.format,
    speed: input.speed,
    normalize: input.normalize,
    emoji: input.emoji,
    // Which dictionary it is does not matter, only what it says.
    dictionaries: input.dictionaries?.map(({ digest }) => digest),
    loudnessLufs: input.loudnessLufs,
    sampleRate: input.sampleRate,
  } satisfies Record<keyof HeardInput, unknown>;
}

/** Whose utterances they are and what speaks them: what the engine's request does not tell. */
export interface UtteranceScope {
  readonly tenant: string;
  readonly engine: string;
  /** Which copy of the weights computes: the copies differ in the last bits. */
  readonly precision: string;
  /** The voices that are heard and can be deleted; two of the same sound share nothing. */
  readonly voiceIds: readonly string[];
}

/** Names the samples of one utterance. */
export function utteranceKey(scope: UtteranceScope, request: UtteranceRequest): string {
  const { tenant, engine, precision, voiceIds } = scope;
  const facts = [UTTERANCE_VERSION, tenant, engine, precision, voiceIds, ...soundOf(request)];
  return sha256Of(JSON.stringify(facts));
}

/** What the samples of an utterance follow from, for an engine that stays the same. */
export function soundOf(request: UtteranceRequest): readonly unknown[] {
  const { engine, tokens, speed, effects } = request;
  const facts = [engine, voiceOf(request), tokens, speed];
  return effects === undefined ? facts : [...facts, effects.pitchSemitones, effects.gainDb];
}

function voiceOf(request: UtteranceRequest): unknown {
  switch (request.engine) {
    case "kokoro":
      return voiceIdentity(request.voice);
    case "piper":
      return [request.model.key, request.speaker];
    case "espeak":
      return [request.voice, request.text];
    case "fake":
      return voiceIdentity({ style: request.style ?? NO_STYLE });
  }
}

const NO_STYLE = new Float32Array();

function voiceIdentity(voice: VoiceReference): string {
  if ("key" in voice) return voice.key;
  const values = "pack" in voice ? voice.pack : voice.style;
  return sha256Of(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
