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

/** Divisions of a machine that are worth measuring: from one member with every core to a member for each core. */
export function layoutsToTry(machine: Machine, precision: Precision): PoolSize[] {
  const auto = { members: "auto", threads: "auto" } as const;
  const most = Math.max(1, Math.min(membersThatFit(machine, precision), MOST_MEMBERS));
  const layouts = [poolSize(auto, machine, precision, "cpu")];
  for (let threads = 1; threads <= Math.min(machine.cores, MOST_THREADS * 2); threads *= 2) {
    const members = Math.max(1, Math.min(most, Math.floor(machine.cores / threads)));
    layouts.push({ members, threads });
  }
  return layouts.filter(
    (one, at) =>
      layouts.findIndex((other) => other.members === one.members && other.threads === one.threads) === at,
  );
}

/**
 * Members and threads where the operator asked for "auto", and `speaker tune` has not found better ones (`tuned`). At least two members, so that a short job is
 * spoken beside a long one, each with enough threads that a lone utterance has the whole of a small machine:
 * threads do not spin and share their work in small blocks, so two busy members with as many threads as cores lose
 * little (docs/inference.md).
 * On a GPU one member: a second copy of the weights would compete for the same device.
 */
export function poolSize(
  asked: { readonly members: number | "auto"; readonly threads: number | "auto" },
  machine: Machine,
  precision: Precision,
  provider: ExecutionProvider,
  tuned: PoolSize | null = null,
): PoolSize {
  const ownThreads = tuned?.threads ?? Math.min(MOST_THREADS, machine.cores);
  const threads = asked.threads === "auto" ? ownThreads : asked.threads;
  if (asked.members !== "auto") return { members: asked.members, threads };
  if (provider !== "cpu") return { members: 1, threads };
  const ownMembers = machine.cores === 1 ? 1 : Math.max(2, Math.floor(machine.cores / threads));
  const wanted = asked.threads === "auto" ? (tuned?.members ?? ownMembers) : ownMembers;
  const members = Math.max(1, Math.min(wanted, membersThatFit(machine, precision), MOST_MEMBERS));
  return { members, threads };
}
