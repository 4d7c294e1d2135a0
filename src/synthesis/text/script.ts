import type { MappedText, Range } from "./mapped-text.ts";

/** Stands in a script's text for what is not text: a pause, a mark, a sound given as IPA. Callers' own are removed. */
export const OBJECT = "\uFFFC";

/** How `say-as` wants a stretch of text to be read. */
export interface SayAs {
  readonly as:
    | "characters"
    | "digits"
    | "cardinal"
    | "ordinal"
    | "fraction"
    | "unit"
    | "currency"
    | "telephone"
    | "date"
    | "time"
    | "expletive";
  /** Order of a date (`mdy`, `dmy`, `ymd`, `md` …) or `hms12` and `hms24` of a time; left out where the text tells. */
  readonly format?: string;
}

/** How a stretch of text is spoken, where that differs from the rest. What is left out is as it is around it. */
export interface Directions {
  /** Index in the voices of the request; 0 is the voice of the whole. */
  readonly voice?: number;
  /** BCP-47; left out, the language of the voice or the one that is detected. */
  readonly language?: string;
  /** Factor on the pace of the request. */
  readonly rate?: number;
  readonly pitchSemitones?: number;
  readonly gainDb?: number;
  readonly sayAs?: SayAs;
  /** Spoken as it stands: neither dictionaries nor normalisation change it (`sub` with an alias, say-as done). */
  readonly verbatim?: boolean;
}

/** A stretch of the source with directions of its own. Spans are in order and never overlap: nesting is resolved. */
export interface DirectedSpan extends Range {
  readonly directions: Directions;
}

/** What an `OBJECT` character of a script stands for. */
export type ScriptObject =
  | {
      readonly kind: "pause";
      /** Silence in seconds; null leaves it to `boundary`. */
      readonly seconds: number | null;
      /** What ends here at the least; a plain pause may stand in the middle of a sentence and ends nothing. */
      readonly boundary: "none" | "sentence" | "paragraph";
    }
  | { readonly kind: "mark"; readonly name: string }
  /** `written`: what the caller's text has there, for engines that cannot speak IPA and for word times. */
  | { readonly kind: "ipa"; readonly ipa: string; readonly written: string };

/** A part of the source that is not spoken, and why. */
export interface Dropped extends Range {
  readonly reason: "markup" | "emoji" | "invisible" | "comment" | "direction" | "unreadable";
}

/** A text with its directions, free of markup: what the planner makes utterances of. */
export interface Script {
  /** Leads back to the offsets of the source. Its nth `OBJECT` is the nth of `objects`. */
  readonly text: MappedText;
  /** Offsets of the source. */
  readonly spans: readonly DirectedSpan[];
  readonly objects: readonly ScriptObject[];
  readonly dropped: readonly Dropped[];
  /** Voices that the text asks for by name: their numbers follow on the highest that the source's segments use, or on 0. */
  readonly voices: readonly string[];
}

/** `auto`: SSML where the text begins with `<speak`; else plain text in which HTML is stripped. */
export type TextFormat = "auto" | "plain" | "ssml";

/** What a request has to be spoken. */
export interface ScriptSource {
  readonly text: string;
  readonly format: TextFormat;
  /** A dialogue: ranges of `text` with directions of their own, each parsed for itself; left out, it is one piece. */
  readonly segments?: readonly DirectedSpan[];
}
