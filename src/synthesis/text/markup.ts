import { MappedText } from "./mapped-text.ts";
import { findImbalance, type MarkupIssue, scanHtml } from "./script/html.ts";

/** Whether the HTML or XML tags of a plain text are balanced; `null` when they are. */
export function checkMarkup(text: string): MarkupIssue | null {
  return findImbalance(scanHtml(text));
}

/** Takes tags and comments out of a text (their content stays) and decodes the common character references. */
export function stripMarkup(text: MappedText): MappedText {
  return text.edit(scanHtml(text.text).map(({ start, end, by }) => ({ at: start, length: end - start, by })));
}

/** The text at its own offsets: tags and what is behind the first character of a reference are U+0000. */
export function visibleText(text: string): string {
  const stripped = stripMarkup(MappedText.of(text));
  if (stripped.text === text) return text;
  const shown = new Array<string>(text.length).fill("\0");
  for (let index = 0; index < stripped.text.length; index += 1) {
    const character = stripped.text.charAt(index);
    // Where an element ended a line there is a space to be seen.
    shown[stripped.sourceOffset(index)] = /[\n\v]/.test(character) ? " " : character;
  }
  return shown.join("");
}
