import { measureClipping } from "../audio/clipping.ts";
import { measureLoudness } from "../audio/loudness.ts";
import { measureNoise } from "../audio/noise.ts";
import { measurePitch } from "../audio/pitch.ts";
import { ANALYSIS_SAMPLE_RATE, type SpeechMeasures, type TimeSpan } from "./analysis.ts";

/** How a recording sounds, given where someone speaks in it. */
export function measureSpeech(samples: Float32Array, speech: readonly TimeSpan[]): SpeechMeasures {
  return {
    speech,
    loudnessLufs: measureLoudness(samples, ANALYSIS_SAMPLE_RATE),
    signalToNoiseDecibels: measureNoise(samples, ANALYSIS_SAMPLE_RATE, speech),
    clippedShare: measureClipping(samples),
    pitchHertz: measurePitch(samples, ANALYSIS_SAMPLE_RATE, speech),
  };
}
