import type { ScriptBuilder } from "./builder.ts";

/** What a stretch of text between tags has that is not a character as it stands. */
const SPECIAL = /&[^;]*;|[\n\r\t]/g;
const SPECIAL_OR_BLANK_LINE = /&[^;]*;|\n[ \t\r]*\n\s*|[\n\r\t]/g;

const XML_REFERENCES: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
]);

/** The character of a reference that the parser has found to be one. */
function characterOf(reference: string): string {
  const named = XML_REFERENCES.get(reference);
  if (named !== undefined) return named;
  const hex = reference.startsWith("&#x");
  return String.fromCodePoint(Number.parseInt(reference.slice(hex ? 3 : 2, -1), hex ? 16 : 10));
}

/**
 * Keeps a stretch between two tags that is known to be well-formed. White space of XML is a space; between sentences that
 * no element marks, a blank line parts paragraphs.
 *
 * @param marked the stretch lies in an element that says what a paragraph or a sentence is
 */
export function keepXmlText(builder: ScriptBuilder, from: number, until: number, marked: boolean): void {
  const stretch = builder.source.slice(from, until);
  let kept = from;
  for (const match of stretch.matchAll(marked ? SPECIAL : SPECIAL_OR_BLANK_LINE)) {
    const at = from + match.index;
    builder.keep(kept, at);
    kept = at + match[0].length;
    const by = match[0].startsWith("&") ? characterOf(match[0]) : match[0].length > 1 ? "\n\n" : " ";
    builder.rewrite(at, kept, by);
  }
  builder.keep(kept, until);
}
