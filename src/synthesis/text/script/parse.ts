import type { Range } from "../mapped-text.ts";
import type { Directions, Script, ScriptSource } from "../script.ts";
import { ScriptBuilder } from "./builder.ts";
import { DOCTYPE_REFUSED, ScriptError } from "./error.ts";
import { parsePlain } from "./plain.ts";
import { parseSsml } from "./ssml.ts";

const NO_DIRECTIONS: Directions = {};

/**
 * What a text says, without its markup, and how it wants to be spoken. Time is linear in its length.
 * Voices that SSML names are numbered behind those of `segments`.
 *
 * @throws ScriptError with the offset of what cannot be followed and what to write instead
 */
export function parseScript({ text, format, segments }: ScriptSource): Script {
  const voices = (segments ?? []).map(({ directions }) => directions.voice ?? 0);
  const builder = new ScriptBuilder(text, voices.reduce((most, voice) => Math.max(most, voice), 0) + 1);
  const parse = (range: Range, directions: Directions) => {
    const ssmlStart = format === "plain" ? null : findSpeak(text, range);
    if (ssmlStart !== null) {
      builder.keep(range.start, ssmlStart);
      parseSsml(builder, { start: ssmlStart, end: range.end }, directions);
    } else if (format === "ssml") {
      throw new ScriptError(range.start, "SSML begins with <speak>; send other texts as plain ones");
    } else {
      parsePlain(builder, range, directions);
    }
  };
  if (segments === undefined) parse({ start: 0, end: text.length }, NO_DIRECTIONS);
  let at = 0;
  for (const { start, end, directions } of segments ?? []) {
    if (start < at || end > text.length) throw new RangeError("Segments are in order and within the text");
    builder.keep(at, start);
    if (at > 0 || start > 0) builder.boundary(start, start, "sentence");
    parse({ start, end }, directions);
    at = end;
  }
  if (segments !== undefined) builder.keep(at, text.length);
  return builder.finish();
}

/** Where the SSML document of a range begins; null when it is not one. White space and a byte order mark may precede. */
function findSpeak(text: string, { start, end }: Range): number | null {
  const first = /[^\s\ufeff]/g;
  const next = (from: number): number => {
    first.lastIndex = from;
    return first.exec(text)?.index ?? end;
  };
  const begin = next(start);
  let at = begin;
  for (;;) {
    if (text.startsWith("<!DOCTYPE", at)) refuseDoctype(text, at);
    const closing = text.startsWith("<?xml", at) ? "?>" : text.startsWith("<!--", at) ? "-->" : null;
    const close = closing === null ? -1 : text.indexOf(closing, at);
    if (closing === null || close < 0) break;
    at = next(close + closing.length);
  }
  return /^<speak(?:[\s/>]|$)/.test(text.slice(at, Math.min(end, at + 7))) ? begin : null;
}

/** That of HTML is markup like any other; that of SSML, and any that declares entities, is refused. */
function refuseDoctype(text: string, at: number): void {
  const declaration = text.slice(at, text.indexOf(">", at) + 1);
  if (!declaration.includes("[") && !/^<!DOCTYPE\s+speak\b/.test(declaration)) return;
  throw new ScriptError(at, DOCTYPE_REFUSED);
}
