import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { StyleCache, styleForLength } from "../../src/inference/engines/style.ts";

/** Every number of a row is the row's own number. */
const pack = Float32Array.from({ length: 510 * 256 }, (_, index) => Math.floor(index / 256));

async function voiceFile(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "speaker-style-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "voice.bin");
  await writeFile(path, bytes);
  return path;
}

describe("styleForLength", () => {
  it("gives n tokens row n - 1, and the nearest row beyond both ends", () => {
    for (const [tokens, row] of [
      [1, 0],
      [2, 1],
      [510, 509],
      [0, 0],
      [600, 509],
    ] as const) {
      const style = styleForLength(pack, tokens);
      expect(style).toHaveLength(256);
      expect(new Set(style)).toEqual(new Set([row]));
    }
  });

  it("refuses a pack of another size", () => {
    expect(() => styleForLength(new Float32Array(255), 1)).toThrow("holds 130560 numbers, this one 255");
  });
});

describe("StyleCache", () => {
  it("gives the same style for a file, a pack and a vector", async () => {
    const path = await voiceFile(new Uint8Array(pack.buffer));
    const cache = new StyleCache();
    const fromFile = await cache.style({ key: "voice", path }, 42);
    expect(fromFile).toEqual(await cache.style({ pack }, 42));
    expect(fromFile).toEqual(await cache.style({ style: fromFile }, 7));
  });

  it("reads a file once", async () => {
    const path = await voiceFile(new Uint8Array(pack.buffer));
    const cache = new StyleCache();
    await cache.style({ key: "voice", path }, 1);
    await rm(path);
    expect((await cache.style({ key: "voice", path }, 3))[0]).toBe(2);
    await expect(cache.style({ key: "other", path }, 3)).rejects.toThrow("ENOENT");
  });

  it("refuses a file that is cut off", async () => {
    const path = await voiceFile(new Uint8Array(1001));
    await expect(new StyleCache().style({ key: "voice", path }, 1)).rejects.toThrow("cut off");
  });
});
