import { needs } from "../../auth/scopes.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../../errors.ts";
import { builder } from "../../graphql/builder.ts";
import { Gender, VoiceType } from "../graphql.ts";
import type { VoiceRow } from "../table.ts";
import { watchVoice, watchVoices } from "../watch.ts";
import { type DeletedVoice, deleteVoice } from "./delete.ts";
import { updateVoice, type VoiceUpdate, voiceUpdate } from "./update.ts";

const UpdateVoiceInput = builder.inputRef<VoiceUpdate>("UpdateVoiceInput").implement({
  description: "What is to change of a voice. What is left out or null stays as it is.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The voice's id." }),
    name: t.string({ description: "Its new name, 1 to 100 characters." }),
    description: t.string({ description: "Its new description, up to 2,000 characters." }),
    tags: t.stringList({ description: "All its labels from now on, up to 20 of 1 to 50 characters." }),
    language: t.string({
      description: "BCP-47 tag of the language it speaks when a request names none. It sounds as before.",
    }),
    gender: t.field({ type: Gender, description: "How it is heard." }),
    expectedUpdatedAt: t.field({
      type: "DateTime",
      description:
        "`updatedAt` as it was read. When the voice has changed since, nothing is done and the answer is a ConflictError.",
    }),
  }),
});

builder.mutationField("updateVoice", (t) =>
  t.errorUnionField({
    types: [VoiceType, InvalidInputError, NotFoundError, ConflictError],
    union: { name: "UpdateVoiceResult", description: "The changed voice, or why it was not changed." },
    authScopes: needs("voices:write"),
    description: "Changes the name and other properties of an own voice. Stock voices refuse.",
    args: {
      input: t.arg({
        type: UpdateVoiceInput,
        required: true,
        description: "What changes.",
        validate: { schema: voiceUpdate },
      }),
    },
    resolve: (_root, { input }, { resources, actor }) => updateVoice(resources.db, actor, input),
  }),
);

const DeletedVoiceType = builder.objectRef<DeletedVoice>("DeletedVoice").implement({
  authScopes: needs("voices:write"),
  description: "That a voice has been deleted. Nothing else of it is left but its entries in the audit log.",
  isTypeOf: (value) => !(value instanceof Error) && "storageKeys" in (value as object),
  fields: (t) => ({
    id: t.exposeID("id", { description: "The id that it had; it is never given to another voice." }),
    deletedAt: t.expose("deletedAt", { type: "DateTime", description: "When it was deleted." }),
    mixIds: t.exposeStringList("mixes", {
      description: "The mixed voices that went with it because it was heard in them.",
    }),
  }),
});

builder.mutationField("deleteVoice", (t) =>
  t.errorUnionField({
    types: [DeletedVoiceType, NotFoundError, ConflictError],
    union: { name: "DeleteVoiceResult", description: "That the voice is gone, or why it is not." },
    authScopes: needs("voices:write"),
    description:
      "Deletes an own voice at once: sample, embedding, pack, previews, all audio that it speaks in (whose URLs answer 410 " +
      "from then on), and the mixes that a cloned voice is heard in. Jobs in it that wait or run fail with GONE. Deleting " +
      "it again gives the same answer. Stock voices refuse.",
    args: { id: t.arg.id({ required: true, description: "The voice's id." }) },
    resolve: (_root, { id }, { resources, actor }) => deleteVoice(resources, actor, id),
  }),
);

builder.subscriptionField("voiceChanged", (t) =>
  t.field({
    type: VoiceType,
    authScopes: needs("voices:read"),
    description:
      "Voices as they change. With an id: first the voice's present state, then every change, until it is deleted; an id " +
      "that the caller does not see is an error NOT_FOUND. Without: every voice of the caller's as it is made or changed " +
      "from now on. Being used is no change.",
    args: { id: t.arg.id({ description: "One voice; left out, all of the caller's own." }) },
    subscribe: async (_root, { id }, { resources: { db, bus }, actor }) =>
      id == null ? watchVoices(db, bus, actor.tenant) : await watchVoice(db, bus, actor.tenant, id),
    resolve: (voice: VoiceRow) => voice,
  }),
);
