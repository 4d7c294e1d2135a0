import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A package of the Python registry that tests use: one exact version. */
export interface PythonPackage {
  readonly name: string;
  readonly version: string;
  /** False leaves out what it depends on. */
  readonly dependencies: boolean;
  /** What is not tested without it, in capitals. */
  readonly untested: string;
}

/**
 * A folder with the package, fetched once per machine with the user's own package client; null, loudly, where that
 * cannot be had.
 *
 * @throws Error in continuous integration, which tests everything.
 */
export async function findPythonPackage(wanted: PythonPackage): Promise<string | null> {
  try {
    return await install(wanted);
  } catch (error) {
    const { name, untested } = wanted;
    if (process.env.CI !== undefined) throw new Error(`${name} cannot be installed`, { cause: error });
    process.stderr.write(`\n*** ${untested}: ${name} cannot be installed: ${(error as Error).message}\n\n`);
    return null;
  }
}

async function install({ name, version, dependencies }: PythonPackage): Promise<string> {
  const folder = join(tmpdir(), `speaker-test-${name}-${version}`);
  if (existsSync(folder)) return folder;
  const making = await mkdtemp(`${folder}-`);
  const alone = dependencies ? [] : ["--no-deps"];
  const args = ["-m", "pip", "install", "--quiet", "--no-input", ...alone, "--target", making];
  await promisify(execFile)("python3", [...args, `${name}==${version}`]);
  // Another test file may have been first.
  await rename(making, folder).catch(() => rm(making, { recursive: true, force: true }));
  return folder;
}
