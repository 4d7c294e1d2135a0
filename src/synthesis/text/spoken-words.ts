import type { MappedText, Range } from "./mapped-text.ts";
import type { ReadWord } from "./reading.ts";
import type { UtteranceWord } from "./utterance.ts";
import { hasMark } from "./vocabulary.ts";

/** A sentence of the normalised text and its first symbol in the phonemes of the utterance where it begins. */
export interface SentenceStart extends Range {
  readonly from: number;
}

/** What the words of one utterance are made of; offsets of words and sentences are of the normalised text. */
interface Spoken {
  readonly phonemes: string;
  readonly words: readonly ReadWord[];
  readonly sentences: readonly SentenceStart[];
}

/** Scripts without spaces: there the readers' words are the words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆]/u;

/**
 * The words that an utterance speaks, in the caller's text: what is said in several words but written as one is
 * one word again, and what was rewritten is covered whole.
 * @param source the caller's text, which `normalised` came from
 */
export function toUtteranceWords(source: string, normalised: MappedText, spoken: Spoken): UtteranceWord[] {
  const words: ReadWord[] = [];
  const firsts = new Set(spoken.sentences.map(({ from }) => from));
  for (const word of spoken.words) {
    const found = { ...word, ...written(source, normalised.sourceRange(word.start, word.end)) };
    const before = words.at(-1);
    const between = before === undefined ? "" : spoken.phonemes.slice(before.to, word.from);
    const apart = [...firsts].some((from) => before !== undefined && from > before.from && from <= word.from);
    if (before !== undefined && isSameWord(source, before, found, between, apart)) {
      words[words.length - 1] = {
        ...before,
        start: Math.min(before.start, found.start),
        end: Math.max(before.end, found.end),
        to: word.to,
      };
    } else words.push(found);
  }
  const sentences = [...spoken.sentences];
  return words.map(({ start, end, from, to }) => {
    const word = { text: source.slice(start, end), start, end, tokenStart: from, tokenEnd: to };
    let begun: SentenceStart | undefined;
    while ((sentences[0]?.from ?? Number.POSITIVE_INFINITY) <= from) begun = sentences.shift();
    if (begun === undefined) return word;
    return { ...word, sentence: normalised.sourceRange(begun.start, begun.end) };
  });
}

function isSameWord(
  source: string,
  before: ReadWord,
  after: ReadWord,
  between: string,
  apart: boolean,
): boolean {
  if (after.start < before.end || after.start === after.end) return true;
  if (apart || hasMark(between)) return false;
  const gap = source.slice(before.end, after.start);
  if (/\s/.test(gap)) return false;
  return !UNSPACED.test(source.slice(before.end - 1, before.end) + source.charAt(after.start));
}

/** Without quotes and signs of markup around it, and never half a character. */
function written(source: string, range: Range): Range {
  const slice = source.slice(range.start, range.end);
  const head = /^[*_~`\s]*/.exec(slice)?.[0].length ?? 0;
  const tail = /[*_~`\s]*$/.exec(slice.slice(head))?.[0].length ?? 0;
  const start = onCharacter(source, range.start + head);
  return { start, end: Math.max(start, behindCharacter(source, range.end - tail)) };
}

const splitsPair = (text: string, offset: number): boolean => {
  const low = text.charCodeAt(offset);
  const high = text.charCodeAt(offset - 1);
  return low >= 0xdc00 && low < 0xe000 && high >= 0xd800 && high < 0xdc00;
};

/** The offset, or that of the character which it would cut in two. */
export function onCharacter(text: string, offset: number): number {
  return splitsPair(text, offset) ? offset - 1 : offset;
}

function behindCharacter(text: string, offset: number): number {
  return splitsPair(text, offset) ? offset + 1 : offset;
}
