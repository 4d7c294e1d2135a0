import { execFileSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { v7 } from "uuid";
import type { TestProject } from "vitest/node";
import { dropPostgresTemplate } from "./template.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the templates of databases of this run are kept; its name is that of the one on the server. */
    templates: string;
  }
}

/** Compiles `src` into `dist`, and makes room for what tests share; removes the latter after all tests. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  const templates = join(tmpdir(), `speaker_test_template_${v7().replaceAll("-", "")}`);
  await mkdir(templates);
  project.provide("templates", templates);
  return async () => {
    await dropPostgresTemplate(templates);
    await rm(templates, { recursive: true, force: true });
  };
}
