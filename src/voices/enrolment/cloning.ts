import type {
  CloneMachinery,
  CloneState,
  CloneTarget,
  MeasuredSimilarity,
  RefineOptions,
} from "../../cloning/machinery.ts";

/** What an enrolment needs of the search for voices; speaking and listening are lent to it with every call. */
export interface Cloning {
  /** Gets ready for what comes, so that it need not wait; a failure is met by what comes. */
  prepare(): void;
  /** @param speech mono at 16 kHz, without long pauses */
  describe(speech: Float32Array, machinery: CloneMachinery): Promise<CloneTarget>;
  /** The mix of stock voices that is nearest to the target, in a second or so. */
  mix(target: CloneTarget, machinery: CloneMachinery): Promise<CloneState>;
  /** Better and better voices, the first being the mix, until the budget is used up. Throws the signal's reason. */
  refine(target: CloneTarget, machinery: CloneMachinery, options: RefineOptions): AsyncIterable<CloneState>;
  /** How close a pack is, on texts that `refine` does not use. */
  measure(pack: Float32Array, target: CloneTarget, machinery: CloneMachinery): Promise<MeasuredSimilarity>;
}
