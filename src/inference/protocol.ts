import type { AnalysisFiles, AnalysisRequest, AnalysisResults } from "./analysis.ts";
import type { ExecutionProvider, FakeEngineOptions, Precision } from "./contract.ts";
import type { UtteranceAudio, UtteranceRequest } from "./engine.ts";

/** A weight file as a member loads it. */
export interface MemberModel {
  readonly path: string;
  /** The file to load instead where the processor multiplies uint8 by int8 exactly, or null. */
  readonly vnniPath: string | null;
  readonly precision: Precision;
}

/** Everything a member needs to know; sent once, right after it is spawned. */
export interface MemberSetup {
  readonly kokoro: { readonly cpu: MemberModel; readonly gpu: MemberModel } | null;
  readonly fake: FakeEngineOptions | null;
  readonly providers: readonly ExecutionProvider[];
  readonly threads: number;
  /** A GPU that is slower than this (compute seconds per second of audio) is passed over. */
  readonly gpuRealTimeFactorLimit: number;
}

export interface MemberReady {
  readonly provider: ExecutionProvider;
  /** Null for a member without models. */
  readonly precision: Precision | null;
  readonly residentBytes: number;
}

/** What a member is given to do. Models of analysis are loaded when a recording first needs them. */
export type MemberWork =
  | { readonly type: "speak"; readonly request: UtteranceRequest }
  | { readonly type: "analyse"; readonly request: AnalysisRequest; readonly files: AnalysisFiles | "fake" };

/** What comes of it. */
export type MemberResult =
  | { readonly type: "speak"; readonly audio: UtteranceAudio }
  | { readonly type: "analyse"; readonly analysis: AnalysisResults[keyof AnalysisResults] };

/** Parent to member. One piece of work at a time: the answer comes before the next `run`. */
export type ToMember =
  | { readonly type: "setup"; readonly setup: MemberSetup }
  | { readonly type: "run"; readonly work: MemberWork };

/** Member to parent. */
export type FromMember =
  | { readonly type: "attempt"; readonly provider: ExecutionProvider }
  | { readonly type: "refused"; readonly provider: ExecutionProvider; readonly reason: string }
  | ({ readonly type: "ready" } & MemberReady)
  | { readonly type: "startFailed"; readonly reason: string }
  | { readonly type: "result"; readonly result: MemberResult; readonly residentBytes: number }
  | { readonly type: "runFailed"; readonly reason: string; readonly residentBytes: number };
