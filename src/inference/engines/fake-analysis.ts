import {
  ANALYSIS_SAMPLE_RATE,
  type AnalysisKind,
  type AnalysisResults,
  EMBEDDING_LENGTH,
  type TimeSpan,
} from "../analysis.ts";
import { measureSpeech } from "../speech-measures.ts";
import { PowerSpectrum } from "./fft.ts";

const FRAME_LENGTH = 2 * EMBEDDING_LENGTH;
const WINDOW_SAMPLES = 0.8 * ANALYSIS_SAMPLE_RATE;
const HOP_SAMPLES = 0.4 * ANALYSIS_SAMPLE_RATE;
/** Below this a frame is silence (-50 dB of full scale). */
const SILENCE_POWER = 1e-5;

/**
 * Analysis without models, for tests of queueing and transport: what it says follows from the samples alone. The
 * embedding is the spectrum, so tones of other pitches are other speakers; what sounds is speech.
 */
export function fakeAnalysis(
  kind: AnalysisKind,
  samples: Float32Array,
): AnalysisResults[keyof AnalysisResults] {
  if (kind === "quality") return { overall: 3.2, signal: 3.5, background: 3.9, p808: 3.8 };
  if (kind === "speech") return measureSpeech(samples, soundingSpans(samples));
  const windows: Float32Array[] = [];
  for (let start = 0; start === 0 || start + WINDOW_SAMPLES <= samples.length; start += HOP_SAMPLES) {
    windows.push(unitSpectrum(samples.subarray(start, start + WINDOW_SAMPLES)));
  }
  return { embedding: unitSpectrum(samples), windows };
}

/** Square root of the mean power of each bin, scaled to unit length. */
function unitSpectrum(samples: Float32Array): Float32Array {
  const spectrum = new PowerSpectrum(FRAME_LENGTH);
  const frame = new Float64Array(FRAME_LENGTH);
  const power = new Float64Array(FRAME_LENGTH / 2 + 1);
  const mean = new Float64Array(EMBEDDING_LENGTH);
  for (let start = 0; start < samples.length; start += FRAME_LENGTH) {
    for (let i = 0; i < FRAME_LENGTH; i += 1) {
      frame[i] = (samples[start + i] ?? 0) * Math.sin((Math.PI * i) / FRAME_LENGTH);
    }
    spectrum.compute(frame, power);
    for (let bin = 0; bin < mean.length; bin += 1) mean[bin] = (mean[bin] ?? 0) + (power[bin] ?? 0);
  }
  const magnitudes = Float32Array.from(mean, Math.sqrt);
  const length = Math.hypot(...magnitudes);
  return length === 0 ? magnitudes.fill(1 / Math.sqrt(EMBEDDING_LENGTH)) : magnitudes.map((m) => m / length);
}

function soundingSpans(samples: Float32Array): TimeSpan[] {
  const spans: { startSeconds: number; endSeconds: number }[] = [];
  for (let start = 0; start < samples.length; start += FRAME_LENGTH) {
    const frame = samples.subarray(start, start + FRAME_LENGTH);
    const power = frame.reduce((sum, value) => sum + value * value, 0) / frame.length;
    if (power < SILENCE_POWER) continue;
    const startSeconds = start / ANALYSIS_SAMPLE_RATE;
    const endSeconds = (start + frame.length) / ANALYSIS_SAMPLE_RATE;
    const last = spans.at(-1);
    if (last?.endSeconds === startSeconds) last.endSeconds = endSeconds;
    else spans.push({ startSeconds, endSeconds });
  }
  return spans;
}
