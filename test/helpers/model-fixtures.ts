import { createHash, randomBytes } from "node:crypto";
import { type Manifest, type ManifestSource, parseManifest } from "../../src/models/manifest.ts";

/** A manifest with one model, `tiny`, of the given files. */
export function tinyManifest(
  files: Readonly<Record<string, Buffer>>,
  sources: readonly ManifestSource[],
): Manifest {
  return parseManifest({
    formatVersion: 1,
    models: [
      {
        id: "tiny",
        title: "Tiny",
        purpose: "Tests of the store.",
        engine: "none",
        licence: "CC0-1.0",
        attribution: "Nobody",
        files: Object.entries(files).map(([path, content]) => ({
          path,
          bytes: content.length,
          sha256: createHash("sha256").update(content).digest("hex"),
        })),
        sources,
      },
    ],
  });
}

/** Bytes that compress to nothing shorter and that no other file has. */
export function someWeights(bytes = 300_000): Buffer {
  return randomBytes(bytes);
}
