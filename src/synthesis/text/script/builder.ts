import { type Edit, MappedText } from "../mapped-text.ts";
import {
  type DirectedSpan,
  type Directions,
  type Dropped,
  OBJECT,
  type Script,
  type ScriptObject,
} from "../script.ts";
import { ScriptError, shown } from "./error.ts";

/** The longest single pause, in seconds. */
const MAX_PAUSE_SECONDS = 30;
/** All pauses of a text together: silence costs space like speech, and a pause is written in ten characters. */
const MAX_SILENCE_SECONDS = 1800;
/** Voices that one text may name. */
const MAX_NAMED_VOICES = 20;

type Boundary = "sentence" | "paragraph";

/** Collects, in the order of the source, what becomes of each part of it. */
export class ScriptBuilder {
  readonly source: string;
  readonly #firstVoice: number;
  readonly #edits: Edit[] = [];
  readonly #spans: DirectedSpan[] = [];
  readonly #objects: ScriptObject[] = [];
  readonly #dropped: Dropped[] = [];
  readonly #voices: string[] = [];
  #silenceSeconds = 0;
  /** Where in `#objects` the boundary is that nothing spoken has followed yet; -1 before the first word. */
  #openBoundary: number | null = -1;

  /** @param firstVoice the number of the first voice that the text names */
  constructor(source: string, firstVoice: number) {
    this.source = source;
    this.#firstVoice = firstVoice;
  }

  /** The number of a voice that the text names. @throws ScriptError when there are too many. */
  voice(name: string, offset: number): number {
    const known = this.#voices.indexOf(name);
    if (known >= 0) return this.#firstVoice + known;
    if (this.#voices.length === MAX_NAMED_VOICES) {
      throw new ScriptError(
        offset,
        `more than ${MAX_NAMED_VOICES} voices are named: split the text into jobs`,
      );
    }
    this.#voices.push(name);
    return this.#firstVoice + this.#voices.length - 1;
  }

  /** Directions of a stretch of the source; neighbours with the same ones become one span. */
  direct(start: number, end: number, directions: Directions): void {
    if (start >= end || Object.keys(directions).length === 0) return;
    const before = this.#spans.at(-1);
    if (before?.directions === directions) this.#spans[this.#spans.length - 1] = { ...before, end };
    else this.#spans.push({ start, end, directions });
  }

  /** Text that stays; an object character of the caller's own, which would be taken for one of ours, does not. */
  keep(start: number, end: number): void {
    const kept = this.source.slice(start, end);
    if (this.#openBoundary !== null && /\S/.test(kept)) this.#openBoundary = null;
    for (let at = kept.indexOf(OBJECT); at >= 0; at = kept.indexOf(OBJECT, at + 1)) {
      this.drop(start + at, start + at + 1, "unreadable", " ");
    }
  }

  /** Text that is written otherwise in the script. */
  rewrite(start: number, end: number, by: string): void {
    if (/\S/.test(by)) this.#openBoundary = null;
    this.#edits.push({ at: start, length: end - start, by: by.replaceAll(OBJECT, " ") });
  }

  /** A part that is not spoken. @param by what it leaves behind: white space */
  drop(start: number, end: number, reason: Dropped["reason"], by = ""): void {
    this.#edits.push({ at: start, length: end - start, by });
    this.#dropped.push({ start, end, reason });
  }

  /** Puts an object in place of a part of the source. */
  object(start: number, end: number, object: ScriptObject): void {
    if (object.kind === "ipa") {
      this.#openBoundary = null;
      this.#objects.push({ ...object, written: object.written.replaceAll(OBJECT, " ") });
    } else this.#objects.push(object);
    this.#edits.push({ at: start, length: end - start, by: OBJECT });
  }

  /** A direction of the text that becomes an object. */
  direction(start: number, end: number, object: ScriptObject): void {
    this.object(start, end, object);
    this.#dropped.push({ start, end, reason: "direction" });
  }

  /** @throws ScriptError when one pause, or all of them, is too long */
  pause(start: number, end: number, seconds: number, boundary: "none" | Boundary): void {
    if (seconds > MAX_PAUSE_SECONDS) {
      throw new ScriptError(start, `the pause is longer than ${MAX_PAUSE_SECONDS} s, the longest there is`);
    }
    this.#silenceSeconds += seconds;
    if (this.#silenceSeconds > MAX_SILENCE_SECONDS) {
      throw new ScriptError(
        start,
        `the pauses come to more than ${MAX_SILENCE_SECONDS} s: split the text into jobs`,
      );
    }
    this.direction(start, end, { kind: "pause", seconds, boundary });
  }

  /** A tag at which a sentence or a paragraph ends or begins. Of neighbours without a word between, one is left. */
  boundary(start: number, end: number, boundary: Boundary): void {
    const open = this.#openBoundary === null ? undefined : this.#objects[this.#openBoundary];
    if (this.#openBoundary !== null) {
      if (open?.kind === "pause" && boundary === "paragraph") {
        this.#objects[this.#openBoundary] = { ...open, boundary };
      }
      this.drop(start, end, "markup", " ");
      return;
    }
    this.#openBoundary = this.#objects.length;
    this.object(start, end, { kind: "pause", seconds: null, boundary });
    if (end > start) this.#dropped.push({ start, end, reason: "markup" });
  }

  finish(): Script {
    return {
      text: MappedText.of(this.source).edit(this.#edits),
      spans: this.#spans,
      objects: this.#objects,
      dropped: this.#dropped,
      voices: this.#voices,
    };
  }
}

/** @throws ScriptError when a name is empty or longer than `most` characters */
export function checkedName(offset: number, what: string, name: string, most: number): string {
  const trimmed = name.trim();
  if (trimmed === "" || trimmed.length > most) {
    throw new ScriptError(offset, `${what} accepts 1 to ${most} characters, not "${shown(trimmed)}"`);
  }
  return trimmed;
}
