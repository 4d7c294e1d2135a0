import { ANALYSIS_SAMPLE_RATE, type SpeechQuality, type TimeSpan } from "../../inference/analysis.ts";
import type { InferencePool, RunOptions } from "../../inference/contract.ts";
import type { QualityReport } from "./report.ts";
import { findSpeakers } from "./speakers.ts";

/** DNSMOS judges excerpts of this length, and this many of a longer recording are enough. */
const EXCERPT_SECONDS = 9.02;
const MOST_EXCERPTS = 3;
/** Pauses up to this length are part of how someone speaks. */
const KEPT_PAUSE_SECONDS = 0.4;

/** What measuring needs of the pool. */
export type Analyst = Pick<InferencePool, "analyse">;

export interface MeasuredSample {
  /** Without what takes longer: `scoreSample`, `countSpeakers`. */
  readonly report: QualityReport;
  /** Where someone speaks, in order. */
  readonly speech: readonly TimeSpan[];
  /** Median pitch of the voice in Hz; null where too little is voiced. */
  readonly pitchHertz: number | null;
}

/**
 * Measures a sample. Nobody may speak in it: the caller decides on `report.speechSeconds`.
 *
 * @param samples mono at 16 kHz
 * @throws what the pool throws
 */
export async function measureSample(
  analyst: Analyst,
  samples: Float32Array,
  options: RunOptions,
): Promise<MeasuredSample> {
  const { speech, pitchHertz, ...levels } = await analyst.analyse({ kind: "speech", samples }, options);
  const report = {
    ...levels,
    durationSeconds: samples.length / ANALYSIS_SAMPLE_RATE,
    speechSeconds: speech.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0),
    dnsmos: null,
    speakers: null,
  };
  return { report, speech, pitchHertz };
}

/** Counts the voices that are heard in a recording; takes about a twentieth of its length. */
export async function countSpeakers(
  analyst: Analyst,
  samples: Float32Array,
  speech: readonly TimeSpan[],
  options: RunOptions,
): Promise<NonNullable<QualityReport["speakers"]>> {
  const { windows } = await analyst.analyse({ kind: "embedding", samples }, options);
  return findSpeakers(windows, speech).map(({ seconds, spans }) => ({ seconds, spans: [...spans] }));
}

/** The speech of a recording: what lies before, behind and in long pauses is left out. */
export function speechOf(samples: Float32Array, speech: readonly TimeSpan[]): Float32Array {
  const at = (seconds: number) => Math.round(seconds * ANALYSIS_SAMPLE_RATE);
  const parts = speech.map(({ startSeconds, endSeconds }, index) => {
    const next = speech[index + 1]?.startSeconds ?? endSeconds;
    return samples.subarray(at(startSeconds), at(Math.min(next, endSeconds + KEPT_PAUSE_SECONDS)));
  });
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let length = 0;
  for (const part of parts) {
    joined.set(part, length);
    length += part.length;
  }
  return joined;
}

/**
 * Estimates how listeners would rate the recording, on up to three excerpts of nine seconds spread over it.
 *
 * @param samples mono at 16 kHz, at least one
 */
export async function scoreSample(
  analyst: Analyst,
  samples: Float32Array,
  options: RunOptions,
): Promise<SpeechQuality> {
  const length = Math.ceil(EXCERPT_SECONDS * ANALYSIS_SAMPLE_RATE);
  const count = Math.min(MOST_EXCERPTS, Math.max(1, Math.floor(samples.length / length)));
  const scores: SpeechQuality[] = [];
  for (let excerpt = 0; excerpt < count; excerpt++) {
    const start = count === 1 ? 0 : Math.floor(((samples.length - length) * excerpt) / (count - 1));
    const part = samples.slice(start, start + length);
    scores.push(await analyst.analyse({ kind: "quality", samples: part }, options));
  }
  return meanQuality(scores);
}

/** Each score's mean over several recordings. */
export function meanQuality(scores: readonly SpeechQuality[]): SpeechQuality {
  const mean = (of: keyof SpeechQuality) => scores.reduce((sum, score) => sum + score[of], 0) / scores.length;
  return {
    overall: mean("overall"),
    signal: mean("signal"),
    background: mean("background"),
    p808: mean("p808"),
  };
}
