import { describe, expect, it } from "vitest";
import { loadWithFirstProvider } from "../../src/inference/providers.ts";
import { plainReason } from "../../src/inference/reason.ts";

describe("loadWithFirstProvider", () => {
  it("takes the first that works, announces each try and records each refusal", async () => {
    const events: string[] = [];
    const choice = await loadWithFirstProvider(
      ["cuda", "webgpu", "cpu"],
      async (provider) => {
        if (provider === "cuda") throw new Error("no such library");
        return provider.length;
      },
      async (provider) => void events.push(`try ${provider}`),
      async ({ provider, reason }) => void events.push(`refuse ${provider}: ${reason}`),
    );
    expect(choice).toEqual({ provider: "webgpu", loaded: 6 });
    expect(events).toEqual(["try cuda", "refuse cuda: no such library", "try webgpu"]);
  });

  it("fails with the last reason when none works", async () => {
    const nothing = async () => undefined;
    const load = async (provider: string) => Promise.reject(new Error(`${provider} is broken`));
    await expect(loadWithFirstProvider(["webgpu", "cpu"], load, nothing, nothing)).rejects.toThrow(
      "cpu is broken",
    );
    await expect(loadWithFirstProvider([], load, nothing, nothing)).rejects.toThrow("no execution provider");
  });
});

describe("plainReason", () => {
  it.each([
    [
      "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library",
      "the CUDA provider of ONNX Runtime is not installed, or CUDA and cuDNN are missing",
    ],
    [
      "/src/core/providers/webgpu/webgpu_context.cc:136 status was false. Failed to get a WebGPU adapter: No supported adapters\n\n",
      "no GPU that WebGPU supports was found",
    ],
    [
      "Load model from /home/user/models/kokoro.onnx failed:Protobuf parsing failed.",
      "Load model from (file) failed:Protobuf parsing failed.",
    ],
    [
      "ENOENT: no such file or directory, open '/home/user/voice.bin'",
      "ENOENT: no such file or directory, open '(file)'",
    ],
    ["Load model from C:\\models\\a.onnx failed", "Load model from (file) failed"],
  ])("says %j as %j", (message, reason) => {
    expect(plainReason(new Error(message))).toBe(reason);
  });
});
