import * as fs from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ManifestSource } from "../../src/models/manifest.ts";
import { type ModelProgress, ModelStore, type ModelStoreOptions } from "../../src/models/store.ts";
import { FileServer } from "../helpers/file-server.ts";
import { someWeights, tinyManifest } from "../helpers/model-fixtures.ts";

let dir: string;
let server: FileServer;
let weights: Buffer;

beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), "speaker-models-"));
  server = await new FileServer().start();
  weights = someWeights();
  server.files.set("/a.bin", weights);
});
afterEach(async () => {
  await server.stop();
  await fs.rm(dir, { recursive: true, force: true });
});

/** A store of one model, one file, whose sources are paths of the test's server or whole URLs. */
function storeOf(places: readonly string[], options: Partial<ModelStoreOptions> = {}): ModelStore {
  const sources = places.map((place): ManifestSource => {
    return { kind: "url", url: place.startsWith("http") ? place : `${server.url}${place}` };
  });
  const manifest = tinyManifest({ "a.bin": weights }, sources);
  const onProgress = (progress: ModelProgress) => {
    server.received(progress.receivedBytes);
    options.onProgress?.(progress);
  };
  return new ModelStore({ dir, manifest, ...options, onProgress });
}

/** Whether the store brings the very bytes. (`toEqual` would take a second for them.) */
async function brings(store: ModelStore): Promise<boolean> {
  return weights.equals(await fs.readFile((await store.ensure("tiny")).file("a.bin")));
}

async function failure(store: ModelStore): Promise<{ code: string; message: string }> {
  const error = await store.ensure("tiny").then(
    () => expect.unreachable("it should have failed"),
    (reason: unknown) => reason,
  );
  return error as { code: string; message: string };
}

const ranges = () => server.seen.map(({ range }) => range);

describe("a download", () => {
  it("arrives whole, is reported byte by byte, and leaves nothing beside the file", async () => {
    const progress: ModelProgress[] = [];
    const store = storeOf(["/{path}"], { onProgress: (step) => progress.push(step) });
    expect(await brings(store)).toBe(true);
    expect((await fs.readdir(join(dir, "tiny"))).sort()).toEqual([".verified.json", "a.bin"]);
    expect(await fs.readdir(dir)).toEqual(["tiny"]);

    const downloads = progress.filter(({ phase }) => phase === "download");
    expect(downloads.at(-1)).toEqual({
      ...{ model: "tiny", file: "a.bin", source: new URL(server.url).host, phase: "download" },
      ...{ receivedBytes: weights.length, totalBytes: weights.length },
    });
    expect(progress.at(-1)?.phase).toBe("verify");
  });

  it("goes on where a cut connection ended", async () => {
    server.misbehave(server.cutAfter(100_000), server.cutAfter(50_000));
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
    expect(ranges()).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
    expect(server.seen[1]?.ifRange).toBe(server.etag);
  });

  it("goes on in a later run with what an earlier one left", async () => {
    server.misbehave(server.cutAfter(100_000), server.cutAfter(0), server.cutAfter(0), server.cutAfter(0));
    expect((await failure(storeOf(["/{path}"]))).message).toContain("the connection was cut");
    server.seen.length = 0;
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
    expect(ranges()).toEqual(["bytes=100000-"]);
  });

  it("starts anew when the server ignores ranges", async () => {
    server.supportsRanges = false;
    server.misbehave(server.cutAfter(100_000));
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
    expect(ranges()).toEqual([undefined, "bytes=100000-"]);
  });

  it("starts anew when the file on the server has changed meanwhile", async () => {
    const old = someWeights();
    server.files.set("/a.bin", old);
    server.misbehave(server.cutAfter(100_000), (_request, response) => {
      server.files.set("/a.bin", weights);
      server.etag = '"two"';
      response.destroy();
    });
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
    expect(server.seen.at(-1)).toMatchObject({ range: "bytes=100000-", ifRange: '"one"' });
  });

  it("starts anew, once, when what an earlier run left turns out to be wrong", async () => {
    await fs.mkdir(join(dir, "tiny"));
    await fs.writeFile(join(dir, "tiny", "a.bin.part"), someWeights(1000));
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
    expect(ranges()).toEqual(["bytes=1000-", undefined]);
  });

  it("starts anew when what an earlier run left is too long", async () => {
    await fs.mkdir(join(dir, "tiny"));
    await fs.writeFile(join(dir, "tiny", "a.bin.part"), someWeights(weights.length + 5));
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
  });

  it("asks again when the server is busy", async () => {
    server.misbehave((_request, response) => response.writeHead(503).end());
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
  });

  it("goes on when the server falls silent", async () => {
    server.misbehave(server.stallAfter(100_000));
    expect(await brings(storeOf(["/{path}"], { timeouts: { stallMs: 300 } }))).toBe(true);
    expect(ranges().at(-1)).toMatch(/^bytes=\d+-$/);
  });

  it("stops at once when aborted, and keeps what it has for the next time", async () => {
    const abort = new AbortController();
    server.misbehave(server.stallAfter(100_000));
    const store = storeOf(["/{path}"], {
      onProgress: ({ receivedBytes }) => receivedBytes >= 100_000 && abort.abort(new Error("enough")),
    });
    await expect(store.ensure("tiny", { signal: abort.signal })).rejects.toThrow("enough");
    expect(await brings(storeOf(["/{path}"]))).toBe(true);
    expect(ranges()).toEqual([undefined, "bytes=100000-"]);
  });
});

describe("the next source is tried", () => {
  it.each([
    ["does not have the file", "/none/{path}", "a.bin was answered with HTTP 404"],
    [
      "has other bytes of the same length",
      "/wrong/{path}",
      "a.bin has the wrong SHA-256 there and was refused",
    ],
    ["has a file of another length", "/short/{path}", "a.bin is 10 bytes long there instead of 300000"],
  ])("when one %s", async (_name, place, reason) => {
    server.files.set("/wrong/a.bin", someWeights());
    server.files.set("/short/a.bin", someWeights(10));
    const reasons: unknown[] = [];
    const logger = { info: () => undefined, warn: (fields: object) => reasons.push(fields) };
    expect(await brings(storeOf([place, "/{path}"], { logger }))).toBe(true);
    expect(reasons).toEqual([{ model: "tiny", source: new URL(server.url).host, reason }]);
  });

  it("when a host does not exist, refuses, or never answers; each is asked once", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    server.misbehave(() => undefined);
    const store = storeOf(
      ["http://no-such-host.invalid/{path}", `http://127.0.0.1:${port}/{path}`, "/{path}"],
      {
        timeouts: { connectMs: 300 },
      },
    );
    const { code, message } = await failure(store);
    expect(code).toBe("MODEL_UNAVAILABLE");
    expect(message).toContain("(1) no-such-host.invalid: its host name could not be resolved;");
    expect(message).toContain(`(2) 127.0.0.1:${port}: the connection was refused;`);
    expect(message).toContain(`(3) 127.0.0.1:${server.port}: it did not answer within 1 s.`);
    for (const remedy of ["MODELS_DIR", "MODELS_SOURCE_DIR", "MODELS_MIRROR_URL"]) {
      expect(message).toContain(remedy);
    }
    expect(message).not.toContain(dir);
    expect(server.seen).toHaveLength(1);
  });
});

describe("a mirror", () => {
  it("is asked before the manifest's sources, under <model>/<file>, with its credentials in a header", async () => {
    server.files.set("/base/tiny/a.bin", weights);
    const mirrorUrl = `http://me:s%3Acret@127.0.0.1:${server.port}/base/`;
    expect(await brings(storeOf(["/{path}"], { mirrorUrl }))).toBe(true);
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({
      path: "/base/tiny/a.bin",
      authorization: `Basic ${Buffer.from("me:s:cret").toString("base64")}`,
    });
  });

  it("keeps its credentials out of the failure", async () => {
    const mirrorUrl = `http://me:secret@127.0.0.1:${server.port}/base`;
    const { message } = await failure(storeOf([], { mirrorUrl }));
    expect(message).toContain(`the mirror 127.0.0.1:${server.port}: a.bin was answered with HTTP 404`);
    expect(message).not.toContain("secret");
  });
});
