import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import autocannon from "autocannon";
import { loadConfig } from "../src/config.ts";
import { openMigratedDatabase } from "../src/resources.ts";
import type { YogaStart, YogaStarted } from "./bare-yoga.ts";
import { BenchChild } from "./child.ts";
import { cleanup } from "./cleanup.ts";
import { type Section, tell } from "./report.ts";
import { withService } from "./service.ts";
import { pairedRatios, summarise, withSpread } from "./statistics.ts";
import { VOICES_QUERY } from "./voices-query.ts";

const CONNECTIONS = 10;
const LIMIT = 0.7;

interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Requests a second of the `voices` query against a bare Yoga with the same statement. */
export async function benchVoices(options: { rounds: number; windowSeconds: number }): Promise<Section> {
  const { rounds, windowSeconds } = options;
  const directory = await mkdtemp(join(tmpdir(), "speaker-bench-"));
  const remove = cleanup(() => rm(directory, { recursive: true, force: true }));
  const bare = new BenchChild<YogaStart, YogaStarted>("bare-yoga.ts");
  const loads: { service: Load[]; bare: Load[] } = { service: [], bare: [] };
  try {
    const { port, sql } = await bare.ask({ database: await preparedDatabase(directory) });
    const bareUrl = `http://127.0.0.1:${port}/graphql`;
    await withService(async (service) => {
      const url = `${service.url}/graphql`;
      if (!isDeepStrictEqual(await answerOf(url), await answerOf(bareUrl))) {
        throw new Error("the service and the bare Yoga answer differently");
      }
      for (const target of [url, bareUrl]) await load(target, windowSeconds);
      for (let round = 1; round <= rounds; round++) {
        loads.bare.push(await load(bareUrl, windowSeconds));
        loads.service.push(await load(url, windowSeconds));
        tell(`voices: round ${round} of ${rounds}`);
      }
    });
    return section(loads, sql, options);
  } finally {
    await bare.end();
    await remove();
  }
}

async function preparedDatabase(directory: string): Promise<string> {
  const config = loadConfig({ DATA_DIR: directory }, {});
  const database = await openMigratedDatabase(config);
  await database.close();
  if (config.database.kind !== "embedded") throw new Error("the embedded database is the default");
  return config.database.directory;
}

const REQUEST = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ query: VOICES_QUERY }),
} as const;

async function answerOf(url: string): Promise<unknown> {
  return await (await fetch(url, REQUEST)).json();
}

/** @throws Error when any request fails. */
async function load(url: string, seconds: number): Promise<Load> {
  const result = await autocannon({ url, ...REQUEST, connections: CONNECTIONS, duration: seconds });
  const { errors, timeouts, non2xx, latency } = result;
  if (errors + timeouts + non2xx > 0) throw new Error(`${errors + timeouts + non2xx} requests failed`);
  return { perSecond: result["2xx"] / result.duration, p50Ms: latency.p50, p99Ms: latency.p99 };
}

function section(
  { service, bare }: { service: readonly Load[]; bare: readonly Load[] },
  sql: string,
  { rounds, windowSeconds }: { rounds: number; windowSeconds: number },
): Section {
  const perSecond = (loads: readonly Load[]) => loads.map((one) => one.perSecond);
  const ratio = summarise(pairedRatios(perSecond(service), perSecond(bare)));
  const row = (name: string, loads: readonly Load[], compared: string) => [
    name,
    withSpread(summarise(perSecond(loads)), 0),
    summarise(loads.map(({ p50Ms }) => p50Ms)).median.toFixed(1),
    summarise(loads.map(({ p99Ms }) => p99Ms)).median.toFixed(1),
    compared,
  ];
  return {
    title: "The voices query against bare Yoga",
    notes: [
      `autocannon, ${CONNECTIONS} connections, ${rounds} rounds of ${windowSeconds} s of each in turn; the same ` +
        `answer, each from an embedded database of its own, each server alone with the load generator.`,
      `Both send: ${sql}`,
    ],
    columns: ["", "requests/s", "p50 ms", "p99 ms", "ratio"],
    rows: [row("bare Yoga", bare, "1"), row("service", service, withSpread(ratio, 3))],
    goals: [
      {
        what: "voices query, requests a second to bare Yoga",
        value: ratio.median,
        bound: "at least",
        limit: LIMIT,
      },
    ],
  };
}
