import { readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { z } from "zod";
import type { ModelFile } from "./contract.ts";

const keptDecision = z.object({
  /** Whatever could change the answer; another key means: measure again. */
  key: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Compute seconds per second of audio of a lone utterance. */
  realTimeFactor: z.object({ int8: z.number().positive(), float32: z.number().positive() }),
  /** What `speaker tune` found best; it stands whatever the threads of the key. */
  tuned: z
    .object({
      precision: z.enum(["int8", "float32"]),
      members: z.number().int().positive(),
      threads: z.number().int().positive(),
    })
    .optional(),
  measuredAt: z.string(),
});

/** What was measured on this machine, as it is kept between starts. */
export type Decision = z.infer<typeof keptDecision>;

/** What a decision depends on: runtime, processor, cores, threads and the digests of the files. */
export function decisionKey(options: {
  readonly files: { readonly int8: ModelFile; readonly int8Vnni: ModelFile | null };
  readonly float32: ModelFile;
  readonly machine: { readonly cores: number };
  readonly threads: number;
}): Decision["key"] {
  const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json") as { version: string };
  return {
    runtime: version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: options.machine.cores,
    threads: options.threads,
    int8: options.files.int8.sha256,
    int8Vnni: options.files.int8Vnni?.sha256 ?? "none",
    float32: options.float32.sha256,
  };
}

/** The kept decision for a key; null for another key and for a missing, damaged or foreign file. */
export async function readDecision(path: string | null, key: Decision["key"]): Promise<Decision | null> {
  if (path === null) return null;
  try {
    const kept = keptDecision.parse(JSON.parse(await readFile(path, "utf8")));
    const names = Object.keys({ ...kept.key, ...key }).filter(
      (name) => name !== "threads" || kept.tuned === undefined,
    );
    return names.every((name) => kept.key[name] === key[name]) ? kept : null;
  } catch {
    return null;
  }
}

/** @returns false where the folder cannot be written: that costs a measurement at the next start, nothing else */
export async function writeDecision(path: string, decision: Decision): Promise<boolean> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(decision, null, 2)}\n`);
    await rename(temporary, path);
    return true;
  } catch {
    return false;
  }
}
