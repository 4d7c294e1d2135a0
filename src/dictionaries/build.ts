import type { InputIssue } from "../errors.ts";
import {
  type PronunciationData,
  type PronunciationEntry,
  packPronunciations,
} from "../synthesis/text/pronunciation-data.ts";
import { readCsv } from "./csv.ts";
import {
  type DictionaryFormat,
  DocumentFault,
  decodeDocument,
  type FileDefaults,
  type FileEntry,
  formatOf,
  MAX_ENTRIES,
} from "./document.ts";
import { checkEntry, isFault, keyOf, type WrittenEntry, wordOfKey } from "./entry.ts";
import { readPls } from "./pls.ts";

/** How many entries may be written alike but for case and language: a word is looked up among them one by one. */
const MAX_ALIKE = 64;
/** Characters of all words and what is said for them: each planner holds them several times over. */
const MAX_CHARACTERS = 5_000_000;
/** Faults that are told at once. */
const MAX_ISSUES = 50;

/** An entry that is to go; what is left out is as in `WrittenEntry`. */
type RemovedEntry = Pick<WrittenEntry, "grapheme" | "language" | "caseSensitive">;

/** What is to become of the entries of a dictionary. First all or some go, then others come. */
export interface DictionaryChange {
  /** Whether all that is there goes first. */
  readonly replaceAll: boolean;
  readonly remove: readonly RemovedEntry[];
  readonly set: readonly WrittenEntry[];
  readonly file: {
    readonly bytes: Uint8Array;
    /** Null: told by the content. */
    readonly format: DictionaryFormat | null;
    readonly defaults: FileDefaults;
  } | null;
}

/** What a change did. */
export interface ChangeReport {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Entries of the file for a word that came before in it: the first one counts. */
  readonly doubles: number;
}

export interface BuiltDictionary {
  readonly data: PronunciationData;
  readonly entryCount: number;
  readonly languages: readonly string[];
  readonly report: ChangeReport;
}

/**
 * The entries of a dictionary after a change, in the order of their words.
 *
 * @returns what is wrong with the change instead, if anything is: then nothing of it counts
 */
export function buildDictionary(
  present: readonly PronunciationEntry[],
  change: DictionaryChange,
): BuiltDictionary | { readonly issues: readonly InputIssue[] } {
  const issues: InputIssue[] = [];
  const before = new Map(present.map((entry) => [keyOf(entry), entry]));
  const after = new Map(change.replaceAll ? [] : before);
  remove(after, change.remove, issues);
  set(after, change.set, issues);
  const doubles = change.file === null ? 0 : take(after, change.file, issues);
  if (issues.length > 0) return { issues: issues.slice(0, MAX_ISSUES) };
  const keys = [...after.keys()].sort();
  const path = ["input", change.file === null ? "entries" : "file"];
  const excess = excessOf(keys, after);
  if (excess !== null) return { issues: [{ path, message: excess }] };
  const entries = keys.flatMap((key) => after.get(key) ?? []);
  return {
    data: packPronunciations(entries),
    entryCount: entries.length,
    languages: [...new Set(entries.flatMap(({ language }) => language ?? []))].sort(),
    report: { ...compared(before, after), doubles },
  };
}

function remove(
  entries: Map<string, PronunciationEntry>,
  removed: readonly RemovedEntry[],
  issues: InputIssue[],
): void {
  for (const [index, { grapheme, language, caseSensitive }] of removed.entries()) {
    const checked = checkEntry({ grapheme, language, caseSensitive, alias: "x" });
    if (!isFault(checked) && entries.delete(keyOf(checked))) continue;
    issues.push({
      path: ["input", "removeEntries", String(index)],
      message: "accepts an entry of the dictionary: its grapheme, language and case rule",
    });
  }
}

function set(
  entries: Map<string, PronunciationEntry>,
  given: readonly WrittenEntry[],
  issues: InputIssue[],
): void {
  const seen = new Set<string>();
  for (const [index, written] of given.entries()) {
    const path = ["input", "entries", String(index)];
    const checked = checkEntry(written);
    if (isFault(checked)) {
      issues.push({ path: [...path, checked.field], message: checked.message });
      continue;
    }
    const key = keyOf(checked);
    if (seen.has(key)) issues.push({ path, message: "is for a word that another entry of the list is for" });
    seen.add(key);
    entries.set(key, checked);
  }
}

/** @returns how many entries of the file did not count because their words came before in it. */
function take(
  entries: Map<string, PronunciationEntry>,
  { bytes, format, defaults }: NonNullable<DictionaryChange["file"]>,
  issues: InputIssue[],
): number {
  const path = ["input", "file"];
  const fault = (line: number | null, message: string) =>
    issues.push({ path, message: line === null ? message : `line ${line}: ${message}` });
  let read: FileEntry[];
  try {
    const text = decodeDocument(bytes);
    read = (format ?? formatOf(text)) === "PLS" ? readPls(text, defaults) : readCsv(text, defaults);
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    fault(error.line, error.message);
    return 0;
  }
  const seen = new Set<string>();
  let doubles = 0;
  for (const written of read) {
    const checked = checkEntry(written);
    if (isFault(checked)) {
      fault(written.line, `the ${checked.field} ${checked.message}`);
      if (issues.length >= MAX_ISSUES) return doubles;
      continue;
    }
    const key = keyOf(checked);
    if (seen.has(key)) doubles += 1;
    else entries.set(key, checked);
    seen.add(key);
  }
  if (read.length === 0) fault(null, "holds no entries");
  return doubles;
}

/** What a dictionary would hold too much of; null when it is in bounds. */
function excessOf(
  sortedKeys: readonly string[],
  entries: ReadonlyMap<string, PronunciationEntry>,
): string | null {
  if (entries.size > MAX_ENTRIES) {
    return `leads to ${entries.size} entries; a dictionary holds ${MAX_ENTRIES}`;
  }
  let characters = 0;
  for (const { grapheme, alias, ipa } of entries.values()) {
    characters += grapheme.length + (alias ?? ipa ?? "").length;
  }
  if (characters > MAX_CHARACTERS) {
    return `leads to ${characters} characters; a dictionary holds ${MAX_CHARACTERS}`;
  }
  const crowded = sortedKeys.some((key, index) => {
    const later = sortedKeys[index + MAX_ALIKE];
    return later !== undefined && wordOfKey(later) === wordOfKey(key);
  });
  return crowded
    ? `has a word with more than ${MAX_ALIKE} entries that differ in case and language alone`
    : null;
}

function compared(
  before: ReadonlyMap<string, PronunciationEntry>,
  after: ReadonlyMap<string, PronunciationEntry>,
): Omit<ChangeReport, "doubles"> {
  let added = 0;
  let changed = 0;
  for (const [key, entry] of after) {
    const old = before.get(key);
    if (old === undefined) added += 1;
    else if (old.alias !== entry.alias || old.ipa !== entry.ipa || old.grapheme !== entry.grapheme)
      changed += 1;
  }
  return { added, changed, removed: before.size - (after.size - added) };
}
