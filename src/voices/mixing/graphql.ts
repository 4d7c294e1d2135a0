import { needs } from "../../auth/scopes.ts";
import { InvalidInputError, QuotaExceededError } from "../../errors.ts";
import { builder } from "../../graphql/builder.ts";
import { Gender, VoiceType } from "../graphql.ts";
import { createVoiceMix, type MixRequest, mixRequest } from "./mix.ts";
import { MAX_MIX_PARTS, MAX_MIX_WEIGHT, MIN_MIX_BALANCE, type MixPart } from "./reference.ts";

const VoiceMixPart = builder.objectRef<MixPart>("VoiceMixPart").implement({
  authScopes: needs("voices:read"),
  description: "One voice of a mix and how much of it is heard.",
  fields: (t) => ({
    voiceId: t.exposeID("voiceId", { description: "Its id when the mix was made." }),
    voice: t.field({
      type: VoiceType,
      nullable: true,
      description:
        "The voice as it is now; null when it has been deleted since. The mix does not change with it.",
      resolve: ({ voiceId }, _args, { loaders }) => loaders.voice.load(voiceId),
    }),
    weight: t.exposeFloat("weight", { description: "Its weight, relative to the sum of all weights." }),
  }),
});

builder.objectField(VoiceType, "parts", (t) =>
  t.field({
    type: [VoiceMixPart],
    nullable: true,
    description: "What a mixed voice was made of; null for others, and for mixes that were imported.",
    resolve: ({ recipe }) => (recipe === null ? null : [...recipe]),
  }),
);

const VoiceMixPartInput = builder.inputRef<MixPart>("VoiceMixPartInput").implement({
  description: "One voice of a mix.",
  fields: (t) => ({
    voiceId: t.id({ required: true, description: "A voice that is READY: stock, cloned or mixed." }),
    weight: t.float({
      required: true,
      description: `How much of it is heard, -${MAX_MIX_WEIGHT} to ${MAX_MIX_WEIGHT}, not 0. A negative one pushes the mix away from it.`,
    }),
  }),
});

const CreateVoiceMixInput = builder.inputRef<MixRequest>("CreateVoiceMixInput").implement({
  description: "The voice that is to be mixed.",
  fields: (t) => ({
    name: t.string({ required: true, description: "Its name for people, 1 to 100 characters." }),
    description: t.string({
      description: "What it sounds like, up to 2,000 characters; empty when left out.",
    }),
    tags: t.stringList({ description: "Labels to find it by, up to 20 of 1 to 50 characters." }),
    language: t.string({
      required: true,
      description:
        "BCP-47 tag of the language it speaks when a request names none; it can speak all of them.",
    }),
    gender: t.field({
      type: Gender,
      description: "How it is heard. Left out, it is what all parts agree on, else UNKNOWN.",
    }),
    parts: t.field({
      type: [VoiceMixPartInput],
      required: true,
      description:
        `1 to ${MAX_MIX_PARTS} voices, each once. The weights must sum to at least ${MIN_MIX_BALANCE} times the sum of ` +
        "their magnitudes, so that enough of a voice is left.",
    }),
  }),
});

builder.mutationField("createVoiceMix", (t) =>
  t.errorUnionField({
    types: [VoiceType, InvalidInputError, QuotaExceededError],
    union: { name: "CreateVoiceMixResult", description: "The mixed voice, or why it was not made." },
    authScopes: needs("voices:write"),
    description:
      "Makes a voice from others, READY at once: its pack is the weighted mean of theirs. It does not change when they do. " +
      "Deleting a cloned voice deletes the mixes that it is heard in.",
    args: {
      input: t.arg({
        type: CreateVoiceMixInput,
        required: true,
        description: "What is mixed.",
        validate: { schema: mixRequest },
      }),
    },
    resolve: (_root, { input }, { resources, actor }) => createVoiceMix(resources, actor, input),
  }),
);
