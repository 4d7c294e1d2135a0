import { appendFile } from "node:fs/promises";
import type { SealedEntry } from "./chain.ts";

/** Where sealed entries are also written as JSON Lines; null for nowhere. */
export type AuditStreamTarget =
  | { readonly kind: "stdout" }
  | { readonly kind: "file"; readonly path: string };

/** The line that export and stream write for an entry. It can be verified without the database. */
export function entryLine(entry: SealedEntry): string {
  const { sequence, hash, ...rest } = entry;
  return `${JSON.stringify({ type: "audit", sequence, hash, ...rest })}\n`;
}

/**
 * Appends sealed entries for a log collector. A file is opened anew each time, so that it may be rotated by moving it.
 *
 * @throws the file system's error when the file cannot be written.
 */
export async function writeStream(target: AuditStreamTarget, entries: readonly SealedEntry[]): Promise<void> {
  const lines = entries.map(entryLine).join("");
  if (target.kind === "file") await appendFile(target.path, lines, { mode: 0o600 });
  else await new Promise<void>((resolve) => process.stdout.write(lines, () => resolve()));
}
