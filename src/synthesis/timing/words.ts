import type { UtterancePlacement } from "../../audio/join.ts";
import type { Range } from "../text/mapped-text.ts";
import type { VoiceTarget } from "../text/target.ts";
import type { Utterance, UtteranceWord } from "../text/utterance.ts";
import { hasMark } from "../text/vocabulary.ts";
import { findSilences, type Stretch } from "./silences.ts";

/**
 * How far the sound of each engine runs ahead of its own durations, where words run together. Kokoro's is the best fit
 * between the voiced tokens and the energy below 700 Hz, measured by `bench/word-times.ts` for all languages. The others'
 * are where hissing sounds begin and end words (docs/words.md): in Piper's voices most of a space sounds like the word
 * behind it, and espeak-ng tells of its sounds as it makes them.
 */
export const LEAD_SECONDS: Readonly<Record<VoiceTarget["engine"], number>> = {
  kokoro: 0.045,
  piper: 0.025,
  espeak: 0,
};

/** A silence shorter than this between two words is a closed consonant, or nothing. */
const LEAST_SILENCE_SECONDS = 0.05;
/** A pause may go on this far behind where the durations end it. */
const PAUSE_SLACK_SECONDS = 0.08;
/** Where the text has no mark, a silence counts only this close to where the durations part two words. */
const JOINT_SLACK_SECONDS = 0.015;

/** A stretch of the finished audio. */
export interface TimeSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** A word of the caller's text (UTF-16 offsets), the tokens of its utterance that speak it, and when it is heard. */
export interface TimedWord extends TimeSpan, Range {
  readonly tokenStart: number;
  readonly tokenEnd: number;
  /** Where the sentence lies that begins with this word; absent on the others. */
  readonly sentence?: Range;
}

/** A place in the text that the caller named, and when it is reached. */
export interface TimedMark {
  readonly name: string;
  readonly seconds: number;
}

/** An utterance as the engine spoke it. */
export interface SpokenSound {
  readonly engine: VoiceTarget["engine"];
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** Seconds of each token, the two pads included; null when the engine does not tell. */
  readonly tokenDurationsSeconds: ArrayLike<number> | null;
}

/**
 * When each word of an utterance is heard in the finished audio: by the model's durations, which say what is spoken
 * when but put pauses into the sounds around them, and by the silences that the audio really has. Times never
 * decrease and lie within the utterance's placement.
 *
 * Without durations they are an estimate: the speech is shared out evenly among the tokens.
 */
export function wordTimes(
  { phonemes, words }: Pick<Utterance, "phonemes" | "words">,
  sound: SpokenSound,
  placement: UtterancePlacement,
): TimedWord[] {
  const { startSeconds, durationSeconds, offsetSeconds } = placement;
  const durations = sound.tokenDurationsSeconds;
  const spans =
    durations === null || durations.length !== phonemes.length + 2
      ? evenSpans(words, phonemes.length, startSeconds - offsetSeconds, durationSeconds)
      : heardSpans(phonemes, words, durations, sound);
  let earliest = startSeconds;
  const latest = startSeconds + durationSeconds;
  const within = (seconds: number) => {
    earliest = Math.min(latest, Math.max(earliest, seconds + offsetSeconds));
    return toMilliseconds(earliest);
  };
  return words.map(({ start, end, tokenStart, tokenEnd, sentence }, index) => ({
    ...{ start, end, tokenStart, tokenEnd },
    startSeconds: within(spans[index]?.start ?? 0),
    endSeconds: within(spans[index]?.end ?? 0),
    ...(sentence && { sentence }),
  }));
}

/**
 * When the marks of an utterance are reached: as the first word behind each begins, or as the utterance ends.
 *
 * @param words of the same utterance, as `wordTimes` gives them
 */
export function markTimes(
  { marks }: Pick<Utterance, "marks">,
  words: readonly TimedWord[],
  { startSeconds, durationSeconds }: UtterancePlacement,
): TimedMark[] {
  const end = toMilliseconds(startSeconds + durationSeconds);
  return marks.map(({ name, token }) => ({
    name,
    seconds: words.find(({ tokenStart }) => tokenStart >= token)?.startSeconds ?? end,
  }));
}

/** Finer than anything that is measured here, and short in the database. */
export const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function evenSpans(words: readonly UtteranceWord[], tokens: number, from: number, length: number): Stretch[] {
  const at = (token: number) => from + (length * token) / Math.max(1, tokens);
  return words.map(({ tokenStart, tokenEnd }) => ({ start: at(tokenStart), end: at(tokenEnd) }));
}

/** When each token begins within the utterance, and behind the last when it ends. */
function tokenEdges(durations: ArrayLike<number>, leadSeconds: number): number[] {
  const edges: number[] = [];
  let at = (durations[0] ?? 0) - leadSeconds;
  for (let token = 1; token < durations.length; token += 1) {
    edges.push(Math.max(0, at));
    at += durations[token] ?? 0;
  }
  return edges;
}

function heardSpans(
  phonemes: string,
  words: readonly UtteranceWord[],
  durations: ArrayLike<number>,
  { engine, samples, sampleRate }: SpokenSound,
): Stretch[] {
  const edges = tokenEdges(durations, LEAD_SECONDS[engine]);
  const edge = (token: number): number => edges[token] ?? 0;
  const silences = findSilences(samples, sampleRate, LEAST_SILENCE_SECONDS);
  const total = samples.length / sampleRate;
  const spans = words.map(({ tokenStart, tokenEnd }) => ({ start: edge(tokenStart), end: edge(tokenEnd) }));
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return [];
  const head = silences.find(({ start }) => start === 0);
  if (head !== undefined) first.start = Math.min(head.end, first.end);
  words.forEach((word, index) => {
    const [span, next] = [spans[index], spans[index + 1]];
    const following = words[index + 1];
    if (span === undefined || next === undefined || following === undefined) return;
    const marked = hasMark(phonemes.slice(word.tokenEnd, following.tokenStart));
    // The last sound before a pause has much of the pause in its duration.
    const window = marked
      ? { start: edge(word.tokenEnd - 1), end: next.start + PAUSE_SLACK_SECONDS }
      : { start: span.end - JOINT_SLACK_SECONDS, end: next.start + JOINT_SLACK_SECONDS };
    const silence = longestIn(silences, window, head, total);
    const middle = (span.end + next.start) / 2;
    span.end = silence?.start ?? middle;
    next.start = silence?.end ?? middle;
  });
  const tail = silences.findLast(({ end }) => end >= total);
  last.end = tail?.start ?? total;
  // A word that a silence cut off before its durations let it begin.
  return spans.map(({ start, end }, index) => ({
    start: start <= end ? start : Math.max(spans[index - 1]?.end ?? 0, end - LEAST_SILENCE_SECONDS),
    end,
  }));
}

/** The longest silence that reaches into the window, but for those before the first and behind the last sound. */
function longestIn(
  silences: readonly Stretch[],
  window: Stretch,
  head: Stretch | undefined,
  total: number,
): Stretch | undefined {
  let longest: Stretch | undefined;
  for (const silence of silences) {
    if (silence === head || silence.end >= total) continue;
    if (silence.end <= window.start || silence.start >= window.end) continue;
    if (longest === undefined || lengthOf(silence) > lengthOf(longest)) longest = silence;
  }
  return longest;
}

const lengthOf = ({ start, end }: Stretch): number => end - start;
