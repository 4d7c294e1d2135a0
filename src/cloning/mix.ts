import { aim } from "./aim.ts";
import type { CloneMachinery, CloneState, CloneTarget } from "./machinery.ts";
import { SEARCH_SENTENCES } from "./sentences.ts";
import { type CloneSpace, similarityOf } from "./space.ts";
import { speakAndListen } from "./speak.ts";
import { mapOf } from "./style-map.ts";
import { styleFor } from "./style-space.ts";

/**
 * The mix of stock voices that the learnt map expects to sound most like the target, weights of either sign. One
 * short sentence is spoken, to say how alike it is.
 */
export async function mixNearest(
  space: CloneSpace,
  target: CloneTarget,
  machinery: CloneMachinery,
): Promise<CloneState> {
  const pack = space.styles.packAt(mixPoint(space, target));
  const [sentence] = SEARCH_SENTENCES;
  if (sentence === undefined) throw new Error("there is no sentence to speak");
  const heard = await speakAndListen(styleFor(pack, sentence.tokens.length), sentence, machinery);
  return {
    stage: "MIX",
    pack,
    similarity: heard === null ? 0 : similarityOf([heard], target),
    evaluations: 1,
    progress: 1,
  };
}

/** The point that the learnt map alone finds. */
export function mixPoint({ styles, learnt }: CloneSpace, { views }: CloneTarget): Float64Array {
  const scale = Math.sqrt(styles.voices);
  return aim(mapOf(learnt), views, new Float64Array(styles.dimensions)).map((value) => value / scale);
}
