import { z } from "zod";
import { encodedRate } from "../audio/encoder.ts";
import { AUDIO_FORMATS } from "../audio/format.ts";
import { SPEECH_SAMPLE_RATE } from "../inference/engine.ts";
import type { DirectedSpan, ScriptSource } from "./text/script.ts";
import type { PlanOptions } from "./text/utterance.ts";

export const MIN_SPEED = 0.5;
export const MAX_SPEED = 2;
/** The most a single job takes; a book chapter. */
export const MAX_TEXT_CHARACTERS = 50_000;

const speed = z.number().min(MIN_SPEED).max(MAX_SPEED);

const askedVoice = {
  /** The voice as it was asked for: an id, `id#speaker`, or an inline mix such as `af_heart(2)+af_sky(1)`. */
  voiceId: z.string(),
  /** The parts of an inline mix, each with the pack that it had when the job was accepted. */
  mix: z
    .array(z.strictObject({ voiceId: z.string(), weight: z.number(), packSha256: z.string() }))
    .min(1)
    .optional(),
};

/**
 * What a synthesis job keeps as its input; parsed when it is scheduled and again when it runs. All that is optional was
 * added later or is left out where it says nothing: what any version has written must be read.
 */
export const synthesisInput = z.strictObject({
  /** Of a dialogue, its segments with a line break between each two. */
  text: z.string().min(1),
  /** Left out, the text itself tells. */
  textFormat: z.enum(["plain", "ssml"]).optional(),
  /** The parts of a dialogue: UTF-16 offsets in `text`, the index of the voice, language and pace where they were asked for. */
  segments: z
    .array(
      z.strictObject({
        start: z.int().nonnegative(),
        end: z.int().nonnegative(),
        voice: z.int().nonnegative(),
        language: z.string().optional(),
        speed: speed.optional(),
      }),
    )
    .min(1)
    .optional(),
  ...askedVoice,
  /** The others that speak too: the first is voice 1. */
  voices: z.array(z.strictObject(askedVoice)).min(1).optional(),
  /** BCP-47. Where it was not asked for, that of the voice, and `detect` is there. */
  language: z.string(),
  /** The language of each sentence is found out. */
  detect: z.literal(true).optional(),
  format: z.enum(AUDIO_FORMATS),
  speed,
  /** There only where numbers and signs are not to be put into words. */
  normalize: z.literal(false).optional(),
  emoji: z.literal("speak").optional(),
  /** In the versions that were there when the job was accepted. */
  dictionaries: z
    .array(z.strictObject({ id: z.string(), version: z.int(), digest: z.string() }))
    .min(1)
    .optional(),
  loudnessLufs: z.number().optional(),
  /** In Hz; left out, the engine's own. */
  sampleRate: z.int().optional(),
  /** There only where the caches are neither to be used nor added to. */
  cache: z.literal(false).optional(),
});

export type SynthesisInput = z.infer<typeof synthesisInput>;

/** A voice of a job as it was asked for. */
export type InputVoice = Pick<SynthesisInput, "voiceId" | "mix">;

const inputs = new WeakMap<object, SynthesisInput>();

/** The input that the row of a synthesis job keeps. The text in it may be long: it is parsed once for a row. */
export function inputOf(job: { readonly input: unknown }): SynthesisInput {
  const parsed = inputs.get(job) ?? synthesisInput.parse(job.input);
  inputs.set(job, parsed);
  return parsed;
}

/** All voices of a job, by the numbers that its plan calls them. */
export function voicesOf({ voiceId, mix, voices = [] }: SynthesisInput): readonly InputVoice[] {
  return [{ voiceId, ...(mix !== undefined && { mix }) }, ...voices];
}

/** The id of the voice that a reference names, without the speaker of one that has several. */
export function voiceIdOf(reference: string): string {
  return reference.split("#", 1)[0] ?? reference;
}

/** The voices that are heard in a job by their ids, the parts of mixes included, each once. */
export function heardVoiceIds(input: SynthesisInput): string[] {
  const ids = voicesOf(input).flatMap(
    ({ voiceId, mix }) => mix?.map((part) => part.voiceId) ?? [voiceIdOf(voiceId)],
  );
  return [...new Set(ids)];
}

/** Samples a second of the audio of a job, in Hz. */
export function rateOf({ format, sampleRate }: Pick<SynthesisInput, "format" | "sampleRate">): number {
  return sampleRate ?? encodedRate(format, SPEECH_SAMPLE_RATE);
}

/** What is to be spoken, as the planner takes it. */
export function sourceOf({ text, textFormat, segments, speed }: SynthesisInput): ScriptSource {
  const directed = segments?.map(({ start, end, voice, language, speed: own }): DirectedSpan => {
    const rate = own === undefined ? {} : { rate: own / speed };
    return { start, end, directions: { voice, ...(language !== undefined && { language }), ...rate } };
  });
  return { text, format: textFormat ?? "auto", ...(directed !== undefined && { segments: directed }) };
}

/** How it is to be planned, as far as the input says. */
export function planOptionsOf({
  language,
  detect,
  normalize,
  emoji,
}: SynthesisInput): Pick<PlanOptions, "language" | "normalize" | "emoji"> {
  return {
    ...(detect === undefined && { language }),
    ...(normalize === false && { normalize }),
    ...(emoji !== undefined && { emoji }),
  };
}
