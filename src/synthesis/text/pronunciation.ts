import type { Edit, MappedText } from "./mapped-text.ts";
import type { PronunciationData } from "./pronunciation-data.ts";
import { type FoundEntry, type PronunciationIndex, pronunciationIndex } from "./pronunciation-index.ts";
import { dictionaryIpa } from "./pronunciation-ipa.ts";
import { PronunciationView } from "./pronunciation-view.ts";
import { OBJECT, type ScriptObject } from "./script.ts";

export {
  type PronunciationData,
  type PronunciationEntry,
  packPronunciations,
  unpackPronunciations,
} from "./pronunciation-data.ts";

/** A stretch of a text in one language, in offsets of that text (not of its source). */
interface LanguageRun {
  readonly start: number;
  readonly end: number;
  /** BCP-47. */
  readonly language: string;
}

/** A text in which the words of the dictionaries are replaced. */
interface Pronounced<Run extends LanguageRun> {
  readonly text: MappedText;
  /** The nth is what the nth `OBJECT` of `text` stands for. */
  readonly objects: ScriptObject[];
  /** The runs that were given, in offsets of the new text. */
  readonly runs: Run[];
}

export interface Pronouncer {
  /**
   * Replaces the words that the dictionaries hold: by their aliases, or by objects of kind `ipa`. An alias is not
   * looked up again. Only what lies in a run is looked at, and no word is found across two of them: what shall stay
   * as it stands is left out of `runs`.
   * @param runs in order and without overlap
   */
  apply<Run extends LanguageRun>(
    text: MappedText,
    objects: readonly ScriptObject[],
    runs: readonly Run[],
  ): Pronounced<Run>;
}

interface Replacement extends Edit {
  readonly object: ScriptObject | null;
}

/**
 * Says words as dictionaries want them. The longest entry wins, of equally long ones that of the first dictionary,
 * there the one for the most particular language, then the one that minds the case. Entries are whole words; in
 * scripts without spaces they stand anywhere. Time grows with the text alone: the entries are indexed once a digest.
 */
export function createPronouncer(data: readonly PronunciationData[]): Pronouncer {
  const indexes = data.map(pronunciationIndex);
  return {
    apply(text, objects, runs) {
      const replacements = indexes.length === 0 ? [] : find(indexes, text.text, runs);
      if (replacements.length === 0) return { text, objects: [...objects], runs: [...runs] };
      return {
        text: text.edit(replacements),
        objects: merge(text.text, objects, replacements),
        runs: move(runs, replacements),
      };
    },
  };
}

function find(
  indexes: readonly PronunciationIndex[],
  text: string,
  runs: readonly LanguageRun[],
): Replacement[] {
  const view = new PronunciationView(text);
  const replacements: Replacement[] = [];
  for (const { start, end, language } of runs) {
    const last = view.indexOf(end);
    let at = view.indexOf(start);
    while (at < last) {
      const found = view.startsWord(at, language) ? longest(indexes, view, at, last, language) : null;
      if (found === null) {
        at += 1;
        continue;
      }
      const genitive = found.entry.ipa !== undefined && isGenitive(view, at + found.length, last, language);
      const behind = at + found.length + (genitive ? 2 : 0);
      const from = view.offset(at);
      replacements.push(replacement(found, from, text.slice(from, view.offsetBehind(behind)), genitive));
      at = behind;
    }
  }
  return replacements;
}

function longest(
  indexes: readonly PronunciationIndex[],
  view: PronunciationView,
  at: number,
  end: number,
  language: string,
): FoundEntry | null {
  let best: FoundEntry | null = null;
  for (const index of indexes) {
    const found = index.longest(view, at, end, language);
    if (found !== null && found.length > (best?.length ?? 0)) best = found;
  }
  return best;
}

/** Whether an English "'s" follows, which no reader could say apart from the word before it. */
function isGenitive(view: PronunciationView, at: number, end: number, language: string): boolean {
  if (at + 2 > end || !(language === "en" || language.startsWith("en-"))) return false;
  return view.folded.startsWith("'s", at) && view.endsWord(at + 2, language);
}

/** The ending as the sound before it has it: "Jack's", "Joyce's", "Anna's". */
function withGenitive(ipa: string): string {
  const last = /[\p{Ll}\p{Lo}](?=\P{L}*$)/u.exec(ipa.replace(/\p{Lm}/gu, ""))?.[0] ?? "";
  if ("szʃʒʂʐɕʑ".includes(last)) return `${ipa}ɪz`;
  return "ptkfθcqxχɸ".includes(last) ? `${ipa}s` : `${ipa}z`;
}

function replacement({ entry }: FoundEntry, at: number, written: string, genitive: boolean): Replacement {
  const place = { at, length: written.length };
  if (entry.ipa === undefined) return { ...place, by: entry.alias ?? written, object: null };
  const plain = dictionaryIpa(entry.ipa);
  const ipa = genitive ? withGenitive(plain) : plain;
  return { ...place, by: OBJECT, object: { kind: "ipa", ipa, written } };
}

/** The objects of the new text, in its order. */
function merge(
  text: string,
  objects: readonly ScriptObject[],
  replacements: readonly Replacement[],
): ScriptObject[] {
  const merged: ScriptObject[] = [];
  let next = 0;
  let at = text.indexOf(OBJECT);
  for (const replaced of [...replacements, { at: text.length, object: null }]) {
    while (at !== -1 && at < replaced.at) {
      const object = objects[next++];
      if (object !== undefined) merged.push(object);
      at = text.indexOf(OBJECT, at + 1);
    }
    if (replaced.object !== null) merged.push(replaced.object);
  }
  return merged;
}

function move<Run extends LanguageRun>(runs: readonly Run[], replacements: readonly Replacement[]): Run[] {
  let next = 0;
  let shift = 0;
  /** Replacements lie inside of runs, so that what is before an end of a run is wholly before it. */
  const moved = (offset: number): number => {
    for (let edit = replacements[next]; edit !== undefined && edit.at < offset; edit = replacements[next]) {
      shift += edit.by.length - edit.length;
      next += 1;
    }
    return offset + shift;
  };
  return runs.map((run) => {
    const start = moved(run.start);
    return { ...run, start, end: moved(run.end) };
  });
}
