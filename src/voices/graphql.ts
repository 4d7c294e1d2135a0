import { z } from "zod";
import { needs } from "../auth/scopes.ts";
import { InvalidInputError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { connectionRules, decodeCursor, resolvePage } from "../graphql/connection.ts";
import { LanguageTierEnum, LanguageType, languageOf } from "../languages/graphql.ts";
import { type LanguageTier, speaks } from "../languages/language.ts";
import {
  countVoices,
  type ListedVoice,
  listVoices,
  type VoiceCursor,
  type VoiceFilter,
  type VoiceOrder,
  type VoiceOrderField,
} from "./list.ts";
import { speakersOf } from "./stock.ts";
import type { VOICE_GENDERS, VOICE_KINDS, VOICE_STATUSES, VoiceRow } from "./table.ts";
import { findVisibleVoice } from "./voice.ts";

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

export const Gender = builder.enumType("VoiceGender", {
  description: "How a voice is usually heard.",
  values: {
    FEMALE: { description: "Heard as a woman's voice." },
    MALE: { description: "Heard as a man's voice." },
    UNKNOWN: { description: "Not stated." },
  } satisfies Record<(typeof VOICE_GENDERS)[number], object>,
});

const VoiceUsage = builder.objectRef<VoiceRow>("VoiceUsage").implement({
  authScopes: needs("voices:read"),
  description:
    "What a voice has been used for: the jobs that ended well in which it spoke, alone or as a part of an inline mix.",
  fields: (t) => ({
    jobs: t.exposeInt("usedJobs", { description: "How many jobs." }),
    characters: t.exposeFloat("usedCharacters", {
      description: "How many characters of text (Unicode code points); a whole number.",
    }),
    audioSeconds: t.exposeFloat("usedAudioSeconds", { description: "How many seconds of audio." }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      nullable: true,
      description: "When the latest of them ended; null when it was never used.",
    }),
  }),
});

export const VoiceType = builder.objectRef<VoiceRow>("Voice").implement({
  authScopes: needs("voices:read"),
  description: "A voice that texts can be spoken in.",
  isTypeOf: (value) => !(value instanceof Error) && "packKey" in (value as object),
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
    engine: t.exposeString("engine", {
      description: "The engine that speaks it: `kokoro`, `piper` or `espeak`.",
    }),
    tier: t.field({
      type: LanguageTierEnum,
      description: "How well it speaks its own language.",
      resolve: (voice) => tierOf(voice),
    }),
    speakers: t.stringList({
      description:
        "The speakers of a voice that has several: `synthesize` takes one as `<id>#<speaker>`, and the first where none " +
        "is named. Empty for a voice of one speaker.",
      resolve: (voice) => speakersOf(voice.id),
    }),
    installed: t.boolean({
      description:
        "Whether it can speak at once. False for a Piper voice whose weights are not on the node that answers: the first " +
        "request for it fetches them, and so does `speaker models pull`.",
      resolve: async ({ id, engine }, _args, { resources }) =>
        engine !== "piper" || (await resources.installed.voices()).has(id),
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      description: "When it was made, or first seen by this service.",
    }),
    updatedAt: t.expose("updatedAt", {
      type: "DateTime",
      description: "When anything of it last changed; being used is no change.",
    }),
    usage: t.field({
      type: VoiceUsage,
      description: "What it has been used for since it exists, by finished jobs.",
      resolve: (voice) => voice,
    }),
  }),
});

function tierOf(voice: VoiceRow): LanguageTier {
  const spoken = speaks(voice, voice.language);
  if (spoken === null) throw new Error(`the voice ${voice.id} does not speak ${voice.language}`);
  return spoken.tier;
}

const VoiceFilterInput = builder.inputRef<VoiceFilter>("VoiceFilter").implement({
  description: "All conditions given must hold.",
  fields: (t) => ({
    language: t.string({
      description: "BCP-47 tag: `en-GB`, or `en` for every accent. Letter case does not matter.",
    }),
    gender: t.field({ type: Gender, description: "Only voices heard so." }),
    kind: t.field({ type: VoiceKind, description: "Only voices of this origin." }),
    engine: t.string({ description: "Only voices of this engine: `kokoro`, `piper` or `espeak`." }),
    status: t.field({ type: [VoiceStatus], description: "Only voices in one of these states." }),
    tags: t.stringList({ description: "Only voices with at least one of these labels." }),
    text: t.string({
      description:
        "Only voices with this in their id, name, description or tags. Letter case does not matter.",
      validate: { schema: z.string().max(200, "accepts up to 200 characters") },
    }),
    createdAfter: t.field({ type: "DateTime", description: "Only voices made later than this." }),
    createdBefore: t.field({ type: "DateTime", description: "Only voices made earlier than this." }),
    usedAfter: t.field({ type: "DateTime", description: "Only voices that were used later than this." }),
    unusedSince: t.field({
      type: "DateTime",
      description: "Only voices that were not used from this time on; those never used are among them.",
    }),
    minSimilarity: t.float({
      description: "Only cloned voices at least this similar to their sample, by `similarity`.",
      validate: {
        schema: z.number().refine((value) => value >= -1 && value <= 1, "accepts -1 to 1"),
      },
    }),
    hasSample: t.boolean({
      description: "True: only voices that keep a sample; false: only those that do not.",
    }),
  }),
});

const VoiceOrderFieldEnum = builder.enumType("VoiceOrderField", {
  description: "What voices can be sorted by. Voices that are equal in it are sorted by id.",
  values: {
    NAME: { description: "Their name." },
    CREATED_AT: { description: "When they were made." },
    UPDATED_AT: { description: "When anything of them last changed." },
    LAST_USED_AT: { description: "When they were last used; never counts as earliest." },
    USED_JOBS: { description: "How many jobs they spoke in." },
    USED_CHARACTERS: { description: "How many characters they have spoken." },
    USED_AUDIO_SECONDS: { description: "How many seconds they have spoken." },
    SIMILARITY: { description: "How close they come to their sample; not measured counts as least." },
    LANGUAGE: { description: "The tag of their language." },
    KIND: { description: "Where they come from: CLONED, MIXED, STOCK." },
  } satisfies Record<VoiceOrderField, object>,
});

const OrderDirection = builder.enumType("OrderDirection", {
  description: "Which end of a list comes first.",
  values: {
    ASC: { description: "The least, the earliest, the first of the alphabet." },
    DESC: { description: "The most, the latest, the last of the alphabet." },
  } satisfies Record<VoiceOrder["direction"], object>,
});

const VoiceOrderInput = builder.inputRef<VoiceOrder>("VoiceOrder").implement({
  description: "How voices are sorted.",
  fields: (t) => ({
    field: t.field({ type: VoiceOrderFieldEnum, required: true, description: "By what." }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: "ASC",
      description: "Which end comes first.",
    }),
  }),
});

const BY_NAME: VoiceOrder = { field: "NAME", direction: "ASC" };

function cursorOf(cursor: string | undefined, order: VoiceOrder): VoiceCursor | undefined {
  if (cursor === undefined) return undefined;
  const [field, direction, key = "", id = ""] = decodeCursor(cursor, 4);
  if (field !== order.field || direction !== order.direction) {
    throw new InvalidInputError([{ path: ["after"], message: "is a cursor of a list in another order" }]);
  }
  return { key, id };
}

builder.queryField("voice", (t) =>
  t.field({
    type: VoiceType,
    nullable: true,
    authScopes: needs("voices:read"),
    description: "One voice; null when there is none with this id that the caller may see.",
    args: { id: t.arg.id({ required: true, description: "The voice's id, such as `af_heart`." }) },
    resolve: (_root, { id }, { resources, actor }) => findVisibleVoice(resources.db, actor.tenant, id),
  }),
);

builder.queryField("voices", (t) =>
  t.connection(
    {
      type: VoiceType,
      authScopes: needs("voices:read"),
      description: "The voices that the caller may use: the stock voices and its own.",
      args: {
        filter: t.arg({ type: VoiceFilterInput, description: "Which voices; all when left out." }),
        orderBy: t.arg({
          type: VoiceOrderInput,
          description: "In which order; by name when left out. A cursor is good for the order that gave it.",
        }),
      },
      validate: { schema: connectionRules as never },
      resolve: (_root, args, { resources, actor }) => {
        const filter = args.filter ?? {};
        const order = args.orderBy ?? BY_NAME;
        return resolvePage(
          args,
          filter,
          (voice: ListedVoice) => [order.field, order.direction, voice.sortKey, voice.id],
          ({ after, before, ...page }) =>
            listVoices(resources.db, actor.tenant, filter, order, {
              ...page,
              after: cursorOf(after, order),
              before: cursorOf(before, order),
            }),
        );
      },
    },
    {
      description: "One page of voices.",
      fields: (connection) => ({
        totalCount: connection.int({
          description: "How many voices match, on all pages together.",
          resolve: ({ filter }, _args, { resources, actor }) =>
            countVoices(resources.db, actor.tenant, filter),
        }),
      }),
    },
    { description: "A voice in a list." },
  ),
);
