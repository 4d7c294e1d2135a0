import { deflateSync, inflateSync } from "node:zlib";
import { sha256Of } from "../../digest.ts";

/** How one word or phrase is said: by other words, or by its sounds. */
export interface PronunciationEntry {
  /** As it is written; compared without regard to the kind of apostrophe, hyphen or space. */
  readonly grapheme: string;
  /** Words to be read in its place; exactly one of `alias` and `ipa` is there. */
  readonly alias?: string;
  /** Its sounds in the International Phonetic Alphabet. */
  readonly ipa?: string;
  /** BCP-47 of the texts it is for; `en` holds for every English. Null: for texts of any language. */
  readonly language: string | null;
  readonly caseSensitive: boolean;
}

/**
 * The entries of one version of a dictionary, packed: several megabytes at most, so that they pass from the
 * database to the planner's thread as bytes and are unfolded there alone.
 */
export interface PronunciationData {
  /** SHA-256 of what is packed: equal entries in equal order have equal digests. */
  readonly digest: string;
  readonly packed: Uint8Array;
}

type Row = readonly [
  grapheme: string,
  alias: string | null,
  ipa: string | null,
  language: string | null,
  caseSensitive: 0 | 1,
];

/** What 100,000 of the longest entries unfold to, and more. */
const MOST_UNPACKED_BYTES = 2 ** 29;

/** Entries as they are stored and sent to the planner. Computes for some 100 ms with 100,000 entries. */
export function packPronunciations(entries: readonly PronunciationEntry[]): PronunciationData {
  const rows = entries.map(
    ({ grapheme, alias, ipa, language, caseSensitive }): Row => [
      grapheme,
      alias ?? null,
      ipa ?? null,
      language,
      caseSensitive ? 1 : 0,
    ],
  );
  const json = Buffer.from(JSON.stringify(rows));
  return { digest: sha256Of(json), packed: deflateSync(json) };
}

/** The entries of packed data, in their order. */
export function unpackPronunciations(packed: Uint8Array): PronunciationEntry[] {
  const json = inflateSync(packed, { maxOutputLength: MOST_UNPACKED_BYTES }).toString();
  return (JSON.parse(json) as Row[]).map(([grapheme, alias, ipa, language, caseSensitive]) => ({
    grapheme,
    ...(alias !== null && { alias }),
    ...(ipa !== null && { ipa }),
    language,
    caseSensitive: caseSensitive === 1,
  }));
}
