import type { Range } from "./mapped-text.ts";

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
  /** Kokoro's phoneme string; every symbol is in its vocabulary. */
  readonly phonemes: string;
  /** Ids of `phonemes` without the two pads: 1 to 510 of them. */
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
}

/** What a plan is made for. */
export interface PlanStyle {
  /** Cut the first utterances short, so that they are there soon; false when left out. See `cutLead`. */
  readonly quickStart?: boolean;
}

/** What was left out of a text, for the log: never the text itself. */
export interface PlanNotes {
  /** Characters without sound, by kind: emoji, lone surrogates, stacked marks, characters unread. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Phonemes that Kokoro has no symbol for, not even a near one, and how often each was met. */
  readonly unknownPhonemes: Readonly<Record<string, number>>;
}

export interface Plan {
  readonly utterances: Utterance[];
  readonly notes: PlanNotes;
}
