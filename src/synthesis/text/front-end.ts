import type { Logger } from "pino";
import type { NativeLanguageCode } from "../../languages/language.ts";

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

export interface TextFrontEndOptions {
  readonly logger?: Logger;
}

export interface PlanOptions {
  readonly language: NativeLanguageCode;
  readonly signal?: AbortSignal;
}

/** Text to utterances, away from the caller's event loop. */
export interface TextFrontEnd {
  /** Starts the planner and the phonemiser and waits until both answer. */
  start(): Promise<void>;
  /**
   * Splits, normalises and phonemises. An empty list means that the text holds nothing speakable.
   * @throws SpeakerError DEADLINE_EXCEEDED, SERVICE_UNAVAILABLE (the planner was lost twice) or CANCELLED.
   */
  plan(text: string, options: PlanOptions): Promise<Utterance[]>;
  /** Ends the planner and the phonemiser; pending plans reject. */
  close(): Promise<void>;
}

/** Makes a front end; nothing runs before `start()`. */
export function createTextFrontEnd(_options: TextFrontEndOptions = {}): TextFrontEnd {
  throw new Error("not built yet");
}
