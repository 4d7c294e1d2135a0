import { z } from "zod";
import { builder } from "../graphql/builder.ts";
import { connectionRules, decodeCursor, resolvePage } from "../graphql/connection.ts";
import { LanguageType, languageOf } from "../languages/graphql.ts";
import type { VOICE_GENDERS, VOICE_KINDS, VOICE_STATUSES, VoiceRow } from "./table.ts";
import { countVoices, findVoice, listVoices, type VoiceCursor, type VoiceFilter } from "./voice.ts";

const VoiceKind = builder.enumType("VoiceKind", {
  description: "Where a voice comes from.",
  values: {
    STOCK: { description: "Shipped with the model; cannot be changed or deleted." },
    CLONED: { description: "Made from an uploaded sample." },
    MIXED: { description: "Made by mixing other voices." },
  } satisfies Record<(typeof VOICE_KINDS)[number], object>,
});

const VoiceStatus = builder.enumType("VoiceStatus", {
  description: "Whether a voice can be used.",
  values: {
    READY: { description: "It can speak." },
    ENROLLING: { description: "Its sample is being worked on." },
    FAILED: { description: "Its sample could not be made into a voice." },
  } satisfies Record<(typeof VOICE_STATUSES)[number], object>,
});

const Gender = builder.enumType("VoiceGender", {
  description: "How a voice is usually heard.",
  values: {
    FEMALE: { description: "Heard as a woman's voice." },
    MALE: { description: "Heard as a man's voice." },
    UNKNOWN: { description: "Not stated." },
  } satisfies Record<(typeof VOICE_GENDERS)[number], object>,
});

export const VoiceType = builder.objectRef<VoiceRow>("Voice").implement({
  description: "A voice that texts can be spoken in.",
  fields: (t) => ({
    id: t.exposeID("id", { description: "What `synthesize` takes as `voiceId`. Stable for ever." }),
    kind: t.expose("kind", { type: VoiceKind, description: "Where the voice comes from." }),
    status: t.expose("status", { type: VoiceStatus, description: "Whether the voice can be used now." }),
    name: t.exposeString("name", { description: "Its name for people; several voices may share one." }),
    description: t.exposeString("description", {
      description: "What it sounds like and where it comes from; may be empty.",
    }),
    language: t.field({
      type: LanguageType,
      description: "The language or accent it speaks.",
      resolve: (voice) => languageOf(voice.language),
    }),
    gender: t.expose("gender", { type: Gender, description: "How it is usually heard." }),
    tags: t.exposeStringList("tags", { description: "Free labels to find it by." }),
    grade: t.exposeString("grade", {
      nullable: true,
      description: "The grade A to F that the model's authors gave a stock voice; null where they gave none.",
    }),
    engine: t.exposeString("engine", { description: "The engine that speaks it." }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      description: "When it was made, or first seen by this service.",
    }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When anything of it last changed." }),
  }),
});

const VoiceFilterInput = builder.inputRef<VoiceFilter>("VoiceFilter").implement({
  description: "All conditions given must hold.",
  fields: (t) => ({
    language: t.string({
      description: "BCP-47 tag: `en-GB`, or `en` for every accent. Letter case does not matter.",
    }),
    gender: t.field({ type: Gender, description: "Only voices heard so." }),
    kind: t.field({ type: VoiceKind, description: "Only voices of this origin." }),
    tags: t.stringList({ description: "Only voices with at least one of these labels." }),
    text: t.string({
      description:
        "Only voices with this in their id, name, description or tags. Letter case does not matter.",
      validate: { schema: z.string().max(200, "accepts up to 200 characters") },
    }),
  }),
});

const cursorOf = (cursor: string | undefined): VoiceCursor | undefined => {
  if (cursor === undefined) return undefined;
  const [name = "", id = ""] = decodeCursor(cursor, 2);
  return { name, id };
};

builder.queryField("voice", (t) =>
  t.field({
    type: VoiceType,
    nullable: true,
    description: "One voice; null when there is none with this id.",
    args: { id: t.arg.id({ required: true, description: "The voice's id, such as `af_heart`." }) },
    resolve: (_root, { id }, { resources }) => findVoice(resources.db, id),
  }),
);

builder.queryField("voices", (t) =>
  t.connection(
    {
      type: VoiceType,
      description: "The voices there are, by name.",
      args: { filter: t.arg({ type: VoiceFilterInput, description: "Which voices; all when left out." }) },
      validate: { schema: connectionRules as never },
      resolve: (_root, args, { resources }) => {
        const filter = args.filter ?? {};
        return resolvePage(
          args,
          filter,
          (voice: VoiceRow) => [voice.name, voice.id],
          ({ after, before, ...page }) =>
            listVoices(resources.db, filter, { ...page, after: cursorOf(after), before: cursorOf(before) }),
        );
      },
    },
    {
      description: "One page of voices.",
      fields: (connection) => ({
        totalCount: connection.int({
          description: "How many voices match, on all pages together.",
          resolve: ({ filter }, _args, { resources }) => countVoices(resources.db, filter),
        }),
      }),
    },
    { description: "A voice in a list." },
  ),
);
