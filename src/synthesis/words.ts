import { asc, getTableColumns, inArray } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { QueryTooComplexError } from "../errors.ts";
import type { UtteranceRecord } from "./records.ts";
import { jobUtterances } from "./table.ts";

/** Utterances whose words one operation may ask for: four texts of the largest size, some 40,000 words. */
const MOST_UTTERANCES = 2_000;

/**
 * What has been spoken of many jobs so far, each in the order of speech, in one query.
 *
 * @throws QueryTooComplexError when they are more than a service should gather at once.
 */
export async function loadSpoken(db: Db, jobIds: readonly string[]): Promise<UtteranceRecord[][]> {
  const distinct = [...new Set(jobIds)];
  const { pieceKey: _key, pauseAfterSeconds: _pause, ...columns } = getTableColumns(jobUtterances);
  const rows = await db
    .select(columns)
    .from(jobUtterances)
    .where(inArray(jobUtterances.jobId, distinct))
    .orderBy(asc(jobUtterances.jobId), asc(jobUtterances.index))
    .limit(MOST_UTTERANCES + 1);
  if (rows.length > MOST_UTTERANCES) {
    throw new QueryTooComplexError(
      `What was said and when is told of at most ${MOST_UTTERANCES} utterances at once. Ask for fewer jobs.`,
    );
  }
  const byJob = new Map<string, UtteranceRecord[]>(distinct.map((id) => [id, []]));
  for (const { jobId, ...utterance } of rows) byJob.get(jobId)?.push(utterance);
  return jobIds.map((id) => byJob.get(id) ?? []);
}
