import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GpuProbe, parseGpus } from "../../src/health/gpu.ts";

describe("GPUs", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "speaker-gpu-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A program in place of nvidia-smi. */
  const program = async (name: string, script: string) => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };

  it("reads what the driver prints, also where it does not know", () => {
    expect(
      parseGpus(
        "0, NVIDIA H100 80GB HBM3, 550.54.15, 81559, 1024, 37, 41\n1, Tesla T4, 535.1, 15360, 0, [N/A], [Not Supported]\n",
      ),
    ).toEqual([
      {
        index: 0,
        name: "NVIDIA H100 80GB HBM3",
        driverVersion: "550.54.15",
        memoryTotalBytes: 81559 * 1024 * 1024,
        memoryUsedBytes: 1024 * 1024 * 1024,
        utilisation: 0.37,
        temperatureCelsius: 41,
      },
      expect.objectContaining({ index: 1, utilisation: null, temperatureCelsius: null }),
    ]);
    expect(parseGpus("\n")).toEqual([]);
  });

  it("asks the program for exactly these columns, once for all who look at the same time", async () => {
    const log = join(folder, "calls");
    const path = await program("counting", `echo "$@" >> ${log}; echo "0, Card, 1.0, 100, 50, 10, 30"`);
    const probe = new GpuProbe(path);
    const reports = await Promise.all([probe.look(), probe.look(), probe.look()]);
    expect(reports[0]).toMatchObject({ gpus: [{ name: "Card", utilisation: 0.1 }], reason: null });
    expect((await readFile(log, "utf8")).trim().split("\n")).toEqual([
      "--query-gpu=index,name,driver_version,memory.total,memory.used,utilization.gpu,temperature.gpu --format=csv,noheader,nounits",
    ]);
  });

  it("says none where there is no such program, and what is wrong where there is", async () => {
    expect(await new GpuProbe(join(folder, "absent")).look()).toEqual({ gpus: [], reason: "none" });
    const empty = await program("empty", "true");
    expect(await new GpuProbe(empty).look()).toEqual({ gpus: [], reason: "none" });
    const broken = await program("broken", "echo 'Failed to initialize NVML' >&2; exit 9");
    expect((await new GpuProbe(broken).look()).reason).toMatch(/nvidia-smi fails/);
  });

  it("gives up a program that hangs", async () => {
    const hanging = await program("hanging", "exec sleep 600");
    const startedAt = performance.now();
    expect((await new GpuProbe(hanging).look()).reason).toMatch(/did not answer within 2 s/);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
