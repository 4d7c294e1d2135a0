import type { Db } from "../db/client.ts";
import { type Dictionary, loadPronunciations } from "./dictionary.ts";
import type { DictionaryFormat } from "./document.ts";
import type { DictionaryThread } from "./thread.ts";

/** Ending and media type of each format. */
export const DICTIONARY_FILES: Readonly<
  Record<DictionaryFormat, { readonly extension: string; readonly type: string }>
> = {
  PLS: { extension: "pls", type: "application/pls+xml; charset=utf-8" },
  CSV: { extension: "csv", type: "text/csv; charset=utf-8; header=present" },
};

/** Where a dictionary is fetched as a file. */
export function exportPath(id: string, format: DictionaryFormat): string {
  return `/dictionaries/${id}.${DICTIONARY_FILES[format].extension}`;
}

/** The present entries of a dictionary as a file; with a language, those that texts in it use. */
export async function writeDictionary(
  { db, dictionaries }: { readonly db: Db; readonly dictionaries: DictionaryThread },
  dictionary: Dictionary,
  format: DictionaryFormat,
  language: string | null,
): Promise<Uint8Array> {
  const [data] = await loadPronunciations(db, [dictionary]);
  if (data === undefined) throw new Error("a dictionary has no present version");
  return await dictionaries.perform({ type: "write", packed: data.packed, format, language });
}
