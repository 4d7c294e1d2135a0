import type { AudioRefusal } from "../../errors.ts";
import type { AudioFacts, InspectRequest } from "./contract.ts";

/** What the decoding process is told. */
export interface ToDecoder {
  readonly id: number;
  readonly request: InspectRequest;
}

/** What it answers. `fault` is for the log: it may name paths. */
export type FromDecoder =
  | { readonly type: "ready" }
  | { readonly type: "facts"; readonly id: number; readonly facts: AudioFacts }
  | {
      readonly type: "refused";
      readonly id: number;
      readonly reason: AudioRefusal;
      readonly message: string;
      readonly fault: string | null;
    }
  | { readonly type: "failed"; readonly id: number; readonly fault: string };
