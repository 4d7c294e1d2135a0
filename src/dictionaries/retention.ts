import { and, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Db } from "../db/client.ts";
import { jobs } from "../jobs/table.ts";
import { dictionaryVersions } from "./table.ts";

/** A request that is being accepted has looked its versions up and may not have written its job yet. */
const GRACE_MINUTES = 60;
/** So long may a job that failed or was cancelled be retried with the versions it was accepted with. */
const RETRY_DAYS = 7;

/**
 * Removes versions that no request can use any more and no job needs: none that waits, runs, or ended badly not long
 * ago. Safe on several nodes at once.
 */
export async function removeOldVersions(db: Db, log: Pick<Logger, "info">): Promise<void> {
  const removed = await db
    .delete(dictionaryVersions)
    .where(
      and(
        isNotNull(dictionaryVersions.supersededAt),
        lt(dictionaryVersions.supersededAt, sql`now() - make_interval(mins => ${GRACE_MINUTES})`),
        sql`${dictionaryVersions.dictionaryId}::text || ' ' || ${dictionaryVersions.version}::text not in (${needed()})`,
      ),
    )
    .returning({ version: dictionaryVersions.version });
  if (removed.length > 0) log.info({ versions: removed.length }, "removed old versions of dictionaries");
}

/** Versions that jobs need, as text: they are gathered once, whatever number of versions there is. */
function needed(): SQL {
  const named = sql`case when jsonb_typeof(${jobs.input} -> 'dictionaries') = 'array' then ${jobs.input} -> 'dictionaries' else '[]'::jsonb end`;
  const retried = sql`${jobs.status} in ('FAILED', 'CANCELLED') and ${jobs.finishedAt} > now() - make_interval(days => ${RETRY_DAYS})`;
  return sql`select (named ->> 'id') || ' ' || (named ->> 'version') from ${jobs} cross join lateral jsonb_array_elements(${named}) as named where (${jobs.status} in ('QUEUED', 'RUNNING') or (${retried})) and named ? 'id' and named ? 'version'`;
}
