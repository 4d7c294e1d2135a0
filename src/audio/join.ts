import { findSpeech } from "./silence.ts";

/** Kept before the first sound: soft consonants and breath start below any threshold. */
const HEAD_MARGIN_SECONDS = 0.05;
/** Kept after the last sound: vowels and fricatives die away slowly. */
const TAIL_MARGIN_SECONDS = 0.1;
/** Raised cosine at every edge, shorter than either margin. */
const FADE_SECONDS = 0.005;

export interface JoinOptions {
  /** Rate of every utterance and of the result, in Hz. */
  readonly sampleRate: number;
  /** Silence before the first sound; at least what is kept before it. */
  readonly headSeconds: number;
  /** Silence after the last sound; at least what is kept after it. */
  readonly tailSeconds: number;
}

/** Where an utterance lies in the joined audio, in seconds from its start. */
export interface UtterancePlacement {
  /** Position in the order of pushing, from 0. */
  readonly index: number;
  /** When its first sound is heard. */
  readonly startSeconds: number;
  /** From its first to its last sound; 0 when it holds none. */
  readonly durationSeconds: number;
  /** Add this to a time within the utterance as the model made it; negative where silence was cut. */
  readonly offsetSeconds: number;
}

/** What `push` gives back: audio that is final, and where the utterance went. */
export interface JoinedUtterance {
  readonly audio: Float32Array;
  readonly placement: UtterancePlacement;
}

/** An utterance without its silence: `audio` begins `lead` samples before the first sound. */
interface TrimmedUtterance {
  readonly audio: Float32Array;
  readonly lead: number;
  /** From the first to the last sound. */
  readonly speechLength: number;
  readonly speechStart: number;
}

/** Rises from 0 to 1 over `length` samples, flat at both ends. */
function raisedCosine(index: number, length: number): number {
  return 0.5 - 0.5 * Math.cos((Math.PI * (index + 0.5)) / length);
}

/**
 * Joins utterances into one recording. The silence that a model makes around each is replaced by the pause that
 * the text calls for, measured from last sound to first sound. A margin beyond the detected sound is kept and
 * faded at its cut; where a pause is shorter than the margins they overlap and add up, so that no pause ever
 * costs speech. The result depends on the input alone, not on timing.
 */
export class UtteranceJoiner {
  readonly #sampleRate: number;
  readonly #headMargin: number;
  readonly #tailMargin: number;
  readonly #fade: number;
  readonly #headLength: number;
  readonly #tailLength: number;
  /** Samples handed out, and those behind them that a following utterance may still overlap. */
  #emitted = 0;
  #held: Float32Array = new Float32Array(0);
  /** End of the last sound; `undefined` until there has been one. */
  #speechEnd: number | undefined;
  #pause = 0;
  #count = 0;

  constructor({ sampleRate, headSeconds, tailSeconds }: JoinOptions) {
    this.#sampleRate = sampleRate;
    this.#headMargin = Math.round(HEAD_MARGIN_SECONDS * sampleRate);
    this.#tailMargin = Math.round(TAIL_MARGIN_SECONDS * sampleRate);
    this.#fade = Math.round(FADE_SECONDS * sampleRate);
    this.#headLength = this.#toSamples(headSeconds);
    this.#tailLength = this.#toSamples(tailSeconds);
  }

  /**
   * Adds the next utterance.
   * @param pauseAfterSeconds silence between its last sound and the first of the next one. An utterance without
   *   any sound takes no time; of the pauses around it the longer one counts. After the last utterance it
   *   is silence too, where it is longer than that of `tailSeconds`.
   * @throws RangeError when the pause is negative or not a number.
   */
  push(samples: Float32Array, pauseAfterSeconds: number): JoinedUtterance {
    const pauseAfter = this.#toSamples(pauseAfterSeconds);
    const index = this.#count++;
    const utterance = this.#trim(samples);
    const earliest = this.#speechEnd === undefined ? this.#headLength : this.#speechEnd + this.#pause;
    if (!utterance) {
      this.#pause = Math.max(this.#pause, pauseAfter);
      return { audio: new Float32Array(0), placement: this.#placement(index, earliest, 0, 0) };
    }
    // Only the first utterance can be pushed back by what is kept before it: `#release` leaves room for others.
    const speechAt = Math.max(earliest, this.#emitted + utterance.lead);
    this.#mix(utterance.audio, speechAt - utterance.lead);
    this.#speechEnd = speechAt + utterance.speechLength;
    this.#pause = pauseAfter;
    return {
      audio: this.#release(this.#speechEnd + pauseAfter - this.#headMargin - this.#fade),
      placement: this.#placement(index, speechAt, utterance.speechLength, utterance.speechStart),
    };
  }

  /** Ends the recording and returns its last samples. */
  finish(): Float32Array {
    const end = (this.#speechEnd ?? this.#headLength) + Math.max(this.#tailLength, this.#pause);
    this.#mix(new Float32Array(0), Math.max(end, this.#emitted));
    return this.#release(Number.POSITIVE_INFINITY);
  }

  #toSamples(seconds: number): number {
    if (!(seconds >= 0 && Number.isFinite(seconds))) throw new RangeError(`Not a duration: ${seconds}`);
    return Math.round(seconds * this.#sampleRate);
  }

  #placement(index: number, at: number, length: number, speechStart: number): UtterancePlacement {
    return {
      index,
      startSeconds: at / this.#sampleRate,
      durationSeconds: length / this.#sampleRate,
      offsetSeconds: (at - speechStart) / this.#sampleRate,
    };
  }

  #trim(samples: Float32Array): TrimmedUtterance | undefined {
    const speech = findSpeech(samples, this.#sampleRate);
    if (!speech) return undefined;
    const start = Math.max(0, speech.start - this.#headMargin);
    const end = Math.min(samples.length, speech.end + this.#tailMargin);
    // Sound up to the very edge must not be faded: the fade then goes outside, from the edge's value to zero.
    const before = start === 0 ? this.#fade : 0;
    const after = end === samples.length ? this.#fade : 0;
    const audio = new Float32Array(before + end - start + after);
    audio.fill(samples[start] as number, 0, before);
    audio.set(samples.subarray(start, end), before);
    audio.fill(samples[end - 1] as number, audio.length - after);
    for (let i = 0; i < this.#fade; i++) {
      const gain = raisedCosine(i, this.#fade);
      const last = audio.length - 1 - i;
      audio[i] = (audio[i] as number) * gain;
      audio[last] = (audio[last] as number) * gain;
    }
    const lead = before + speech.start - start;
    return { audio, lead, speechLength: speech.end - speech.start, speechStart: speech.start };
  }

  /** Adds `audio` to the timeline at sample `at`, which lies behind everything emitted. */
  #mix(audio: Float32Array, at: number): void {
    const start = at - this.#emitted;
    const length = Math.max(this.#held.length, start + audio.length);
    if (length > this.#held.length) {
      const grown = new Float32Array(length);
      grown.set(this.#held);
      this.#held = grown;
    }
    for (let i = 0; i < audio.length; i++) {
      this.#held[start + i] = (this.#held[start + i] as number) + (audio[i] as number);
    }
  }

  /** Hands out what lies before `until`, as far as it exists. */
  #release(until: number): Float32Array {
    const count = Math.min(this.#held.length, Math.max(0, until - this.#emitted));
    const audio = this.#held.slice(0, count);
    this.#held = this.#held.slice(count);
    this.#emitted += count;
    return audio;
  }
}
