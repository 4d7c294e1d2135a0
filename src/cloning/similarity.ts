import { dot, meanDirection } from "./linear.ts";
import type { CloneMachinery, CloneTarget, MeasuredSimilarity } from "./machinery.ts";
import { MEASURING_SENTENCES } from "./sentences.ts";
import { inParallel, speakAndListen } from "./speak.ts";
import { styleFor } from "./style-space.ts";

/**
 * What the encoder says about two recordings of one speaker and of two speakers: ten clips each of five speakers of
 * LibriSpeech test-other, a clip against the mean of the speaker's others and against the means of other speakers
 * (`npm run eval:cloning` prints both).
 */
const SAME_SPEAKER = 0.928;
const STRANGER = 0.36;

/**
 * How much a voice sounds like the sample, on sentences that no search has used.
 *
 * @throws Error when the voice says next to nothing.
 */
export async function measureSimilarity(
  pack: Float32Array,
  target: CloneTarget,
  machinery: CloneMachinery,
): Promise<MeasuredSimilarity> {
  const spoken = await inParallel(
    MEASURING_SENTENCES.map(
      (sentence) => () => speakAndListen(styleFor(pack, sentence.tokens.length), sentence, machinery),
    ),
    machinery.parallel,
  );
  const embeddings = spoken.flatMap((views) => (views?.[0] === undefined ? [] : [views[0]]));
  if (embeddings.length === 0) throw new Error("the voice cannot be heard");
  const cosine = dot(target.embedding, meanDirection(embeddings));
  return {
    cosine,
    normalised: (cosine - STRANGER) / (SAME_SPEAKER - STRANGER),
    method:
      `Cosine of the speaker embeddings of the sample and of ${MEASURING_SENTENCES.length} sentences that the search ` +
      `did not use; normalised: 0 is what strangers get (${STRANGER}), 1 what the same speaker gets (${SAME_SPEAKER}).`,
  };
}
