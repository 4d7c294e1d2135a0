import type { NativeLanguageCode } from "../../../languages/language.ts";
import type { MappedText } from "../mapped-text.ts";
import { englishRules } from "./english.ts";
import { romanceHindiRules } from "./romance-hindi.ts";
import { applyRules, type Rule } from "./rule.ts";

/** Light markup that people paste: bullets, headings, emphasis, code marks. Its signs are not spoken. */
const LIGHT_MARKUP: readonly Rule[] = [
  { pattern: /(?<=^|[\n\v])[ ]{0,8}(?:#{1,6}|[-*+•◦▪‣·]|>{1,3})[ ]+/g, say: "\v" },
  { pattern: /(?<![\p{L}\p{N}*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\p{L}\p{N}*])/gu, say: "" },
  { pattern: /(?<![\p{L}\p{N}_])_{1,2}(?=\p{L})|(?<=[\p{L}\p{P}])_{1,2}(?![\p{L}\p{N}_])/gu, say: "" },
  { pattern: /`/g, say: "" },
  { pattern: /[_*=~#|\\^]{3,}/g, say: " " },
];

/** Last: what is left of signs that espeak-ng would take for its own notation or spell out for nothing. */
const LEFTOVERS: readonly Rule[] = [
  { pattern: /[<>{}[\]\\|^]/g, say: (match) => BRACKETS[match[0]] ?? " " },
  { pattern: / [–] | - /g, say: " — " },
  { pattern: /–/g, say: "—" },
  { pattern: / {2,}/g, say: " " },
];
const BRACKETS: Readonly<Record<string, string>> = { "[": "(", "]": ")", "{": "(", "}": ")" };

const RULES: Readonly<Record<NativeLanguageCode, readonly Rule[]>> = {
  "en-US": englishRules(false),
  "en-GB": englishRules(true),
  es: romanceHindiRules("es"),
  fr: romanceHindiRules("fr"),
  it: romanceHindiRules("it"),
  "pt-BR": romanceHindiRules("pt-BR"),
  hi: romanceHindiRules("hi"),
  // Their own front ends read numbers, dates and money.
  ja: [],
  zh: [],
};

/**
 * Rewrites what is written into what is said: money, dates, times, units, titles, addresses. A language is one
 * list of rules in its own file; numbers that espeak-ng reads well are left to it.
 */
export function normalise(text: MappedText, language: NativeLanguageCode): MappedText {
  return applyRules(text, [...LIGHT_MARKUP, ...RULES[language], ...LEFTOVERS]);
}
