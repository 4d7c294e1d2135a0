import { and, eq, gte, lte, type SQL, sql, sum } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Actor } from "../audit/audit.ts";
import type { Db } from "../db/client.ts";
import { InvalidInputError } from "../errors.ts";
import { jobs } from "../jobs/table.ts";
import { usageDaily } from "./table.ts";

export const USAGE_GROUPS = ["DAY", "KEY", "VOICE", "LANGUAGE"] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

const DEFAULT_DAYS = 30;
/** A report reads a row for each day, key, voice and language: longer ranges go in parts. */
const MOST_DAYS = 366;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Most buckets of one report: the largest come first, when it is not by day. */
const MOST_BUCKETS = 1_000;

/** A range of time and whose usage: all tenants' when `tenant` is null. */
export interface UsageRange {
  readonly from: Date;
  readonly to: Date;
  readonly tenant: string | null;
}

export interface UsageBucket {
  /** What the bucket is of: day, key id, voice id or language tag. */
  readonly key: string;
  readonly name: string;
  readonly jobs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly characters: number;
  readonly audioSeconds: number;
  readonly computeSeconds: number;
}

/**
 * The range that was asked for: the last 30 days when nothing was. Keys without `admin` see their own tenant's.
 *
 * @throws InvalidInputError for a range that ends before it begins or is longer than a year.
 */
export function usageRange(
  actor: Pick<Actor, "scopes" | "tenant">,
  asked: { from?: Date | null | undefined; to?: Date | null | undefined; tenant?: string | null | undefined },
): UsageRange {
  const to = asked.to ?? new Date();
  const from = asked.from ?? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS);
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (!(days >= 0 && days <= MOST_DAYS)) {
    const message = `accepts a time before \`to\`, at most ${MOST_DAYS} days`;
    throw new InvalidInputError([{ path: ["from"], message }]);
  }
  return { from, to, tenant: actor.scopes.has("admin") ? (asked.tenant ?? null) : actor.tenant };
}

const GROUP_COLUMNS: Record<UsageGroup, { readonly key: AnyPgColumn; readonly name: AnyPgColumn }> = {
  DAY: { key: usageDaily.day, name: usageDaily.day },
  KEY: { key: usageDaily.keyId, name: usageDaily.keyName },
  VOICE: { key: usageDaily.voiceId, name: usageDaily.voiceId },
  LANGUAGE: { key: usageDaily.language, name: usageDaily.language },
};

/** Usage of whole days (UTC) that the range touches, in buckets; by day in order of time, else the largest first. */
export async function reportUsage(
  db: Db,
  { from, to, tenant }: UsageRange,
  group: UsageGroup,
): Promise<UsageBucket[]> {
  const { key, name } = GROUP_COLUMNS[group];
  const total = (column: AnyPgColumn) => sum(column).mapWith(Number);
  const rows = await db
    .select({
      key: sql<string>`${key}::text`,
      name: sql<string>`${name}::text`,
      jobs: total(usageDaily.jobs),
      succeeded: total(usageDaily.succeeded),
      failed: total(usageDaily.failed),
      cancelled: total(usageDaily.cancelled),
      characters: total(usageDaily.characters),
      audioSeconds: total(usageDaily.audioSeconds),
      computeSeconds: total(usageDaily.computeSeconds),
    })
    .from(usageDaily)
    .where(
      and(
        gte(usageDaily.day, from.toISOString().slice(0, 10)),
        lte(usageDaily.day, to.toISOString().slice(0, 10)),
        tenant === null ? undefined : eq(usageDaily.tenant, tenant),
      ),
    )
    .groupBy(key, name)
    .orderBy(group === "DAY" ? sql`${key} asc` : sql`sum(${usageDaily.jobs}) desc, ${key} asc`)
    .limit(MOST_BUCKETS);
  return rows as UsageBucket[];
}

/** What shares of the jobs did not exceed, in seconds; null when there are none. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface LatencyReport {
  readonly jobs: number;
  readonly queueWait: Percentiles;
  readonly processing: Percentiles;
  readonly total: Percentiles;
}

/** A job that was tried again by hand waits since then, not since it was first accepted. */
const waitedSince = sql`case when ${jobs.queuedAt} <= ${jobs.startedAt} then ${jobs.queuedAt} else ${jobs.createdAt} end`;

/** Latencies of the synthesis jobs that were accepted in the range and have succeeded, from their rows. */
export async function reportLatency(db: Db, { from, to, tenant }: UsageRange): Promise<LatencyReport> {
  const seconds = (later: SQL | AnyPgColumn, earlier: SQL | AnyPgColumn) =>
    sql`extract(epoch from ${later} - ${earlier})::float8`;
  const shares = (value: SQL) => sql<number[] | null>`
    percentile_cont(array[0.5, 0.9, 0.95, 0.99, 1]) within group (order by ${value})`;
  const [row] = await db
    .select({
      jobs: sql<number>`count(*)::int`,
      queueWait: shares(seconds(jobs.startedAt, waitedSince)),
      processing: shares(seconds(jobs.finishedAt, jobs.startedAt)),
      total: shares(seconds(jobs.finishedAt, waitedSince)),
    })
    .from(jobs)
    .where(
      and(
        eq(jobs.kind, "SYNTHESIS"),
        eq(jobs.status, "SUCCEEDED"),
        gte(jobs.createdAt, from),
        lte(jobs.createdAt, to),
        tenant === null ? undefined : eq(jobs.tenant, tenant),
      ),
    );
  const percentiles = (values: number[] | null | undefined): Percentiles => {
    const [p50 = null, p90 = null, p95 = null, p99 = null, max = null] = values ?? [];
    return { p50, p90, p95, p99, max };
  };
  return {
    jobs: row?.jobs ?? 0,
    queueWait: percentiles(row?.queueWait),
    processing: percentiles(row?.processing),
    total: percentiles(row?.total),
  };
}
