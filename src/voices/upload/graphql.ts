import { needs } from "../../auth/scopes.ts";
import type { Context } from "../../context.ts";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  QueueFullError,
  QuotaExceededError,
  UnsupportedAudioError,
  UploadFailedError,
  UploadTooLargeError,
} from "../../errors.ts";
import { builder } from "../../graphql/builder.ts";
import { VoiceType } from "../graphql.ts";
import type { CONSENT_KINDS } from "../table.ts";
import type { ConsentInput } from "./consent.ts";
import { type ReplaceRequest, replaceVoiceSample } from "./replace.ts";
import { type UploadDeps, type UploadRequest, uploadVoice } from "./upload.ts";

export const ConsentKind = builder.enumType("ConsentKind", {
  description: "What gives an uploader the right to use a voice.",
  values: {
    OWN_VOICE: { description: "It is the uploader's own voice." },
    PERMISSION: { description: "The person heard has given permission for this use." },
    LICENSED: { description: "The recording's licence allows this use." },
  } satisfies Record<(typeof CONSENT_KINDS)[number], object>,
});

export const VoiceConsentInput = builder.inputRef<ConsentInput>("VoiceConsentInput").implement({
  description:
    "The statement that the uploader may use the voice. It is kept with the voice and in the audit log, with time, " +
    "address and key.",
  fields: (t) => ({
    kind: t.field({ type: ConsentKind, required: true, description: "What gives the right." }),
    note: t.string({ description: "Anything that supports it, up to 2,000 characters." }),
  }),
});

const FILE =
  "A recording of one person, 3 s to 5 min of sound: WAV, MP3, FLAC, M4A (AAC), Ogg (Opus, Vorbis) or WebM (Opus). " +
  "What it is is told by its content.";

const UploadVoiceInput = builder.inputRef<UploadRequest>("UploadVoiceInput").implement({
  description: "A recording, and what the voice made from it is called.",
  fields: (t) => ({
    file: t.field({ type: "Upload", required: true, description: FILE }),
    name: t.string({ required: true, description: "Its name for people, 1 to 100 characters." }),
    language: t.string({
      required: true,
      description: "BCP-47 tag of the language that the voice speaks where none is named; see `languages`.",
    }),
    description: t.string({ description: "Up to 2,000 characters; empty when left out." }),
    tags: t.stringList({ description: "Labels to find it by: up to 20 of 1 to 50 characters." }),
    consent: t.field({
      type: VoiceConsentInput,
      description: "What gives the right to use the voice. Without it the upload is refused.",
    }),
  }),
});

const ReplaceVoiceSampleInput = builder.inputRef<ReplaceRequest>("ReplaceVoiceSampleInput").implement({
  description: "Another recording for a cloned voice.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The voice's id." }),
    file: t.field({ type: "Upload", required: true, description: FILE }),
    consent: t.field({
      type: VoiceConsentInput,
      description: "What gives the right to use this recording. Without it the upload is refused.",
    }),
  }),
});

const REFUSALS = [
  InvalidInputError,
  UnsupportedAudioError,
  UploadTooLargeError,
  UploadFailedError,
  QueueFullError,
  QuotaExceededError,
] as const;

function uploadDeps({ db, storage, intake, synthesis, config }: Context["resources"]): UploadDeps {
  return { db, storage, intake, jobs: synthesis, cloneBudgetSeconds: config.cloning.budgetSeconds };
}

builder.mutationField("uploadVoice", (t) =>
  t.errorUnionField({
    types: [VoiceType, ...REFUSALS],
    union: { name: "UploadVoiceResult", description: "The voice that is being made, or why it is not." },
    authScopes: needs("voices:write"),
    description:
      "Makes a voice from a recording, sent by the GraphQL multipart request specification. Answers once the " +
      "recording is checked and stored; the voice is ENROLLING then.",
    args: {
      input: t.arg({ type: UploadVoiceInput, required: true, description: "The recording and its names." }),
    },
    resolve: (_root, { input }, { resources, actor }) => uploadVoice(uploadDeps(resources), actor, input),
  }),
);

builder.mutationField("replaceVoiceSample", (t) =>
  t.errorUnionField({
    types: [VoiceType, NotFoundError, ConflictError, ...REFUSALS],
    union: {
      name: "ReplaceVoiceSampleResult",
      description: "The voice, which is enrolled anew, or why it is not.",
    },
    authScopes: needs("voices:write"),
    description:
      "Gives a cloned voice another recording and enrols it anew. A voice that is READY goes on speaking as before " +
      "until the new one is; the old recording is removed at once.",
    args: {
      input: t.arg({
        type: ReplaceVoiceSampleInput,
        required: true,
        description: "The voice and its recording.",
      }),
    },
    resolve: (_root, { input }, { resources, actor }) =>
      replaceVoiceSample(uploadDeps(resources), actor, input),
  }),
);
