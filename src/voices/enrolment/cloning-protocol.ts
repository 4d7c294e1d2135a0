import type { CloneState, CloneTarget, MeasuredSimilarity, RefineOptions } from "../../cloning/machinery.ts";
import type { StockPack } from "../../cloning/style-space.ts";
import type { KokoroUtterance, UtteranceAudio } from "../../inference/engine.ts";

/** What the thread is started with. */
export interface CloningThreadData {
  readonly stock: readonly StockPack[];
}

/** A piece of the search; `parallel` and `rates` say what the machinery lent to it can do. */
export type CloningWork = { readonly parallel: number; readonly rates: boolean } & (
  | { readonly type: "describe"; readonly speech: Float32Array }
  | { readonly type: "mix"; readonly target: CloneTarget }
  | {
      readonly type: "refine";
      readonly target: CloneTarget;
      readonly options: Omit<RefineOptions, "signal">;
    }
  | { readonly type: "measure"; readonly target: CloneTarget; readonly pack: Float32Array }
);

/** What comes of each; a refinement has told all by its states. */
export interface CloningResults {
  readonly describe: CloneTarget;
  readonly mix: CloneState;
  readonly refine: null;
  readonly measure: MeasuredSimilarity;
}

/** What the thread needs done meanwhile. */
export type CloningAsk =
  | { readonly type: "speak"; readonly utterance: KokoroUtterance }
  | { readonly type: "embed"; readonly samples: Float32Array }
  | { readonly type: "rate"; readonly samples: Float32Array };

export type CloningAnswer = UtteranceAudio | Float32Array | number;

/** To the thread. Several calls may be under way; asks have numbers of their own. */
export type ToCloning =
  | { readonly type: "call"; readonly call: number; readonly work: CloningWork }
  | { readonly type: "abort"; readonly call: number }
  | { readonly type: "answer"; readonly ask: number; readonly answer: CloningAnswer }
  | { readonly type: "refusal"; readonly ask: number };

/** From the thread. */
export type FromCloning =
  | { readonly type: "ask"; readonly call: number; readonly ask: number; readonly what: CloningAsk }
  | { readonly type: "state"; readonly call: number; readonly state: CloneState }
  | {
      readonly type: "done";
      readonly call: number;
      readonly result: CloningResults[keyof CloningResults];
    }
  | { readonly type: "failed"; readonly call: number; readonly reason: string };
