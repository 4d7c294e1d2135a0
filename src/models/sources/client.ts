import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { errorCode, SourceError } from "../faults.ts";

const WATCH_INTERVAL_MS = 250;
const KILL_GRACE_MS = 2_000;
const KEPT_OUTPUT_CHARACTERS = 4_000;

/** A package client as a program and the arguments that come before every command. */
export type ClientCommand = readonly [program: string, ...leading: string[]];

export interface ClientRun {
  readonly args: readonly string[];
  /** Working folder; everything the client downloads grows under it, which is how progress is seen. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Killed after this long without a byte written. */
  readonly stallMs: number;
  readonly onGrowth: (bytes: number) => void;
}

/**
 * Runs the first of the commands that exists on this machine.
 *
 * @throws SourceError when none exists, when it fails (with its own last word) or hangs; an ENOSPC error when
 *   the disk is full; the signal's reason when aborted
 */
export async function runClient(commands: readonly ClientCommand[], run: ClientRun): Promise<void> {
  for (const command of commands) {
    if ((await runOne(command, run)) === "done") return;
  }
  throw new SourceError(`${commands.map(([program]) => program).join(" or ")} is not installed`);
}

async function runOne(
  [program, ...leading]: ClientCommand,
  { args, dir, signal, stallMs, onGrowth }: ClientRun,
): Promise<"done" | "no such program"> {
  signal.throwIfAborted();
  const [file, ...rest] = inFolder(dir, [program, ...leading, ...args]);
  const child = spawn(file, rest, { cwd: dir, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT_CHARACTERS);
    });
  }
  let stalled = false;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    killTimer ??= setTimeout(() => child.kill("SIGKILL"), KILL_GRACE_MS);
  };
  let size = 0;
  let grewAt = performance.now();
  const watch = setInterval(async () => {
    const now = await folderBytes(dir);
    if (now > size) {
      grewAt = performance.now();
      onGrowth(now);
    } else if (performance.now() - grewAt > stallMs) {
      stalled = true;
      stop();
    }
    size = now;
  }, WATCH_INTERVAL_MS);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const exit = await new Promise<number | null | Error>((resolve) => {
      child.once("error", resolve).once("close", resolve);
    });
    signal.throwIfAborted();
    if (exit === 0) return "done";
    // `env` says 127 for a program that it does not find.
    if (exit === 127 || (exit instanceof Error && errorCode(exit) === "ENOENT")) return "no such program";
    if (stalled) throw new SourceError(`${program} received nothing for ${Math.ceil(stallMs / 1000)} s`);
    if (/ENOSPC|No space left on device/.test(output)) {
      throw Object.assign(new Error(`${program} filled the disk`), { code: "ENOSPC" });
    }
    const cause = exit instanceof Error ? exit : new Error(output);
    throw new SourceError(`${program} failed: ${lastWord(output)}`, { cause });
  } finally {
    clearInterval(watch);
    clearTimeout(killTimer);
    signal.removeEventListener("abort", stop);
  }
}

/** Has the program keep its temporary files in our folder, and not in a small /tmp. */
function inFolder(dir: string, command: readonly string[]): [string, ...string[]] {
  const [program = "", ...args] = command;
  return process.platform === "win32" ? [program, ...args] : ["env", `TMPDIR=${dir}`, program, ...args];
}

/** The line that says what went wrong: short, without credentials or addresses. */
function lastWord(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => /error/i.test(line) && !/complete log|A complete log/i.test(line));
  const line = telling.at(-1) ?? lines.at(-1) ?? "it gave no reason";
  return line
    .replace(/^(npm )?(ERROR|error|ERR!):? */, "")
    .replaceAll(/\b(https?|file):\/\/\S+/g, "its registry")
    .replaceAll(/(?<=^|[\s'"])\/\S+/g, "…")
    .slice(0, 200);
}

async function folderBytes(dir: string): Promise<number> {
  let total = 0;
  const entries = await fs.readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const stat = await fs.stat(join(entry.parentPath, entry.name)).catch(() => null);
    total += stat?.size ?? 0;
  }
  return total;
}
