import type { TimedWord, TimeSpan } from "./words.ts";

/** An utterance that has been spoken: a row of `job_utterances`. */
export interface TimedUtterance {
  readonly phonemes: string;
  readonly words: readonly TimedWord[];
  /** Seconds of each token, the two pads included; null when the engine does not tell. */
  readonly tokenSeconds: readonly number[] | null;
}

/** A part of the caller's text, by UTF-16 offsets, and when it is heard. */
export interface TimedText extends TimeSpan {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A symbol of Kokoro's phonemes, and when it is heard. */
export interface TimedPhoneme extends TimeSpan {
  readonly symbol: string;
}

/** The words of a job in the order of speech; one that two utterances share is one. */
export function jobWords(utterances: readonly Pick<TimedUtterance, "words">[]): TimedWord[] {
  const words: TimedWord[] = [];
  for (const [first, ...rest] of utterances.map((utterance) => utterance.words)) {
    if (first === undefined) continue;
    const before = words.at(-1);
    if (before !== undefined && before.start === first.start && before.end === first.end) {
      words[words.length - 1] = { ...before, endSeconds: first.endSeconds };
    } else words.push(first);
    words.push(...rest);
  }
  return words;
}

/** Words with what the caller wrote. */
export function timedTexts(text: string, words: readonly TimedWord[]): TimedText[] {
  return words.map(({ start, end, startSeconds, endSeconds }) => ({
    ...{ text: text.slice(start, end), start, end, startSeconds, endSeconds },
  }));
}

/** Sentences from their first to their last word; the last one of a running job ends where its words so far do. */
export function timedSentences(text: string, words: readonly TimedWord[]): TimedText[] {
  const sentences: TimedText[] = [];
  for (const { sentence, startSeconds, endSeconds } of words) {
    const before = sentences.at(-1);
    if (sentence !== undefined) {
      const { start, end } = sentence;
      sentences.push({ text: text.slice(start, end), start, end, startSeconds, endSeconds });
    } else if (before !== undefined) sentences[sentences.length - 1] = { ...before, endSeconds };
  }
  return sentences;
}

/** The sounds of each word, within its times; the marks and spaces between words are left out. */
export function timedPhonemes({ phonemes, words, tokenSeconds }: TimedUtterance): TimedPhoneme[] {
  const known = tokenSeconds?.length === phonemes.length + 2 ? tokenSeconds : null;
  // Only how long they last counts: where a word begins is known better.
  const edges = [0];
  for (let token = 0; token < phonemes.length; token += 1) {
    edges.push((edges[token] ?? 0) + (known?.[token + 1] ?? 1));
  }
  return words.flatMap(({ tokenStart, tokenEnd, startSeconds, endSeconds }) => {
    const [from, to] = [edges[tokenStart] ?? 0, edges[tokenEnd] ?? 0];
    // Where silence was taken out of a word, or its neighbours' was given to it, its sounds keep their shares.
    const place = (token: number) =>
      startSeconds + ((endSeconds - startSeconds) * ((edges[token] ?? 0) - from)) / Math.max(1e-9, to - from);
    return Array.from({ length: tokenEnd - tokenStart }, (_, index) => ({
      symbol: phonemes.charAt(tokenStart + index),
      startSeconds: place(tokenStart + index),
      endSeconds: place(tokenStart + index + 1),
    }));
  });
}
