import { type SQL, sql } from "drizzle-orm";
import { type JobRow, jobs } from "./table.ts";

/** Longer texts take minutes: jobs of them run beside short ones, never in their places. About a minute of speech. */
const SHORT_CHARACTERS = 1_000;

/**
 * Where a job waits. Each lane has a queue and places of its own on every node, so no job waits for the end of one in
 * another lane; the pool decides by utterance among all that run.
 *
 * `short`: somebody waits for it, and it is soon done (also voices and previews); `long`: somebody waits for its first
 * sound; `batch`: nobody does.
 */
export const LANES = ["short", "long", "batch"] as const;
export type Lane = (typeof LANES)[number];

/** The lane of a job. */
export function laneOf({ priority, characters }: Pick<JobRow, "priority" | "characters">): Lane {
  if (priority === "BATCH") return "batch";
  return characters <= SHORT_CHARACTERS ? "short" : "long";
}

/** The lane of a row of `jobs`, as the database has it. */
export const laneColumn: SQL<Lane> = sql<Lane>`case when ${jobs.priority} = 'BATCH' then 'batch' when ${jobs.characters} <= ${sql.raw(String(SHORT_CHARACTERS))} then 'short' else 'long' end`;

/**
 * How many jobs of each lane a node has under way at once. A job under way holds little but the memory of the few
 * utterances that it speaks at once; of batch jobs fewer are enough, for they fill what others leave.
 *
 * @param concurrency `JOB_CONCURRENCY`
 */
export function placesOf(concurrency: number): Record<Lane, number> {
  return { short: concurrency, long: concurrency, batch: Math.ceil(concurrency / 2) };
}

/** Jobs that a node has under way at once, of all lanes together. */
export function placesTogether(concurrency: number): number {
  return Object.values(placesOf(concurrency)).reduce((sum, places) => sum + places, 0);
}
