import type { CoverageSpan, NormalizedText } from "./text/utterance.ts";
import type { TimedUtterance } from "./timing/timeline.ts";
import { type TimedMark, type TimeSpan, toMilliseconds } from "./timing/words.ts";

/** What is written down of an utterance that has been spoken: a row of `job_utterances`. */
export interface UtteranceRecord extends TimedUtterance {
  readonly textStart: number;
  readonly textEnd: number;
  /** From its first to its last sound. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** Which of the job's voices speaks it. */
  readonly voice: number;
  /** Null for rows of before it was written down, as all below. */
  readonly language: string | null;
  readonly normalized: NormalizedText | null;
  readonly marks: readonly TimedMark[] | null;
  /** What is not simply spoken of the text from here to the next utterance. */
  readonly coverage: readonly CoverageSpan[] | null;
}

/** What is said in a job, in words, and where that differs from its text. */
export interface SpokenWords {
  readonly text: string;
  /** `start` and `end` in the job's text, `from` and `to` in `text`; UTF-16 offsets. */
  readonly parts: NormalizedText["parts"];
}

/**
 * The normalised texts of utterances as one, lines where the job's text has them; null when nothing was written down.
 *
 * @param source the job's text
 */
export function spokenWords(source: string, records: readonly UtteranceRecord[]): SpokenWords | null {
  let text = "";
  const parts: SpokenWords["parts"][number][] = [];
  let before: UtteranceRecord | null = null;
  for (const record of records) {
    if (record.normalized === null) return null;
    if (before !== null) text += between(source, before, record);
    const shift = text.length;
    text += record.normalized.text;
    for (const { start, end, from, to } of record.normalized.parts) {
      parts.push({ start, end, from: from + shift, to: to + shift });
    }
    before = record;
  }
  return { text, parts };
}

/** What parts the words of two utterances: what the source has there, tags being spaces to the ear. */
function between(source: string, before: UtteranceRecord, after: UtteranceRecord): string {
  const gap = source.slice(before.textEnd, after.textStart);
  if (gap !== "") return /[\r\n]/.test(gap) ? "\n" : " ";
  const insideWord = INSIDE_WORD.test(source.slice(after.textStart - 1, after.textStart + 1));
  const unspaced = UNSPACED.test(before.normalized?.text.slice(-1) ?? "");
  return insideWord || unspaced ? "" : " ";
}

/** A word that was too long for one utterance. */
const INSIDE_WORD = /^[\p{L}\p{M}\p{N}]{2}$/u;
/** Characters of writing without spaces, with its marks. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3001-\u303f\uff00-\uffef]/u;

/**
 * What became of every character of a text, once and in order, as far as it has been spoken: what is written down is the
 * rest of what is spoken, and of white space.
 *
 * @param source the job's text
 * @param complete all of its utterances are there
 */
export function coverageOf(
  source: string,
  records: readonly UtteranceRecord[],
  complete: boolean,
): CoverageSpan[] {
  const spans: CoverageSpan[] = [];
  let at = 0;
  for (const [utterance, { coverage, textEnd }] of records.entries()) {
    if (coverage === null) return [];
    const spoken = (until: number) => {
      for (const { 0: run, index } of source.slice(at, until).matchAll(/\s+|\S+/g)) {
        const place = { start: at + index, end: at + index + run.length };
        spans.push(/\S/.test(run) ? { ...place, fate: "spoken", utterance } : { ...place, fate: "space" });
      }
      at = Math.max(at, until);
    };
    for (const span of coverage) {
      spoken(span.start);
      spans.push(span);
      at = span.end;
    }
    const next = records[utterance + 1]?.textStart ?? (complete ? source.length : textEnd);
    spoken(next);
  }
  return spans;
}

/** A stretch of a job in one voice and one language, by UTF-16 offsets of the job's text, and when it is heard. */
export interface SpokenStretch extends TimeSpan {
  readonly start: number;
  readonly end: number;
  readonly voice: number;
  readonly language: string;
}

/**
 * Who speaks what when: utterances behind each other in one voice and language are one stretch, unless the caller parted
 * them.
 *
 * @param segments of the caller's dialogue, in order
 * @param fallback the language of rows that do not tell
 */
export function spokenStretches(
  records: readonly UtteranceRecord[],
  segments: readonly { readonly start: number }[],
  fallback: string,
): SpokenStretch[] {
  const stretches: (SpokenStretch & { readonly segment: number })[] = [];
  let segment = -1;
  let sentence: Sentence;
  for (const record of records) {
    sentence = record.words.findLast((word) => word.sentence !== undefined)?.sentence ?? sentence;
    const { voice, language: own, startSeconds, durationSeconds } = record;
    const { start, end } = wordsRange(record, sentence);
    while ((segments[segment + 1]?.start ?? Number.POSITIVE_INFINITY) <= start) segment += 1;
    const before = stretches.at(-1);
    const language = own ?? fallback;
    const endSeconds = toMilliseconds(startSeconds + durationSeconds);
    const goesOn = before?.voice === voice && before.language === language && before.segment === segment;
    if (goesOn) stretches[stretches.length - 1] = { ...before, end, endSeconds };
    else {
      const times = { startSeconds: toMilliseconds(startSeconds), endSeconds };
      stretches.push({ start, end, ...times, voice, language, segment });
    }
  }
  return stretches.map(({ segment: _, ...stretch }) => stretch);
}

type Sentence = UtteranceRecord["words"][number]["sentence"];

/**
 * From the first to the last word of an utterance with the marks of its sentences: tags around them are not spoken.
 *
 * @param sentence the one that its last word belongs to; it may have begun in an utterance before
 */
function wordsRange(
  { words, textStart, textEnd }: UtteranceRecord,
  sentence: Sentence,
): { start: number; end: number } {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return { start: textStart, end: textEnd };
  return {
    start: Math.min(first.start, first.sentence?.start ?? first.start),
    end: Math.max(last.end, Math.min(sentence?.end ?? last.end, textEnd)),
  };
}

/** The languages that are spoken, the one of most of the text first. */
export function spokenLanguages(records: readonly UtteranceRecord[]): string[] {
  const lengths = new Map<string, number>();
  for (const { language, textStart, textEnd } of records) {
    if (language !== null) lengths.set(language, (lengths.get(language) ?? 0) + textEnd - textStart);
  }
  return [...lengths].sort(([, a], [, b]) => b - a).map(([language]) => language);
}
