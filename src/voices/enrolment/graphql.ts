import { JOB_ACCESS, needs } from "../../auth/scopes.ts";
import type { ErrorCode } from "../../errors.ts";
import { builder } from "../../graphql/builder.ts";
import { ErrorCodeEnum } from "../../graphql/errors.ts";
import { JobInterface } from "../../jobs/graphql.ts";
import type { JobRow } from "../../jobs/table.ts";
import { VoiceType } from "../graphql.ts";
import { VoiceQualityType } from "../quality/graphql.ts";
import { parseQuality } from "../quality/report.ts";
import type { VoiceRow, VoiceSampleRow } from "../table.ts";
import { ConsentKind } from "../upload/graphql.ts";
import { enrolmentTask } from "./definition.ts";
import type { Similarity } from "./rows.ts";

const VoiceSimilarityType = builder.objectRef<Similarity>("VoiceSimilarity").implement({
  authScopes: needs("voices:read"),
  description: "How close what a cloned voice says is to the sample it was made from.",
  fields: (t) => ({
    cosine: t.exposeFloat("cosine", {
      description: "Cosine between the speaker embeddings of the two, -1 to 1.",
    }),
    normalised: t.exposeFloat("normalised", {
      nullable: true,
      description:
        "The same on a scale where 0 is a stranger and 1 another recording of the same person; may lie outside. " +
        "Null while the voice is being refined: it is measured at the end, on texts that the search did not use.",
    }),
    method: t.exposeString("method", { description: "How it was measured, in English." }),
  }),
});

const VoiceFailureType = builder.objectRef<{ code: ErrorCode; message: string }>("VoiceFailure").implement({
  authScopes: needs("voices:read"),
  description: "Why no voice could be made from a sample.",
  fields: (t) => ({
    code: t.expose("code", { type: ErrorCodeEnum, description: "What went wrong, for programs." }),
    message: t.exposeString("message", { description: "What went wrong and what to do, for people." }),
  }),
});

const VoiceConsentType = builder.objectRef<VoiceSampleRow>("VoiceConsent").implement({
  authScopes: needs("voices:write"),
  description: "The statement that the uploader may use a voice, as it was given with the sample.",
  fields: (t) => ({
    kind: t.expose("consentKind", { type: ConsentKind, description: "What gives the right." }),
    note: t.exposeString("consentNote", { description: "What was said beside; may be empty." }),
    at: t.expose("consentAt", { type: "DateTime", description: "When it was stated." }),
    by: t.exposeString("consentBy", { description: "Name of the key that stated it." }),
  }),
});

function similarityOf({ similarity, similarityNormalised, similarityMethod }: VoiceRow): Similarity | null {
  if (similarity === null) return null;
  return { cosine: similarity, normalised: similarityNormalised, method: similarityMethod ?? "" };
}

export const EnrolmentJobType = builder.objectRef<JobRow>("EnrolmentJob").implement({
  authScopes: JOB_ACCESS,
  description:
    "A voice that is made from a sample. It can be used from the moment it is READY, while the job still refines it. " +
    "Cancelling the job then keeps the voice as good as it has become.",
  interfaces: [JobInterface],
  isTypeOf: (value) => !(value instanceof Error) && (value as JobRow).kind === enrolmentTask.kind,
  fields: (t) => ({
    voice: t.field({
      type: VoiceType,
      nullable: true,
      description: "The voice; null when it has been deleted since.",
      // Read fresh: the job of a subscription is seen many times, and its voice changes.
      resolve: ({ voiceId }, _args, { loaders }) =>
        voiceId === null ? null : loaders.voice.clear(voiceId).load(voiceId),
    }),
    similarity: t.field({
      type: VoiceSimilarityType,
      nullable: true,
      description: "How close the voice has become so far; null before it can be used.",
      resolve: async ({ voiceId }, _args, { loaders }) => {
        const voice = voiceId === null ? null : await loaders.voice.clear(voiceId).load(voiceId);
        return voice === null ? null : similarityOf(voice);
      },
    }),
    quality: t.field({
      type: VoiceQualityType,
      nullable: true,
      description: "What was measured on the sample; null until it has been.",
      resolve: async ({ voiceId }, _args, { loaders }) =>
        voiceId === null ? null : parseQuality((await loaders.sample.load(voiceId))?.quality ?? null),
    }),
    evaluations: t.exposeInt("unitsDone", {
      description: "How many sentences have been spoken to compare the voice with its sample.",
    }),
  }),
});

builder.objectField(VoiceType, "quality", (t) =>
  t.field({
    type: VoiceQualityType,
    nullable: true,
    description:
      "What was measured on its sample; null for voices without one, and until it has been measured.",
    resolve: async ({ id, kind }, _args, { loaders }) =>
      kind === "CLONED" ? parseQuality((await loaders.sample.load(id))?.quality ?? null) : null,
  }),
);

builder.objectField(VoiceType, "enrolment", (t) =>
  t.field({
    type: EnrolmentJobType,
    nullable: true,
    authScopes: JOB_ACCESS,
    description: "Its newest enrolment; null for voices that were not made from a sample here.",
    resolve: async ({ id, kind }, _args, { loaders }) =>
      kind === "CLONED" ? await loaders.enrolment.load(id) : null,
  }),
);

builder.objectField(VoiceType, "similarity", (t) =>
  t.field({
    type: VoiceSimilarityType,
    nullable: true,
    description: "How close it is to its sample; null for other voices than clones, and before it is READY.",
    resolve: similarityOf,
  }),
);

builder.objectField(VoiceType, "consent", (t) =>
  t.field({
    type: VoiceConsentType,
    nullable: true,
    authScopes: needs("voices:write"),
    description: "The right to use it, as its uploader stated it; null for voices without a sample.",
    resolve: ({ id, kind }, _args, { loaders }) => (kind === "CLONED" ? loaders.sample.load(id) : null),
  }),
);

builder.objectField(VoiceType, "failure", (t) =>
  t.field({
    type: VoiceFailureType,
    nullable: true,
    description: "Why it has FAILED; null otherwise.",
    resolve: ({ status, failureCode, failureMessage }) =>
      status === "FAILED"
        ? { code: (failureCode ?? "INTERNAL") as ErrorCode, message: failureMessage ?? "" }
        : null,
  }),
);
