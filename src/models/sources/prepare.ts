import { fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SourceError } from "../faults.ts";
import type { ManifestSource } from "../manifest.ts";
import type { PrepareMessage } from "../prepare/child.ts";
import type { Source, SourceRequest } from "./source.ts";

type PrepareEntry = Extract<ManifestSource, { kind: "prepare" }>;

/** Brings another model of the manifest and gives the path of one of its files. */
export type FileOfModel = (model: string, file: string, signal: AbortSignal) => Promise<string>;

/**
 * A file that is made here of another one. It takes a few seconds of one core, so it runs in a process of its own
 * and the caller's event loop stays free; its outcome is proven by digest like any download.
 */
export function prepareSource(entry: PrepareEntry, fileOfModel: FileOfModel): Source {
  return {
    label: `made here from ${entry.model}`,
    phase: "prepare",
    async fetch(request) {
      const source = await fileOfModel(entry.model, entry.file, request.signal);
      for (const file of request.files) {
        await prepareInChild(entry.recipe, source, request.partPath(file), request);
        await request.deliver(file);
      }
    },
  };
}

async function prepareInChild(
  recipe: string,
  source: string,
  target: string,
  request: SourceRequest,
): Promise<void> {
  request.signal.throwIfAborted();
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const script = fileURLToPath(new URL(`../prepare/child${extension}`, import.meta.url));
  const child = fork(script, [recipe, source, target], {
    execArgv: loaderArguments(extension),
    stdio: "ignore",
  });
  let failure: Extract<PrepareMessage, { failed: string }> | null = null;
  child.on("message", (message: PrepareMessage) => {
    if ("failed" in message) failure = message;
    else request.report(null, message.written, message.total);
  });
  const kill = () => child.kill("SIGKILL");
  request.signal.addEventListener("abort", kill, { once: true });
  try {
    const [code, signal] = await once(child, "close");
    request.signal.throwIfAborted();
    if (code !== 0) throw asError(failure, signal);
  } finally {
    request.signal.removeEventListener("abort", kill);
  }
}

/** From the sources, as the tests run them, the child needs the same TypeScript loader. */
function loaderArguments(extension: string): string[] {
  if (extension === ".js") return [];
  return ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href];
}

function asError(failure: Extract<PrepareMessage, { failed: string }> | null, signal: string | null): Error {
  const cause = new Error(failure?.failed ?? `the process ended with ${signal ?? "an error"}`);
  // A full disk or a folder that cannot be written is told apart by its code.
  if (failure?.code) return Object.assign(cause, { code: failure.code });
  return new SourceError("it could not be made: the process failed or ran out of memory", { cause });
}
