import { inArray, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { forecast } from "./forecast.ts";
import { laneColumn } from "./lane.ts";
import { learnPace, type Pace } from "./pace.ts";
import { takingOrder } from "./rank.ts";
import { type JobRow, jobs } from "./table.ts";

/** Where a job stands among those that are not final. */
export interface Standing {
  /** Jobs of its lane that are taken before it, and one; null unless it waits. */
  readonly queuePosition: number | null;
  /** Seconds until it will have ended, as far as can be foreseen; null when it is final. */
  readonly estimatedSeconds: number | null;
}

/** A look at the queue serves this long: subscriptions to many jobs do not each look at all of them. */
const LOOK_MS = 1_000;
/** Pace changes slowly. */
const PACE_MS = 5_000;
/** Jobs ahead of which an end is foreseen one by one; what waits behind them ends after them. */
const MOST_FORESEEN = 1_000;
/** From the queue to a worker, splitting the text, storing the audio. */
const OVERHEAD_SECONDS = 0.2;
/** About as many has an utterance, until the text has been split. */
const UTTERANCE_CHARACTERS = 150;

interface Look {
  readonly at: number;
  readonly standings: ReadonlyMap<string, Standing>;
  readonly lastEndSeconds: number;
}

/** Foresees where jobs stand: a constant number of queries however many are asked about. One a process. */
export class JobOutlook {
  readonly #db: Db;
  readonly #lookMs: number;
  readonly #paceMs: number;
  #look: Promise<Look> | null = null;
  /** Of the jobs of the last look. */
  #speech: ReadonlyMap<string, Speech> = new Map();
  #pace: { readonly at: number; readonly pace: Promise<Pace> } | null = null;

  /** @param options how long what was seen may be used, for tests */
  constructor(db: Db, { lookMs = LOOK_MS, paceMs = PACE_MS } = {}) {
    this.#db = db;
    this.#lookMs = lookMs;
    this.#paceMs = paceMs;
  }

  /** The standing of each of these jobs. */
  async standings(rows: readonly JobRow[]): Promise<Standing[]> {
    const active = rows.filter(isActive);
    if (active.length === 0) return rows.map(() => FINAL);
    const look = await this.#freshLook(active);
    return rows.map((row) => {
      if (!isActive(row)) return FINAL;
      const seen = look.standings.get(row.id);
      const estimatedSeconds = seen?.estimatedSeconds ?? look.lastEndSeconds;
      // It may have been taken between the reading of its row and the look.
      return { queuePosition: row.status === "QUEUED" ? (seen?.queuePosition ?? 1) : null, estimatedSeconds };
    });
  }

  /** The last look, or another when that is old or has not seen one of the jobs. */
  async #freshLook(rows: readonly JobRow[]): Promise<Look> {
    let asked: Promise<Look> | null = null;
    // One that is under way, or that somebody begins while this waits, may serve as well.
    while (asked !== this.#look) {
      asked = this.#look;
      const last = await asked?.catch(() => null);
      if (last == null || performance.now() - last.at >= this.#lookMs) continue;
      if (rows.every(({ id }) => last.standings.has(id))) return last;
    }
    const look = this.#lookNow();
    this.#look = look;
    return await look;
  }

  async #lookNow(): Promise<Look> {
    const at = performance.now();
    const [pace, rows] = await Promise.all([this.#freshPace(), activeJobs(this.#db)]);
    const foreseen = rows.filter(({ position }) => position <= MOST_FORESEEN);
    const speech = await this.#speechOf(foreseen);
    const ends = forecast(
      foreseen.map((row) => ({ ...row, owner: row.tenant, ...workLeft(row, speech.get(row.id), pace) })),
      pace.machine,
    );
    const lastEndSeconds = Math.max(0, ...ends.values()) + OVERHEAD_SECONDS;
    const standings = rows.map(({ id, running, position }): [string, Standing] => {
      const end = ends.get(id);
      return [
        id,
        {
          queuePosition: running ? null : position,
          estimatedSeconds: end === undefined ? lastEndSeconds : end + OVERHEAD_SECONDS,
        },
      ];
    });
    return { at, standings: new Map(standings), lastEndSeconds };
  }

  /** Read once for each job: it lies in the same value as the text, which may be long. */
  async #speechOf(rows: readonly ActiveJob[]): Promise<ReadonlyMap<string, Speech>> {
    const unknown = rows.flatMap(({ id }) => (this.#speech.has(id) ? [] : [id]));
    const found = unknown.length === 0 ? [] : await speechOfJobs(this.#db, unknown);
    const known = new Map(found.map(({ id, ...speech }) => [id, speech]));
    for (const { id } of rows) {
      const speech = this.#speech.get(id);
      if (speech !== undefined) known.set(id, speech);
    }
    this.#speech = known;
    return known;
  }

  async #freshPace(): Promise<Pace> {
    if (this.#pace === null || performance.now() - this.#pace.at >= this.#paceMs) {
      this.#pace = { at: performance.now(), pace: learnPace(this.#db) };
    }
    const { pace } = this.#pace;
    return await pace.catch((error: unknown) => {
      this.#pace = null;
      throw error;
    });
  }
}

const FINAL: Standing = { queuePosition: null, estimatedSeconds: null };

const isActive = ({ status }: JobRow) => status === "QUEUED" || status === "RUNNING";

type ActiveJob = Awaited<ReturnType<typeof activeJobs>>[number];

/** All jobs that wait or run, in the order in which each lane takes them. */
async function activeJobs(db: Db) {
  const running = sql<boolean>`(${jobs.status} = 'RUNNING')`;
  return await db
    .select({
      id: jobs.id,
      kind: jobs.kind,
      tenant: jobs.tenant,
      lane: laneColumn.as("lane"),
      running,
      background: sql<boolean>`(${jobs.stage} = 'REFINING')`,
      progress: jobs.progress,
      characters: jobs.characters,
      unitsDone: jobs.unitsDone,
      unitsTotal: jobs.unitsTotal,
      runningSeconds: sql<number | null>`extract(epoch from now() - ${jobs.startedAt})::float8`,
      position:
        sql<number>`(row_number() over (partition by ${running}, ${laneColumn} order by ${takingOrder}))::int`.as(
          "position",
        ),
    })
    .from(jobs)
    .where(sql`${jobs.status} in ('QUEUED', 'RUNNING')`)
    .orderBy(sql`position`);
}

/** What the length of a job's audio depends on besides its text. */
interface Speech {
  readonly language: string | null;
  readonly speed: number | null;
}

async function speechOfJobs(db: Db, ids: readonly string[]) {
  return await db
    .select({
      id: jobs.id,
      language: sql<string | null>`${jobs.input} ->> 'language'`,
      speed: sql<number | null>`(${jobs.input} ->> 'speed')::float8`,
    })
    .from(jobs)
    .where(inArray(jobs.id, [...ids]));
}

/** What is left of a job: by its text, or by the clock when it has none. */
function workLeft(
  job: ActiveJob,
  speech: Speech | undefined,
  pace: Pace,
): { seconds: number; utterances: number | null } {
  if (job.kind !== "SYNTHESIS") {
    const gone = job.running ? (job.runningSeconds ?? 0) : 0;
    return { seconds: Math.max(1, pace.secondsOf(job.kind) - gone), utterances: null };
  }
  const audioSeconds =
    (job.characters * pace.audioSecondsPerCharacter(speech?.language ?? "")) / (speech?.speed ?? 1);
  const total = job.unitsTotal ?? Math.ceil(job.characters / UTTERANCE_CHARACTERS);
  return {
    seconds: audioSeconds * pace.realTimeFactor * (1 - job.progress),
    utterances: Math.max(1, total - (job.running ? job.unitsDone : 0)),
  };
}
