import { AUDIO_FORMAT_INFO } from "../../audio/format.ts";
import { needs } from "../../auth/scopes.ts";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  QueueFullError,
  QuotaExceededError,
} from "../../errors.ts";
import { builder } from "../../graphql/builder.ts";
import { JobInterface } from "../../jobs/graphql.ts";
import type { JobRow } from "../../jobs/table.ts";
import { LanguageType, languageOf } from "../../languages/graphql.ts";
import { speaks } from "../../languages/language.ts";
import { VoiceType } from "../graphql.ts";
import type { VoicePreviewRow, VoiceRow } from "../table.ts";
import { PREVIEW_FORMAT, previewInput, requestPreview } from "./preview.ts";
import { previewSentence } from "./sentences.ts";

interface Preview {
  readonly row: VoicePreviewRow;
  readonly voice: Pick<VoiceRow, "tenant">;
}

const VoicePreviewType = builder.objectRef<Preview>("VoicePreview").implement({
  authScopes: needs("voices:read"),
  description: "A short stored sample of a voice: one sentence, made once for each language and pack.",
  fields: (t) => ({
    url: t.string({
      description:
        "Where to fetch it by GET: ranges, ETag. Where keys are needed it is signed and opens the preview without one " +
        "for a while; ask again for a fresh one.",
      resolve: ({ row, voice }, _args, { fileUrl }) =>
        fileUrl(`/voices/${row.voiceId}/preview/${row.language}`, voice.tenant ?? ""),
    }),
    contentType: t.string({
      description: "Its media type.",
      resolve: () => AUDIO_FORMAT_INFO[PREVIEW_FORMAT].contentType,
    }),
    durationSeconds: t.float({
      description: "How long it plays.",
      resolve: ({ row }) => row.durationSeconds,
    }),
    bytes: t.float({ description: "Size of the file; a whole number.", resolve: ({ row }) => row.bytes }),
    sha256: t.string({
      description: "SHA-256 of the file, in hexadecimal.",
      resolve: ({ row }) => row.sha256,
    }),
    text: t.string({
      description: "What is said.",
      resolve: ({ row }) => previewSentence(row.language),
    }),
    language: t.field({
      type: LanguageType,
      description: "The language it is said in.",
      resolve: ({ row }) => languageOf(row.language),
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was made.",
      resolve: ({ row }) => row.createdAt,
    }),
  }),
});

builder.objectField(VoiceType, "preview", (t) =>
  t.field({
    type: VoicePreviewType,
    nullable: true,
    description:
      "A sample of the voice as it is now; null until `createVoicePreview` has made it, again after the voice has been " +
      "refined, and for a language that it does not speak.",
    args: { language: t.arg.string({ description: "BCP-47 tag; the voice's own language when left out." }) },
    resolve: async (voice, { language }, { loaders }) => {
      const spoken = speaks(voice, language ?? voice.language)?.language.code ?? null;
      const row = spoken === null ? null : await loaders.preview.load({ voice, language: spoken });
      return row === null ? null : { row, voice };
    },
  }),
);

const inputOf = (job: JobRow) => previewInput.parse(job.input);

export const VoicePreviewJobType = builder.objectRef<JobRow>("VoicePreviewJob").implement({
  description: "The making of a voice's preview.",
  interfaces: [JobInterface],
  isTypeOf: (value) => !(value instanceof Error) && (value as JobRow).kind === "VOICE_PREVIEW",
  fields: (t) => ({
    voice: t.field({
      type: VoiceType,
      nullable: true,
      description:
        "The voice; null when it has been deleted since. Its `preview` is there once the job has SUCCEEDED.",
      // A job seen running may have ended since: its voice must not be remembered as it was.
      resolve: ({ voiceId }, _args, { loaders }) =>
        voiceId === null ? null : loaders.voice.clear(voiceId).load(voiceId),
    }),
    language: t.field({
      type: LanguageType,
      description: "The language of the preview.",
      resolve: (job) => languageOf(inputOf(job).language),
    }),
  }),
});

builder.mutationField("createVoicePreview", (t) =>
  t.errorUnionField({
    types: [
      VoicePreviewJobType,
      InvalidInputError,
      NotFoundError,
      ConflictError,
      QueueFullError,
      QuotaExceededError,
    ],
    union: {
      name: "CreateVoicePreviewResult",
      description: "The job that makes it, or why it was not accepted.",
    },
    authScopes: needs("voices:write", "synthesize"),
    description:
      "Has a short sample of a voice made and stored; follow it with `jobProgress`. Asked again for the same voice as it " +
      "is, it gives the same job; one that has failed is tried again.",
    args: {
      voiceId: t.arg.id({ required: true, description: "The voice, READY." }),
      language: t.arg.string({ description: "BCP-47 tag; the voice's own language when left out." }),
    },
    resolve: (_root, { voiceId, language }, { resources, actor }) =>
      requestPreview(resources.synthesis, actor, voiceId, language ?? null),
  }),
);
