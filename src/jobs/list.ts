import { and, eq, gt, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import type { ListPage } from "../db/page.ts";
import { type JobRow, type JobStatus, jobs } from "./table.ts";
import { hearsOneOf } from "./voices.ts";

export interface JobFilter {
  readonly status?: readonly JobStatus[] | null | undefined;
  readonly voiceId?: string | null | undefined;
  readonly createdAfter?: Date | null | undefined;
  readonly createdBefore?: Date | null | undefined;
}

function matches(tenant: string, filter: JobFilter): SQL | undefined {
  return and(
    eq(jobs.tenant, tenant),
    filter.status == null || filter.status.length === 0
      ? undefined
      : inArray(jobs.status, [...filter.status]),
    filter.voiceId == null ? undefined : hearsOneOf([filter.voiceId]),
    filter.createdAfter == null ? undefined : gt(jobs.createdAt, filter.createdAfter),
    filter.createdBefore == null ? undefined : lt(jobs.createdAt, filter.createdBefore),
  );
}

/** A page of a tenant's jobs, newest first: ids are UUIDv7, so their order is that of creation. */
export async function listJobs(db: Db, tenant: string, filter: JobFilter, page: ListPage): Promise<JobRow[]> {
  return await db
    .select()
    .from(jobs)
    .where(
      and(
        matches(tenant, filter),
        page.after === undefined ? undefined : lt(jobs.id, page.after),
        page.before === undefined ? undefined : gt(jobs.id, page.before),
      ),
    )
    .orderBy(page.inverted ? sql`${jobs.id} asc` : sql`${jobs.id} desc`)
    .limit(page.limit);
}

export async function countListedJobs(db: Db, tenant: string, filter: JobFilter): Promise<number> {
  return await db.$count(jobs, matches(tenant, filter));
}
