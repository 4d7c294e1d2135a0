import { LANES, type Lane } from "./lane.ts";

/** A job that runs or waits, as far as its end depends on it. */
export interface ForecastJob {
  readonly id: string;
  readonly owner: string;
  readonly lane: Lane;
  readonly running: boolean;
  /** It runs without a place, as an enrolment does whose voice can be used. */
  readonly background?: boolean;
  /** What is left of it: seconds that one member computes. */
  readonly seconds: number;
  /** Utterances that are left: no more members than that can work on it at once. Null: it uses none, it just lasts. */
  readonly utterances: number | null;
}

export interface ForecastMachine {
  /** Members of the pools of all nodes. */
  readonly members: number;
  /** Jobs of each lane that all nodes together have under way at once. */
  readonly places: Readonly<Record<Lane, number>>;
}

interface Going extends ForecastJob {
  left: number;
}

/** What batch jobs have of the members at least, as the pool gives them turns. */
const BATCH_SHARE = 1 / 8;
/** Less than this is nothing: keeps rounding from making further steps. */
const NEGLIGIBLE_SECONDS = 1e-6;

/**
 * When each job will have ended, in seconds from now, if nothing else comes: the fleet is played through from one end of
 * a job to the next. Members are shared as the pool shares them: what somebody waits for before batch, by owners, then
 * by jobs.
 *
 * @param jobs those that wait in the order in which they are taken
 */
export function forecast(jobs: readonly ForecastJob[], machine: ForecastMachine): Map<string, number> {
  const ends = new Map<string, number>();
  const going: Going[] = jobs.filter(({ running }) => running).map(begin);
  const waiting = Object.fromEntries(
    LANES.map((lane) => [lane, jobs.filter((job) => !job.running && job.lane === lane).reverse()]),
  ) as Record<Lane, ForecastJob[]>;
  let now = 0;
  for (;;) {
    for (const lane of LANES) {
      let taken = going.filter((job) => job.lane === lane && job.background !== true).length;
      for (; taken < Math.max(1, machine.places[lane]); taken++) {
        const next = waiting[lane].pop();
        if (next === undefined) break;
        going.push(begin(next));
      }
    }
    if (going.length === 0) return ends;
    const rates = ratesOf(going, machine.members);
    const step = Math.min(...going.map((job) => job.left / (rates.get(job) ?? 0)));
    now += step;
    for (const job of going) job.left -= step * (rates.get(job) ?? 0);
    for (let i = going.length - 1; i >= 0; i--) {
      const job = going[i];
      if (job === undefined || job.left > NEGLIGIBLE_SECONDS) continue;
      ends.set(job.id, now);
      going.splice(i, 1);
    }
  }
}

const begin = (job: ForecastJob): Going => ({ ...job, left: Math.max(NEGLIGIBLE_SECONDS, job.seconds) });

/** How fast each job gets on: members that work on it; 1 for a job that just lasts. */
function ratesOf(going: readonly Going[], members: number): Map<Going, number> {
  const rates = new Map(going.map((job) => [job, 1]));
  const speaking = going.filter(({ utterances }) => utterances !== null);
  const batch = speaking.filter(({ lane }) => lane === "batch");
  const waitedFor = speaking.filter(({ lane }) => lane !== "batch");
  const forBatch = batch.length === 0 ? 0 : members * BATCH_SHARE;
  const taken = spread(waitedFor, waitedFor.length === 0 ? 0 : members - forBatch, rates);
  spread(batch, members - taken, rates);
  return rates;
}

/** Spreads members over the owners of jobs, and what each has over its jobs. @returns how many are taken. */
function spread(jobs: readonly Going[], members: number, rates: Map<Going, number>): number {
  const owners = new Map<string, Going[]>();
  for (const job of jobs) owners.set(job.owner, [...(owners.get(job.owner) ?? []), job]);
  const most = ({ utterances }: Going) => Math.max(1, utterances ?? 1);
  const groups = [...owners.values()];
  const shares = evenly(
    members,
    groups.map((group) => group.reduce((sum, job) => sum + most(job), 0)),
  );
  for (const [i, group] of groups.entries()) {
    const each = evenly(shares[i] ?? 0, group.map(most));
    for (const [k, job] of group.entries()) rates.set(job, each[k] ?? 0);
  }
  return shares.reduce((sum, share) => sum + share, 0);
}

/** Shares something evenly among takers that each take no more than so much. */
function evenly(total: number, most: readonly number[]): number[] {
  const shares = most.map(() => 0);
  const byNeed = [...most.keys()].sort((a, b) => (most[a] ?? 0) - (most[b] ?? 0));
  let left = total;
  for (const [done, taker] of byNeed.entries()) {
    const share = Math.min(most[taker] ?? 0, left / (byNeed.length - done));
    shares[taker] = share;
    left -= share;
  }
  return shares;
}
