import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Arguments for Node that run a sibling module as a process: the compiled `.js` in a build, the `.ts` through
 * tsx when run from source. The caller's `import.meta.url` says which of the two this is.
 */
export function programArguments(name: string, importMetaUrl: string): string[] {
  const extension = new URL(importMetaUrl).pathname.endsWith(".ts") ? "ts" : "js";
  const loader =
    extension === "ts" ? ["--import", pathToFileURL(createRequire(importMetaUrl).resolve("tsx")).href] : [];
  return [...loader, fileURLToPath(new URL(`./${name}.${extension}`, importMetaUrl))];
}
