import { needs } from "../auth/scopes.ts";
import type { Context } from "../context.ts";
import { InvalidInputError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { connectionRules, decodeCursor, foreignCursor, resolvePage } from "../graphql/connection.ts";
import { SynthesisJobType } from "../synthesis/graphql.ts";
import { inputOf } from "../synthesis/input.ts";
import type { PronunciationEntry } from "../synthesis/text/pronunciation-data.ts";
import {
  type Dictionary,
  type DictionaryReference,
  isDictionaryId,
  loadDictionaries,
  loadPronunciations,
} from "./dictionary.ts";
import type { DictionaryFormat } from "./document.ts";
import { canonicalLanguage, keyOf } from "./entry.ts";
import { exportPath } from "./export.ts";
import { countDictionaries, listDictionaries } from "./list.ts";

/** What speaks with dictionaries may see them, and so may what sees voices. */
const READ = needs("voices:read", "synthesize");

const FORMATS: Record<DictionaryFormat, { readonly description: string }> = {
  PLS: { description: "A lexicon of the W3C's Pronunciation Lexicon Specification 1.0 (XML)." },
  CSV: {
    description:
      "A table with the columns `grapheme`, `alias`, `ipa`, `language` and `case_sensitive`, named in its first line.",
  },
};

export const DictionaryFormatEnum = builder.enumType("DictionaryFormat", {
  description: "How a dictionary is written in a file.",
  values: FORMATS,
});

export const DictionaryType = builder.objectRef<Dictionary>("Dictionary").implement({
  authScopes: READ,
  description:
    "How words are said that the service would say otherwise, in a tenant's own list. Requests name the dictionaries that " +
    "they want. A request keeps the version that was there when it was accepted.",
  isTypeOf: (value) => !(value instanceof Error) && "entryCount" in (value as object),
  fields: (t) => ({
    id: t.exposeID("id", { description: "To be named in requests." }),
    name: t.exposeString("name", { description: "Its name for people; several may have the same." }),
    description: t.exposeString("description", { description: "What it is for; may be empty." }),
    version: t.exposeInt("version", {
      description: "Counted from 1; one more each time its entries change, and not when its name does.",
    }),
    digest: t.exposeString("digest", {
      description: "SHA-256 of the entries, in hexadecimal: equal entries have equal digests.",
    }),
    entryCount: t.exposeInt("entryCount", { description: "How many entries it has, at most 100,000." }),
    languages: t.exposeStringList("languages", {
      description: "BCP-47 tags that its entries name; without the entries that hold for every language.",
    }),
    bytes: t.exposeInt("bytes", {
      description:
        "What this version takes of the tenant's storage; versions that jobs still need come on top.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    updatedAt: t.expose("updatedAt", {
      type: "DateTime",
      description: "When its name, description or entries last changed.",
    }),
    exportUrl: t.string({
      description:
        "Where to fetch its present entries as a file, by GET. Where keys are needed it is signed and opens the file " +
        "without one for a while.",
      args: {
        format: t.arg({ type: DictionaryFormatEnum, required: true, description: "As what." }),
        language: t.arg.string({
          description:
            "Only the entries that texts in this language use, such as `en-GB`; all when left out.",
        }),
      },
      resolve: ({ id, tenant }, { format, language }, { fileUrl }) => {
        const url = fileUrl(exportPath(id, format), tenant);
        if (language == null) return url;
        const tag = encodeURIComponent(requiredLanguage(language));
        return `${url}${url.includes("?") ? "&" : "?"}language=${tag}`;
      },
    }),
  }),
});

const EntryType = builder.objectRef<PronunciationEntry>("DictionaryEntry").implement({
  authScopes: READ,
  description: "How one word or phrase is said.",
  fields: (t) => ({
    grapheme: t.exposeString("grapheme", { description: "As it is written." }),
    alias: t.string({
      nullable: true,
      description: "What is read in its place; null when `ipa` says how it sounds.",
      resolve: ({ alias }) => alias ?? null,
    }),
    ipa: t.string({
      nullable: true,
      description: "Its sounds in the International Phonetic Alphabet; null when there is an `alias`.",
      resolve: ({ ipa }) => ipa ?? null,
    }),
    language: t.string({
      nullable: true,
      description: "BCP-47 tag of the texts it is for; null for texts of any language.",
      resolve: ({ language }) => language,
    }),
    caseSensitive: t.exposeBoolean("caseSensitive", {
      description: "Whether it is only for words in the letter case of the grapheme.",
    }),
  }),
});

builder.queryField("dictionary", (t) =>
  t.field({
    type: DictionaryType,
    nullable: true,
    authScopes: READ,
    description: "One of the tenant's pronunciation dictionaries; null when there is none with this id.",
    args: { id: t.arg.id({ required: true, description: "The dictionary's id." }) },
    resolve: async (_root, { id }, { resources, actor }) => {
      const [dictionary] = await loadDictionaries(resources.db, actor.tenant, [id]);
      return dictionary ?? null;
    },
  }),
);

builder.queryField("dictionaries", (t) =>
  t.connection(
    {
      type: DictionaryType,
      authScopes: READ,
      description: "The tenant's pronunciation dictionaries by name.",
      args: {
        text: t.arg.string({ description: "Only those whose name or description holds this text." }),
      },
      validate: { schema: connectionRules as never },
      resolve: (_root, args, { resources, actor }) => {
        const text = args.text ?? null;
        return resolvePage(
          args,
          text,
          ({ name, id }: Dictionary) => [name, id],
          ({ after, before, ...page }) =>
            listDictionaries(resources.db, actor.tenant, text, {
              ...page,
              after: cursorOf(after),
              before: cursorOf(before),
            }),
        );
      },
    },
    {
      description: "One page of dictionaries.",
      fields: (connection) => ({
        totalCount: connection.int({
          description: "How many dictionaries match, on all pages together.",
          resolve: ({ filter }, _args, { resources, actor }) =>
            countDictionaries(resources.db, actor.tenant, filter),
        }),
      }),
    },
    { description: "A dictionary in a list." },
  ),
);

export const UsedDictionaryType = builder.objectRef<DictionaryReference>("UsedDictionary").implement({
  authScopes: READ,
  description: "A version of a pronunciation dictionary that a text is read with.",
  fields: (t) => ({
    id: t.exposeID("id", { description: "The dictionary's id; it may have been deleted since." }),
    version: t.exposeInt("version", { description: "The version that is used." }),
    digest: t.exposeString("digest", { description: "SHA-256 of its entries, in hexadecimal." }),
  }),
});

builder.objectField(SynthesisJobType, "dictionaries", (t) =>
  t.field({
    type: [UsedDictionaryType],
    description:
      "The dictionaries that its text is read with, in the versions that were there when it was accepted; the first to " +
      "win first.",
    resolve: (job) => inputOf(job).dictionaries ?? [],
  }),
);

/** What the pages of a list of entries are made from. */
interface EntrySource {
  readonly packed: Uint8Array;
  readonly filter: { readonly text: string | null; readonly language: string | null };
}

builder.queryField("dictionaryEntries", (t) =>
  t.connection(
    {
      type: EntryType,
      nullable: true,
      authScopes: READ,
      description:
        "The entries of a dictionary by their words, as they are now; null when there is no dictionary with this id.",
      args: {
        dictionaryId: t.arg.id({ required: true, description: "The dictionary's id." }),
        text: t.arg.string({
          description: "Only entries whose grapheme, alias or IPA holds this text, in any letter case.",
        }),
        language: t.arg.string({
          description: "Only entries that texts in this language use, such as `en-GB`.",
        }),
      },
      validate: { schema: connectionRules as never },
      resolve: async (_root, args, { resources, actor }) => {
        const { dictionaryId, text, language } = args;
        const source = await packedEntries(resources, actor.tenant, dictionaryId);
        if (source === null) return null;
        const filter = { text: text ?? null, language: language == null ? null : requiredLanguage(language) };
        return await resolvePage(
          args,
          { packed: source, filter } satisfies EntrySource as EntrySource,
          (entry: PronunciationEntry) => [keyOf(entry)],
          async ({ after, before, ...page }) => {
            const at = { after: keyIn(after), before: keyIn(before) };
            const work = { type: "page", packed: source, filter, page: { ...page, ...at } } as const;
            return [...(await resources.dictionaries.perform(work))];
          },
        );
      },
    },
    {
      description: "One page of a dictionary's entries.",
      fields: (connection) => ({
        totalCount: connection.int({
          description: "How many entries match, on all pages together.",
          resolve: ({ filter: { packed, filter } }, _args, { resources }) =>
            resources.dictionaries.perform({ type: "count", packed, filter }),
        }),
      }),
    },
    { description: "An entry in a list." },
  ),
);

async function packedEntries(
  { db }: Context["resources"],
  tenant: string,
  id: string,
): Promise<Uint8Array | null> {
  const [dictionary] = await loadDictionaries(db, tenant, [id]);
  if (dictionary == null) return null;
  const [data] = await loadPronunciations(db, [dictionary]);
  return data?.packed ?? null;
}

function requiredLanguage(tag: string): string {
  const canonical = canonicalLanguage(tag);
  if (canonical !== undefined) return canonical;
  throw new InvalidInputError([
    { path: ["language"], message: "accepts a BCP-47 tag of a language, such as `en` or `pt-BR`" },
  ]);
}

function cursorOf(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const [name = "", id = ""] = decodeCursor(cursor, 2);
  if (!isDictionaryId(id) || name.includes("\0")) throw foreignCursor();
  return { name, id };
}

const keyIn = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : (decodeCursor(cursor, 1)[0] ?? null);
