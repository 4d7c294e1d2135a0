import type { PronunciationEntry } from "../synthesis/text/pronunciation-data.ts";
import { languagesAgree } from "../synthesis/text/pronunciation-index.ts";
import { foldCase, foldGrapheme } from "../synthesis/text/pronunciation-view.ts";
import { keyOf } from "./entry.ts";

/** Which entries a page shows. */
export interface EntryFilter {
  /** Part of the grapheme, the alias or the IPA; the case does not matter. */
  readonly text: string | null;
  /** Entries that texts in this language use. */
  readonly language: string | null;
}

export interface EntryPage {
  readonly limit: number;
  /** Keys of entries, see `keyOf`. */
  readonly after: string | null;
  readonly before: string | null;
  /** From the end. */
  readonly inverted: boolean;
}

/** Entries that match, in the order of their words. */
export function matchingEntries(
  entries: readonly PronunciationEntry[],
  { text, language }: EntryFilter,
): PronunciationEntry[] {
  const needle = text === null ? "" : foldCase(foldGrapheme(text));
  const holds = (field: string | undefined) => field !== undefined && foldCase(field).includes(needle);
  return entries.filter(
    (entry) =>
      (language === null || languagesAgree(entry.language, language)) &&
      (needle === "" || holds(foldGrapheme(entry.grapheme)) || holds(entry.alias) || holds(entry.ipa)),
  );
}

/** One page of entries that are in order. */
export function pageOfEntries(
  entries: readonly PronunciationEntry[],
  { limit, after, before, inverted }: EntryPage,
): PronunciationEntry[] {
  const within = entries.filter((entry) => {
    const key = keyOf(entry);
    return (after === null || key > after) && (before === null || key < before);
  });
  return inverted ? within.slice(-limit).reverse() : within.slice(0, limit);
}
