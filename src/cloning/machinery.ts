import type { KokoroUtterance, UtteranceAudio } from "../inference/engine.ts";

/** What a search needs from the house: both run elsewhere (the pool), so calls may overlap. */
export interface CloneMachinery {
  speak(request: KokoroUtterance): Promise<UtteranceAudio>;
  /** @param samples mono at 16 kHz, within -1..1. @returns the speaker embedding, 256 numbers of unit length. */
  embed(samples: Float32Array): Promise<Float32Array>;
  /**
   * How listeners would rate the recording (DNSMOS overall), mono at 16 kHz; left out, a search does not watch over
   * the quality of what it finds.
   */
  rate?(samples: Float32Array): Promise<number>;
  /** How many calls are worth having under way at once: the pool's members. */
  readonly parallel: number;
}

/** What a search aims at; made from the sample by `describeSample`. */
export interface CloneTarget {
  /** Of the whole sample: 256 numbers of unit length. */
  readonly embedding: Float32Array;
  /** Of its sections, a few seconds each. */
  readonly views: readonly Float32Array[];
}

/** A cloned voice as it stands. */
export interface CloneState {
  readonly stage: "MIX" | "REFINE";
  /** Style pack, float32 [510, 1, 256]. */
  readonly pack: Float32Array;
  /** Cosine between the sample's embedding and that of what was spoken while searching. */
  readonly similarity: number;
  /** Utterances spoken so far. */
  readonly evaluations: number;
  /** 0 to 1. */
  readonly progress: number;
}

export interface RefineOptions {
  readonly budgetSeconds: number;
  /** The same seed and the same number of evaluations give the same pack. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Ends the search after so many utterances, whatever the time. */
  readonly mostEvaluations?: number;
}

export interface MeasuredSimilarity {
  /** Cosine between the sample's embedding and the mean embedding of the voice, -1 to 1. */
  readonly cosine: number;
  /** 0 is what a stranger gets, 1 what another recording of the same speaker gets; may lie outside. */
  readonly normalised: number;
  /** How it was measured, in a sentence. */
  readonly method: string;
}
