import { resample } from "../audio/resample.ts";
import { ANALYSIS_SAMPLE_RATE } from "../inference/analysis.ts";
import { SPEECH_SAMPLE_RATE } from "../inference/engine.ts";
import { listen } from "./listen.ts";
import type { CloneMachinery, CloneTarget } from "./machinery.ts";
import { JUDGING_SENTENCES } from "./sentences.ts";
import { type CloneSpace, nearestStock, similarityOf } from "./space.ts";
import { inParallel } from "./speak.ts";

/** How far DNSMOS may fall below that of the nearest stock voice; two thirds of what users are promised. */
const QUALITY_LOSS = 0.1;
/** What most stock voices get: the nearest one may be a whisper, which is no measure for others. */
const USUAL_QUALITY = 3.2;
/** Nearer to the mean voice there is less to go wrong: how far a voice is taken back that sounds too bad. */
const STEPS_BACK = [1, 0.85, 0.7] as const;

/** A point of the style space that has been heard on sentences that no search has used. */
export interface Judged {
  readonly point: Float64Array;
  /** Mean cosine of the views with the target's; -1 when the voice breaks down. */
  readonly similarity: number;
  /** About as good to listen to as the nearest stock voice, as far as `machinery.rate` tells. */
  readonly sound: boolean;
}

/** Says how good voices are, on longer sentences than those that are searched on. */
export class Judge {
  readonly #space: CloneSpace;
  readonly #target: CloneTarget;
  readonly #machinery: CloneMachinery;
  readonly #signal: AbortSignal;
  /** What DNSMOS must be at least, once it is known. */
  #leastQuality: number | null = null;
  /** Utterances spoken so far. */
  evaluations = 0;
  /** Time spent so far. */
  seconds = 0;
  /** Times that a voice was heard. */
  hearings = 0;

  constructor(space: CloneSpace, target: CloneTarget, machinery: CloneMachinery, signal: AbortSignal) {
    this.#space = space;
    this.#target = target;
    this.#machinery = machinery;
    this.#signal = signal;
  }

  /** The point, or one between it and the mean voice when it does not sound as well as a stock voice. */
  async judge(point: Float64Array): Promise<Judged> {
    const startedAt = performance.now();
    const { styles } = this.#space;
    if (this.#machinery.rate !== undefined && this.#leastQuality === null) {
      const stock = await this.#hear(styles.pointOf(nearestStock(this.#space, this.#target).id));
      this.#leastQuality = Math.max(stock.quality, USUAL_QUALITY) - QUALITY_LOSS;
    }
    let judged: Judged = { point, similarity: -1, sound: false };
    for (const step of STEPS_BACK) {
      const candidate = point.map((weight) => weight * step);
      const { similarity, quality } = await this.#hear(candidate);
      const sound = similarity > -1 && quality >= (this.#leastQuality ?? 0);
      judged = { point: candidate, similarity, sound };
      if (sound) break;
    }
    this.seconds += (performance.now() - startedAt) / 1000;
    return judged;
  }

  async #hear(point: Float64Array): Promise<{ similarity: number; quality: number }> {
    const { styles } = this.#space;
    const heard = await inParallel(
      JUDGING_SENTENCES.map(({ tokens }) => async () => {
        const style = styles.styleAt(point, tokens.length);
        const audio = await this.#machinery.speak({ engine: "kokoro", voice: { style }, tokens, speed: 1 });
        const views = await listen(audio.samples, audio.sampleRate, this.#machinery);
        const samples = views && resample(audio.samples, SPEECH_SAMPLE_RATE, ANALYSIS_SAMPLE_RATE);
        return { views, quality: (samples && (await this.#machinery.rate?.(samples))) ?? 0 };
      }),
      this.#machinery.parallel,
      this.#signal,
    );
    this.evaluations += heard.length;
    this.hearings += 1;
    const utterances = heard.flatMap(({ views }) => (views === null ? [] : [views]));
    return {
      similarity: utterances.length < heard.length ? -1 : similarityOf(utterances, this.#target),
      quality: heard.reduce((sum, { quality }) => sum + quality, 0) / heard.length,
    };
  }
}
