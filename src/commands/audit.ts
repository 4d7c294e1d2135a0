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

/** An export begins anywhere: what its first line hangs on is only known when that is the very first entry. */
async function verifyFile(path: string, anchor: ChainEnd | null): Promise<ChainVerdict> {
  const entries = readExport(path);
  const { value: first, done } = await entries.next();
  if (done) return { entries: 0, end: CHAIN_START, fault: null };
  const whole = first.sequence === 1;
  const followed = (async function* () {
    if (whole) yield first;
    yield* entries;
  })();
  return await verifyChain(followed, whole ? CHAIN_START : first, { head: null, anchor });
}

async function* readExport(path: string): AsyncGenerator<SealedEntry, undefined> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.trim() === "") continue;
    try {
      yield JSON.parse(line) as SealedEntry;
    } catch (error) {
      const message = "The file is no export: a line of it is not JSON.";
      throw new SpeakerError("INVALID_INPUT", message, { cause: error });
    }
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
