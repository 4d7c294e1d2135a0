import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { KokoroFiles } from "../../src/inference/contract.ts";
import { decisionKey, readDecision, writeDecision } from "../../src/inference/decision.ts";
import {
  bestLayout,
  type Layout,
  type LayoutFigures,
  measureLayout,
  tuneMachine,
} from "../../src/inference/layouts.ts";
import { layoutsToTry, poolSize } from "../../src/inference/sizing.ts";
import { choosePrecision, type TuneOptions } from "../../src/inference/tune.ts";
import { fake } from "./fake-utterances.ts";

const GIBIBYTE = 2 ** 30;
const machine = { cores: 2, availableBytes: 16 * GIBIBYTE };
const files = {
  int8: { path: "/nowhere/int8.onnx", sha256: "a" },
  int8Vnni: { path: "/nowhere/int8-vnni.onnx", sha256: "c" },
  float32: { path: "/nowhere/float32.onnx", sha256: "b" },
} satisfies KokoroFiles;

/** A machine on which threads help less than members, and int8 takes twice as long. */
function figuresOf({ precision, members, threads }: Layout): LayoutFigures {
  const work = precision === "int8" ? 1 : 0.5;
  const cores = Math.min(machine.cores, members * threads);
  const batch = (work / cores) * (threads > 1 ? 1.1 : 1);
  const lone = work / (threads > 1 ? 1.6 : 1);
  return { ...{ precision, members, threads, lone, batch }, residentBytes: 1, loadedMs: 1 };
}

describe("tuneMachine", () => {
  it("measures every division with the better precision, and takes the busiest that lets no one wait", async () => {
    const measured: string[] = [];
    const { best, figures, realTimeFactor } = await tuneMachine({
      machine,
      rounds: 2,
      measure: async (layout) => {
        measured.push(`${layout.precision} ${layout.members}x${layout.threads}`);
        return figuresOf(layout);
      },
    });
    expect(measured).toEqual([
      ...["int8 2x2", "float32 2x2", "int8 2x2", "float32 2x2"],
      ...["float32 2x1", "float32 1x2", "float32 2x1", "float32 1x2"],
    ]);
    expect(figures).toHaveLength(4);
    expect(realTimeFactor.float32).toBeCloseTo(realTimeFactor.int8 / 2);
    // 2 × 1 speaks most, but a lone utterance would take 1.6 times as long.
    expect(best).toMatchObject({ precision: "float32", threads: 2 });
  });

  it("keeps the best figure of several rounds", async () => {
    const factors = [0.9, 0.3, 0.9, 0.5, 0.4, 0.5];
    const { figures } = await tuneMachine({
      machine: { cores: 1, availableBytes: 16 * GIBIBYTE },
      rounds: 3,
      measure: async (layout) => ({ ...figuresOf(layout), lone: factors.shift() ?? 1 }),
    });
    expect(figures.map(({ precision, lone }) => [precision, lone])).toEqual([
      ["int8", 0.4],
      ["float32", 0.3],
    ]);
  });

  it("prefers throughput where a lone utterance loses little by it", () => {
    const figures = (members: number, lone: number, batch: number) => ({
      ...figuresOf({ precision: "float32", members, threads: 2 }),
      ...{ lone, batch },
    });
    expect(bestLayout([figures(1, 0.3, 0.3), figures(2, 0.33, 0.2)]).members).toBe(2);
    expect(bestLayout([figures(1, 0.3, 0.3), figures(2, 0.4, 0.2)]).members).toBe(1);
  });
});

describe("measureLayout", () => {
  it("speaks alone and on every member", async () => {
    const layout = { precision: "float32", members: 2, threads: 1 } as const;
    const utterance = fake(20, { blockMsPerToken: 2 });
    const figures = await measureLayout(layout, { fake: {} }, utterance);
    expect(figures).toMatchObject(layout);
    expect(figures.lone).toBeGreaterThan(0);
    expect(figures.batch).toBeGreaterThan(0);
    expect(figures.residentBytes).toBeGreaterThan(1_000_000);
    expect(figures.loadedMs).toBeGreaterThan(0);
  });
});

describe("a tuned machine", () => {
  async function tunedFile(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "speaker-tune-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "inference.json");
    const key = decisionKey({ files, float32: files.float32, machine, threads: 1 });
    const tuned = { precision: "float32", members: 3, threads: 1 } as const;
    const realTimeFactor = { int8: 0.6, float32: 0.3 };
    expect(await writeDecision(path, { key, realTimeFactor, tuned, measuredAt: "" })).toBe(true);
    return path;
  }
  const options: Omit<TuneOptions, "decisionFile"> = {
    ...{ files, machine, asked: "auto", threads: 2, memberDeadlineMs: 1000 },
    signal: new AbortController().signal,
  };

  it("keeps precision and division for later starts, whatever the threads of the default", async () => {
    const decisionFile = await tunedFile();
    const choice = await choosePrecision({ ...options, decisionFile });
    expect(choice).toMatchObject({
      precision: "float32",
      realTimeFactor: 0.3,
      layout: { members: 3, threads: 1 },
    });
    expect(choice.reason).toContain("tuned before");
    const int8 = await choosePrecision({ ...options, asked: "int8", decisionFile });
    expect(int8).toMatchObject({ precision: "int8", layout: null });
  });

  it("is another one with other files", async () => {
    const path = await tunedFile();
    const other = { path: "/nowhere", sha256: "c" };
    const key = decisionKey({ files, float32: other, machine, threads: 1 });
    expect(await readDecision(path, key)).toBeNull();
  });

  it("gives way to what the operator asked for, to a GPU and to a lack of memory", () => {
    const tuned = { members: 3, threads: 1 };
    const auto = { members: "auto", threads: "auto" } as const;
    expect(poolSize(auto, machine, "float32", "cpu", tuned)).toEqual(tuned);
    expect(poolSize({ members: 1, threads: "auto" }, machine, "float32", "cpu", tuned)).toEqual({
      members: 1,
      threads: 1,
    });
    expect(poolSize({ members: "auto", threads: 2 }, machine, "float32", "cpu", tuned)).toEqual({
      members: 2,
      threads: 2,
    });
    expect(poolSize(auto, machine, "float32", "cuda", tuned).members).toBe(1);
    const small = { cores: 2, availableBytes: 2 * GIBIBYTE };
    expect(poolSize(auto, small, "float32", "cpu", tuned).members).toBe(1);
  });

  it("has every sensible division tried once", () => {
    expect(layoutsToTry(machine, "float32")).toEqual([
      { members: 2, threads: 2 },
      { members: 2, threads: 1 },
      { members: 1, threads: 2 },
    ]);
    expect(layoutsToTry({ cores: 16, availableBytes: 64 * GIBIBYTE }, "float32")).toEqual([
      { members: 4, threads: 4 },
      { members: 8, threads: 1 },
      { members: 8, threads: 2 },
      { members: 2, threads: 8 },
    ]);
  });
});
