import type { Range } from "./mapped-text.ts";
import type { PronunciationData } from "./pronunciation-data.ts";
import type { Dropped } from "./script.ts";
import type { VoiceTarget } from "./target.ts";

/** A word of the caller's text as an utterance speaks it. */
export interface UtteranceWord extends Range {
  /**
   * As the caller wrote it, from `start` to before `end`: "1999" and "$5.50" are one word each, however many are said.
   * Whole also where an utterance speaks only part of it; the rest is then the first word of the next one.
   */
  readonly text: string;
  /** Its first token. */
  readonly tokenStart: number;
  /** Behind its last token. Tokens of marks and spaces between words belong to none. */
  readonly tokenEnd: number;
  /** Where the sentence lies that begins with this word; absent on the others. */
  readonly sentence?: Range;
}

/** A text in the words that are spoken, and where they differ from the caller's. */
export interface NormalizedText {
  readonly text: string;
  /** `start` and `end` in the caller's text, `from` and `to` in `text`. */
  readonly parts: readonly (Range & { readonly from: number; readonly to: number })[];
}

/** One stretch of speech that the model makes in one run: normally a sentence, a clause of a long one. */
export interface Utterance {
  /** Position in the plan, from 0. */
  readonly index: number;
  /** The slice of the input that is spoken, as the caller wrote it. */
  readonly text: string;
  /** UTF-16 offset of `text` in the input. */
  readonly start: number;
  /** UTF-16 offset just behind `text` in the input. */
  readonly end: number;
  /** In the symbols of the voice that speaks it, one UTF-16 unit each. */
  readonly phonemes: string;
  /** One for each symbol of `phonemes`, without pads: 1 to 510 of them. Code points where the engine has no ids. */
  readonly tokens: readonly number[];
  /** What is said, word by word, in the order of speech; without overlap in the text and in the tokens. */
  readonly words: readonly UtteranceWord[];
  /** What is spoken, as it was put into words; `parts` where that differs from what the caller wrote. */
  readonly normalized: NormalizedText;
  /** Which of the request's voices speaks it. */
  readonly voice: number;
  /** BCP-47 of what it is read as; of most of it where it mixes languages. */
  readonly language: string;
  /** Factor on the pace of the request. */
  readonly rate: number;
  readonly pitchSemitones: number;
  readonly gainDb: number;
  /** Places in it that the caller named; `token` is the one that follows. */
  readonly marks: readonly { readonly name: string; readonly token: number }[];
  /** Silence to insert behind the utterance, once the model's own edge silence is trimmed. 0 on the last. */
  readonly pauseAfterSeconds: number;
  /** The text asks for this pause in seconds: it does not keep step with the pace. */
  readonly pauseTimed: boolean;
}

/** How a text is to be planned. */
export interface PlanOptions {
  /** BCP-47 of the whole text where it does not say otherwise; left out, each sentence's is detected. */
  readonly language?: string | undefined;
  /** The voices that speak: the first the whole, the others what is directed to them. Left out, one of Kokoro. */
  readonly voices?: readonly VoiceTarget[] | undefined;
  /** Cut the first utterances short, so that they are there soon; false when left out. See `cutLead`. */
  readonly quickStart?: boolean | undefined;
  /** Numbers, signs and abbreviations are put into words; true when left out. */
  readonly normalize?: boolean | undefined;
  /** `drop` when left out. */
  readonly emoji?: "drop" | "speak" | undefined;
  /** How words are to be said; the first of equals wins. */
  readonly pronunciations?: readonly PronunciationData[] | undefined;
}

/** What became of a stretch of the source. */
export interface CoverageSpan extends Range {
  /** `normalised`: spoken in other words than it is written in. `space`: white space, and nothing else. */
  readonly fate: "spoken" | "normalised" | "dropped" | "space";
  /** Why it is not spoken; only of what was dropped. */
  readonly reason?: DropReason;
  /** Index of the utterance that speaks it; only of what is spoken. */
  readonly utterance?: number;
}

/**
 * Why a stretch is not spoken: see `Dropped`; `silent` are marks, which are heard as pauses and melody or not at all,
 * and signs that no word is made of; `object` is what became a pause or a mark.
 */
export type DropReason = Dropped["reason"] | "silent" | "object";

/** What was left out of a text, for the log: never the text itself. */
export interface PlanNotes {
  /** Characters without sound, by kind: emoji, lone surrogates, stacked marks, characters unread. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Phonemes that the voice has no symbol for, not even a near one, and how often each was met. */
  readonly unknownPhonemes: Readonly<Record<string, number>>;
}

export interface Plan {
  /** None when nothing in the text can be spoken. */
  readonly utterances: Utterance[];
  /** BCP-47 of what it is read as, the one of most of it first. */
  readonly languages: readonly string[];
  /** Silence that the text asks for before the first utterance. */
  readonly pauseBeforeSeconds: number;
  /** Every character of the source, once and in order. */
  readonly coverage: readonly CoverageSpan[];
  readonly notes: PlanNotes;
}
