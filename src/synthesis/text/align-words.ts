import type { Range } from "./mapped-text.ts";
import { joinWords, type Reading, type ReadWord } from "./reading.ts";

/** The words of a text that is written with spaces, without the quotes and hyphens around them. */
export function spacedWords(text: string): Range[] {
  const words: Range[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const word = match[0].replace(/['*_~`-]+$/, "");
    const bare = word.replace(/^['*_~`-]+/, "");
    const start = match.index + word.length - bare.length;
    if (bare !== "") words.push({ start, end: start + bare.length });
  }
  return words;
}

/** What may be said in more or fewer words than it is written in. */
const UNEVEN = /[^\p{L}\p{M}\s'’.-]/u;

/**
 * The reading of a text when its words are plainly those of the phonemes, one to one; null when the phonemiser ran
 * words together ("tout le monde"), took them apart, or may have done both.
 */
export function readEvenly(text: string, phonemes: string): Reading | null {
  const words = spacedWords(text);
  const sounds = phonemes === "" ? [] : phonemes.split(" ");
  if (words.length === 1) return joinWords([{ phonemes, range: words[0] as Range }]);
  if (words.length !== sounds.length || UNEVEN.test(text)) return null;
  return joinWords(sounds.map((sound, index) => ({ phonemes: sound, range: words[index] as Range })));
}

/** Beyond this many pairs of symbols (digits without end) a stretch counts as one word. */
const MOST_COMPARED = 2 ** 22;
const BOUNDARY = "|";
const STRESS = new Set(["ˈ", "ˌ", "ː", "\u0303"]);
const VOWELS = /[aeiouyæøœɐɑɒɔəɚɛɜɨɪʊʌɯɤᵊᵻAIOQWYɶʉɵɘɞʏ]/;

/** What it costs to take one symbol for another; a sound never stands for a space. */
function substitution(alone: string, spoken: string): number {
  if (alone === spoken || (alone === BOUNDARY && spoken === " ")) return 0;
  if (alone === BOUNDARY || alone === " " || spoken === " ") return Number.POSITIVE_INFINITY;
  return VOWELS.test(alone) === VOWELS.test(spoken) ? 1.5 : 2.5;
}

const gap = (symbol: string): number => (STRESS.has(symbol) ? 0.25 : 1);

/**
 * Finds the words of a text in its phonemes by how each word sounds alone: the cheapest alignment of those sounds,
 * one after the other, with what is spoken (edit distance). It holds where words run together, come apart
 * ("1999"), or change at their edges.
 * @param alone phonemes of each of `spacedWords(text)`
 */
export function alignWords(text: string, phonemes: string, alone: readonly string[]): Reading {
  const words = spacedWords(text);
  const symbols = words
    .map((_, index) => alone[index] ?? "")
    .join(BOUNDARY)
    .split("");
  const spoken = phonemes.split("");
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return { phonemes, words: [] };
  if (symbols.length * spoken.length > MOST_COMPARED) {
    return joinWords([{ phonemes, range: { start: first.start, end: last.end } }]);
  }
  const width = spoken.length + 1;
  const cost = new Float64Array((symbols.length + 1) * width);
  for (let i = 0; i <= symbols.length; i += 1) {
    for (let j = 0; j <= spoken.length; j += 1) {
      if (i === 0 && j === 0) continue;
      const [a = "", b = ""] = [symbols[i - 1], spoken[j - 1]];
      const drop = i === 0 ? Number.POSITIVE_INFINITY : (cost[(i - 1) * width + j] ?? 0) + gap(a);
      const add = j === 0 ? Number.POSITIVE_INFINITY : (cost[i * width + j - 1] ?? 0) + gap(b);
      const take =
        i === 0 || j === 0
          ? Number.POSITIVE_INFINITY
          : (cost[(i - 1) * width + j - 1] ?? 0) + substitution(a, b);
      cost[i * width + j] = Math.min(drop, add, take);
    }
  }
  return { phonemes, words: toRanges(words, phonemes, boundaries(symbols, spoken, cost)) };
}

/** Walks the alignment back: the place in the spoken symbols of each boundary between words. */
function boundaries(symbols: readonly string[], spoken: readonly string[], cost: Float64Array): number[] {
  const width = spoken.length + 1;
  const found: number[] = [];
  let i = symbols.length;
  let j = spoken.length;
  while (i > 0 || j > 0) {
    const [a = "", b = ""] = [symbols[i - 1], spoken[j - 1]];
    const here = cost[i * width + j] ?? 0;
    if (i > 0 && j > 0 && here === (cost[(i - 1) * width + j - 1] ?? 0) + substitution(a, b)) {
      i -= 1;
      j -= 1;
      if (a === BOUNDARY) found.unshift(j);
    } else if (i > 0 && here === (cost[(i - 1) * width + j] ?? 0) + gap(a)) {
      i -= 1;
      if (a === BOUNDARY) found.unshift(j);
    } else {
      j -= 1;
    }
  }
  return found;
}

function toRanges(words: readonly Range[], phonemes: string, cuts: readonly number[]): ReadWord[] {
  const ranges: ReadWord[] = [];
  words.forEach((word, index) => {
    let from = index === 0 ? 0 : (cuts[index - 1] ?? phonemes.length);
    let to = index === words.length - 1 ? phonemes.length : (cuts[index] ?? phonemes.length);
    while (from < to && phonemes[from] === " ") from += 1;
    while (to > from && phonemes[to - 1] === " ") to -= 1;
    if (to > from) ranges.push({ ...word, from, to });
  });
  return ranges;
}
