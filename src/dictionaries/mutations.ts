import { needs } from "../auth/scopes.ts";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  QuotaExceededError,
  UploadFailedError,
  UploadTooLargeError,
} from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { type ChangedDictionary, createDictionary, importDictionary, updateDictionary } from "./change.ts";
import { type DeletedDictionary, deleteDictionary } from "./delete.ts";
import { DictionaryFormatEnum, DictionaryType } from "./graphql.ts";
import type { DictionaryCreation, DictionaryImport, DictionaryUpdate } from "./input.ts";

const WRITE = needs("voices:write");

const EntryInput = builder
  .inputRef<NonNullable<DictionaryCreation["entries"]>[number]>("DictionaryEntryInput")
  .implement({
    description:
      "How a word or phrase is said: by an `alias` or by `ipa`, exactly one of them. Its grapheme, language and case rule " +
      "together tell it from others.",
    fields: (t) => ({
      grapheme: t.string({
        required: true,
        description:
          "As it is written, 1 to 200 characters. It is found as a whole word; where several fit, the longest wins.",
      }),
      alias: t.string({
        description: "Words to read in its place, up to 500 characters. They are not looked up again.",
      }),
      ipa: t.string({
        description:
          "Its sounds in the International Phonetic Alphabet, up to 200 characters. A symbol that no model can say is " +
          "refused.",
      }),
      language: t.string({
        description: "BCP-47 tag of the texts it is for; `en` holds for every English. Left out: for all.",
      }),
      caseSensitive: t.boolean({
        description: "Whether it is only for words in this letter case; false when left out.",
      }),
    }),
  });

const RemovedInput = builder
  .inputRef<NonNullable<DictionaryUpdate["removeEntries"]>[number]>("RemovedDictionaryEntryInput")
  .implement({
    description: "An entry that goes, by what tells it from others.",
    fields: (t) => ({
      grapheme: t.string({ required: true, description: "Its grapheme." }),
      language: t.string({ description: "Its language; left out for one that holds for every language." }),
      caseSensitive: t.boolean({ description: "Its case rule; false when left out." }),
    }),
  });

const FILE =
  "A lexicon (PLS 1.0) or a table (CSV), in UTF-8 or UTF-16, sent as other uploads are. All of it counts, or nothing.";
const FORMAT = "What the file is; told by its content when left out.";
const LANGUAGE = "The language of entries that state none; left out, they hold for every language.";
const CASE = "The case rule of entries that state none; false when left out.";
const EXPECTED =
  "`version` as it was read. When the entries have changed since, nothing is done and the answer is a ConflictError.";

const CreateInput = builder.inputRef<DictionaryCreation>("CreateDictionaryInput").implement({
  description: "A dictionary, with the entries it begins with.",
  fields: (t) => ({
    name: t.string({ required: true, description: "Its name for people, 1 to 100 characters." }),
    description: t.string({ description: "What it is for, up to 2,000 characters; empty when left out." }),
    entries: t.field({ type: [EntryInput], description: "Entries, up to 1,000; more come in a file." }),
    file: t.field({
      type: "Upload",
      description: `${FILE} Where it has words that \`entries\` has too, the file's count.`,
    }),
    format: t.field({ type: DictionaryFormatEnum, description: FORMAT }),
    language: t.string({ description: LANGUAGE }),
    caseSensitive: t.boolean({ description: CASE }),
  }),
});

builder.mutationField("createDictionary", (t) =>
  t.errorUnionField({
    types: [DictionaryType, InvalidInputError, QuotaExceededError, UploadTooLargeError, UploadFailedError],
    union: {
      name: "CreateDictionaryResult",
      description: "The dictionary, or why it was not made.",
    },
    authScopes: WRITE,
    description: "Makes a pronunciation dictionary of entries, of a file, or empty.",
    args: {
      input: t.arg({ type: CreateInput, required: true, description: "Its name and its entries." }),
    },
    resolve: async (_root, { input }, { resources, actor }) =>
      (await createDictionary(resources, actor, input)).dictionary,
  }),
);

const UpdateInput = builder.inputRef<DictionaryUpdate>("UpdateDictionaryInput").implement({
  description: "What is to change of a dictionary. What is left out or null stays as it is.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The dictionary's id." }),
    name: t.string({ description: "Its new name, 1 to 100 characters." }),
    description: t.string({ description: "Its new description, up to 2,000 characters." }),
    removeEntries: t.field({
      type: [RemovedInput],
      description: "Entries that go, up to 1,000. Each of them must be there.",
    }),
    entries: t.field({
      type: [EntryInput],
      description: "Entries that are added, or take the place of those for the same words; up to 1,000.",
    }),
    expectedVersion: t.int({ description: EXPECTED }),
  }),
});

builder.mutationField("updateDictionary", (t) =>
  t.errorUnionField({
    types: [DictionaryType, InvalidInputError, NotFoundError, ConflictError, QuotaExceededError],
    union: {
      name: "UpdateDictionaryResult",
      description: "The changed dictionary, or why it was not changed.",
    },
    authScopes: WRITE,
    description:
      "Changes a dictionary's name or single entries. Changed entries make a new version; jobs that were accepted before " +
      "keep theirs.",
    args: { input: t.arg({ type: UpdateInput, required: true, description: "What changes." }) },
    resolve: async (_root, { input }, { resources, actor }) =>
      (await updateDictionary(resources, actor, input)).dictionary,
  }),
);

const ImportInput = builder.inputRef<DictionaryImport>("ImportDictionaryInput").implement({
  description: "A file of entries for a dictionary that is there.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The dictionary's id." }),
    file: t.field({ type: "Upload", required: true, description: FILE }),
    format: t.field({ type: DictionaryFormatEnum, description: FORMAT }),
    replace: t.boolean({
      description:
        "Whether the file takes the place of all entries. Else it adds to them, and counts where both have a word.",
    }),
    language: t.string({ description: LANGUAGE }),
    caseSensitive: t.boolean({ description: CASE }),
    expectedVersion: t.int({ description: EXPECTED }),
  }),
});

const ImportType = builder.objectRef<ChangedDictionary>("DictionaryImport").implement({
  authScopes: WRITE,
  description: "What an import did.",
  isTypeOf: (value) => !(value instanceof Error) && "report" in (value as object),
  fields: (t) => ({
    dictionary: t.expose("dictionary", { type: DictionaryType, description: "The dictionary after it." }),
    added: t.int({
      description: "Entries for words that it did not have.",
      resolve: ({ report }) => report.added,
    }),
    changed: t.int({
      description: "Entries for words that it had and says otherwise now.",
      resolve: ({ report }) => report.changed,
    }),
    removed: t.int({
      description: "Entries that went because the file has none for their words.",
      resolve: ({ report }) => report.removed,
    }),
    doubles: t.int({
      description: "Entries of the file that did not count because an earlier one is for the same word.",
      resolve: ({ report }) => report.doubles,
    }),
  }),
});

builder.mutationField("importDictionary", (t) =>
  t.errorUnionField({
    types: [
      ImportType,
      InvalidInputError,
      NotFoundError,
      ConflictError,
      QuotaExceededError,
      UploadTooLargeError,
      UploadFailedError,
    ],
    union: { name: "ImportDictionaryResult", description: "What was taken in, or why nothing was." },
    authScopes: WRITE,
    description:
      "Takes the entries of a file into a dictionary. Sent by the GraphQL multipart request specification. A file with " +
      "faults is refused whole; the first 50 are told with their lines.",
    args: {
      input: t.arg({ type: ImportInput, required: true, description: "The file and how to read it." }),
    },
    resolve: (_root, { input }, { resources, actor }) => importDictionary(resources, actor, input),
  }),
);

const DeletedType = builder.objectRef<DeletedDictionary>("DeletedDictionary").implement({
  authScopes: WRITE,
  description: "That a dictionary has been deleted.",
  isTypeOf: (value) =>
    !(value instanceof Error) && "deletedAt" in (value as object) && !("entryCount" in (value as object)),
  fields: (t) => ({
    id: t.exposeID("id", { description: "The id that it had; it is never given to another one." }),
    deletedAt: t.expose("deletedAt", { type: "DateTime", description: "When it was deleted." }),
  }),
});

builder.mutationField("deleteDictionary", (t) =>
  t.errorUnionField({
    types: [DeletedType, NotFoundError],
    union: { name: "DeleteDictionaryResult", description: "That the dictionary is gone, or why it is not." },
    authScopes: WRITE,
    description:
      "Deletes a dictionary. No request can name it from then on; jobs that were accepted with it speak with the version " +
      "that they have. Deleting it again gives the same answer.",
    args: { id: t.arg.id({ required: true, description: "The dictionary's id." }) },
    resolve: (_root, { id }, { resources, actor }) => deleteDictionary(resources.db, actor, id),
  }),
);
