import type { MappedText } from "./mapped-text.ts";

/** Told of characters that are left out of speech: what kind they are and how many. */
export type DropReport = (kind: "emoji" | "surrogate" | "mark", count: number) => void;

const CONTROL_AND_ODD_SPACES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

/** Line breaks of every convention, folded to "\n"; "\v" stays: a line end that is surely meant. */
const LINE_BREAKS = /\r\n?|[\f\x85]/g;

/**
 * Zero-width and bidi controls, soft hyphens and variation selectors. The two joiners are kept behind a
 * Devanagari character, where they choose the shape (and espeak-ng the sound) of a conjunct.
 */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffd]|\u034f|[\ufe00-\ufe0e]|(?<![\u0900-\u097f\p{Extended_Pictographic}])[\u200c\u200d]|[\u{e0100}-\u{e01ef}]/gu;

/** Pictographs with their modifiers and joiners, flags and tag sequences; ©, ®, ™ and the like are words. */
const EMOJI =
  /(?![\u00a9\u00ae\u2122\u203c\u2049\u2139\u2194-\u21aa\u3030\u303d\u3297\u3299])(?:\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Emoji_Modifier}|[\u{1f1e6}-\u{1f1ff}])(?:\ufe0f|\u200d|[\u{e0020}-\u{e007f}])*|\ufe0f|\u20e3|[\u{e0020}-\u{e007f}]/gu;

const PICTOGRAPH =
  "(?![\\u00a9\\u00ae\\u2122\\u203c\\u2049\\u2139\\u2194-\\u21aa\\u3030\\u303d\\u3297\\u3299])(?:\\p{Extended_Pictographic}|\\p{Emoji_Presentation})" +
  "(?:\\ufe0f|[\\u{1f3fb}-\\u{1f3ff}]|[\\u{e0020}-\\u{e007f}])*";

/** Source of a pattern (flag u) for one whole emoji: a flag, or pictographs with their modifiers and joiners. */
export const EMOJI_SEQUENCE = `[\\u{1f1e6}-\\u{1f1ff}]{2}|${PICTOGRAPH}(?:\\u200d${PICTOGRAPH})*`;

/** What emoji leave behind that is none of its own, where emoji are kept: selectors, key caps, tones. */
const EMOJI_REMAINS = /\ufe0f|\u20e3|[\u{e0020}-\u{e007f}]|[\u{1f3fb}-\u{1f3ff}]/gu;

/** More combining marks than any language stacks on one letter ("Zalgo"); also bounds the cost of NFC. */
const EXCESS_MARKS = /(?<=\p{M}{4})\p{M}+/gu;

/** Characters that are only another way to draw ASCII letters and digits. */
const COMPATIBILITY =
  /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06\u{1d400}-\u{1d7ff}\u2460-\u2473]/gu;
const FULL_WIDTH = /[\uff01-\uff5e\uffe0-\uffe6]/g;

const FOLDS: readonly (readonly [RegExp, string])[] = [
  [/« ?|„|〝/g, "“"],
  [/ ?»|‟|〞|〟/g, "”"],
  [/＂/g, '"'],
  [/[‘’‚‛ʼ′´＇‹›]/g, "'"],
  [/''/g, '"'],
  [/[‐‑﹣−]/g, "-"],
  [/[‒―⸺⸻﹘]|--+/g, "—"],
  [/\.{3,}|(?:\. ){2,}\.|‥|⋯|…{2,}/g, "…"],
  [/[¿¡]/g, ""],
  [/‼/g, "!"],
  [/⁉/g, "?!"],
];

/** "!!!" says no more to the model than "!". */
const REPEATED_MARKS = /([!?,;:—])\1+/g;

/**
 * Folds the many ways of writing the same character into one: line breaks, spaces, quotes, dashes, ellipses,
 * full-width and other compatibility forms, composed letters (NFC). Takes out what has no sound: emoji,
 * zero-width and direction controls, lone surrogates.
 * @param cjk keep full-width punctuation, which belongs to Japanese and Chinese text
 * @param emoji `speak` keeps emoji, without skin tones and selectors, for `normalise` to name
 */
export function foldCharacters(
  input: MappedText,
  cjk: boolean,
  drop: DropReport,
  emoji: "drop" | "speak" = "drop",
): MappedText {
  const counting = (kind: Parameters<DropReport>[0], text: MappedText, pattern: RegExp, by: string) => {
    let count = 0;
    const result = text.replace(pattern, (match) => {
      // A variation selector or keycap sign on its own is half an emoji, not one more of them.
      if (kind !== "emoji" || /\p{Extended_Pictographic}|\p{Emoji_Presentation}/u.test(match[0])) count += 1;
      return by;
    });
    if (count > 0) drop(kind, count);
    return result;
  };
  let text = counting("surrogate", input, /\p{Cs}/gu, "");
  text = text
    .replace(LINE_BREAKS, "\n")
    .replace(/\u2028/g, "\v")
    .replace(/\u2029/g, "\n\n")
    .replace(CONTROL_AND_ODD_SPACES, " ");
  text = emoji === "speak" ? text.replace(EMOJI_REMAINS, "") : counting("emoji", text, EMOJI, " ");
  text = text.replace(INVISIBLE, "");
  text = counting("mark", text, EXCESS_MARKS, "");
  text = text.replace(COMPATIBILITY, (match) => match[0].normalize("NFKC"));
  if (!cjk) text = text.replace(FULL_WIDTH, (match) => match[0].normalize("NFKC"));
  text = compose(text);
  for (const [pattern, by] of FOLDS) text = text.replace(pattern, by);
  text = text.replace(REPEATED_MARKS, (match) => match[0].charAt(0)).replace(/ {2,}/g, " ");
  return curlQuotes(text);
}

function compose(text: MappedText): MappedText {
  if (text.text.normalize("NFC") === text.text) return text;
  return text.replace(/\P{M}\p{M}+|[\u1100-\u11ff]+/gu, (match) => match[0].normalize("NFC"));
}

/** Straight double quotes become opening or closing ones, by what stands around them. */
function curlQuotes(text: MappedText): MappedText {
  return text.replace(/"/g, (match, all) => {
    const before = all[match.index - 1];
    const after = all[match.index + 1];
    const opens = before === undefined || /[\s([{—–“-]/.test(before);
    return opens && after !== undefined && !/\s/.test(after) ? "“" : "”";
  });
}
