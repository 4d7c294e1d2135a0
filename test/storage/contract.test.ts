import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFolderStorage } from "../../src/storage/fs.ts";
import { openS3Storage } from "../../src/storage/s3.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { describeS3, S3Server } from "../helpers/s3-server.ts";

const MEBIBYTE = 1024 * 1024;

async function readAll(stream: Readable | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What every store promises, whatever is behind it. */
function contract(open: () => Promise<{ storage: Storage; close: () => Promise<void> }>): void {
  let storage: Storage;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ storage, close } = await open());
  });
  afterAll(() => close());

  async function stored(key: string, bytes: Uint8Array): Promise<void> {
    const path = await storage.temporaryPath();
    await writeFile(path, bytes);
    await storage.putFile(key, path);
    expect(existsSync(path)).toBe(false);
  }

  it("proves itself and says what it is", async () => {
    await storage.check();
    expect(storage.description).toMatch(/folder|bucket/);
    expect(storage.description).not.toContain("secret");
  });

  it("gives back what it was given, replaces it, and knows its length", async () => {
    const bytes = randomBytes(100_003);
    await storage.put("audio/one/a.wav", Buffer.from("before"));
    await storage.put("audio/one/a.wav", bytes);
    expect(Buffer.from((await storage.get("audio/one/a.wav")) ?? [])).toEqual(bytes);
    expect(await readAll(await storage.read("audio/one/a.wav"))).toEqual(bytes);
    expect(await storage.size("audio/one/a.wav")).toBe(bytes.length);
  });

  it("keeps an empty object", async () => {
    await storage.put("audio/one/empty.pcm", new Uint8Array());
    expect(await storage.size("audio/one/empty.pcm")).toBe(0);
    expect(await storage.get("audio/one/empty.pcm")).toHaveLength(0);
    expect(await readAll(await storage.read("audio/one/empty.pcm"))).toHaveLength(0);
  });

  it("answers null for what is not there, also where it is a folder", async () => {
    for (const key of ["audio/none/a.wav", "audio/one"]) {
      expect(await storage.get(key)).toBeNull();
      expect(await storage.read(key, { start: 0, end: 1 })).toBeNull();
      expect(await storage.size(key)).toBeNull();
    }
    expect(await storage.list("none/")).toEqual([]);
  });

  it("takes over files of any length, in parts where they are long, and reads ranges across the seams", async () => {
    const lengths = [0, 1, 8 * MEBIBYTE - 1, 8 * MEBIBYTE, 8 * MEBIBYTE + 1, 21 * MEBIBYTE + 11];
    for (const length of lengths) {
      const bytes = randomBytes(length);
      const key = `audio/long/${length}.bin`;
      await stored(key, bytes);
      expect(await storage.size(key)).toBe(length);
      const digest = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
      expect(digest((await storage.get(key)) ?? Buffer.from("none"))).toBe(digest(bytes));
      for (const [start, end] of [
        [0, 0],
        [8 * MEBIBYTE - 3, 8 * MEBIBYTE + 3],
        [length - 5, length - 1],
        [1, length - 1],
      ] as const) {
        if (start < 0 || end >= length || start > end) continue;
        const part = await readAll(await storage.read(key, { start, end }));
        expect(digest(part)).toBe(digest(bytes.subarray(start, end + 1)));
      }
    }
  });

  it("takes no file but its own temporary ones", async () => {
    const folder = await mkdtemp(join(tmpdir(), "speaker-foreign-"));
    const path = join(folder, "file");
    await writeFile(path, "mine");
    await expect(storage.putFile("audio/one/stolen.wav", path)).rejects.toThrow("temporary file");
    expect(existsSync(path)).toBe(true);
    await rm(folder, { recursive: true });
  });

  it("leaves nothing when a file cannot be taken over", async () => {
    const path = await storage.temporaryPath();
    await expect(storage.putFile("audio/one/gone.wav", path)).rejects.toThrow();
    expect(await storage.size("audio/one/gone.wav")).toBeNull();
    expect(await readdir(dirname(path))).toEqual([]);
  });

  it("lists what lies directly under a prefix, and every object under it", async () => {
    const keys = ["b-1/x.bin", "b-1/y/z.bin", "b.0", "b/1", "b/2/3/4.bin"].map((name) => `listed/${name}`);
    for (const [index, key] of keys.entries()) await storage.put(key, Buffer.alloc(index));
    await storage.put("listed2/x/y", Buffer.from("no"));
    expect(await storage.list("listed/")).toEqual(["listed/b-1/", "listed/b.0", "listed/b/"]);
    const found = [];
    for await (const object of storage.entries("listed/")) found.push(object);
    expect(found.map(({ key }) => key).sort()).toEqual(keys);
    for (const { key, bytes, modifiedAt } of found) {
      expect(bytes).toBe(keys.indexOf(key));
      expect(Math.abs(Date.now() - modifiedAt.getTime())).toBeLessThan(300_000);
    }
  });

  it("removes an object, many, and all under a prefix, as often as it is asked to", async () => {
    const keys = ["removed/a/1", "removed/a/2", "removed/a/b/3", "removed/ab/4", "removed/c/5"];
    for (const key of keys) await storage.put(key, Buffer.from(key));
    for (let time = 0; time < 2; time++) {
      await storage.remove("removed/a/");
      await storage.removeMany(["removed/c/5", "removed/never/there"]);
      const left = [];
      for await (const { key } of storage.entries("removed/")) left.push(key);
      expect(left).toEqual(["removed/ab/4"]);
    }
    await storage.remove("removed/ab/4");
    await storage.remove("removed/ab/4");
    expect(await storage.size("removed/ab/4")).toBeNull();
    await storage.removeMany([]);
  });

  it("lists and removes more than a page of 1,000", { timeout: 120_000 }, async () => {
    const keys = Array.from({ length: 1_101 }, (_, i) => `many/${String(i).padStart(5, "0")}/o.bin`);
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => storage.put(key, Buffer.from("x"))));
    expect(await storage.list("many/")).toEqual(keys.map((key) => key.slice(0, -"o.bin".length)));
    const found = [];
    for await (const { key } of storage.entries("many/")) found.push(key);
    expect(found).toEqual(keys);
    await storage.removeMany(keys.slice(0, 1_050));
    expect(await storage.size(keys[1_049] ?? "")).toBeNull();
    expect(await storage.size(keys[1_050] ?? "")).toBe(1);
    await storage.remove("many/");
    for await (const { key } of storage.entries("many/")) expect.fail(`${key} is left`);
  });

  it("accepts no key that could lead elsewhere, for any verb", async () => {
    const keys = [
      ...[
        "../x/y",
        "a/../b",
        "a/./b",
        "/etc/passwd",
        "a//b",
        "a/b\0",
        "a\\b/c",
        "tmp/x",
        "a/.hidden",
        ".a/b",
      ],
      ...[
        "",
        "a",
        "a/b?c",
        "a/b c",
        "a/%2e%2e/b",
        "a/b\n",
        `a/${"x".repeat(200)}`,
        "a/ä",
        `${"a/".repeat(9)}b`,
      ],
    ];
    for (const key of keys) {
      for (const use of [
        () => storage.put(key, Buffer.from("x")),
        () => storage.get(key),
        () => storage.read(key),
        () => storage.size(key),
        () => storage.remove(key),
        () => storage.removeMany([key]),
      ])
        await expect(use(), key).rejects.toThrow("not a storage key");
    }
    for (const prefix of keys.filter((key) => key !== "a").map((key) => `${key}/`)) {
      for (const use of [
        () => storage.remove(prefix),
        () => storage.list(prefix),
        async () => {
          for await (const object of storage.entries(prefix)) expect.fail(object.key);
        },
      ])
        await expect(use(), prefix).rejects.toThrow("not a storage prefix");
    }
  });

  it("removes what was begun before a point in time and never finished", async () => {
    const [old, young] = [await storage.temporaryPath(), await storage.temporaryPath()];
    await writeFile(old, "left by a process that was killed");
    await writeFile(young, "in the making");
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(old, hourAgo, hourAgo);
    const before = new Date(Date.now() - 1_800_000);
    expect(await storage.removeUnfinished(before, true)).toBe(1);
    expect(existsSync(old)).toBe(true);
    expect(await storage.removeUnfinished(before, false)).toBe(1);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
    await rm(young);
  });
}

describe("a store in a folder", () => {
  contract(async () => {
    const folder = await mkdtemp(join(tmpdir(), "speaker-store-"));
    return {
      storage: await openFolderStorage(folder),
      close: () => rm(folder, { recursive: true }),
    };
  });
});

describeS3("a store in an S3-compatible bucket", () => {
  contract(async () => {
    const server = await S3Server.start();
    await server.createBucket("contract");
    const folder = await mkdtemp(join(tmpdir(), "speaker-store-"));
    return {
      storage: await openS3Storage(server.options("contract", folder)),
      async close() {
        await server.kill();
        await rm(folder, { recursive: true });
      },
    };
  });
});
