import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NotFoundError, SpeakerError } from "../../src/errors.ts";
import { ModelStore, type ModelStoreOptions } from "../../src/models/store.ts";
import { FileServer } from "../helpers/file-server.ts";
import { someWeights, tinyManifest } from "../helpers/model-fixtures.ts";

let dir: string;
let server: FileServer;
const files = { "a.bin": someWeights(), "b.bin": someWeights(1000) };
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), "speaker-models-"));
  server = await new FileServer().start();
  for (const [name, content] of Object.entries(files)) server.files.set(`/${name}`, content);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await server.stop();
  await fs.rm(dir, { recursive: true, force: true });
});

const manifest = () => tinyManifest(files, [{ kind: "url", url: `${server.url}/{path}` }]);
const storeOf = (options: Partial<ModelStoreOptions> = {}) =>
  new ModelStore({ dir, manifest: manifest(), ...options });
const path = (name: string) => join(dir, "tiny", name);

/** Everything of the model is there, right, and nothing else. */
async function expectWhole(): Promise<void> {
  for (const [name, content] of Object.entries(files))
    expect(content.equals(await fs.readFile(path(name)))).toBe(true);
  expect((await fs.readdir(join(dir, "tiny"))).sort()).toEqual([".verified.json", "a.bin", "b.bin"]);
}

describe("ensure", () => {
  it("fetches once; later starts read no weights and ask nobody", async () => {
    await storeOf().ensure("tiny");
    await expectWhole();
    server.seen.length = 0;
    const hashed: string[] = [];
    await storeOf({ onProgress: ({ phase }) => hashed.push(phase) }).ensure("tiny");
    expect(server.seen).toEqual([]);
    expect(hashed).toEqual([]);
  });

  it.each([
    ["truncated", () => fs.truncate(path("a.bin"), 100)],
    ["deleted", () => fs.rm(path("a.bin"))],
    ["altered with its size kept", () => fs.writeFile(path("a.bin"), someWeights())],
    [
      "swapped for a folder",
      async () => {
        await fs.rm(path("a.bin"));
        await fs.mkdir(path("a.bin"));
      },
    ],
  ])("replaces a file that was %s, and only that one", async (_what, damage) => {
    await storeOf().ensure("tiny");
    server.seen.length = 0;
    await damage();
    await storeOf().ensure("tiny");
    await expectWhole();
    expect(server.seen.map((request) => request.path)).toEqual(["/a.bin"]);
  });

  it("takes whole files that someone put there, without fetching", async () => {
    await fs.mkdir(join(dir, "tiny"));
    for (const [name, content] of Object.entries(files)) await fs.writeFile(path(name), content);
    await storeOf().ensure("tiny");
    await expectWhole();
    expect(server.seen).toEqual([]);
  });

  it("does not believe a stamp file that is broken", async () => {
    await storeOf().ensure("tiny");
    await fs.writeFile(path(".verified.json"), "{ not json");
    await fs.writeFile(path("a.bin"), someWeights());
    await storeOf().ensure("tiny");
    await expectWhole();
  });

  it("knows the models of its manifest only", async () => {
    await expect(storeOf().ensure("huge")).rejects.toThrow(NotFoundError);
    await expect(storeOf().pull(["tiny", "huge"])).rejects.toThrow("The manifest has: tiny.");
    expect(server.seen).toEqual([]);
  });

  it("gives paths of the model's files only", async () => {
    const model = await storeOf().ensure("tiny");
    expect(model.file("a.bin")).toBe(path("a.bin"));
    expect(() => model.file("../b.bin")).toThrow(SpeakerError);
  });

  it("copies from the source folder first, laid out by model or flat, and refuses what is wrong in it", async () => {
    const sourceDir = join(dir, "usb-stick");
    await fs.mkdir(join(sourceDir, "tiny"), { recursive: true });
    await fs.writeFile(join(sourceDir, "tiny", "a.bin"), files["a.bin"], { mode: 0o444 });
    await fs.writeFile(join(sourceDir, "b.bin"), someWeights(1000));
    await storeOf({ sourceDir }).ensure("tiny");
    await expectWhole();
    expect(server.seen.map((request) => request.path)).toEqual(["/b.bin"]);
  });
});

describe("a folder that fails", () => {
  it.skipIf(process.platform !== "linux")("says so when the disk is full, and leaves no part", async () => {
    await fs.mkdir(join(dir, "tiny"));
    await fs.symlink("/dev/full", path("a.bin.part"));
    const error = (await storeOf()
      .ensure("tiny")
      .catch((reason) => reason)) as SpeakerError;
    expect(error.code).toBe("MODEL_UNAVAILABLE");
    expect(error.message).toMatch(/disk of the models folder is full.*MODELS_DIR/);
    expect(await fs.readdir(join(dir, "tiny"))).not.toContain("a.bin.part");
  });

  it.skipIf(process.platform === "win32")("says so when the folder cannot be written", async () => {
    await withoutWriteAccess(async () => {
      const error = (await storeOf()
        .ensure("tiny")
        .catch((reason) => reason)) as SpeakerError;
      expect(error.code).toBe("MODEL_UNAVAILABLE");
      expect(error.message).toMatch(/cannot be written.*MODELS_DIR/);
    });
  });

  it("says so when a file is in its place", async () => {
    await fs.writeFile(join(dir, "file"), "");
    const error = (await storeOf({ dir: join(dir, "file") })
      .ensure("tiny")
      .catch((reason) => reason)) as SpeakerError;
    expect(error.code).toBe("MODEL_UNAVAILABLE");
    expect(error.message).toContain("a file is in its place");
  });

  it.skipIf(process.platform === "win32")("serves whole files from one that cannot be written", async () => {
    await storeOf().ensure("tiny");
    await fs.rm(path(".verified.json"));
    await withoutWriteAccess(async () => {
      expect((await storeOf().ensure("tiny")).file("a.bin")).toBe(path("a.bin"));
    });
  });
});

describe("verify and list", () => {
  it("verify reads everything again and tells right, damaged and missing files apart", async () => {
    const store = storeOf();
    await store.ensure("tiny");
    expect((await store.verify()).map(({ state }) => state)).toEqual(["OK", "OK"]);

    // The same size and time as before: only reading finds it.
    const { atime, mtime } = await fs.stat(path("a.bin"));
    await fs.writeFile(path("a.bin"), someWeights());
    await fs.utimes(path("a.bin"), atime, mtime);
    await fs.rm(path("b.bin"));
    expect(await store.verify(["tiny"])).toEqual([
      { model: "tiny", file: "a.bin", state: "CORRUPT" },
      { model: "tiny", file: "b.bin", state: "MISSING" },
    ]);
    await storeOf().pull();
    await expectWhole();
  });

  it("list tells how much is here, by looking only", async () => {
    const state = async () => (await storeOf().list())[0]?.state;
    expect(await state()).toBe("MISSING");
    await storeOf().ensure("tiny");
    expect(await state()).toBe("READY");
    await fs.utimes(path("a.bin"), new Date(), new Date());
    expect(await state()).toBe("UNVERIFIED");
    await fs.truncate(path("a.bin"), 10);
    expect(await state()).toBe("INCOMPLETE");
    expect((await storeOf().list())[0]).toMatchObject({
      ...{ id: "tiny", licence: "CC0-1.0", bytes: 301_000 },
      sources: [new URL(server.url).host],
    });
  });
});

describe("two processes", () => {
  async function puller(): Promise<{ child: ChildProcess; says: (line: string) => Promise<void> }> {
    const manifestFile = join(dir, "manifest.json");
    await fs.writeFile(manifestFile, JSON.stringify(manifest()));
    const script = fileURLToPath(new URL("../helpers/model-puller.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", script, dir, manifestFile], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      child.emit("output");
    });
    const says = async (line: string) => {
      while (!output.includes(line)) await once(child, "output");
    };
    return { child, says };
  }

  /** Keeps the answer to the next request for `/a.bin` back until `release`. */
  function holdBack(): { asked: Promise<void>; release: () => void } {
    let held: ServerResponse;
    const asked = new Promise<void>((resolve) => {
      server.misbehaveFor("/a.bin", (_request, response) => {
        held = response;
        resolve();
      });
    });
    return { asked, release: () => held.end(files["a.bin"]) };
  }

  it("fetch a model once: the second waits for the first", async () => {
    const held = holdBack();
    const first = await puller();
    await held.asked;
    const second = await puller();
    await second.says("another process is fetching this model");
    held.release();
    await Promise.all([first.says("ready"), second.says("ready")]);
    expect(server.seen.map((request) => request.path).sort()).toEqual(["/a.bin", "/b.bin"]);
    await expectWhole();
  });

  it("take over from one that is killed, and go on with its part", async () => {
    server.misbehaveFor("/a.bin", server.stallAfter(100_000));
    const first = await puller();
    // All of b.bin and as much of a.bin as the server sends.
    await first.says(" 101000\n");
    first.child.kill("SIGKILL");
    await once(first.child, "exit");

    server.seen.length = 0;
    await storeOf().ensure("tiny");
    expect(server.seen.find((request) => request.path === "/a.bin")?.range).toBe("bytes=100000-");
    await expectWhole();
  });
});

/** Runs with the folder read-only; root, whom no mode stops, becomes nobody for that time. */
async function withoutWriteAccess(work: () => Promise<void>): Promise<void> {
  const nobody = 65_534;
  const root = process.geteuid?.() === 0;
  const tiny = join(dir, "tiny");
  const folders = [
    dir,
    ...(await fs.stat(tiny).then(
      () => [tiny],
      () => [],
    )),
  ];
  for (const folder of folders) await fs.chmod(folder, 0o555);
  if (root) process.seteuid?.(nobody);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
    for (const folder of folders) await fs.chmod(folder, 0o755);
  }
}
