import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock, LockHeldError } from "../src/lockfile.ts";

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), "speaker-lock-"));
  path = join(folder, "sub", "the.lock");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await fs.rm(folder, { recursive: true, force: true });
});

function contender(...args: string[]): ChildProcess {
  const script = fileURLToPath(new URL("./helpers/lock-contender.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

async function holderInAnotherProcess(): Promise<ChildProcess> {
  const child = contender("hold", path);
  if (child.stdout) await once(child.stdout, "data");
  return child;
}

/** Rewrites the lock file as if someone else had written it. */
async function rewriteClaim(changes: Record<string, unknown>): Promise<string> {
  const claim = JSON.stringify({ ...JSON.parse(await fs.readFile(path, "utf8")), ...changes });
  await fs.writeFile(path, claim);
  return claim;
}

describe("acquireLock", () => {
  it("refuses a second holder, says who holds it, and is free again after release", async () => {
    const before = Date.now();
    const lock = await acquireLock(path);
    const refusal = await acquireLock(path, { wait: false }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LockHeldError);
    const { holder, message } = refusal as LockHeldError;
    expect(holder.pid).toBe(process.pid);
    expect(holder.since.getTime()).toBeGreaterThanOrEqual(before);
    expect(message).toContain(`process ${process.pid} since 2`);
    expect(message).not.toContain(folder);

    await lock.release();
    await lock.release();
    const next = await acquireLock(path, { wait: false });
    await next.release();
    expect(await fs.readdir(join(folder, "sub"))).toEqual([]);
  });

  it("waits for the holder when asked to", async () => {
    const first = await acquireLock(path);
    const order: string[] = [];
    const second = acquireLock(path).then((lock) => {
      order.push("second");
      return lock;
    });
    await expect(acquireLock(path, { wait: false })).rejects.toBeInstanceOf(LockHeldError);
    order.push("first");
    await first.release();
    await (await second).release();
    expect(order).toEqual(["first", "second"]);
  });

  it("stops waiting when its signal aborts, with the signal's reason", async () => {
    const lock = await acquireLock(path);
    const abort = new AbortController();
    const waiting = acquireLock(path, { signal: abort.signal });
    abort.abort(new Error("changed my mind"));
    await expect(waiting).rejects.toThrow("changed my mind");
    await lock.release();
  });

  it("is held by a live process and taken over once that process is killed", async () => {
    const child = await holderInAnotherProcess();
    const refusal = await acquireLock(path, { wait: false }).catch((error: unknown) => error);
    expect((refusal as LockHeldError).holder.pid).toBe(child.pid);

    child.kill("SIGKILL");
    await once(child, "exit");
    await (await acquireLock(path, { wait: false })).release();
  });

  it.skipIf(!existsSync("/proc/self/stat"))("sees that a pid was given to another process", async () => {
    await acquireLock(path);
    await rewriteClaim({ token: "earlier", processStart: "1" });
    await (await acquireLock(path, { wait: false })).release();
  });

  it("believes a holder whose pid it cannot see for as long as its heart beats", async () => {
    await acquireLock(path);
    const claim = await rewriteClaim({ token: "elsewhere", host: "far-away", pidSpace: "another machine" });
    const beat = setInterval(() => fs.writeFile(path, claim, { flag: "r+" }), 150);
    try {
      await expect(acquireLock(path, { wait: false })).rejects.toThrow(/process \d+ on host far-away since/);
    } finally {
      clearInterval(beat);
    }
  });

  it("takes over from a holder whose pid it cannot see when its heart has stopped", async () => {
    await acquireLock(path);
    await rewriteClaim({ token: "elsewhere", host: "far-away", pidSpace: "another machine" });
    const aMinuteAgo = new Date(Date.now() - 60_000);
    await fs.utimes(path, aMinuteAgo, aMinuteAgo);
    await (await acquireLock(path, { wait: false })).release();
  });

  it("takes over an old file that is not a claim", async () => {
    await fs.mkdir(join(folder, "sub"));
    await fs.writeFile(path, "");
    await fs.utimes(path, new Date(0), new Date(0));
    await (await acquireLock(path, { wait: false })).release();
  });

  it("lets one in at a time when processes race for a dead holder's lock", async () => {
    const dead = await holderInAnotherProcess();
    dead.kill("SIGKILL");
    await once(dead, "exit");

    const log = join(folder, "log");
    const rounds = 25;
    const racers = [1, 2, 3].map(() => contender("contend", path, log, String(rounds)));
    const codes = await Promise.all(racers.map(async (racer) => (await once(racer, "exit"))[0]));
    expect(codes).toEqual([0, 0, 0]);

    const lines = (await fs.readFile(log, "utf8")).trim().split("\n");
    expect(lines).toHaveLength(3 * rounds * 2);
    for (let index = 0; index < lines.length; index += 2) {
      expect(lines[index]?.replace("in ", "")).toBe(lines[index + 1]?.replace("out ", ""));
    }
  });
});
