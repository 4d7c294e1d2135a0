import type { Tx } from "../db/client.ts";
import type { PlacedUtterance } from "./render.ts";
import { jobUtterances } from "./table.ts";
import { toMilliseconds } from "./timing/words.ts";

/** Writes down an utterance of a job that has been spoken; a further attempt at the job writes the same again. */
export async function writeUtterance(tx: Tx, jobId: string, placed: PlacedUtterance): Promise<void> {
  const { utterance, placement, pauseAfterSeconds, tokenDurationsSeconds, words, marks, coverage } = placed;
  const row = {
    textStart: utterance.start,
    textEnd: utterance.end,
    phonemes: utterance.phonemes,
    pieceKey: placed.pieceKey ?? "",
    pauseAfterSeconds,
    offsetSeconds: placement.offsetSeconds,
    startSeconds: placement.startSeconds,
    durationSeconds: placement.durationSeconds,
    // Multiples of the model's frame of 25 ms, which float32 does not hold exactly.
    tokenSeconds: tokenDurationsSeconds === null ? null : Array.from(tokenDurationsSeconds, toMilliseconds),
    words,
    voice: utterance.voice,
    language: utterance.language,
    normalized: utterance.normalized,
    ...{ marks, coverage },
  };
  await tx
    .insert(jobUtterances)
    .values({ jobId, index: utterance.index, ...row })
    .onConflictDoUpdate({ target: [jobUtterances.jobId, jobUtterances.index], set: row });
}
