import {
  type PronunciationData,
  type PronunciationEntry,
  unpackPronunciations,
} from "./pronunciation-data.ts";
import { foldCase, foldGrapheme, type PronunciationView } from "./pronunciation-view.ts";

/** An entry that stands at a place of a text, and how many characters of the view it takes. */
export interface FoundEntry {
  readonly entry: PronunciationEntry;
  readonly length: number;
}

/** Entries that are written alike but for case, the most particular first. */
type Alternatives = readonly { readonly entry: PronunciationEntry; readonly exact: string }[];

/** The entries of one dictionary, sorted, so that all that begin at a place are found by narrowing a range. */
export class PronunciationIndex {
  readonly #keys: readonly string[];
  readonly #alternatives: readonly Alternatives[];
  /** By first character: where its keys begin and end. */
  readonly #firsts: ReadonlyMap<number, readonly [number, number]>;

  constructor(entries: readonly PronunciationEntry[]) {
    const byKey = new Map<string, { entry: PronunciationEntry; exact: string }[]>();
    for (const entry of entries) {
      const exact = foldGrapheme(entry.grapheme);
      const key = foldCase(exact);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [{ entry, exact }]);
      else known.push({ entry, exact });
    }
    byKey.delete("");
    this.#keys = [...byKey.keys()].sort();
    this.#alternatives = this.#keys.map((key) => (byKey.get(key) ?? []).sort(byParticularity));
    const firsts = new Map<number, readonly [number, number]>();
    for (const [index, key] of this.#keys.entries()) {
      const unit = key.charCodeAt(0);
      firsts.set(unit, [firsts.get(unit)?.[0] ?? index, index + 1]);
    }
    this.#firsts = firsts;
  }

  /** The longest entry for this language that stands at `at` as whole words; what begins there was checked. */
  longest(view: PronunciationView, at: number, end: number, language: string): FoundEntry | null {
    let [low, high] = this.#firsts.get(view.folded.charCodeAt(at)) ?? [0, 0];
    let found: FoundEntry | null = null;
    for (let length = 1; low < high; length += 1) {
      if (this.#keys[low]?.length === length) {
        if (view.endsWord(at + length, language)) {
          const written = view.exact.slice(at, at + length);
          const fits = this.#alternatives[low]?.find(
            ({ entry, exact }) =>
              languagesAgree(entry.language, language) && (!entry.caseSensitive || exact === written),
          );
          if (fits !== undefined) found = { entry: fits.entry, length };
        }
        low += 1;
      }
      if (at + length >= end) break;
      const unit = view.folded.charCodeAt(at + length);
      low = this.#bound(low, high, length, unit);
      high = this.#bound(low, high, length, unit + 1);
    }
    return found;
  }

  /** The first key from `low` to before `high` whose character at `depth` is not below `unit`. */
  #bound(low: number, high: number, depth: number, unit: number): number {
    let from = low;
    let to = high;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#keys[middle]?.charCodeAt(depth) ?? 0) < unit) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** The longer tag says more; then the case; sorting keeps the order of the dictionary. */
function byParticularity(a: { entry: PronunciationEntry }, b: { entry: PronunciationEntry }): number {
  const tags = (b.entry.language?.length ?? 0) - (a.entry.language?.length ?? 0);
  return tags === 0 ? Number(b.entry.caseSensitive) - Number(a.entry.caseSensitive) : tags;
}

/** Whether two tags agree as far as both say: `en` and `en-GB` do. */
export function languagesAgree(entry: string | null, text: string): boolean {
  return entry === null || entry === text || text.startsWith(`${entry}-`) || entry.startsWith(`${text}-`);
}

/** Entries of all the indexes that are kept, more than one request has; those that were not used for longest go first. */
const MOST_KEPT_ENTRIES = 250_000;
const kept = new Map<string, { readonly index: PronunciationIndex; readonly entries: number }>();

/** The index of a dictionary, made at its first use and kept. */
export function pronunciationIndex({ digest, packed }: PronunciationData): PronunciationIndex {
  const known = kept.get(digest);
  if (known !== undefined) {
    kept.delete(digest);
    kept.set(digest, known);
    return known.index;
  }
  const entries = unpackPronunciations(packed);
  const index = new PronunciationIndex(entries);
  kept.set(digest, { index, entries: entries.length });
  let total = [...kept.values()].reduce((sum, each) => sum + each.entries, 0);
  for (const [oldest, each] of kept) {
    if (total <= MOST_KEPT_ENTRIES || oldest === digest) break;
    kept.delete(oldest);
    total -= each.entries;
  }
  return index;
}
