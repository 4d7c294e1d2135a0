import type { PoolStatus } from "../../src/inference/contract.ts";
import type { FakeUtterance } from "../../src/inference/engine.ts";

/** An utterance of so many tokens for the fake engine. */
export function fake(tokens: number, extra: Partial<FakeUtterance> = {}): FakeUtterance {
  return { engine: "fake", tokens: Array.from({ length: tokens }, (_, i) => i), speed: 1, ...extra };
}

/** The ids of the processes of the pool's members. */
export function pidsOf(status: PoolStatus): number[] {
  return status.members.flatMap(({ pid }) => (pid === null ? [] : [pid]));
}

/** Whether a process of this id runs; signal 0 only asks. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
