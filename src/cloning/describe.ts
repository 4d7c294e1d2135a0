import { ANALYSIS_SAMPLE_RATE } from "../inference/analysis.ts";
import { listen } from "./listen.ts";
import type { CloneMachinery, CloneTarget } from "./machinery.ts";

/**
 * What a search aims at.
 *
 * @param speech of one speaker: mono at 16 kHz, without long pauses; five seconds and more.
 * @throws Error when next to nothing can be heard.
 */
export async function describeSample(
  speech: Float32Array,
  machinery: Pick<CloneMachinery, "embed">,
): Promise<CloneTarget> {
  const views = await listen(speech, ANALYSIS_SAMPLE_RATE, machinery);
  const [embedding] = views ?? [];
  if (views === null || embedding === undefined) throw new Error("the sample holds next to no speech");
  return { embedding, views };
}
