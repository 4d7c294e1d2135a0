// Loaded into the service under test with `--import`: reports its event loop and memory to the bench over IPC.
// Plain JavaScript, so that the service runs without a TypeScript loader, as it does in production.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

const SETTLE_MS = 500;

/** A full collection; memory outside the heap is returned shortly after it. */
async function collect() {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  await pause(SETTLE_MS);
}

// Threads and children of the service inherit `--import`; only the service itself is watched.
if (isMainThread && process.env.BENCH_PROBE === String(process.ppid) && process.send !== undefined) {
  // The finest there is. Recorded is the time between two ticks, so 1 ms of every figure is the timer's own.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let cpu = process.cpuUsage();
  let startedAt = performance.now();

  const answers = {
    start() {
      delay.reset();
      delay.enable();
      cpu = process.cpuUsage();
      startedAt = performance.now();
      return null;
    },
    stop() {
      delay.disable();
      const { user, system } = process.cpuUsage(cpu);
      const elapsedMs = performance.now() - startedAt;
      const toMs = (nanoseconds) => nanoseconds / 1e6;
      return {
        p50Ms: toMs(delay.percentile(50)),
        p99Ms: toMs(delay.percentile(99)),
        maxMs: toMs(delay.max),
        ticks: delay.count,
        cpuShare: (user + system) / 1000 / elapsedMs,
      };
    },
    async memory() {
      const residentBytes = process.memoryUsage.rss();
      // The first collection finds what a WebAssembly instance held, the second one what that let go of.
      await collect();
      await collect();
      const { rss, heapUsed, external } = process.memoryUsage();
      return { residentBytes, collectedBytes: rss, heapBytes: heapUsed, externalBytes: external };
    },
  };

  // A bench that was killed leaves no service behind.
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.on("message", async ({ ask }) => process.send({ answer: await answers[ask]() }));
}
