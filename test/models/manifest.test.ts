import { describe, expect, it } from "vitest";
import { parseManifest, readManifest } from "../../src/models/manifest.ts";
import { fillTemplate } from "../../src/models/sources/source.ts";

describe("models/manifest.json", () => {
  const manifest = readManifest();
  const model = (id: string) => manifest.models.find((candidate) => candidate.id === id);

  it("has what the service speaks and judges with, each with a licence and a source", () => {
    const ids = manifest.models.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        "kokoro-82m",
        "kokoro-voices",
        "english-lexicon",
        "dnsmos",
        "silero-vad",
        "speaker-encoder",
      ]),
    );
    for (const { engine, licence, sources, files } of manifest.models) {
      expect(sources.length).toBeGreaterThan(0);
      if (engine === "piper") continue;
      expect(["Apache-2.0", "MIT"]).toContain(licence);
      for (const { sha256 } of files) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("has the Piper collection: a network and its configuration for each voice, at its place there", () => {
    const piper = manifest.models.filter(({ engine }) => engine === "piper");
    expect(piper.length).toBeGreaterThan(150);
    for (const { id, files } of piper) {
      expect(files.map(({ path }) => path)).toEqual([`${id}.onnx`, `${id}.onnx.json`]);
      expect(files.every(({ md5 }) => md5 !== undefined)).toBe(true);
    }
    const addressesOf = (id: string) =>
      model(id)?.files.map((file) =>
        model(id)?.sources.map((source) =>
          source.kind === "url" ? fillTemplate(source.url, file) : source.kind,
        ),
      );
    expect(addressesOf("pt_PT-tugao-medium")).toEqual([
      [expect.stringMatching(/\/pt\/pt_PT\/tug%C3%A3o\/medium\/pt_PT-tug%C3%A3o-medium\.onnx$/)],
      [expect.stringMatching(/\/pt_PT-tug%C3%A3o-medium\.onnx\.json$/)],
    ]);
    expect(model("en_US-joe-medium")?.files[0]?.sha256).toMatch(/^58afce0321b8d9c4/);
    expect(addressesOf("en_US-joe-medium")?.[0]).toContain("pip");
  });

  it("has the 54 voices, each a float32 [510, 1, 256] table with a digest of its own", () => {
    const voices = model("kokoro-voices")?.files ?? [];
    expect(voices).toHaveLength(54);
    expect(new Set(voices.map(({ bytes }) => bytes))).toEqual(new Set([510 * 256 * 4]));
    expect(new Set(voices.map(({ sha256 }) => sha256)).size).toBe(54);
    expect(voices.find(({ path }) => path === "af_heart.bin")?.sha256).toMatch(/^d583ccff3cdca2f7/);
  });

  it("cannot be changed by who reads it", () => {
    expect(() => {
      Object.assign(model("dnsmos")?.files[0] ?? {}, { path: "other" });
    }).toThrow(TypeError);
  });
});

describe("parseManifest", () => {
  const file = { path: "a.bin", bytes: 1, sha256: "0".repeat(64) };
  const model = {
    ...{ id: "a", title: "A", purpose: "p", engine: "e", licence: "MIT", attribution: "x" },
    files: [file],
    sources: [],
  };
  const parse = (...models: unknown[]) => parseManifest({ formatVersion: 1, models });

  it("accepts a well-formed one", () => {
    expect(parse(model).models[0]?.id).toBe("a");
  });

  it.each([
    ["a path out of the folder", { ...model, files: [{ ...file, path: "../a.bin" }] }],
    ["a hidden file", { ...model, files: [{ ...file, path: ".verified.json" }] }],
    ["a file without a digest", { ...model, files: [{ path: "a.bin", bytes: 1 }] }],
    ["a digest that is none", { ...model, files: [{ ...file, sha256: "abc" }] }],
    ["two files of one name", { ...model, files: [file, file] }],
    [
      "a package that is not pinned",
      { ...model, sources: [{ kind: "npm", package: "x", member: "m", downloadBytes: 1 }] },
    ],
    [
      "an option passed as a package",
      { ...model, sources: [{ kind: "npm", package: "--x@1", member: "m", downloadBytes: 1 }] },
    ],
    ["a URL of another scheme", { ...model, sources: [{ kind: "url", url: "file:///etc/{path}" }] }],
    [
      "a source file that no model has",
      { ...model, sources: [{ kind: "prepare", model: "b", file: "b", recipe: "kokoro-float32" }] },
    ],
    [
      "a model made of itself",
      { ...model, sources: [{ kind: "prepare", model: "a", file: "a.bin", recipe: "kokoro-float32" }] },
    ],
  ])("refuses %s", (_name, broken) => {
    expect(() => parse(broken)).toThrow();
  });

  it("refuses two models of one id", () => {
    expect(() => parse(model, model)).toThrow("two models have the same id");
  });
});
