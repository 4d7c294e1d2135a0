import { and, desc, eq, gt, gte, ne, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { WORKER_LOST_SECONDS } from "../health/judge.ts";
import { workerNodes } from "../health/table.ts";
import { usageDaily } from "../usage/table.ts";
import type { ForecastMachine } from "./forecast.ts";
import { LANES, type Lane, placesOf } from "./lane.ts";
import { jobs } from "./table.ts";

/** How fast this installation has been found to be: what estimates are made of. */
export interface Pace {
  readonly machine: ForecastMachine;
  /** Seconds that a member computes for a second of audio. */
  readonly realTimeFactor: number;
  /** Seconds of audio that a character of this language becomes, at speed 1. */
  audioSecondsPerCharacter(language: string): number;
  /** Seconds that jobs of a kind take which is not measured by its text. */
  secondsOf(kind: string): number;
}

/** Usage that is looked at: older texts and machines say little of the present ones. */
const DAYS = 30;
/** Jobs that say how long those of their kind take. */
const RECENT_JOBS = 50;

/** What holds until something has been measured: the stock voices on a few cores. */
const DEFAULTS = {
  audioSecondsPerCharacter: 1 / 15,
  realTimeFactor: 0.6,
  concurrency: 4,
  seconds: { ENROLMENT: 60, VOICE_PREVIEW: 5 } as Readonly<Record<string, number>>,
  otherSeconds: 10,
};

/** Learns the pace from what jobs have used, from the pools of the workers that are alive, and from jobs that ended. */
export async function learnPace(db: Db): Promise<Pace> {
  const [usage, workers, kinds] = await Promise.all([
    db
      .select({
        language: usageDaily.language,
        characters: sql<number>`sum(${usageDaily.characters})::float8`,
        audioSeconds: sql<number>`sum(${usageDaily.audioSeconds})::float8`,
        computeSeconds: sql<number>`sum(${usageDaily.computeSeconds})::float8`,
      })
      .from(usageDaily)
      .where(gte(usageDaily.day, sql`(now() at time zone 'UTC')::date - ${DAYS}::int`))
      .groupBy(usageDaily.language),
    db
      .select({ concurrency: workerNodes.concurrency, pool: workerNodes.pool })
      .from(workerNodes)
      .where(gt(workerNodes.heartbeatAt, sql`now() - make_interval(secs => ${WORKER_LOST_SECONDS})`)),
    db
      .select({
        kind: jobs.kind,
        seconds: sql<number>`extract(epoch from ${jobs.finishedAt} - ${jobs.startedAt})::float8`,
      })
      .from(jobs)
      .where(and(eq(jobs.status, "SUCCEEDED"), ne(jobs.kind, "SYNTHESIS")))
      .orderBy(desc(jobs.id))
      .limit(RECENT_JOBS),
  ]);
  const total = (what: "audioSeconds" | "computeSeconds") => usage.reduce((sum, row) => sum + row[what], 0);
  const measured = workers.flatMap(({ pool }) => pool.realTimeFactor ?? []);
  const byLanguage = new Map(
    usage.flatMap(({ language, characters, audioSeconds }) =>
      characters > 0 && audioSeconds > 0 ? [[language, audioSeconds / characters] as const] : [],
    ),
  );
  const takes = (kind: string) => kinds.filter((job) => job.kind === kind).map(({ seconds }) => seconds);
  return {
    machine: machineOf(workers),
    realTimeFactor:
      mean(measured) ?? ratio(total("computeSeconds"), total("audioSeconds")) ?? DEFAULTS.realTimeFactor,
    audioSecondsPerCharacter: (language) => byLanguage.get(language) ?? DEFAULTS.audioSecondsPerCharacter,
    secondsOf: (kind) => mean(takes(kind)) ?? DEFAULTS.seconds[kind] ?? DEFAULTS.otherSeconds,
  };
}

type Worker = Pick<typeof workerNodes.$inferSelect, "concurrency" | "pool">;

function machineOf(workers: readonly Worker[]): ForecastMachine {
  const members = workers.flatMap(({ pool }) => pool.members);
  // Those that have ended as nothing wanted them come back with the next piece of work.
  const usable = members.filter(({ state }) => state !== "waiting").length;
  const places = (lane: Lane) =>
    workers.reduce((sum, { concurrency }) => sum + placesOf(concurrency)[lane], 0) ||
    placesOf(DEFAULTS.concurrency)[lane];
  return {
    members: Math.max(1, usable),
    places: Object.fromEntries(LANES.map((lane) => [lane, places(lane)])) as Record<Lane, number>,
  };
}

function ratio(part: number, whole: number): number | null {
  return part > 0 && whole > 0 ? part / whole : null;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
