import type { MappedText } from "../mapped-text.ts";
import { emojiRules } from "./emoji.ts";
import { MARKDOWN } from "./markdown.ts";
import { applyRules, type Rule } from "./rule.ts";
import { rulesOf } from "./rules.ts";

/** Last: what is left of signs that a reader would take for its own notation or spell out for nothing. */
const LEFTOVERS: readonly Rule[] = [
  { pattern: /[<>{}[\]\\|^]/g, say: (match) => BRACKETS[match[0]] ?? " " },
  { pattern: / [–] | - /g, say: " — " },
  { pattern: /–/g, say: "—" },
  { pattern: / {2,}/g, say: " " },
];
const BRACKETS: Readonly<Record<string, string>> = { "[": "(", "]": ")", "{": "(", "}": ")" };

export interface NormaliseOptions {
  /** `speak`: emoji are said by name; `drop` (the default): they are left out. */
  readonly emoji?: "drop" | "speak";
}

/**
 * Rewrites what is written into what is said, in one language: numbers, money, dates, times, units, abbreviations,
 * addresses, Markdown. A language without rules of its own gets what Unicode's locale data knows of it.
 * @param language BCP-47 of the whole text
 */
export function normalise(text: MappedText, language: string, options: NormaliseOptions = {}): MappedText {
  return applyRules(text, [
    ...emojiRules(language, options.emoji ?? "drop"),
    ...MARKDOWN,
    ...rulesOf(language),
    ...LEFTOVERS,
  ]);
}
