import type { MappedText } from "../mapped-text.ts";

/**
 * One step of normalisation: what it looks for and what is said instead (`null`: leave it).
 * A pattern is tried at every character of 50,000, so it has to fail fast: no nested repetition, repeats
 * bounded or anchored behind a look-behind so that each stretch of text is scanned once.
 */
export interface Rule {
  readonly pattern: RegExp;
  readonly say: string | ((match: RegExpExecArray, text: string) => string | null);
}

/** Applies the rules in their order, each to the result of the one before. */
export function applyRules(text: MappedText, rules: readonly Rule[]): MappedText {
  return rules.reduce((result, rule) => result.replace(rule.pattern, rule.say), text);
}

/** A text as a regular expression that matches just it. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** A named group that the pattern guarantees; an empty string for an optional one that did not take part. */
export function group(match: RegExpExecArray, name: string): string {
  return match.groups?.[name] ?? "";
}

/** A rule from a table of abbreviations: `Dr.` at a word's start, longest first. */
export function abbreviations(table: Readonly<Record<string, string>>): Rule {
  const keys = Object.keys(table).sort((a, b) => b.length - a.length);
  return {
    pattern: new RegExp(`(?<![\\p{L}\\p{N}.])(?:${keys.map(literal).join("|")})(?!\\p{L})`, "gu"),
    say: (match, text) => {
      const said = table[match[0]] ?? null;
      // "etc." at the end of a sentence still ends it.
      return said !== null && match[0].endsWith(".") && ENDS_SENTENCE.has(said) && endsSentence(match, text)
        ? `${said}.`
        : said;
    },
  };
}

/** Abbreviations that can be the last word of a sentence; titles cannot. */
const ENDS_SENTENCE: ReadonlySet<string> = new Set(
  (
    "etcetera|Junior|Senior|Incorporated|Limited|Corporation|Company|Brothers|AM|PM|others|" +
    "etcétera|sociedad anónima|sociedad limitada|antes de Cristo|después de Cristo|Estados Unidos|" +
    "et cétéra|avant Jésus-Christ|après Jésus-Christ|eccetera|società per azioni|avanti Cristo|dopo Cristo|" +
    "limitada|depois de Cristo|et cetera|und so weiter|oder Ähnliches|Mehrwertsteuer|vor Christus|nach Christus|" +
    "enzovoort|niet van toepassing|voor Christus|na Christus|i tak dalej|i tym podobne|naszej ery|przed naszą erą|" +
    "так далее|тому подобное|другие|нашей эры|до нашей эры|med mera|och så vidare|före Kristus|efter Kristus"
  ).split("|"),
);

function endsSentence(match: RegExpExecArray, text: string): boolean {
  const after = text.slice(match.index + match[0].length, match.index + match[0].length + 4);
  return /^["”')\]]*(?:$|\s+["“'(]?\p{Lu}|\n)/u.test(after);
}
