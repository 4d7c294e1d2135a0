import { availableParallelism, cpus } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type Section, tell } from "./report.ts";
import { type LoopWindow, type Service, withService } from "./service.ts";
import { pairedRatios, quantile, summarise, withSpread } from "./statistics.ts";
import { LONG_TEXT } from "./texts.ts";
import { VOICES_QUERY } from "./voices-query.ts";

/** As many as a node takes at once: every member of the pool stays busy for longer than a window lasts. */
const JOBS = Math.max(4, 2 * availableParallelism());
const QUERY_EVERY_MS = 50;
const LIMIT = 2;

interface Window extends LoopWindow {
  readonly latenciesMs: readonly number[];
  /** Share of all cores of the machine that was busy. */
  readonly machineShare: number;
}

/** Delay of the API's event loop, idle and while the pool computes without a pause, in alternating windows. */
export async function benchEventLoop(options: { rounds: number; windowSeconds: number }): Promise<Section> {
  const { rounds, windowSeconds } = options;
  const [idle, loaded]: [Window[], Window[]] = [[], []];
  await withService(async (service) => {
    // The first window would otherwise pay for what is compiled and cached once.
    await underLoad(service, () => observe(service, 2));
    for (let round = 1; round <= rounds; round++) {
      idle.push(await observe(service, windowSeconds));
      loaded.push(await underLoad(service, () => observe(service, windowSeconds)));
      tell(`loop: round ${round} of ${rounds}`);
    }
  });
  const p99 = (windows: readonly Window[]) => windows.map(({ p99Ms }) => p99Ms);
  return {
    title: "Event loop of the API process",
    notes: [
      `perf_hooks.monitorEventLoopDelay inside the service at its finest resolution: the time between two ticks ` +
        `of a 1 ms timer, so 1 ms is the floor. ${rounds} windows of ${windowSeconds} s of each kind in turn.`,
      `In both, a client asks for 20 voices every ${QUERY_EVERY_MS} ms. Inference: ${JOBS} jobs of ` +
        `${LONG_TEXT.length} characters, each followed on a subscription and past its first utterance.`,
    ],
    columns: [
      "",
      "p50 ms",
      "p99 ms",
      "most ms",
      "query p50 ms",
      "query p99 ms",
      "API of a core",
      "machine busy",
    ],
    rows: [row("idle", idle), row("full inference", loaded)],
    goals: [
      {
        what: "event-loop delay p99 under full inference to idle",
        value: summarise(pairedRatios(p99(loaded), p99(idle))).median,
        bound: "at most",
        limit: LIMIT,
      },
    ],
  };
}

function row(name: string, windows: readonly Window[]): string[] {
  const over = (of: (window: Window) => number, digits: number) =>
    withSpread(summarise(windows.map(of)), digits);
  const percent = (of: (window: Window) => number) =>
    `${(100 * summarise(windows.map(of)).median).toFixed(0)} %`;
  return [
    name,
    over(({ p50Ms }) => p50Ms, 2),
    over(({ p99Ms }) => p99Ms, 2),
    Math.max(...windows.map(({ maxMs }) => maxMs)).toFixed(1),
    over(({ latenciesMs }) => quantile(latenciesMs, 0.5), 1),
    over(({ latenciesMs }) => quantile(latenciesMs, 0.99), 1),
    percent(({ cpuShare }) => cpuShare),
    percent(({ machineShare }) => machineShare),
  ];
}

/** Runs `work` while long jobs are being spoken; they are cancelled afterwards and the service comes to rest. */
async function underLoad(service: Service, work: () => Promise<Window>): Promise<Window> {
  const ids = await Promise.all(
    Array.from({ length: JOBS }, () =>
      service.submit({ text: LONG_TEXT, voiceId: "af_heart", format: "WAV" }),
    ),
  );
  const followed = ids.map((id) => service.follow(id));
  await Promise.all(followed.map(({ spoken }) => spoken));
  const window = await work();
  await Promise.all(ids.map((id) => service.cancel(id)));
  await Promise.all(followed.map(({ ended }) => ended));
  await service.warm();
  return window;
}

async function observe(service: Service, windowSeconds: number): Promise<Window> {
  const latenciesMs: number[] = [];
  const asked: Promise<void>[] = [];
  const ask = async () => {
    const sentAt = performance.now();
    await service.query(VOICES_QUERY);
    latenciesMs.push(performance.now() - sentAt);
  };
  const before = machineTimes();
  await service.startWindow();
  const trickle = setInterval(() => asked.push(ask()), QUERY_EVERY_MS);
  await pause(windowSeconds * 1000);
  clearInterval(trickle);
  const loop = await service.stopWindow();
  const after = machineTimes();
  await Promise.all(asked);
  const machineShare = (after.busyMs - before.busyMs) / (after.totalMs - before.totalMs);
  return { ...loop, latenciesMs, machineShare };
}

function machineTimes(): { busyMs: number; totalMs: number } {
  const all = cpus().map(({ times }) => times);
  const sum = (of: (times: (typeof all)[number]) => number) =>
    all.reduce((total, times) => total + of(times), 0);
  const busyMs = sum(({ user, nice, sys, irq }) => user + nice + sys + irq);
  return { busyMs, totalMs: busyMs + sum(({ idle }) => idle) };
}
