import { z } from "zod";
import { IncomingUpload } from "../uploads/incoming.ts";
import { voiceDescription, voiceName } from "../voices/fields.ts";
import { DICTIONARY_FORMATS } from "./document.ts";
import { canonicalLanguage } from "./entry.ts";

/** Entries that one mutation takes; more come in a file. */
const MAX_WRITTEN_ENTRIES = 1_000;

/** What an entry may be is looked at when all of them are: see `checkEntry`. */
const writtenEntry = z.object({
  grapheme: z.string(),
  alias: z.string().nullish(),
  ipa: z.string().nullish(),
  language: z.string().nullish(),
  caseSensitive: z.boolean().nullish(),
});

const atMost = `accepts up to ${MAX_WRITTEN_ENTRIES} at once; import a file for more`;
const entries = z
  .array(writtenEntry)
  .refine(({ length }) => length <= MAX_WRITTEN_ENTRIES, atMost)
  .nullish();
const removed = z
  .array(writtenEntry.omit({ alias: true, ipa: true }))
  .refine(({ length }) => length <= MAX_WRITTEN_ENTRIES, atMost)
  .nullish();

const language = z
  .string()
  .nullish()
  .transform((tag, context) => {
    if (tag == null) return null;
    const canonical = canonicalLanguage(tag);
    if (canonical !== undefined) return canonical;
    context.addIssue({
      code: "custom",
      message: "accepts a BCP-47 tag of a language, such as `en` or `pt-BR`",
    });
    return z.NEVER;
  });

/** How a file is to be read. */
const reading = {
  format: z.enum(DICTIONARY_FORMATS).nullish(),
  language,
  caseSensitive: z.boolean().nullish(),
};

/** What `createDictionary` accepts. */
export const dictionaryCreation = z.object({
  name: voiceName,
  description: voiceDescription.nullish(),
  entries,
  file: z.instanceof(IncomingUpload).nullish(),
  ...reading,
});

/** What `updateDictionary` accepts; what is left out or null stays as it is. */
export const dictionaryUpdate = z.object({
  id: z.string(),
  name: voiceName.nullish(),
  description: voiceDescription.nullish(),
  entries,
  removeEntries: removed,
  expectedVersion: z.int().nullish(),
});

/** What `importDictionary` accepts. */
export const dictionaryImport = z.object({
  id: z.string(),
  file: z.instanceof(IncomingUpload),
  replace: z.boolean().nullish(),
  expectedVersion: z.int().nullish(),
  ...reading,
});

export type DictionaryCreation = z.input<typeof dictionaryCreation>;
export type DictionaryUpdate = z.input<typeof dictionaryUpdate>;
export type DictionaryImport = z.input<typeof dictionaryImport>;
