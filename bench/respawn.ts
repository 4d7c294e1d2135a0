// Stress test behind the choice of processes over threads (docs/inference.md): ends a member in the middle of
// a native run and starts another, over and over, while a second one goes on speaking.
//   npx tsx bench/respawn.ts [--mode process|thread|both] [--rounds 200]
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { defaultModelsDir } from "../src/models/paths.ts";
import { ModelStore } from "../src/models/store.ts";

/** A member is ended at a random moment of its first run or the next. */
const LONGEST_LIFE_MS = 1_500;

/** A member that does not end within this counts as stuck, and its driver as lost. */
const STUCK_MS = 60_000;

type Mode = "process" | "thread";

interface Target {
  readonly member: ChildProcess | Worker;
  end(): Promise<void>;
}

interface Tally {
  readonly rounds: number;
  readonly startMs: readonly number[];
  readonly endMs: readonly number[];
  readonly bystanderUtterances: number;
  readonly residentMegabytes: readonly [first: number, last: number];
  readonly openFiles: readonly [first: number, last: number];
}

const { values } = parseArgs({
  options: {
    mode: { type: "string", default: "both" },
    rounds: { type: "string", default: "200" },
    driver: { type: "boolean", default: false },
    model: { type: "string", default: "" },
  },
});

function spawnTarget(mode: Mode, model: string): Target {
  const url = new URL("./respawn-target.ts", import.meta.url);
  if (mode === "thread") {
    // `--import tsx` has no effect in a worker thread of Node 20; registering the loader inside it has.
    const code = `import("tsx/esm/api").then((tsx) => { tsx.register(); return import("${url.href}"); });`;
    const worker = new Worker(code, { workerData: model, execArgv: [], eval: true });
    return { member: worker, end: async () => void (await worker.terminate()) };
  }
  const child = fork(fileURLToPath(url), [model], { execArgv: ["--import", "tsx"] });
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { member: child, end };
}

const residentMegabytes = (): number => Math.round(process.memoryUsage.rss() / 1e6);
const openFiles = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the rounds in this process and reports after each, so that a crash keeps what was counted. */
async function drive(mode: Mode, rounds: number, model: string): Promise<void> {
  let bystanderUtterances = 0;
  const bystander = spawnTarget(mode, model);
  await once(bystander.member, "message");
  bystander.member.on("message", () => {
    bystanderUtterances += 1;
  });
  const [startMs, endMs]: [number[], number[]] = [[], []];
  const first = { memory: residentMegabytes(), files: openFiles() };
  for (let round = 1; round <= rounds; round += 1) {
    const spawnedAt = performance.now();
    const target = spawnTarget(mode, model);
    await once(target.member, "message");
    startMs.push(performance.now() - spawnedAt);
    await pause(Math.random() * LONGEST_LIFE_MS);
    const endedAt = performance.now();
    const stuck = setTimeout(() => process.kill(process.pid, "SIGABRT"), STUCK_MS);
    await target.end();
    clearTimeout(stuck);
    endMs.push(performance.now() - endedAt);
    const tally: Tally = {
      rounds: round,
      startMs,
      endMs,
      bystanderUtterances,
      residentMegabytes: [first.memory, residentMegabytes()],
      openFiles: [first.files, openFiles()],
    };
    process.send?.(tally);
  }
  await bystander.end();
  process.disconnect?.();
}

/** Drives until the rounds are done, starting a new driver for each one that was lost. */
async function measure(mode: Mode, rounds: number, model: string): Promise<void> {
  const tallies: Tally[] = [];
  const losses: string[] = [];
  const startedAt = performance.now();
  let done = 0;
  while (done < rounds) {
    const args = ["--driver", "--mode", mode, "--rounds", String(rounds - done), "--model", model];
    const driver = fork(fileURLToPath(import.meta.url), args, { execArgv: ["--import", "tsx"] });
    let last: Tally | undefined;
    driver.on("message", (tally) => {
      last = tally as Tally;
    });
    const [code, signal] = (await once(driver, "exit")) as [number | null, string | null];
    if (last !== undefined) tallies.push(last);
    done += last?.rounds ?? 0;
    if (done < rounds) {
      losses.push(signal ?? `exit ${code}`);
      done += 1;
    }
  }
  const wall = (performance.now() - startedAt) / 1000;
  const of = (key: "startMs" | "endMs"): number[] =>
    tallies.flatMap((tally) => tally[key]).sort((a, b) => a - b);
  const at = (sorted: number[], share: number): string =>
    `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)} ms`;
  const [starts, ends] = [of("startMs"), of("endMs")];
  const lines = [
    `${mode}: ${rounds} rounds in ${wall.toFixed(0)} s`,
    `  whole program lost ${losses.length} times${losses.length > 0 ? ` (${[...new Set(losses)].join(", ")})` : ""}`,
    `  start, p50 / max: ${at(starts, 0.5)} / ${at(starts, 1)}`,
    `  end in mid-run, p50 / p95 / max: ${at(ends, 0.5)} / ${at(ends, 0.95)} / ${at(ends, 1)}`,
    `  bystander spoke ${tallies.reduce((sum, tally) => sum + tally.bystanderUtterances, 0)} utterances`,
    ...tallies.map(
      ({ rounds: count, residentMegabytes: memory, openFiles: files }) =>
        `  driver of ${count} rounds: resident ${memory.join(" → ")} MB, open files ${files.join(" → ")}`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

const rounds = Number(values.rounds);
if (values.driver) {
  await drive(values.mode as Mode, rounds, values.model);
} else {
  const store = new ModelStore({ dir: defaultModelsDir(process.platform, homedir(), process.env) });
  const files = await store.ensure("kokoro-82m-int8");
  const model = files.file("kokoro-v1.0.int8.durations.onnx");
  for (const mode of ["process", "thread"] as const) {
    if (values.mode === mode || values.mode === "both") await measure(mode, rounds, model);
  }
}
