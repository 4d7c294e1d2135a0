import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../audit/audit.ts";
import type { KeyLimits } from "../auth/limits.ts";
import { apiKeys } from "../auth/table.ts";
import type { Config } from "../config.ts";
import type { Tx } from "../db/client.ts";
import { dictionaries, dictionaryVersions } from "../dictionaries/table.ts";
import { type Quota, QuotaExceededError } from "../errors.ts";
import { lockAdmission } from "../jobs/admission.ts";
import { jobs } from "../jobs/table.ts";
import { audioAssets } from "../synthesis/table.ts";
import { voiceSamples, voices } from "../voices/table.ts";
import { usageDaily } from "./table.ts";

/** What everyone may use up who has no limit of their own. */
export type Quotas = Config["quotas"];

/** Whose quotas they are: a managed key's, or those of a key of the environment or of open access by its name. */
export interface QuotaSubject {
  readonly tenant: string;
  readonly keyId: string | null;
  readonly keyName: string;
}

/** How much audio a text that is still to be spoken is taken for: the usual pace of the stock voices. */
const CHARACTERS_PER_SECOND = 15;

/**
 * Checks that a job still fits: characters and audio of the day and the month, jobs under way, storage. Days
 * and months are those of UTC. What has ended is in the usage, what waits or runs in the jobs; failed and
 * cancelled jobs cost nothing. How long audio is shows only when it is made: jobs under way count by their
 * texts, and the job that crosses the limit is still made.
 *
 * @throws QuotaExceededError for the first quota that has no room.
 */
export async function requireJobQuota(
  tx: Tx,
  defaults: Quotas,
  subject: QuotaSubject,
  characters: number,
): Promise<void> {
  const limits = await limitsOf(tx, defaults, subject);
  await lockIfAny(tx, limits);
  if (
    anyOf(
      limits,
      "charactersPerDay",
      "charactersPerMonth",
      "audioSecondsPerDay",
      "audioSecondsPerMonth",
      "concurrentJobs",
    )
  ) {
    const used = await usedBy(tx, subject);
    const { day, month } = resets(used.now);
    const fits = (quota: Quota, limit: number | null, taken: number, more: number, resetsAt: Date | null) => {
      if (limit !== null && taken + more > limit)
        throw new QuotaExceededError(quota, { limit, used: taken, resetsAt });
    };
    const begun = (quota: Quota, limit: number | null, taken: number, resetsAt: Date) => {
      if (limit !== null && characters > 0 && taken >= limit)
        throw new QuotaExceededError(quota, { limit, used: taken, resetsAt });
    };
    const pendingSeconds = used.pendingCharacters / CHARACTERS_PER_SECOND;
    fits("CONCURRENT_JOBS", limits.concurrentJobs, used.pendingJobs, 1, null);
    fits(
      "CHARACTERS_PER_DAY",
      limits.charactersPerDay,
      used.dayCharacters + used.pendingCharacters,
      characters,
      day,
    );
    fits(
      "CHARACTERS_PER_MONTH",
      limits.charactersPerMonth,
      used.monthCharacters + used.pendingCharacters,
      characters,
      month,
    );
    begun("AUDIO_SECONDS_PER_DAY", limits.audioSecondsPerDay, used.daySeconds + pendingSeconds, day);
    begun("AUDIO_SECONDS_PER_MONTH", limits.audioSecondsPerMonth, used.monthSeconds + pendingSeconds, month);
  }
  // How large the audio will be is not known either.
  if (characters > 0) await requireStorage(tx, limits.storageBytes, subject.tenant, 1);
}

/**
 * Checks that the tenant may have one more voice, and store so many more bytes. In the transaction that adds
 * it, before it does.
 *
 * @throws QuotaExceededError
 */
export async function requireVoiceQuota(
  tx: Tx,
  defaults: Quotas,
  actor: Pick<Actor, "tenant" | "keyId" | "name">,
  bytes: number,
): Promise<void> {
  const { tenant } = actor;
  const limits = await limitsOf(tx, defaults, { ...actor, keyName: actor.name });
  await lockIfAny(tx, limits);
  if (limits.voices !== null) {
    const used = await tx.$count(voices, eq(voices.tenant, tenant));
    if (used >= limits.voices)
      throw new QuotaExceededError("VOICES", { limit: limits.voices, used, resetsAt: null });
  }
  await requireStorage(tx, limits.storageBytes, tenant, bytes);
}

/**
 * Checks that the tenant may have so many more dictionaries, and store so many more bytes of them. In the transaction
 * that adds them, before it does.
 *
 * @throws QuotaExceededError
 */
export async function requireDictionaryQuota(
  tx: Tx,
  defaults: Quotas,
  actor: Pick<Actor, "tenant" | "keyId" | "name">,
  more: { readonly dictionaries: number; readonly bytes: number },
): Promise<void> {
  const { tenant } = actor;
  const limits = await limitsOf(tx, defaults, { ...actor, keyName: actor.name });
  await lockIfAny(tx, limits);
  const limit = limits.dictionaries;
  if (limit !== null) {
    const used = await tx.$count(
      dictionaries,
      and(eq(dictionaries.tenant, tenant), isNull(dictionaries.deletedAt)),
    );
    if (used + more.dictionaries > limit)
      throw new QuotaExceededError("DICTIONARIES", { limit, used, resetsAt: null });
  }
  await requireStorage(tx, limits.storageBytes, tenant, more.bytes);
}

/**
 * Checks that the tenant may store so many more bytes. In the transaction that stores them.
 *
 * @throws QuotaExceededError
 */
export async function requireStorageQuota(
  tx: Tx,
  defaults: Quotas,
  actor: Pick<Actor, "tenant" | "keyId" | "name">,
  bytes: number,
): Promise<void> {
  const limits = await limitsOf(tx, defaults, { ...actor, keyName: actor.name });
  await lockIfAny(tx, limits);
  await requireStorage(tx, limits.storageBytes, actor.tenant, bytes);
}

type Limits = Omit<KeyLimits, "requestsPerMinute">;

/** The key's own limits, each with what everyone has where it is silent; as the database has them now. */
async function limitsOf(tx: Tx, defaults: Quotas, { keyId }: QuotaSubject): Promise<Limits> {
  if (keyId === null) return defaults;
  const [key] = await tx.select({ limits: apiKeys.limits }).from(apiKeys).where(eq(apiKeys.id, keyId));
  const own = Object.entries(key?.limits ?? {}).filter(([, limit]) => limit !== null);
  return { ...defaults, ...Object.fromEntries(own) };
}

const anyOf = (limits: Limits, ...names: readonly (keyof Limits)[]) =>
  names.some((name) => limits[name] !== null);

async function lockIfAny(tx: Tx, limits: Limits): Promise<void> {
  if (Object.values(limits).some((limit) => limit !== null)) await lockAdmission(tx);
}

interface Used {
  readonly now: Date;
  readonly pendingJobs: number;
  readonly pendingCharacters: number;
  readonly dayCharacters: number;
  readonly monthCharacters: number;
  readonly daySeconds: number;
  readonly monthSeconds: number;
}

/** A key and those that it has replaced: a new secret is no new allowance. */
function lineOf(keyId: string, as: "uuid" | "text"): SQL {
  const line = sql`select ${keyId}::uuid union select ${apiKeys.rotatedFrom} from ${apiKeys} join line on ${apiKeys.id} = line.id where ${apiKeys.rotatedFrom} is not null`;
  return sql`with recursive line (id) as (${line}) select id::${sql.raw(as)} from line`;
}

/** One statement: a job that ends meanwhile is either still a job or already usage, never both or neither. */
async function usedBy(tx: Tx, { tenant, keyId, keyName }: QuotaSubject): Promise<Used> {
  const ofJobs =
    keyId === null
      ? and(eq(jobs.tenant, tenant), isNull(jobs.keyId), eq(jobs.keyName, keyName))
      : and(eq(jobs.tenant, tenant), sql`${jobs.keyId} in (${lineOf(keyId, "uuid")})`);
  const ofUsage =
    keyId === null
      ? and(eq(usageDaily.tenant, tenant), eq(usageDaily.keyId, ""), eq(usageDaily.keyName, keyName))
      : and(eq(usageDaily.tenant, tenant), sql`${usageDaily.keyId} in (${lineOf(keyId, "text")})`);
  const pending = sql`from ${jobs} where ${ofJobs} and ${jobs.status} in ('QUEUED', 'RUNNING')`;
  const since = (start: "day" | "month") =>
    sql`from ${usageDaily} where ${ofUsage} and ${usageDaily.day} >= date_trunc('${sql.raw(start)}', now() at time zone 'UTC')::date`;
  const sum = (what: SQL, rest: SQL) => sql<number>`(select coalesce(sum(${what}), 0) ${rest})::float8`;
  const [row] = await tx
    .select({
      now: sql<string>`to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
      pendingJobs: sql<number>`(select count(*) ${pending})::int`,
      pendingCharacters: sum(sql`${jobs.characters}`, pending),
      dayCharacters: sum(sql`${usageDaily.characters}`, since("day")),
      monthCharacters: sum(sql`${usageDaily.characters}`, since("month")),
      daySeconds: sum(sql`${usageDaily.audioSeconds}`, since("day")),
      monthSeconds: sum(sql`${usageDaily.audioSeconds}`, since("month")),
    })
    .from(sql`(values (1)) as one`);
  if (row === undefined) throw new Error("select returned no row");
  return { ...row, now: new Date(row.now) };
}

async function requireStorage(tx: Tx, limit: number | null, tenant: string, more: number): Promise<void> {
  if (limit === null) return;
  // Jobs that share a file take its bytes once.
  const files = sql`select distinct ${audioAssets.storageKey}, ${audioAssets.bytes} from ${audioAssets} join ${jobs} on ${jobs.id} = ${audioAssets.jobId} where ${jobs.tenant} = ${tenant} and ${audioAssets.deletedAt} is null`;
  const audio = sql`select coalesce(sum(files.bytes), 0) from (${files}) as files`;
  const samples = sql`select coalesce(sum(${voiceSamples.bytes}), 0) from ${voiceSamples} join ${voices} on ${voices.id} = ${voiceSamples.voiceId} where ${voices.tenant} = ${tenant}`;
  // Old versions count as long as they are kept.
  const words = sql`select coalesce(sum(${dictionaryVersions.bytes}), 0) from ${dictionaryVersions} join ${dictionaries} on ${dictionaries.id} = ${dictionaryVersions.dictionaryId} where ${dictionaries.tenant} = ${tenant}`;
  const [row] = await tx
    .select({ used: sql<number>`((${audio}) + (${samples}) + (${words}))::float8` })
    .from(sql`(values (1)) as one`);
  const used = row?.used ?? 0;
  if (used + more > limit) throw new QuotaExceededError("STORAGE_BYTES", { limit, used, resetsAt: null });
}

/** When the day and the month of UTC end. */
function resets(now: Date): { day: Date; month: Date } {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return { day: new Date(Date.UTC(year, month, day + 1)), month: new Date(Date.UTC(year, month + 1, 1)) };
}
