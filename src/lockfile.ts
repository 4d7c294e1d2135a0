import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SpeakerError } from "./errors.ts";

/** How often a holder rewrites its lock file, so that a process that cannot see its pid knows it lives. */
const HEARTBEAT_MS = 2_000;
/** A holder on another host or in another container counts as gone after this long without a heartbeat. */
const HEARTBEAT_LOST_MS = 20_000;
const POLL_MS = 100;

/** Who holds a lock, as far as its file tells. */
export interface LockHolder {
  readonly pid: number | null;
  readonly host: string | null;
  /** When the lock was taken. */
  readonly since: Date;
}

/** A live process holds the lock; `holder` says which. */
export class LockHeldError extends SpeakerError {
  readonly holder: LockHolder;

  constructor(holder: LockHolder) {
    const where = holder.host === null || holder.host === hostname() ? "" : ` on host ${holder.host}`;
    const who = holder.pid === null ? "another process" : `process ${holder.pid}${where}`;
    super("CONFLICT", `Held by ${who} since ${holder.since.toISOString()}.`);
    this.holder = holder;
  }
}

export interface Lock {
  /** Gives the lock back; calling it again does nothing. */
  release(): Promise<void>;
}

interface Claim {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** Names the space in which `pid` means anything: one boot of one machine, one pid namespace. */
  readonly pidSpace: string;
  /** Start time of the process as the kernel states it, which tells a reused pid; null where there is no /proc. */
  readonly processStart: string | null;
  readonly since: string;
}

interface LockState {
  readonly claim: Claim | null;
  readonly modifiedMs: number;
}

/**
 * Takes the lock file at `path`, making its folder where needed. The file is put in place whole by `link`, so
 * no reader sees half a claim. A lock whose holder is dead is taken over: on the same machine that is decided
 * by pid and process start time (a reused pid does not pass for the holder), across hosts and containers by a
 * heartbeat that has stopped for 20 s.
 *
 * @param options.wait wait until the lock is free (default), or throw when a live process holds it. Without
 *   waiting, a holder whose pid cannot be seen from here takes up to 20 s to judge.
 * @throws LockHeldError when it is held and `wait` is false; the signal's reason when aborted; the file
 *   system's own error (ENOSPC, EACCES, EROFS …) when the file cannot be written.
 */
export async function acquireLock(
  path: string,
  options: { wait?: boolean; signal?: AbortSignal } = {},
): Promise<Lock> {
  await fs.mkdir(dirname(path), { recursive: true });
  const claim = await newClaim();
  let seen: LockState | null = null;
  for (;;) {
    options.signal?.throwIfAborted();
    const { taken, fileSystemNowMs } = await place(path, claim);
    if (taken) return hold(path, claim);

    const state = await readState(path);
    if (state === null) continue;
    const beating: boolean =
      seen !== null && seen.claim?.token === state.claim?.token && seen.modifiedMs !== state.modifiedMs;
    const verdict = await judge(state, fileSystemNowMs);
    if (verdict === "dead") {
      await evict(path, state, options.signal);
      continue;
    }
    if (options.wait === false && (verdict === "alive" || beating)) throw new LockHeldError(holderOf(state));
    seen = state;
    await sleep(POLL_MS, undefined, options.signal ? { signal: options.signal } : {}).catch((error) => {
      throw options.signal?.aborted ? options.signal.reason : error;
    });
  }
}

async function newClaim(): Promise<Claim> {
  return {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    pidSpace: await pidSpace(),
    processStart: await processStart(process.pid),
    since: new Date().toISOString(),
  };
}

/** Tries to put the claim in place. Its temporary file also tells what time the file system thinks it is. */
async function place(path: string, claim: Claim): Promise<{ taken: boolean; fileSystemNowMs: number }> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await fs.writeFile(temporary, JSON.stringify(claim), { flag: "wx" });
    const { mtimeMs } = await fs.stat(temporary);
    return { taken: await linkExclusively(temporary, path), fileSystemNowMs: mtimeMs };
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

async function linkExclusively(from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (!hasCode(error, "EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")) throw error;
  }
  // No hard links here (exFAT, some network shares): an exclusive copy, whose reader may see it half written
  // and then waits.
  try {
    await fs.copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function hold(path: string, claim: Claim): Lock {
  const content = JSON.stringify(claim);
  const heartbeat = setInterval(async () => {
    // A write, not utimes: the time must come from the clock of the file system that others compare with.
    const file = await fs.open(path, "r+").catch(() => null);
    try {
      const present = await file?.readFile("utf8");
      if (present === content) await file?.write(content, 0, "utf8");
    } catch {
      // The next beat tries again; ten may fail before anyone judges this process dead.
    } finally {
      await file?.close().catch(() => undefined);
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  let released: Promise<void> | null = null;
  return {
    release() {
      clearInterval(heartbeat);
      released ??= removeIfHeldBy(path, claim.token);
      return released;
    },
  };
}

async function removeIfHeldBy(path: string, token: string | undefined): Promise<void> {
  const state = await readState(path);
  if (state !== null && state.claim?.token === token) await fs.rm(path, { force: true });
}

/**
 * Removes a dead holder's file. Two processes may find the same dead holder, and the slower must not remove the
 * file that the faster has put in its place: so the removal itself is done under a lock, which re-reads first.
 */
async function evict(path: string, dead: LockState, signal: AbortSignal | undefined): Promise<void> {
  const turn = await acquireLock(`${path}.evict`, signal ? { signal } : {});
  try {
    const present = await readState(path);
    if (present?.claim?.token === dead.claim?.token && present?.modifiedMs === dead.modifiedMs) {
      await fs.rm(path, { force: true });
    }
  } finally {
    await turn.release();
  }
}

async function readState(path: string): Promise<LockState | null> {
  try {
    const { mtimeMs } = await fs.stat(path);
    return { claim: parseClaim(await fs.readFile(path, "utf8")), modifiedMs: mtimeMs };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function parseClaim(text: string): Claim | null {
  try {
    const value = JSON.parse(text) as Claim;
    return typeof value.token === "string" && Number.isInteger(value.pid) ? value : null;
  } catch {
    return null;
  }
}

async function judge(state: LockState, nowMs: number): Promise<"alive" | "dead" | "unsure"> {
  const { claim } = state;
  if (claim !== null && claim.pidSpace === (await pidSpace())) {
    return (await isAlive(claim)) ? "alive" : "dead";
  }
  return nowMs - state.modifiedMs > HEARTBEAT_LOST_MS ? "dead" : "unsure";
}

async function isAlive(claim: Claim): Promise<boolean> {
  try {
    process.kill(claim.pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    if (!hasCode(error, "EPERM")) return false;
  }
  const start = await processStart(claim.pid);
  return claim.processStart === null || start === null || start === claim.processStart;
}

function holderOf(state: LockState): LockHolder {
  const since = state.claim ? new Date(state.claim.since) : new Date(state.modifiedMs);
  return { pid: state.claim?.pid ?? null, host: state.claim?.host ?? null, since };
}

/** Field 22 of /proc/PID/stat (proc(5)), in clock ticks after boot; the name before it may hold blanks. */
async function processStart(pid: number): Promise<string | null> {
  const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

async function pidSpace(): Promise<string> {
  const boot = await fs.readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => hostname());
  const namespace = await fs.readlink("/proc/self/ns/pid").catch(() => "");
  return `${boot.trim()} ${namespace}`.trim();
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
