import type { Syllable } from "./mandarin-syllable.ts";

/** A word as the segmenter cut it; `characters` and `syllables` have the same length. */
export interface MandarinWord {
  readonly characters: readonly string[];
  readonly syllables: Syllable[];
}

interface Place {
  readonly character: string;
  readonly word: MandarinWord;
  readonly index: number;
}

const DIGITS = "零〇一二三四五六七八九幺两";

function toneAt(place: Place | undefined): number {
  return place?.word.syllables[place.index]?.tone ?? 0;
}

function setTone(place: Place, tone: Syllable["tone"]): void {
  const syllable = place.word.syllables[place.index];
  if (syllable) place.word.syllables[place.index] = { base: syllable.base, tone };
}

/** 一 keeps its first tone as a digit or ordinal; else it is 2 before tone 4, 4 before tones 1 to 3, 5 between twins. */
function toneOfOne(places: readonly Place[], at: number): Syllable["tone"] {
  const place = places[at];
  const before = places[at - 1]?.character ?? "";
  const next = places[at + 1];
  if (!place || !next) return 1;
  if (before && before === next.character && before !== "一") return 5;
  if (DIGITS.includes(next.character) || (before && DIGITS.includes(before))) return 1;
  if ("第十点初周期拜".includes(before) && before) return 1;
  if (next.character === "点" && DIGITS.includes(places[at + 2]?.character ?? "_")) return 1;
  if ("月号楼".includes(next.character)) return 1;
  if (before === "月" && next.character === "日") return 1;
  const endsWord = place.index === place.word.characters.length - 1 && place.word.characters.length > 1;
  if (endsWord && !/^[同每有看]$/.test(before)) return 1;
  // 个 is neutral in 一个 but falls at heart.
  return toneAt(next) === 4 || next.character === "个" ? 2 : 4;
}

function toneOfNot(places: readonly Place[], at: number): Syllable["tone"] {
  const place = places[at];
  const before = places[at - 1];
  const next = places[at + 1];
  if (!place || !next) return 4;
  const insideWord = place.index > 0 && place.index < place.word.characters.length - 1;
  const resultative = insideWord && place.word.characters.length === 3;
  if ((before && before.character === next.character) || resultative) return 5;
  return toneAt(next) === 4 ? 2 : 4;
}

/**
 * Third-tone sandhi inside a foot, left to right: every third tone before another rises. Careful speech keeps the
 * first of 小老虎 low, because 老虎 is the inner word; a foot does not know its inner words, so here it rises.
 */
function riseInside(foot: readonly Place[]): void {
  for (let i = 0; i + 1 < foot.length; i++) {
    const place = foot[i];
    if (place && toneAt(place) === 3 && toneAt(foot[i + 1]) === 3) setTone(place, 2);
  }
}

/** Single-syllable words pair up; longer words are feet of their own. */
function feetOf(words: readonly MandarinWord[]): Place[][] {
  const feet: Place[][] = [];
  let lone: Place[] = [];
  const flush = () => {
    if (lone.length > 0) feet.push(lone);
    lone = [];
  };
  for (const word of words) {
    const places = word.characters.map((character, index) => ({ character, word, index }));
    if (places.length > 1) {
      flush();
      feet.push(places);
    } else {
      lone.push(...places);
      if (lone.length === 2) flush();
    }
  }
  flush();
  return feet;
}

/**
 * Applies the tone changes of connected speech to the words of one unbroken clause, in place: 一 and 不 first,
 * then the third tone (a third tone before another becomes a second tone, inside feet first, then between them).
 */
export function applySandhi(words: readonly MandarinWord[]): void {
  const places = words.flatMap((word) =>
    word.characters.map((character, index) => ({ character, word, index })),
  );
  places.forEach((place, at) => {
    if (place.character === "一" && toneAt(place) === 1) setTone(place, toneOfOne(places, at));
    else if (place.character === "不" && toneAt(place) === 4) setTone(place, toneOfNot(places, at));
  });
  const feet = feetOf(words);
  for (const foot of feet) riseInside(foot);
  for (let i = feet.length - 2; i >= 0; i--) {
    const last = feet[i]?.at(-1);
    if (last && toneAt(last) === 3 && toneAt(feet[i + 1]?.[0]) === 3) setTone(last, 2);
  }
}
