import { and, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { jobs } from "./table.ts";

/**
 * Jobs in which one of these voices is heard: alone, as a part of an inline mix, or beside others. The row names a voice
 * that speaks alone; the input names all others.
 */
export function hearsOneOf(ids: readonly string[]): SQL | undefined {
  const holds = (part: object) => sql`${jobs.input} @> ${JSON.stringify(part)}::jsonb`;
  const among = ids.flatMap((voiceId) => [
    holds({ voiceId }),
    holds({ mix: [{ voiceId }] }),
    holds({ voices: [{ voiceId }] }),
    holds({ voices: [{ mix: [{ voiceId }] }] }),
  ]);
  return or(inArray(jobs.voiceId, [...ids]), and(isNull(jobs.voiceId), or(...among)));
}
