import { OBJECT, type Script, type ScriptSource } from "../script.ts";
import { ScriptError } from "./error.ts";
import { parseScript } from "./parse.ts";

/** What texts without any markup or direction do not hold. */
const MARKS = /[<&[\\\ufffc]/;

/**
 * A text as a reader sees it, at its own offsets: tags, directions and what is behind the first character of a reference
 * are U+0000; a tag that ends a line or a sentence is a space. Words that something else is said for stay.
 */
export function visibleText(source: ScriptSource | string): string {
  const asked: ScriptSource = typeof source === "string" ? { text: source, format: "auto" } : source;
  if (!MARKS.test(asked.text)) return asked.text;
  try {
    return shownIn(asked.text, parseScript(asked));
  } catch (error) {
    // A job of an earlier version may hold what would be refused today.
    if (error instanceof ScriptError) return asked.text;
    throw error;
  }
}

function shownIn(source: string, { text, objects }: Script): string {
  const shown = new Array<string>(source.length).fill("\0");
  const copy = (start: number, end: number) => {
    // All of an alias stands for the same words.
    if (end > start && shown[end - 1] !== "\0") return;
    for (let at = start; at < end; at += 1) shown[at] = source.charAt(at);
  };
  let object = 0;
  for (let index = 0; index < text.text.length; index += 1) {
    const character = text.text.charAt(index);
    const { start, end } = text.sourceRange(index, index + 1);
    const replaced = end - start > 1 ? source.charAt(start) : "";
    if (character === OBJECT) {
      const kind = objects[object]?.kind;
      object += 1;
      if (kind === "ipa" && replaced !== "<") copy(start, end);
      else if (kind === "pause" && replaced === "<") shown[start] = " ";
    } else if (replaced === "&") shown[text.sourceOffset(index)] = character;
    else if (replaced !== "<") copy(start, end);
    else if (/\s/.test(character)) shown[start] = " ";
  }
  return shown.join("");
}
