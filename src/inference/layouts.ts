import type { InferencePoolOptions, Precision } from "./contract.ts";
import type { UtteranceRequest } from "./engine.ts";
import { createInferencePool } from "./pool.ts";
import { layoutsToTry, type Machine, type PoolSize } from "./sizing.ts";
import { betterPrecision } from "./tune.ts";

/** Utterances for each member where all of them are busy. */
const BATCH_PER_MEMBER = 3;
const LONE_RUNS = 3;
const DEADLINE_MS = 120_000;

/** Someone who waits for the first sound pays at most so much for the throughput of many. */
const MOST_LONE_LOSS = 1.15;

/** What one division of the machine does; factors are wall-clock seconds per second of audio. */
export interface LayoutFigures extends PoolSize {
  readonly precision: Precision;
  /** One utterance that has the machine to itself. */
  readonly lone: number;
  /** Every member busy, all of them together. */
  readonly batch: number;
  /** Of the largest member after speaking. */
  readonly residentBytes: number;
  /** From spawning the first member until it is warm. */
  readonly loadedMs: number;
}

/** A weight format and a division to measure. */
export type Layout = PoolSize & { readonly precision: Precision };

/** What was measured, and what is best. */
export interface Tuning {
  readonly figures: readonly LayoutFigures[];
  /** Of a lone utterance under the default division: what precision is chosen by. */
  readonly realTimeFactor: Readonly<Record<Precision, number>>;
  readonly best: LayoutFigures;
}

/**
 * Measures both precisions as the service runs without tuning, then every division of the machine with the better
 * one. Rounds alternate between what is compared, and the best figure of each counts: other load only slows.
 */
export async function tuneMachine(options: {
  readonly machine: Machine;
  readonly rounds: number;
  readonly measure: (layout: Layout) => Promise<LayoutFigures>;
}): Promise<Tuning> {
  const { machine, rounds, measure } = options;
  const precisions: readonly Precision[] = ["int8", "float32"];
  const defaults = precisions.map((precision) => ({ precision, ...defaultLayout(machine, precision) }));
  const first = await inTurn(defaults, rounds, measure);
  const [int8 = Number.NaN, float32 = Number.NaN] = first.map(({ lone }) => lone);
  const precision = betterPrecision({ int8, float32 });
  const [, ...others] = layoutsToTry(machine, precision).map((layout) => ({ precision, ...layout }));
  const figures = [...first, ...(await inTurn(others, rounds, measure))];
  const candidates = figures.filter((figure) => figure.precision === precision);
  return { figures, realTimeFactor: { int8, float32 }, best: bestLayout(candidates) };
}

/** The most throughput among those that let a lone utterance wait hardly longer than the fastest one does. */
export function bestLayout(figures: readonly LayoutFigures[]): LayoutFigures {
  const quickest = Math.min(...figures.map(({ lone }) => lone));
  const [best] = figures
    .filter(({ lone }) => lone <= quickest * MOST_LONE_LOSS)
    .sort((one, other) => one.batch - other.batch);
  if (best === undefined) throw new Error("there is nothing to choose from");
  return best;
}

function defaultLayout(machine: Machine, precision: Precision): PoolSize {
  const [layout] = layoutsToTry(machine, precision);
  return layout ?? { members: 1, threads: 1 };
}

async function inTurn(
  layouts: readonly Layout[],
  rounds: number,
  measure: (layout: Layout) => Promise<LayoutFigures>,
): Promise<LayoutFigures[]> {
  const best: LayoutFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [at, layout] of layouts.entries()) {
      const now = await measure(layout);
      const before = best[at] ?? now;
      best[at] = {
        ...now,
        lone: Math.min(now.lone, before.lone),
        batch: Math.min(now.batch, before.batch),
        loadedMs: Math.min(now.loadedMs, before.loadedMs),
      };
    }
  }
  return best;
}

/**
 * Measures one division on the CPU, in a pool of its own that is gone afterwards.
 * @param utterance what is spoken again and again
 * @throws SpeakerError as the pool does
 */
export async function measureLayout(
  { precision, members, threads }: Layout,
  engines: InferencePoolOptions["engines"],
  utterance: UtteranceRequest,
): Promise<LayoutFigures> {
  let ready = (): void => undefined;
  const allReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const batch = members * BATCH_PER_MEMBER;
  const pool = createInferencePool({
    ...{ members, threads, precision, engines, queueLimit: batch, decisionFile: null },
    providers: ["cpu"],
    logger: {
      info: () => {
        if (pool.status().members.filter(({ state }) => state === "ready").length === members) ready();
      },
      warn: () => undefined,
    },
  });
  const realTimeFactor = async (count: number): Promise<number> => {
    const startedAt = performance.now();
    const audio = await Promise.all(
      Array.from({ length: count }, () =>
        pool.synthesize(utterance, { group: "tune", deadlineMs: DEADLINE_MS }),
      ),
    );
    const seconds = audio.reduce((sum, { samples, sampleRate }) => sum + samples.length / sampleRate, 0);
    return (performance.now() - startedAt) / 1000 / seconds;
  };
  try {
    await pool.start();
    await allReady;
    const lone: number[] = [];
    while (lone.length < LONE_RUNS) lone.push(await realTimeFactor(1));
    const factor = await realTimeFactor(batch);
    const status = pool.status();
    return {
      ...{ precision, members, threads, lone: Math.min(...lone), batch: factor },
      residentBytes: Math.max(...status.members.map(({ residentBytes }) => residentBytes ?? 0)),
      loadedMs: Math.min(...status.members.flatMap(({ loadedMs }) => (loadedMs === null ? [] : [loadedMs]))),
    };
  } finally {
    await pool.close({ drainMs: 0 });
  }
}
