import type { NativeLanguageCode } from "../../languages/language.ts";
import { foldCharacters } from "./characters.ts";
import { cutLead } from "./lead.ts";
import { MappedText } from "./mapped-text.ts";
import { stripMarkup } from "./markup.ts";
import { normalise } from "./normalise/normalise.ts";
import { packAtoms } from "./pack.ts";
import { joinPhrases, moved, type Phrase, readPhrases } from "./phrases.ts";
import { splitPieces } from "./pieces.ts";
import type { Read } from "./readers.ts";
import type { Reading } from "./reading.ts";
import type { ScriptSource } from "./script.ts";
import { type Break, type Sentence, splitSentences } from "./sentences.ts";
import { onCharacter, type SentenceStart, toUtteranceWords } from "./spoken-words.ts";
import type { Plan, PlanOptions, Utterance } from "./utterance.ts";
import { toTokens } from "./vocabulary.ts";

/** Silence behind an utterance, by what the text has there. Read-aloud speech measures about these. */
const PAUSE_SECONDS: Readonly<Record<Break, number>> = { sentence: 0.3, line: 0.45, paragraph: 0.7 };
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
}

/**
 * Text to utterances: markup and characters are folded, numbers and signs put into words, sentences found,
 * read, cut where they are too long and joined where they are too short. Nothing of the text is lost: the
 * spans of the utterances cover every character of it that is not white space, once, in order.
 * With `quickStart` the first utterances are cut short, so that they are there soon.
 * @returns no utterances when nothing in the text can be spoken
 */
export async function planText(
  source: ScriptSource | string,
  options: PlanOptions,
  read: Read,
): Promise<Plan> {
  const text = typeof source === "string" ? source : source.text;
  const { quickStart = false, voices } = options;
  const language = (options.language ?? voices?.[0]?.language ?? "en-US") as NativeLanguageCode;
  const dropped: Record<string, number> = {};
  const unknownPhonemes: Record<string, number> = {};
  const cjk = language === "ja" || language === "zh";
  const folded = foldCharacters(stripMarkup(MappedText.of(text)), cjk, (kind, count) => {
    dropped[kind] = (dropped[kind] ?? 0) + count;
  });
  const spoken = normalise(folded, language);
  const sentences = splitSentences(spoken.text, language);
  const phrases = await readPhrases(
    sentences.map((sentence) => splitPieces(spoken.text, sentence, language)),
    read,
    (symbol) => {
      unknownPhonemes[symbol] = (unknownPhonemes[symbol] ?? 0) + 1;
    },
  );
  const runs = sentences.flatMap((sentence, index) => toRuns(phrases[index] ?? [], sentence));
  const planned = toUtterances(text, language, spoken, joinShort(runs));
  const utterances = quickStart ? cutLead(planned, language) : planned;
  const coverage = utterances.map(({ start, end, index }) => ({
    start,
    end,
    utterance: index,
    fate: "spoken" as const,
  }));
  return {
    utterances,
    languages: utterances.length === 0 ? [] : [language],
    coverage,
    notes: { dropped, unknownPhonemes },
  };
}

function toRuns(phrases: readonly Phrase[], { start, end, breakAfter }: Sentence): Run[] {
  const ends = packAtoms(phrases);
  return ends.map((partsEnd, index) => {
    const parts = phrases.slice(index === 0 ? 0 : ends[index - 1], partsEnd);
    const last = index === ends.length - 1;
    const cut = parts.at(-1)?.cutPenalty ?? 0;
    return {
      ...joinPhrases(parts),
      sentences: index === 0 ? [{ start, end, from: 0 }] : [],
      start: parts[0]?.start ?? 0,
      whole: ends.length === 1,
      breakAfter: last ? breakAfter : null,
      pauseSeconds: last ? PAUSE_SECONDS[breakAfter] : (CUT_PAUSE_SECONDS[cut] ?? 0),
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
  return before.whole && after.whole && before.breakAfter === "sentence" && short && fits;
}

function toUtterances(text: string, language: string, spoken: MappedText, runs: readonly Run[]): Utterance[] {
  const starts = runs.map((run, index) =>
    index === 0 ? 0 : onCharacter(text, spoken.sourceOffset(run.start)),
  );
  return runs.map((run, index) => {
    const from = starts[index] ?? 0;
    const slice = text.slice(from, starts[index + 1] ?? text.length);
    const start = from + (slice.length - slice.trimStart().length);
    const end = Math.max(start, from + slice.trimEnd().length);
    return {
      index,
      text: text.slice(start, end),
      start,
      end,
      phonemes: run.phonemes,
      tokens: toTokens(run.phonemes),
      words: toUtteranceWords(text, spoken, run),
      normalized: { text: text.slice(start, end), parts: [] },
      voice: 0,
      language,
      rate: 1,
      pitchSemitones: 0,
      gainDb: 0,
      marks: [],
      pauseAfterSeconds: index === runs.length - 1 ? 0 : run.pauseSeconds,
    };
  });
}
