import type { TimeSpan } from "../audio/noise.ts";

export type { TimeSpan };

/** Sample rate of every recording that is analysed, in Hz. */
export const ANALYSIS_SAMPLE_RATE = 16_000;

/** Length of a speaker embedding. */
export const EMBEDDING_LENGTH = 256;

/** Speaker embeddings are taken of windows of 80 frames, every 40; a frame is 10 ms. */
export const EMBEDDING_HOP_SECONDS = 0.4;
export const EMBEDDING_WINDOW_SECONDS = 0.8;

/** Whose voice a recording holds: directions in a space where a speaker's recordings lie close together. */
export interface SpeakerEmbedding {
  /** Mean of the windows; 256 numbers of unit length. */
  readonly embedding: Float32Array;
  /** One embedding of unit length for every `EMBEDDING_HOP_SECONDS`, of `EMBEDDING_WINDOW_SECONDS` each. */
  readonly windows: readonly Float32Array[];
}

/** Where someone speaks in a recording, and how it was recorded. */
export interface SpeechMeasures {
  /** In order; they neither overlap nor touch. */
  readonly speech: readonly TimeSpan[];
  /** Integrated loudness, ITU-R BS.1770-4; null for silence. */
  readonly loudnessLufs: number | null;
  /** How far speech rises above the pauses, -10 to 60; null when nobody speaks. */
  readonly signalToNoiseDecibels: number | null;
  /** Share of samples that were cut off, 0 to 1. */
  readonly clippedShare: number;
  /** Median pitch of the voice in Hz; null where too little is voiced. */
  readonly pitchHertz: number | null;
}

/** Estimated mean opinion scores, 1 (bad) to 5 (excellent). */
export interface SpeechQuality {
  readonly overall: number;
  readonly signal: number;
  readonly background: number;
  /** Estimate of an ITU-T P.808 crowd test. */
  readonly p808: number;
}

/** What each kind of analysis gives. */
export interface AnalysisResults {
  readonly embedding: SpeakerEmbedding;
  readonly speech: SpeechMeasures;
  readonly quality: SpeechQuality;
}

export type AnalysisKind = keyof AnalysisResults;

/** A recording to be analysed: mono at `ANALYSIS_SAMPLE_RATE`, within -1..1, at least one sample. */
export interface AnalysisRequest<Kind extends AnalysisKind = AnalysisKind> {
  readonly kind: Kind;
  readonly samples: Float32Array;
}

/** Paths of the models of analysis on this machine. */
export interface AnalysisFiles {
  readonly speakerEncoder: string;
  readonly voiceActivity: string;
  readonly dnsmos: { readonly p835: string; readonly p808: string };
}
