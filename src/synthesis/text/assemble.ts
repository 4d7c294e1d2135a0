import { normalizedText } from "./normalized-text.ts";
import { packAtoms } from "./pack.ts";
import type { Passage, SpokenText } from "./passages.ts";
import { joinPhrases, moved, type Phrase } from "./phrases.ts";
import type { Reading } from "./reading.ts";
import type { Break } from "./sentences.ts";
import type { Speech } from "./speech.ts";
import { onCharacter, type SentenceStart, toUtteranceWords } from "./spoken-words.ts";
import { type Delivery, sameDelivery } from "./stretches.ts";
import type { Utterance } from "./utterance.ts";

/** Silence behind an utterance, by what the text has there. Read-aloud speech measures about these. */
const PAUSE_SECONDS: Readonly<Record<Break, number>> = {
  sentence: 0.3,
  line: 0.45,
  paragraph: 0.7,
  chapter: 1,
};
/** Silence where one long sentence had to be cut, by `Atom.cutPenalty`: clause, comma, words, inside a word. */
const CUT_PAUSE_SECONDS = [0.2, 0.12, 0.04, 0] as const;

/** Speech shorter than this many tokens (about a second) sounds clipped on its own: it joins a neighbour. */
const SHORT_TOKENS = 30;
const JOINED_TOKENS = 200;

/** An utterance in the making, in offsets of the normalised text. */
interface Run extends Reading {
  /** Sentences that begin in it. */
  readonly sentences: readonly SentenceStart[];
  readonly start: number;
  readonly whole: boolean;
  readonly breakAfter: Break | null;
  readonly pauseSeconds: number;
  /** The text asks for this pause: it is kept also at the end. */
  readonly paused: boolean;
  readonly delivery: Delivery;
  readonly speech: Speech;
}

/** A passage with its sound. */
export interface SoundedPassage {
  readonly passage: Passage;
  readonly phrases: readonly Phrase[];
  /** Of most of it. */
  readonly speech: Speech;
}

/** Makes utterances of passages: cuts what is too long, joins what is too short. */
export function toUtterances(
  source: string,
  spoken: SpokenText,
  passages: readonly SoundedPassage[],
): Utterance[] {
  const runs: Run[] = [];
  for (const passage of passages) {
    const more = toRuns(passage);
    const before = runs.at(-1);
    const { pauseSeconds } = passage.passage;
    runs.push(...more);
    // Nothing is heard there, but the silence is.
    if (more.length === 0 && before !== undefined && pauseSeconds !== null) {
      const longer = before.paused ? before.pauseSeconds + pauseSeconds : pauseSeconds;
      runs[runs.length - 1] = { ...before, whole: false, paused: true, pauseSeconds: longer };
    }
  }
  return placed(source, spoken, joinShort(runs));
}

function toRuns({ passage, phrases, speech }: SoundedPassage): Run[] {
  const { sentence, breakAfter, pauseSeconds, delivery } = passage;
  const whole = passage.start === sentence.start && passage.end === sentence.end && pauseSeconds === null;
  const ends = packAtoms(phrases);
  return ends.map((partsEnd, index) => {
    const parts = phrases.slice(index === 0 ? 0 : ends[index - 1], partsEnd);
    const last = index === ends.length - 1;
    const cut = CUT_PAUSE_SECONDS[parts.at(-1)?.cutPenalty ?? 0] ?? 0;
    const begins = index === 0 && passage.start === sentence.start;
    return {
      ...joinPhrases(parts),
      sentences: begins ? [{ start: sentence.start, end: sentence.end, from: 0 }] : [],
      start: parts[0]?.start ?? 0,
      whole: whole && ends.length === 1,
      breakAfter: last ? breakAfter : null,
      pauseSeconds: last ? (pauseSeconds ?? (breakAfter === null ? cut : PAUSE_SECONDS[breakAfter])) : cut,
      paused: last && pauseSeconds !== null,
      ...{ delivery, speech },
    };
  });
}

function joinShort(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const before = joined.at(-1);
    if (before !== undefined && joins(before, run)) {
      const shift = before.phonemes.length + 1;
      joined[joined.length - 1] = {
        ...run,
        phonemes: `${before.phonemes} ${run.phonemes}`,
        words: [...before.words, ...moved(run.words, shift)],
        sentences: [
          ...before.sentences,
          ...run.sentences.map((sentence) => ({ ...sentence, from: sentence.from + shift })),
        ],
        start: before.start,
      };
    } else {
      joined.push(run);
    }
  }
  return joined;
}

function joins(before: Run, after: Run): boolean {
  const short = before.phonemes.length < SHORT_TOKENS || after.phonemes.length < SHORT_TOKENS;
  const fits = before.phonemes.length + after.phonemes.length < JOINED_TOKENS;
  const alike =
    before.speech.language === after.speech.language && sameDelivery(before.delivery, after.delivery);
  return before.whole && after.whole && before.breakAfter === "sentence" && short && fits && alike;
}

/** Gives each run the part of the source that it covers: together they cover all of it that is not white space. */
function placed(source: string, spoken: SpokenText, runs: readonly Run[]): Utterance[] {
  const { text, sounds } = spoken;
  const starts = runs.map((run, index) =>
    index === 0 ? 0 : onCharacter(source, text.sourceOffset(run.start)),
  );
  const marks = markTokens(spoken, runs);
  return runs.map((run, index) => {
    const from = starts[index] ?? 0;
    const slice = source.slice(from, starts[index + 1] ?? source.length);
    const start = from + (slice.length - slice.trimStart().length);
    const end = Math.max(start, from + slice.trimEnd().length);
    const next = runs[index + 1];
    const normalised = {
      start: index === 0 ? 0 : run.start,
      end: next?.start ?? text.text.length,
      source: { start, end },
    };
    return {
      index,
      text: source.slice(start, end),
      start,
      end,
      phonemes: run.phonemes,
      tokens: run.speech.inventory.tokens(run.phonemes),
      words: toUtteranceWords(source, text, run),
      normalized: normalizedText(source, text, normalised, (at) => sounds.get(at)?.written ?? null),
      language: run.speech.language,
      ...run.delivery,
      marks: marks[index] ?? [],
      pauseAfterSeconds: next === undefined && !run.paused ? 0 : run.pauseSeconds,
      pauseTimed: run.paused,
    };
  });
}

/** The marks of each run: in front of the first word that begins at their place or behind it. */
function markTokens({ marks }: SpokenText, runs: readonly Run[]): Utterance["marks"][] {
  const result: Utterance["marks"][number][][] = runs.map(() => []);
  let run = 0;
  let word = 0;
  for (const { name, at } of marks) {
    while (run < runs.length && (runs[run]?.words[word]?.start ?? -1) < at) {
      word += 1;
      if (word < (runs[run]?.words.length ?? 0)) continue;
      if (run === runs.length - 1) break;
      run += 1;
      word = 0;
    }
    const found = runs[run];
    const behind = found?.words[word] === undefined;
    result[run]?.push({
      name,
      token: behind ? (found?.phonemes.length ?? 0) : (found.words[word]?.from ?? 0),
    });
  }
  return result;
}
