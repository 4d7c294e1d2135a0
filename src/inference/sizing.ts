import type { ExecutionProvider, Precision } from "./contract.ts";

const MEBIBYTE = 1024 * 1024;

/**
 * Resident memory of a member that has spoken an utterance of 510 tokens (measured: 963 and 1046 MB); after
 * utterances of 8 s it is 390 and 590 MB.
 */
const MEMBER_BYTES: Record<Precision, number> = { int8: 1000 * MEBIBYTE, float32: 1100 * MEBIBYTE };

/** Share of the free memory that members may take; the rest is for the API, the database and encoders. */
const MEMORY_SHARE = 0.75;

/** Beyond this, more threads hardly shorten a lone utterance, and more members do more for throughput. */
const MOST_THREADS = 4;

/** More than this is for operators to ask for. */
const MOST_MEMBERS = 8;

export interface Machine {
  readonly cores: number;
  /** Memory that this process may still take, cgroup limits included. */
  readonly availableBytes: number;
}

export interface PoolSize {
  readonly members: number;
  readonly threads: number;
}

/** How many members of this precision the free memory holds. */
export function membersThatFit(machine: Machine, precision: Precision): number {
  return Math.floor((machine.availableBytes * MEMORY_SHARE) / MEMBER_BYTES[precision]);
}

/**
 * Members and threads where the operator asked for "auto". At least two members, so that a short job is
 * spoken beside a long one, each with enough threads that a lone utterance has the whole of a small machine:
 * threads do not spin, so two busy members with as many threads as cores lose little (docs/inference.md).
 * On a GPU one member: a second copy of the weights would compete for the same device.
 */
export function poolSize(
  asked: { readonly members: number | "auto"; readonly threads: number | "auto" },
  machine: Machine,
  precision: Precision,
  provider: ExecutionProvider,
): PoolSize {
  const threads = asked.threads === "auto" ? Math.min(MOST_THREADS, machine.cores) : asked.threads;
  if (asked.members !== "auto") return { members: asked.members, threads };
  if (provider !== "cpu") return { members: 1, threads };
  const wanted = machine.cores === 1 ? 1 : Math.max(2, Math.floor(machine.cores / threads));
  const members = Math.max(1, Math.min(wanted, membersThatFit(machine, precision), MOST_MEMBERS));
  return { members, threads };
}
