import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { testModelStore } from "../helpers/models.ts";

/** Files of the runtime's telemetry: its debug log, its cache and the identifier of the device. */
const TELEMETRY_FILES = /mat-debug|onnxruntime\.db|deviceid|DeveloperTools/;

/** Loads a model in a process of its own, whose home and temporary folder are `folder`, by this code. */
async function filesAfter(code: string, folder: string): Promise<string[]> {
  const { CI: _ci, ORT_DISABLE_TELEMETRY: _ort, XDG_CACHE_HOME: _xdg, ...inherited } = process.env;
  const environment = { ...inherited, HOME: folder, TMPDIR: folder };
  const program = ["--import", "tsx", "--input-type=module", "--eval", code];
  await promisify(execFile)(process.execPath, program, { env: environment });
  return (await readdir(folder, { recursive: true })).filter((path) => TELEMETRY_FILES.test(path));
}

it("keeps the runtime from collecting and sending data about its use", async () => {
  const model = (await testModelStore().ensure("dnsmos")).file("model_v8.onnx");
  const [collecting, silent] = [
    await mkdtemp(join(tmpdir(), "speaker-telemetry-")),
    await mkdtemp(join(tmpdir(), "speaker-telemetry-")),
  ];
  onTestFinished(async () => {
    await Promise.all([collecting, silent].map((folder) => rm(folder, { recursive: true, force: true })));
  });
  const path = JSON.stringify(model);
  const onnx = JSON.stringify(new URL("../../src/inference/onnx.ts", import.meta.url).href);
  const ours = `const { createSession } = await import(${onnx});
    await createSession(${path}, { provider: "cpu", threads: 1 });`;
  expect(await filesAfter(ours, silent)).toEqual([]);

  // The proof that this test would see it: the runtime as it comes (its collection exists on Linux and macOS).
  if (process.platform === "win32") return;
  const bare = `const { InferenceSession } = (await import("onnxruntime-node")).default;
    await InferenceSession.create(${path});`;
  expect(await filesAfter(bare, collecting)).not.toEqual([]);
});
