import { readFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { describe, expect, it } from "vitest";
import { multipliesExactly } from "../../src/inference/vnni.ts";

describe("multipliesExactly", () => {
  it.skipIf(platform() !== "linux" || arch() !== "x64")(
    "finds out what the processor says of itself",
    async () => {
      const flags = /^flags\s*:(.*)$/m.exec(await readFile("/proc/cpuinfo", "utf8"))?.[1]?.split(" ") ?? [];
      const vnni = flags.includes("avx512_vnni") || flags.includes("avx_vnni");
      expect(await multipliesExactly()).toBe(vnni);
    },
  );
});
