import type { AnalysisKind } from "./analysis.ts";
import type { UtteranceAudio, UtteranceRequest } from "./engine.ts";

/** Weight of the newest run in the moving averages: about the last ten runs count. */
const NEWEST_WEIGHT = 0.2;

/** Compute seconds per second of audio: below 1 is faster than real time. */
export function realTimeFactorOf({ computeSeconds, samples, sampleRate }: UtteranceAudio): number {
  return computeSeconds / (samples.length / sampleRate);
}

/**
 * Runs of one kind take about as long for each unit of work: a token of an engine's speech, a sample of a recording that
 * is analysed.
 */
export type RunKind = UtteranceRequest["engine"] | AnalysisKind;

/** Moving averages over the last runs, for status and for estimates. */
export class RunStatistics {
  #realTimeFactor: number | null = null;
  readonly #secondsPerUnit = new Map<RunKind, number>();
  #computeSeconds: number | null = null;

  addSpeech(kind: RunKind, tokenCount: number, audio: UtteranceAudio): void {
    const { computeSeconds, samples } = audio;
    if (samples.length === 0 || tokenCount === 0) return;
    this.#realTimeFactor = average(this.#realTimeFactor, realTimeFactorOf(audio));
    this.#computeSeconds = average(this.#computeSeconds, computeSeconds);
    this.add(kind, tokenCount, computeSeconds);
  }

  /** Counts a run for `expectedMs`. */
  add(kind: RunKind, units: number, seconds: number): void {
    const past = this.#secondsPerUnit.get(kind) ?? null;
    if (units > 0) this.#secondsPerUnit.set(kind, average(past, seconds / units));
  }

  /** Compute seconds per second of audio, or null before the first run. */
  get realTimeFactor(): number | null {
    return this.#realTimeFactor;
  }

  /** Milliseconds that a run of so many units is expected to take, or null before the first run of its kind. */
  expectedMs(kind: RunKind, units: number): number | null {
    const secondsPerUnit = this.#secondsPerUnit.get(kind);
    return secondsPerUnit === undefined ? null : secondsPerUnit * units * 1000;
  }

  /** Whole seconds, at least one, until a queue of this length has room again for someone who retries. */
  secondsUntilRoom(queued: number, members: number): number {
    return Math.max(1, Math.ceil(((this.#computeSeconds ?? 1) * queued) / Math.max(1, members) / 2));
  }
}

function average(past: number | null, newest: number): number {
  return past === null ? newest : past + (newest - past) * NEWEST_WEIGHT;
}
