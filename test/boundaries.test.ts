import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Files of ours that it imports, relative to src, and packages. */
  readonly imports: readonly string[];
}

const files: SourceFile[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => path.endsWith(".ts") && !path.startsWith("client/gql/"))
  .map((path) => {
    const text = readFileSync(join(SRC, path), "utf8");
    const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
      (match) => match[1] ?? "",
    );
    const imports = specifiers.map((specifier) =>
      specifier.startsWith(".")
        ? relative(SRC, join(dirname(join(SRC, path)), specifier))
            .split(sep)
            .join("/")
        : specifier,
    );
    return { path, text, imports };
  });

const room = (path: string) => (path.includes("/") ? (path.split("/")[0] ?? "") : path);
const isOurs = (specifier: string) => specifier.endsWith(".ts");

/** What each room may import of ours, beside itself. Rooms that are not named may import anything. */
const ALLOWED: Record<string, readonly string[]> = {
  audio: ["errors.ts", "program.ts"],
  "digest.ts": [],
  espeak: ["errors.ts", "program.ts"],
  "errors.ts": [],
  "lockfile.ts": ["errors.ts"],
  languages: ["auth", "graphql", "models", "voices"],
  models: ["audio", "errors.ts", "lockfile.ts"],
  inference: ["audio", "errors.ts", "espeak", "models"],
  "program.ts": [],
  storage: ["digest.ts", "errors.ts"],
  client: [],
};

describe("import boundaries", () => {
  it("has read the sources", () => expect(files.length).toBeGreaterThan(80));

  it("lets each room import only what lies below it", () => {
    const broken = files.flatMap(({ path, imports }) => {
      const allowed = ALLOWED[room(path)];
      if (allowed === undefined) return [];
      return imports
        .filter((target) => isOurs(target) && room(target) !== room(path) && !allowed.includes(room(target)))
        .map((target) => `${path} imports ${target}`);
    });
    expect(broken).toEqual([]);
  });

  it("lets only the composition root see everything: no domain imports resources but through the context", () => {
    const roots = new Set([
      "graphql",
      "http",
      "health",
      "metrics",
      "commands",
      "openai",
      "context.ts",
      "serve.ts",
      "worker.ts",
      "speech-engine.ts",
    ]);
    const broken = files
      .filter(({ path, imports }) => !roots.has(room(path)) && imports.includes("resources.ts"))
      .map(({ path }) => path);
    expect(broken).toEqual([]);
  });

  it("has no cycles", () => {
    const graph = new Map(
      files.map(({ path, text, imports }) => {
        // Types are gone at run time: a cycle of types alone is none.
        const typeOnly = new Set(
          [...text.matchAll(/import type [^"]*from "([^"]+)"/g)].map((match) =>
            relative(SRC, join(dirname(join(SRC, path)), match[1] ?? ""))
              .split(sep)
              .join("/"),
          ),
        );
        return [path, imports.filter((target) => isOurs(target) && !typeOnly.has(target))] as const;
      }),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(" > "));
      else if (!done.has(path)) {
        for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
        done.add(path);
      }
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it("reads the environment in one file, and onnxruntime-node in another", () => {
    const readers = files.filter(({ text }) => /process\.env\b/.test(text.replace(/^\s*(\/\/|\*).*$/gm, "")));
    expect(readers.map(({ path }) => path)).toEqual(["config.ts"]);
    const runtimes = files.filter(({ imports }) => imports.includes("onnxruntime-node"));
    expect(runtimes.map(({ path }) => path)).toEqual(["inference/onnx.ts"]);
  });
});
