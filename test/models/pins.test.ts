import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sha256Of } from "../../src/digest.ts";
import { parseManifest } from "../../src/models/manifest.ts";
import { ModelStore } from "../../src/models/store.ts";
import { FileServer } from "../helpers/file-server.ts";
import { someWeights } from "../helpers/model-fixtures.ts";

let dir: string;
let server: FileServer;
const weights = someWeights();

beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), "speaker-pins-"));
  server = await new FileServer().start();
  server.files.set("/v.onnx", weights);
});
afterEach(async () => {
  await server.stop();
  await fs.rm(dir, { recursive: true, force: true });
});

const md5Of = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");
const file = () => join(dir, "v", "v.onnx");

/** A model of one file that is known by its MD5 alone. */
function storeOf(md5 = md5Of(weights)): ModelStore {
  const manifest = parseManifest({
    formatVersion: 1,
    models: [
      {
        ...{ id: "v", title: "V", purpose: "p", engine: "e", licence: "MIT", attribution: "x" },
        files: [{ path: "v.onnx", bytes: weights.length, md5 }],
        sources: [{ kind: "url", url: `${server.url}/v{extension}` }],
      },
    ],
  });
  return new ModelStore({ dir, manifest });
}

it("takes a file by its size and MD5, and holds it to the SHA-256 that it had", async () => {
  const { path, sha256 } = await storeOf().locate("v");
  expect({ path, sha256 }).toEqual({ path: file(), sha256: sha256Of(weights) });
  server.seen.length = 0;
  await storeOf().ensure("v");
  expect(server.seen).toEqual([]);

  // Whoever can make another file of the same MD5 still cannot have it taken: here the pin is moved instead.
  const pins = join(dir, "v", ".pinned.json");
  const other = { "v.onnx": { md5: md5Of(weights), sha256: "0".repeat(64) } };
  await fs.writeFile(pins, JSON.stringify(other));
  await expect(storeOf().ensure("v")).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
  await fs.rm(pins);
  await storeOf().ensure("v");
  expect(weights.equals(await fs.readFile(file()))).toBe(true);
});

it("refuses a file of another MD5, and takes a new one when the manifest asks for another", async () => {
  await expect(storeOf("0".repeat(32)).ensure("v")).rejects.toThrow("wrong digest");
  await storeOf().ensure("v");
  const next = someWeights(weights.length);
  server.files.set("/v.onnx", next);
  const { sha256 } = await storeOf(md5Of(next)).locate("v");
  expect(sha256).toBe(sha256Of(next));
});

it("tells by size alone what is here", async () => {
  expect(await storeOf().present(["v"])).toEqual(new Set());
  await storeOf().ensure("v");
  expect(await storeOf().present(["v"])).toEqual(new Set(["v"]));
  await fs.truncate(file(), 10);
  expect(await storeOf().present(["v"])).toEqual(new Set());
});
