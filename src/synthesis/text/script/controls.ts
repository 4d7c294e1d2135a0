import type { ScriptBuilder } from "./builder.ts";
import { ScriptError } from "./error.ts";
import { readTranscription } from "./transcription.ts";
import { parseSeconds } from "./values.ts";

/** `[pause:1.2s]`; the value is looked at afterwards, so that a wrong one is told and not read aloud. */
const PAUSE = /(?<escape>\\?)\[pause:(?<value>[^[\]\n]{0,40})(?<end>\]?)/iy;
/** `[word](/ipa/)`. Neither part can hold what ends it, so that an attempt goes through the text once. */
const IPA = /(?<escape>\\?)\[(?<word>[^[\]\n]{1,100})\]\(\/(?<ipa>[^/()\n]{1,200})\/\)/y;
/** Letters of addresses that no transcription has, such as in `[home](/start_page/)`: an ordinary Markdown link. */
const ADDRESS = /^[\w%~#?=&.,+:;@!$*'-]+$/;

/**
 * Keeps a stretch of plain text and follows the directions that stand in square brackets in it. A backslash before the
 * bracket makes plain text of one.
 *
 * @throws ScriptError for a pause that is no time and for IPA that is none
 */
export function keepWithControls(builder: ScriptBuilder, start: number, end: number): void {
  const text = builder.source.slice(start, end);
  let kept = 0;
  for (let at = text.indexOf("["); at >= 0; at = text.indexOf("[", at)) {
    const from = text[at - 1] === "\\" && at > kept ? at - 1 : at;
    const length = controlAt(builder, text, start, kept, from);
    if (length === 0) {
      at += 1;
      continue;
    }
    kept = from + length;
    at = kept;
  }
  builder.keep(start + kept, end);
}

/** Follows the direction at `at`, having kept what lies before it. @returns its length; 0 where there is none */
function controlAt(builder: ScriptBuilder, text: string, start: number, kept: number, at: number): number {
  const pause = matchAt(PAUSE, text, at);
  const match = pause ?? matchAt(IPA, text, at);
  const groups = match?.groups;
  if (match === null || groups === undefined) return 0;
  const length = match[0].length;
  const offset = start + at;
  if (groups.escape !== "") {
    builder.keep(start + kept, offset);
    builder.drop(offset, offset + 1, "direction");
    builder.keep(offset + 1, offset + length);
    return length;
  }
  if (pause !== null) {
    const seconds = groups.end === "" ? null : parseSeconds(groups.value ?? "");
    if (seconds === null) {
      throw new ScriptError(
        offset,
        'a pause is written as "[pause:1.2s]" or "[pause:800ms]"; "\\[" is a plain bracket',
      );
    }
    builder.keep(start + kept, offset);
    builder.pause(offset, offset + length, seconds, "none");
    return length;
  }
  const { word = "", ipa = "" } = groups;
  if (word.trim() === "") return 0;
  const read = readTranscription(ipa);
  if ("problem" in read) {
    if (ADDRESS.test(ipa)) return 0;
    throw new ScriptError(
      offset,
      `the transcription ${read.problem}: write the sounds of a word as in "[tomato](/təˈmɑːtəʊ/)"`,
    );
  }
  builder.keep(start + kept, offset);
  builder.drop(offset, offset + 1, "direction");
  builder.object(offset + 1, offset + 1 + word.length, { kind: "ipa", ipa: read.ipa, written: word });
  builder.drop(offset + 1 + word.length, offset + length, "direction");
  return length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
