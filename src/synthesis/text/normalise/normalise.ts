import { normaliseJapanese } from "../japanese-normalise.ts";
import { spellMandarinNumbers } from "../mandarin-numbers.ts";
import { MappedText } from "../mapped-text.ts";
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

/**
 * Takes Markdown out of a text: links are their text, images their description, lists and tables lines. For a whole
 * text with its lines, before languages are told apart; what is Markdown's is no word of any language.
 */
export function readMarkdown(text: MappedText): MappedText {
  return applyRules(text, MARKDOWN);
}

interface NormaliseOptions {
  /** `speak`: emoji are said by name; `drop` (the default): they are left out. */
  readonly emoji?: "drop" | "speak";
}

/**
 * Rewrites what is written into what is said, in one language: numbers, money, dates, times, units, abbreviations,
 * addresses. A language without rules of its own gets what Unicode's locale data knows of it.
 * @param language BCP-47 of the whole text
 */
export function normalise(text: MappedText, language: string, options: NormaliseOptions = {}): MappedText {
  const { emoji = "drop" } = options;
  const read = selfRead(language);
  const named = applyRules(text, emojiRules(language, emoji));
  const worded = read === null ? applyRules(named, rulesOf(language)) : byClause(named, read);
  return applyRules(worded, LEFTOVERS);
}

/** What puts the numbers of Japanese and Chinese into words: their readers' own way. */
function selfRead(language: string): ((text: string) => string) | null {
  switch (language.split("-")[0]) {
    case "ja":
      return normaliseJapanese;
    case "zh":
      return spellMandarinNumbers;
    default:
      return null;
  }
}

/**
 * A clause, short enough for what was kept of it to be found again letter by letter. A long one is cut, but not inside
 * a number, nor before what is counted.
 */
const CLAUSE = /[^\n\v。！？；、，]{1,60}(?:[\d.,:/%A-Za-z-]{1,60}[^\n\v。！？；、，]{0,2})?/g;

/** Rewrites each clause that holds a digit or a sign; places of what it keeps stay known. */
function byClause(text: MappedText, rewrite: (clause: string) => string): MappedText {
  const parts: MappedText[] = [];
  let end = 0;
  for (const { 0: clause, index } of text.text.matchAll(CLAUSE)) {
    if (!/[\d%&+=×÷@#°¥$€£]/.test(clause)) continue;
    const said = rewrite(clause);
    if (said === clause) continue;
    parts.push(text.slice(end, index), text.slice(index, index + clause.length).rewritten(said));
    end = index + clause.length;
  }
  return parts.length === 0 ? text : MappedText.concat([...parts, text.slice(end, text.text.length)]);
}
