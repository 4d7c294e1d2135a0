import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe } from "vitest";

/** The official client of the hosted API for Python. Apache-2.0. */
const PACKAGE = "openai";
const VERSION = "3.54.0";

/** A folder with the package and what it needs, fetched once per machine with the user's own package client. */
async function installClient(): Promise<string> {
  const folder = join(tmpdir(), `speaker-test-${PACKAGE}-${VERSION}`);
  if (existsSync(folder)) return folder;
  const making = await mkdtemp(`${folder}-`);
  const install = ["-m", "pip", "install", "--quiet", "--no-input", "--target", making];
  await promisify(execFile)("python3", [...install, `${PACKAGE}==${VERSION}`]);
  // Another test file may have been first.
  await rename(making, folder).catch(() => rm(making, { recursive: true, force: true }));
  return folder;
}

async function findClient(): Promise<string | null> {
  try {
    return await installClient();
  } catch (error) {
    if (process.env.CI !== undefined) throw new Error(`${PACKAGE} cannot be installed`, { cause: error });
    process.stderr.write(
      `\n*** THE PYTHON CLIENT IS NOT TESTED: ${PACKAGE} cannot be installed: ${(error as Error).message}\n\n`,
    );
    return null;
  }
}

const folder = await findClient();

/** Tests with the official Python client; without it they are passed over, but never in CI. */
export function describePython(name: string, body: () => void): void {
  describe.runIf(folder !== null)(name, body);
}

/** The environment of a Python program that uses the client against `url` with this key. */
export function pythonEnv(url: string, key: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    PYTHONPATH: folder ?? "",
    PYTHONUNBUFFERED: "1",
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: key,
  };
}
