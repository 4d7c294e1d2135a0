import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Sibling modules that run on their own, as a worker thread or a child process: the compiled `.js` in a build,
 * the `.ts` through tsx when run from source. The caller's `import.meta.url` says which of the two this is.
 */
function sibling(name: string, importMetaUrl: string): { readonly url: URL; readonly typescript: boolean } {
  const typescript = new URL(importMetaUrl).pathname.endsWith(".ts");
  return { url: new URL(`./${name}.${typescript ? "ts" : "js"}`, importMetaUrl), typescript };
}

/** Arguments for `process.execPath` that run the sibling module as a process. */
export function siblingArguments(name: string, importMetaUrl: string): string[] {
  const { url, typescript } = sibling(name, importMetaUrl);
  const loader = typescript
    ? ["--import", pathToFileURL(createRequire(importMetaUrl).resolve("tsx")).href]
    : [];
  return [...loader, fileURLToPath(url)];
}

/** Starts the sibling module as a worker thread. */
export function siblingThread(name: string, importMetaUrl: string, options: WorkerOptions): Worker {
  const { url, typescript } = sibling(name, importMetaUrl);
  if (!typescript) return new Worker(url, { ...options, execArgv: [] });
  // `--import tsx` does nothing in a worker of Node 20, so the loader is registered by hand (its ESM build:
  // the CommonJS one cannot find its own hooks).
  const api = pathToFileURL(
    createRequire(importMetaUrl)
      .resolve("tsx/esm/api")
      .replace(/\.cjs$/, ".mjs"),
  );
  const bootstrap =
    `import(${JSON.stringify(api.href)})` +
    `.then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); });`;
  return new Worker(bootstrap, { ...options, execArgv: [], eval: true });
}
