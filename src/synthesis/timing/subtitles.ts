import type { ScriptSource } from "../text/script.ts";
import { type CaptionWord, type Cue, lineText, toCues } from "./captions.ts";
import type { TimedWord } from "./words.ts";

/** "00:00:01.500", with a comma in SRT; hours may have more than two digits. */
function timestamp(seconds: number, separator: "," | "."): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1000));
  const part = (divisor: number, modulus: number, digits = 2) =>
    String(Math.floor(milliseconds / divisor) % modulus).padStart(digits, "0");
  const hours = part(3_600_000, Number.POSITIVE_INFINITY);
  return `${hours}:${part(60_000, 60)}:${part(1000, 60)}${separator}${part(1, 1000, 3)}`;
}

/**
 * SubRip subtitles of a text. Its format has no escapes: an arrow in the text is written as one character, so that no
 * reader takes it for times.
 */
export function toSrt(source: ScriptSource | string, words: readonly TimedWord[]): string {
  return toCues(source, words)
    .map(({ startSeconds, endSeconds, lines }, index) => {
      const times = `${timestamp(startSeconds, ",")} --> ${timestamp(endSeconds, ",")}`;
      const shown = lines.map((line) => lineText(line).replaceAll("-->", "→"));
      return `${index + 1}\n${times}\n${shown.join("\n")}\n\n`;
    })
    .join("");
}

/**
 * WebVTT subtitles of a text (W3C).
 * @param options.wordTimes a timestamp in front of each word but the first, for players that mark what is heard
 */
export function toVtt(
  source: ScriptSource | string,
  words: readonly TimedWord[],
  options: { readonly wordTimes: boolean } = { wordTimes: false },
): string {
  const cues = toCues(source, words).map((cue) => {
    const times = `${timestamp(cue.startSeconds, ".")} --> ${timestamp(cue.endSeconds, ".")}`;
    const shown = options.wordTimes ? markedLines(cue) : cue.lines.map((line) => escapeVtt(lineText(line)));
    return `${times}\n${shown.join("\n")}\n\n`;
  });
  return `WEBVTT\n\n${cues.join("")}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escapeVtt = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);

/** Timestamps lie within the cue and increase, as the format demands; words of the same instant share one. */
function markedLines({ lines, startSeconds, endSeconds }: Cue): string[] {
  let last = timestamp(startSeconds, ".");
  const end = timestamp(endSeconds, ".");
  const mark = (word: CaptionWord): string => {
    const time = timestamp(word.startSeconds, ".");
    if (time.length !== last.length || time <= last || time >= end) return "";
    last = time;
    return `<${time}>`;
  };
  return lines.map((line) =>
    line
      .map((word, index) => `${index > 0 && word.spaceBefore ? " " : ""}${mark(word)}${escapeVtt(word.text)}`)
      .join(""),
  );
}
