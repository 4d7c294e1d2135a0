import { and, asc, eq, gte } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { type JobStatus, jobs } from "../../jobs/table.ts";
import { jobUtterances } from "../table.ts";

/** Read at a time: a listener who joins late need not have all of a long text's at once. */
const BATCH = 8;

/** What a listener needs of an utterance that has been spoken. */
export interface SpokenRow {
  readonly index: number;
  readonly textStart: number;
  readonly textEnd: number;
  readonly pieceKey: string;
  readonly pauseAfterSeconds: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

export interface JobSnapshot {
  readonly status: JobStatus;
  /** How many utterances there will be; null until the text has been split. */
  readonly unitsTotal: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Those from the wanted position on, in order: the first few of them. */
  readonly spoken: readonly SpokenRow[];
}

/** A job and its utterances from position `from` on as they are at one moment; null when it is gone. */
export async function readSnapshot(
  db: Db,
  jobId: string,
  from: number,
  limit = BATCH,
): Promise<JobSnapshot | null> {
  const rows = await db
    .select({
      job: {
        status: jobs.status,
        unitsTotal: jobs.unitsTotal,
        errorCode: jobs.errorCode,
        errorMessage: jobs.errorMessage,
      },
      spoken: {
        index: jobUtterances.index,
        textStart: jobUtterances.textStart,
        textEnd: jobUtterances.textEnd,
        pieceKey: jobUtterances.pieceKey,
        pauseAfterSeconds: jobUtterances.pauseAfterSeconds,
        startSeconds: jobUtterances.startSeconds,
        durationSeconds: jobUtterances.durationSeconds,
      },
    })
    .from(jobs)
    .leftJoin(jobUtterances, and(eq(jobUtterances.jobId, jobs.id), gte(jobUtterances.index, from)))
    .where(eq(jobs.id, jobId))
    .orderBy(asc(jobUtterances.index))
    .limit(limit);
  const [first] = rows;
  if (first === undefined) return null;
  return { ...first.job, spoken: rows.flatMap(({ spoken }) => spoken ?? []) };
}
