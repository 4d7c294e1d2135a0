import type { InputIssue } from "../errors.ts";
import type { PronunciationEntry } from "../synthesis/text/pronunciation-data.ts";
import type { BuiltDictionary, DictionaryChange } from "./build.ts";
import type { DictionaryFormat } from "./document.ts";
import type { EntryFilter, EntryPage } from "./entries.ts";

/** What the dictionary thread does; `packed` are the entries of a dictionary, see `PronunciationData`. */
export type DictionaryWork =
  | { readonly type: "build"; readonly packed: Uint8Array | null; readonly change: DictionaryChange }
  | {
      readonly type: "page";
      readonly packed: Uint8Array;
      readonly filter: EntryFilter;
      readonly page: EntryPage;
    }
  | { readonly type: "count"; readonly packed: Uint8Array; readonly filter: EntryFilter }
  | {
      readonly type: "write";
      readonly packed: Uint8Array;
      readonly format: DictionaryFormat;
      readonly language: string | null;
    };

export interface DictionaryResults {
  readonly build: BuiltDictionary | { readonly issues: readonly InputIssue[] };
  readonly page: readonly PronunciationEntry[];
  readonly count: number;
  readonly write: Uint8Array;
}

export interface ToDictionaryThread {
  readonly call: number;
  readonly work: DictionaryWork;
}

export type FromDictionaryThread =
  | { readonly call: number; readonly result: DictionaryResults[keyof DictionaryResults] }
  | { readonly call: number; readonly error: string };
