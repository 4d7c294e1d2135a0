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
  /** Silence to insert behind the utterance, once the model's own edge silence is trimmed. 0 on the last. */
  readonly pauseAfterSeconds: number;
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
