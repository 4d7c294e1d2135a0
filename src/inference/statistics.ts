import type { UtteranceAudio } from "./engine.ts";

/** Weight of the newest run in the moving averages: about the last ten runs count. */
const NEWEST_WEIGHT = 0.2;

/** Compute seconds per second of audio: below 1 is faster than real time. */
export function realTimeFactorOf({ computeSeconds, samples, sampleRate }: UtteranceAudio): number {
  return computeSeconds / (samples.length / sampleRate);
}

/** Moving averages over the last runs, for status and for estimates. */
export class RunStatistics {
  #realTimeFactor: number | null = null;
  #computeSecondsPerToken: number | null = null;
  #computeSeconds: number | null = null;

  add(tokenCount: number, audio: UtteranceAudio): void {
    const { computeSeconds, samples } = audio;
    if (samples.length === 0 || tokenCount === 0) return;
    this.#realTimeFactor = average(this.#realTimeFactor, realTimeFactorOf(audio));
    this.#computeSecondsPerToken = average(this.#computeSecondsPerToken, computeSeconds / tokenCount);
    this.#computeSeconds = average(this.#computeSeconds, computeSeconds);
  }

  /** Compute seconds per second of audio, or null before the first run. */
  get realTimeFactor(): number | null {
    return this.#realTimeFactor;
  }

  /** Milliseconds that a run of this many tokens is expected to take, or null before the first run. */
  expectedMs(tokenCount: number): number | null {
    return this.#computeSecondsPerToken === null ? null : this.#computeSecondsPerToken * tokenCount * 1000;
  }

  /** Whole seconds, at least one, until a queue of this length has room again for someone who retries. */
  secondsUntilRoom(queued: number, members: number): number {
    return Math.max(1, Math.ceil(((this.#computeSeconds ?? 1) * queued) / Math.max(1, members) / 2));
  }
}

function average(past: number | null, newest: number): number {
  return past === null ? newest : past + (newest - past) * NEWEST_WEIGHT;
}
