import type { ExecutionProvider, FakeEngineOptions, Precision } from "./contract.ts";
import type { UtteranceAudio, UtteranceRequest } from "./engine.ts";

/** A weight file as a member loads it. */
export interface MemberModel {
  readonly path: string;
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

/** Parent to member. One utterance at a time: the answer comes before the next `run`. */
export type ToMember =
  | { readonly type: "setup"; readonly setup: MemberSetup }
  | { readonly type: "run"; readonly request: UtteranceRequest };

/** Member to parent. */
export type FromMember =
  | { readonly type: "attempt"; readonly provider: ExecutionProvider }
  | { readonly type: "refused"; readonly provider: ExecutionProvider; readonly reason: string }
  | ({ readonly type: "ready" } & MemberReady)
  | { readonly type: "startFailed"; readonly reason: string }
  | { readonly type: "result"; readonly audio: UtteranceAudio; readonly residentBytes: number }
  | { readonly type: "runFailed"; readonly reason: string; readonly residentBytes: number };
