import { AUDIO_FORMAT_INFO, AUDIO_FORMATS, type AudioFormat } from "../audio/format.ts";
import { needs } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import { JobInterface } from "../jobs/graphql.ts";
import type { JobRow } from "../jobs/table.ts";
import { LanguageType, languageOf } from "../languages/graphql.ts";
import { VoiceType } from "../voices/graphql.ts";
import { inputOf, voicesOf } from "./input.ts";
import type { AudioAssetRow } from "./table.ts";

export const AudioFormatEnum = builder.enumType("AudioFormat", {
  description:
    "What the audio is delivered as. All are mono, at 24 kHz where no other rate is asked for; Opus plays back at 48 kHz.",
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
    loudnessLufs: t.exposeFloat("loudnessLufs", {
      nullable: true,
      description:
        "Integrated loudness as measured (EBU R 128), in LUFS; null where none was asked for. It can miss what was asked " +
        "for where peaks leave no room.",
    }),
    truePeakDbtp: t.exposeFloat("truePeakDbtp", {
      nullable: true,
      description: "True peak as measured with it, in dBTP; null where no loudness was asked for.",
    }),
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
      description:
        "The voice that speaks; null for an inline mix, for several voices, and when it has been deleted since.",
      resolve: ({ voiceId }, _args, { loaders }) => (voiceId === null ? null : loaders.voice.load(voiceId)),
    }),
    voiceReference: t.string({
      description: "The voice as it was asked for: its id, or an inline mix such as `af_heart(2)+af_sky(1)`.",
      resolve: (job) => inputOf(job).voiceId,
    }),
    voiceReferences: t.stringList({
      description: "All voices that it asks for in the same way: that of the whole first, then the others.",
      resolve: (job) => voicesOf(inputOf(job)).map(({ voiceId }) => voiceId),
    }),
    language: t.field({
      type: LanguageType,
      description:
        "The language that was asked for; that of the voice where none was. `languages` has those that were found.",
      resolve: (job) => languageOf(inputOf(job).language),
    }),
    text: t.string({
      description: "The text as it was sent; of a dialogue its segments, with a line break between each two.",
      resolve: (job) => inputOf(job).text,
    }),
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
