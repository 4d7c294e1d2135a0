import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { KokoroFiles } from "../../src/inference/contract.ts";
import { choosePrecision, type TuneOptions } from "../../src/inference/tune.ts";
import { kokoroFiles } from "./kokoro-pool.ts";

const nowhere: KokoroFiles = {
  int8: { path: "/nowhere/int8.onnx", sha256: "a" },
  int8Vnni: { path: "/nowhere/int8-vnni.onnx", sha256: "c" },
  float32: { path: "/nowhere/float32.onnx", sha256: "b" },
};

const options: TuneOptions = {
  files: nowhere,
  asked: "auto",
  machine: { cores: 2, availableBytes: 16 * 2 ** 30 },
  threads: 2,
  decisionFile: null,
  memberDeadlineMs: 60_000,
  signal: new AbortController().signal,
};

describe("choosePrecision without measuring", () => {
  it("does as it was told", async () => {
    expect(await choosePrecision({ ...options, asked: "int8" })).toMatchObject({
      precision: "int8",
      reason: "asked for by the configuration",
    });
  });

  it("takes int8 where there is no copy or no memory for it", async () => {
    const alone = { ...options, files: { ...nowhere, float32: null } };
    expect(await choosePrecision(alone)).toMatchObject({ precision: "int8" });
    const small = { ...options, machine: { cores: 2, availableBytes: 2 ** 30 } };
    expect(await choosePrecision(small)).toMatchObject({ precision: "int8", reason: "memory is short" });
  });
});

describe("choosePrecision by measuring", () => {
  it("keeps what it measured for the same runtime, machine and files", { timeout: 180_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "speaker-tune-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const decisionFile = join(folder, "inference.json");
    const files = await kokoroFiles();
    const measured = await choosePrecision({ ...options, files, decisionFile });
    const kept = JSON.parse(await readFile(decisionFile, "utf8")) as {
      realTimeFactor: { int8: number; float32: number };
    };
    const { int8, float32 } = kept.realTimeFactor;
    expect(measured.precision).toBe(float32 < int8 * 0.9 ? "float32" : "int8");
    expect(measured.realTimeFactor).toBe(kept.realTimeFactor[measured.precision]);
    expect(measured.reason).toContain("measured at this start");

    // The same digests at a place where nothing is: only the kept figures can answer.
    const moved: KokoroFiles = {
      int8: { path: "/nowhere/int8.onnx", sha256: files.int8.sha256 },
      int8Vnni: { path: "/nowhere/int8-vnni.onnx", sha256: files.int8Vnni?.sha256 ?? "" },
      float32: { path: "/nowhere/float32.onnx", sha256: files.float32?.sha256 ?? "" },
    };
    const again = await choosePrecision({ ...options, files: moved, decisionFile });
    expect(again).toMatchObject({
      precision: measured.precision,
      realTimeFactor: measured.realTimeFactor,
      reason: expect.stringContaining("measured before"),
    });
    const otherThreads = choosePrecision({ ...options, files: moved, decisionFile, threads: 1 });
    await expect(otherThreads).rejects.toThrow(/^measuring the int8 model failed: [^/]*$/);
    const aborted = { ...options, files, signal: AbortSignal.abort(new Error("closing")) };
    await expect(choosePrecision(aborted)).rejects.toThrow("closing");
  });
});
