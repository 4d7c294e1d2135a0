import { describe, expect, it } from "vitest";
import type { WorkerRow } from "../../src/health/health.ts";
import {
  judgeConsuming,
  judgeEventLoop,
  judgeGpu,
  judgeMemory,
  judgeModels,
  judgeQueue,
  judgeStorage,
  judgeWorkers,
} from "../../src/health/judge.ts";

const GIB = 1024 ** 3;
const now = new Date("2026-01-31T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

function worker(fields: {
  lastLookAt?: Date | null;
  state?: string;
  members?: readonly string[];
}): WorkerRow {
  const members = (fields.members ?? ["ready"]).map((state) => ({ state, executionProvider: "cpu" }));
  return {
    heartbeatAt: now,
    lastLookAt: fields.lastLookAt === undefined ? ago(1) : fields.lastLookAt,
    pool: { state: fields.state ?? "ready", reason: "no such file", members },
  } as unknown as WorkerRow;
}

const queue = { waiting: 1, running: 1, limit: 10, oldestWaitingSeconds: 5 };

describe("health is judged", () => {
  it.each([
    ["a short queue", judgeQueue(queue), "OK", /1 waiting of 10/],
    ["a full queue", judgeQueue({ ...queue, waiting: 10 }), "DEGRADED", /refused/],
    ["a job that waits long", judgeQueue({ ...queue, oldestWaitingSeconds: 301 }), "DEGRADED", /301 s/],
    ["a worker", judgeWorkers([worker({})]), "OK", /1 alive/],
    ["no worker", judgeWorkers([]), "DEGRADED", /no worker/],
    [
      "a worker that cannot speak",
      judgeWorkers([worker({}), worker({ state: "unavailable" })]),
      "DEGRADED",
      /1 of 2 .* no such file/,
    ],
    ["a worker that takes jobs", judgeConsuming([worker({})]), "OK", /1 of 1/],
    [
      "one that is alive and hangs",
      judgeConsuming([worker({ lastLookAt: ago(60) })]),
      "DEGRADED",
      /no worker takes/,
    ],
    [
      "one that never looked",
      judgeConsuming([worker({}), worker({ lastLookAt: null })]),
      "DEGRADED",
      /1 of 2/,
    ],
    [
      "loaded models",
      judgeModels([worker({ members: ["ready", "busy", "starting"] })]),
      "OK",
      /2 of 3 .* cpu/,
    ],
    [
      "no loaded model",
      judgeModels([worker({ members: ["starting"] })]),
      "DEGRADED",
      /no worker has a model/,
    ],
    [
      "models that are loaded on demand",
      judgeModels([worker({ state: "idle", members: ["stopped"] })]),
      "OK",
      /next utterance loads one/,
    ],
    ["a disk with room", judgeStorage(2 * GIB, 0), "OK", /^writable$/],
    ["a store without a bound", judgeStorage(null, 0), "OK", /^writable$/],
    ["a disk that is nearly full", judgeStorage(GIB - 1, 0), "DEGRADED", /less than 1 GiB/],
    ["missing objects", judgeStorage(null, 3), "DEGRADED", /3 stored objects/],
    [
      "memory",
      judgeMemory({ totalBytes: 100, freeBytes: 0, availableBytes: 50, residentBytes: 1 }),
      "OK",
      /50 %/,
    ],
    [
      "little memory",
      judgeMemory({ totalBytes: 100, freeBytes: 90, availableBytes: 4, residentBytes: 1 }),
      "DEGRADED",
      /4 %/,
    ],
    ["a free event loop", judgeEventLoop({ meanSeconds: 0, p99Seconds: 0.01, maxSeconds: 3 }), "OK", /10 ms/],
    [
      "a blocked one",
      judgeEventLoop({ meanSeconds: 0, p99Seconds: 1.5, maxSeconds: 3 }),
      "DEGRADED",
      /1500 ms/,
    ],
    ["no GPU", judgeGpu({ gpus: [], reason: "none" }), "OK", /none/],
    [
      "a GPU that hangs",
      judgeGpu({ gpus: [], reason: "nvidia-smi did not answer" }),
      "DEGRADED",
      /did not answer/,
    ],
  ] as const)("%s", (_name, finding, status, message) => {
    expect(finding.status).toBe(status);
    expect(finding.message).toMatch(message);
  });
});
