import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  CHAIN_START,
  type ChainEnd,
  type ChainVerdict,
  type SealedEntry,
  verifyChain,
} from "../audit/chain.ts";
import { entriesInOrder } from "../audit/list.ts";
import { entryLine } from "../audit/stream.ts";
import { verifyAudit } from "../audit/verify.ts";
import { loadConfig } from "../config.ts";
import { SpeakerError } from "../errors.ts";
import { openMigratedDatabase } from "../resources.ts";

/** The anchor in the form `sequence:hash`, as `speaker audit verify` prints it; null for anything else. */
export function parseAnchor(text: string): ChainEnd | null {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  return match === null ? null : { sequence: Number(match[1]), hash: match[2] ?? "" };
}

/**
 * `speaker audit verify`: follows the chain of the database, or of an export. Exit code 1 and the first bad entry when
 * it does not hold.
 */
export async function verifyAuditLog(options: { file?: string; anchor?: ChainEnd }): Promise<void> {
  if (options.file !== undefined) {
    report(await verifyFile(options.file, options.anchor ?? null), null);
    return;
  }
  const database = await openMigratedDatabase(loadConfig());
  try {
    const verdict = await verifyAudit(database.db, options.anchor ?? null);
    report(verdict, verdict);
  } finally {
    await database.close();
  }
}

function report(
  { entries, end, fault }: ChainVerdict,
  database: { readonly unsealed: number; readonly start: ChainEnd } | null,
): void {
  if (fault !== null) {
    const where = `Entry ${fault.sequence}${fault.id === null ? "" : ` (${fault.id})`}`;
    process.stderr.write(
      `The audit chain does not hold. ${where}: ${fault.reason}. ${entries} entries before it hold.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const lines = [`The audit chain holds: ${entries} entries.`];
  if (database !== null && database.start.sequence > 0)
    lines.push(`Entries up to ${database.start.sequence} were removed by retention.`);
  if (database !== null && database.unsealed > 0)
    lines.push(`${database.unsealed} more are not sealed yet; a running node does it within seconds.`);
  lines.push(`Head: ${end.sequence}:${end.hash}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** An export begins at any entry: what its first line hangs on is only known when that is the very first entry. */
async function verifyFile(path: string, anchor: ChainEnd | null): Promise<ChainVerdict> {
  let first: SealedEntry | null = null;
  let anchored: string | null = null;
  const rest = (async function* () {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (line.trim() === "") continue;
      const entry = parseLine(line);
      if (entry.sequence === anchor?.sequence) anchored = entry.hash;
      if (first !== null || entry.sequence === 1) yield entry;
      first ??= entry;
    }
  })();
  const head = await rest.next();
  const known = first as SealedEntry | null;
  const start = known === null || known.sequence === 1 ? CHAIN_START : known;
  const verdict = await verifyChain(joined(head, rest), start, null);
  if (verdict.fault !== null || anchor === null || anchored === null || anchored === anchor.hash)
    return verdict;
  const reason = "the anchor says otherwise: the chain was made anew";
  return { ...verdict, fault: { sequence: anchor.sequence, id: null, reason } };
}

async function* joined<Item>(head: IteratorResult<Item>, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  if (head.done) return;
  yield head.value;
  yield* rest;
}

function parseLine(line: string): SealedEntry {
  try {
    return JSON.parse(line) as SealedEntry;
  } catch (error) {
    throw new SpeakerError("INVALID_INPUT", "The file is no export: a line of it is not JSON.", {
      cause: error,
    });
  }
}

/** `speaker audit export`: sealed entries as JSON Lines, in the order of the chain, to a file or standard output. */
export async function exportAuditLog(options: {
  out?: string;
  after: number;
  from?: Date;
  to?: Date;
}): Promise<void> {
  const database = await openMigratedDatabase(loadConfig());
  try {
    const filter = { from: options.from ?? null, to: options.to ?? null };
    const lines = async function* () {
      for await (const entry of entriesInOrder(database.db, filter, options.after, null))
        yield entryLine(entry);
    };
    if (options.out === undefined) await pipeline(Readable.from(lines()), process.stdout, { end: false });
    else await pipeline(Readable.from(lines()), createWriteStream(options.out, { mode: 0o600 }));
  } finally {
    await database.close();
  }
}
