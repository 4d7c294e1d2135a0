import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tell } from "./report.ts";

const CACHE = fileURLToPath(new URL("../node_modules/.cache/speaker-bench", import.meta.url));
export const run = promisify(execFile);

/** The Python of a virtual environment with exactly these packages; another list is another environment. */
export async function pythonWith(packages: readonly string[]): Promise<string> {
  const folder = await installed(packages.join("_").replaceAll("=", ""), async (making) => {
    await run("python3", ["-m", "venv", making]);
    const pip = [join(making, "bin", "python"), "-m", "pip", "install", "--quiet", "--no-input"] as const;
    await run(pip[0], [...pip.slice(1), ...packages]);
  });
  return join(folder, "bin", "python");
}

/** A folder that is made the first time, whole or not at all. @throws Error when that fails. */
export async function installed(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  tell(`installing ${name}`);
  const making = `${folder}.${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    await make(making);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw new Error(`The peer ${name} could not be installed: ${(error as Error).message}`);
  }
  return folder;
}
