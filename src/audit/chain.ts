import { type AnyColumn, sql } from "drizzle-orm";
import { sha256Of } from "../digest.ts";
import { type AuditOutcome, auditLog, GENESIS_HASH } from "./table.ts";

/** An entry as it is hashed and exported. */
export interface ChainEntry {
  readonly sequence: number;
  readonly id: string;
  /** ISO 8601 in UTC with microseconds: all that the database keeps. */
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  readonly tenant: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly outcome: AuditOutcome;
  readonly durationMs: number | null;
  readonly details: unknown;
}

/** An entry with its place in the chain. */
export interface SealedEntry extends ChainEntry {
  readonly hash: string;
}

/** A place in the chain: the last entry before what follows, and its hash. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

export const CHAIN_START: ChainEnd = { sequence: 0, hash: GENESIS_HASH };

/** A timestamp as text: a JavaScript date would lose its microseconds. */
const microseconds = (column: AnyColumn) =>
  sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns of an entry as the chain needs them. */
export const ENTRY_COLUMNS = {
  sequence: auditLog.sequence,
  id: auditLog.id,
  at: microseconds(auditLog.at),
  action: auditLog.action,
  actor: auditLog.actor,
  tenant: auditLog.tenant,
  ip: auditLog.ip,
  userAgent: auditLog.userAgent,
  requestId: auditLog.requestId,
  targetType: auditLog.targetType,
  targetId: auditLog.targetId,
  outcome: auditLog.outcome,
  durationMs: auditLog.durationMs,
  details: auditLog.details,
  hash: auditLog.hash,
};

/**
 * Hash of an entry: SHA-256 over the hash of the entry before it, a line feed, and the entry as a JSON array of its
 * fields in the order of `ChainEntry`, the keys of `details` sorted. In hexadecimal.
 */
export function entryHash(previousHash: string, entry: ChainEntry): string {
  const canonical = JSON.stringify([
    entry.sequence,
    entry.id,
    entry.at,
    entry.action,
    entry.actor,
    entry.tenant,
    entry.ip,
    entry.userAgent,
    entry.requestId,
    entry.targetType,
    entry.targetId,
    entry.outcome,
    entry.durationMs,
    sorted(entry.details),
  ]);
  return sha256Of(`${previousHash}\n${canonical}`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** What a look at the chain found. */
export interface ChainVerdict {
  /** How many entries held. */
  readonly entries: number;
  /** The last entry that held, or where the chain began. */
  readonly end: ChainEnd;
  /** The first place where it does not hold; null when it holds throughout. */
  readonly fault: { readonly sequence: number; readonly id: string | null; readonly reason: string } | null;
}

/** What is known of the chain beforehand; null for what is not. */
export interface ChainKnowledge {
  /** Where it must end. */
  readonly head: ChainEnd | null;
  /** A place and its hash that were noted elsewhere: finds a chain that was made anew as a whole. */
  readonly anchor: ChainEnd | null;
}

/** Follows entries in order from `start`: every one must come next and hash to what it says. */
export async function verifyChain(
  entries: AsyncIterable<SealedEntry> | Iterable<SealedEntry>,
  start: ChainEnd,
  { head, anchor }: ChainKnowledge,
): Promise<ChainVerdict> {
  let end = start;
  let count = 0;
  const broken = (sequence: number, id: string | null, reason: string): ChainVerdict => ({
    entries: count,
    end,
    fault: { sequence, id, reason },
  });
  const contradicts = (place: ChainEnd) =>
    anchor !== null && anchor.sequence === place.sequence && anchor.hash !== place.hash;
  if (contradicts(start)) return broken(start.sequence, null, MADE_ANEW);
  for await (const entry of entries) {
    const { sequence, id, hash } = entry;
    if (sequence !== end.sequence + 1) {
      return broken(end.sequence + 1, null, `it is missing: the next entry there is has number ${sequence}`);
    }
    if (entryHash(end.hash, entry) !== hash) {
      return broken(sequence, id, "its hash does not fit: it, or the entry before it, was changed");
    }
    if (head !== null && sequence > head.sequence) {
      return broken(sequence, id, `it lies behind the head of the chain, which has number ${head.sequence}`);
    }
    if (contradicts({ sequence, hash })) return broken(sequence, id, MADE_ANEW);
    end = { sequence, hash };
    count++;
  }
  if (head === null) return { entries: count, end, fault: null };
  const reached = Math.max(head.sequence, anchor?.sequence ?? 0);
  if (end.sequence < reached) {
    return broken(end.sequence + 1, null, `it is missing: the chain reached number ${reached}`);
  }
  if (end.hash !== head.hash) {
    return broken(head.sequence, null, "the head of the chain has another hash: the end was made anew");
  }
  return { entries: count, end, fault: null };
}

const MADE_ANEW = "the anchor has another hash for it: the chain was made anew";
