import { AUDIO_FORMAT_INFO, AUDIO_FORMATS, type AudioFormat } from "../audio/format.ts";
import { needs } from "../auth/scopes.ts";
import { ConflictError, InvalidInputError, QueueFullError, QuotaExceededError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { JobInterface, JobPriorityEnum } from "../jobs/graphql.ts";
import type { JobRow } from "../jobs/table.ts";
import { LanguageType, languageOf } from "../languages/graphql.ts";
import { VoiceType } from "../voices/graphql.ts";
import {
  inputOf,
  MAX_SPEED,
  MAX_TEXT_CHARACTERS,
  MIN_SPEED,
  type SynthesisRequest,
  synthesisRequest,
} from "./input.ts";
import { requestSynthesis } from "./synthesis.ts";
import type { AudioAssetRow } from "./table.ts";

export const AudioFormatEnum = builder.enumType("AudioFormat", {
  description: "What the audio is delivered as. All are mono at 24 kHz; Opus plays back at 48 kHz.",
  values: Object.fromEntries(
    AUDIO_FORMATS.map((format) => [
      format.toUpperCase(),
      { value: format, description: AUDIO_FORMAT_INFO[format].description },
    ]),
  ) as { [Format in AudioFormat as Uppercase<Format>]: { value: Format; description: string } },
});

export const AudioType = builder.objectRef<AudioAssetRow>("Audio").implement({
  authScopes: needs("synthesize"),
  description: "Stored audio. The numbers are exact and describe the file as it is served.",
  fields: (t) => ({
    url: t.string({
      description:
        "Where to fetch it by GET: ranges, ETag; `download=1` in the query for a file name. Where keys are needed it " +
        "is signed and opens the audio without one until its `expires`; ask again for a fresh one. 410 once the " +
        "audio has expired.",
      resolve: ({ jobId }, _args, { fileUrl, actor }) => fileUrl(`/audio/${jobId}`, actor.tenant),
    }),
    format: t.expose("format", { type: AudioFormatEnum, description: "What it is encoded as." }),
    contentType: t.string({
      description: "Its media type.",
      resolve: ({ format }) => AUDIO_FORMAT_INFO[format].contentType,
    }),
    durationSeconds: t.exposeFloat("durationSeconds", { description: "How long it plays." }),
    sampleRate: t.exposeInt("sampleRate", { description: "Samples a second, in Hz." }),
    bytes: t.exposeFloat("bytes", { description: "Size of the file; a whole number." }),
    sha256: t.exposeString("sha256", { description: "SHA-256 of the file, in hexadecimal." }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: true,
      description: "When it will be removed; null when it is kept for ever.",
    }),
    expired: t.boolean({
      description: "True once it has been removed and its URL answers 410.",
      resolve: ({ deletedAt, expiresAt }) =>
        deletedAt !== null || (expiresAt !== null && expiresAt <= new Date()),
    }),
  }),
});

export const SynthesisJobType = builder.objectRef<JobRow>("SynthesisJob").implement({
  description: "A text that is spoken, or has been.",
  interfaces: [JobInterface],
  isTypeOf: (value) => !(value instanceof Error) && (value as JobRow).kind === "SYNTHESIS",
  fields: (t) => ({
    voice: t.field({
      type: VoiceType,
      nullable: true,
      description: "The voice that speaks; null for an inline mix, and when it has been deleted since.",
      resolve: ({ voiceId }, _args, { loaders }) => (voiceId === null ? null : loaders.voice.load(voiceId)),
    }),
    voiceReference: t.string({
      description: "The voice as it was asked for: its id, or an inline mix such as `af_heart(2)+af_sky(1)`.",
      resolve: (job) => inputOf(job).voiceId,
    }),
    language: t.field({
      type: LanguageType,
      description: "The language it is spoken in.",
      resolve: (job) => languageOf(inputOf(job).language),
    }),
    text: t.string({ description: "The text as it was sent.", resolve: (job) => inputOf(job).text }),
    characters: t.exposeInt("characters", { description: "Length of the text in Unicode code points." }),
    speed: t.float({
      description: "Pace: 1 is the voice's own, 2 twice as fast.",
      resolve: (job) => inputOf(job).speed,
    }),
    format: t.field({
      type: AudioFormatEnum,
      description: "The format that was asked for.",
      resolve: (job) => inputOf(job).format,
    }),
    cached: t.exposeBoolean("cached", {
      description:
        "True when an earlier job of the same request has given its audio: this one has SUCCEEDED at once.",
    }),
    utterancesDone: t.exposeInt("unitsDone", { description: "How many utterances have been spoken." }),
    utterancesTotal: t.exposeInt("unitsTotal", {
      nullable: true,
      description: "How many utterances the text has; null until it has been split.",
    }),
    streamUrl: t.string({
      description:
        "Where the audio can be heard by GET while the job is still under way, from its first byte on; once it has " +
        "SUCCEEDED, the stored file. Signed like `audio.url`.",
      resolve: ({ id, tenant }, _args, { fileUrl }) => {
        const url = fileUrl(`/audio/${id}`, tenant);
        return `${url}${url.includes("?") ? "&" : "?"}stream=1`;
      },
    }),
    audio: t.field({
      type: AudioType,
      nullable: true,
      description: "The result; null before the job has SUCCEEDED.",
      resolve: async ({ id, status }, _args, { loaders }) => {
        // A job seen running may have ended since: its audio must not be remembered as missing.
        if (status !== "SUCCEEDED") return null;
        return await loaders.audio.clear(id).load(id);
      },
    }),
  }),
});

const SynthesizeInput = builder.inputRef<SynthesisRequest>("SynthesizeInput").implement({
  description: "What is to be spoken, and how.",
  fields: (t) => ({
    text: t.string({
      required: true,
      description:
        `1 to ${MAX_TEXT_CHARACTERS} characters (Unicode code points), fewer where the operator says so; see ` +
        "`serverInfo.limits`. Tags of HTML or XML must be balanced and are not spoken.",
    }),
    voiceId: t.id({
      required: true,
      description:
        "The voice, by the `id` that the query `voices` gives; or an inline mix of several with their weights, such as " +
        "`af_heart(2)+af_sky(1)` or `af_heart+af_sky(-0.3)`, which is spoken and not kept. A weight left out is 1; " +
        "up to 16 parts, weights from -10 to 10 that do not take away more than `createVoiceMix` allows.",
    }),
    language: t.string({
      description:
        "BCP-47 tag; must be what the voice speaks: a stock voice its own language, cloned and mixed voices any that " +
        "`languages` gives. Left out, it is the voice's language; that of the heaviest part for an inline mix.",
    }),
    format: t.field({ type: AudioFormatEnum, description: "The format of the audio; MP3 when left out." }),
    speed: t.float({ description: `Pace from ${MIN_SPEED} to ${MAX_SPEED}; 1 when left out.` }),
    cache: t.boolean({
      description:
        "Whether what was spoken before may be used: the same request again is answered at once with the same bytes, " +
        "and sentences that were spoken in another text are not spoken anew. True when left out. False speaks all " +
        "of it, and nothing of it is used for later requests.",
    }),
    priority: t.field({
      type: JobPriorityEnum,
      description: "How urgently it is wanted; INTERACTIVE when left out. Ask for BATCH where nobody waits.",
    }),
    cancelOnDisconnect: t.boolean({
      description:
        "Whether the job is cancelled when the client that listens to it while it runs goes away before its end. False " +
        "when left out.",
    }),
    idempotencyKey: t.string({
      description:
        "1 to 255 printable ASCII characters. The same key with the same request gives the job that it gave " +
        "before; with a different request it is a ConflictError.",
    }),
  }),
});

builder.mutationField("synthesize", (t) =>
  t.errorUnionField({
    types: [SynthesisJobType, InvalidInputError, ConflictError, QueueFullError, QuotaExceededError],
    union: { name: "SynthesizeResult", description: "The accepted job, or why it was not accepted." },
    authScopes: needs("synthesize"),
    description: "Has a text spoken. Answers at once with the job; follow it with `jobProgress`.",
    args: {
      input: t.arg({
        type: SynthesizeInput,
        required: true,
        description: "What is to be spoken, and how.",
        validate: { schema: synthesisRequest },
      }),
    },
    resolve: (_root, { input }, { resources, actor }) => requestSynthesis(resources.synthesis, actor, input),
  }),
);
