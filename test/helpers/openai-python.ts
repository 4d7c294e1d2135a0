import { describe } from "vitest";
import { findPythonPackage } from "./python-package.ts";

/** The official client of the hosted API for Python, with what it needs. Apache-2.0. */
const folder = await findPythonPackage({
  name: "openai",
  version: "3.54.0",
  dependencies: true,
  untested: "THE PYTHON CLIENT IS NOT TESTED",
});

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
