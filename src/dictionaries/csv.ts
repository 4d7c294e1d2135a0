import { type CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { PronunciationEntry } from "../synthesis/text/pronunciation-data.ts";
import { DocumentFault, type FileDefaults, type FileEntry, MAX_ENTRIES, requireRoom } from "./document.ts";

const COLUMNS = ["grapheme", "alias", "ipa", "language", "case_sensitive"] as const;
type Column = (typeof COLUMNS)[number];

/** A record is five short cells; a quote that is never closed must not swallow the file. */
const MAX_RECORD_BYTES = 10_000;

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, "1": true },
  ...{ false: false, no: false, "0": false },
};

/**
 * Reads a table whose first line names its columns, in any order; separated by commas, semicolons or tabs.
 *
 * @throws DocumentFault at the first line that is not as it should be.
 */
export function readCsv(text: string, defaults: FileDefaults): FileEntry[] {
  const records = recordsOf(text);
  const [head, ...rows] = records;
  const names = (head?.record ?? []).map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !(COLUMNS as readonly string[]).includes(name));
  if (!names.includes("grapheme") || unknown !== undefined || new Set(names).size < names.length) {
    throw new DocumentFault(
      1,
      `must name its columns in its first line: \`grapheme\`, and of ${COLUMNS.slice(1)
        .map((name) => `\`${name}\``)
        .join(", ")} those that it has`,
    );
  }
  const entries: FileEntry[] = [];
  for (const { record, line } of rows) {
    requireRoom(entries, line);
    if (record.length > names.length) {
      throw new DocumentFault(line, `has ${record.length} cells where ${names.length} columns are named`);
    }
    const cell = (name: Column) => record[names.indexOf(name)]?.trim() || null;
    entries.push({
      grapheme: cell("grapheme") ?? "",
      alias: cell("alias"),
      ipa: cell("ipa"),
      language: cell("language") ?? defaults.language,
      caseSensitive: caseRule(cell("case_sensitive"), line) ?? defaults.caseSensitive,
      line,
    });
  }
  return entries;
}

interface Row {
  readonly record: readonly string[];
  readonly line: number;
}

function recordsOf(text: string): Row[] {
  const head = /^[^\r\n]{0,1000}/.exec(text)?.[0] ?? "";
  const delimiter = [",", ";", "\t"].find((sign) => head.includes(sign)) ?? ",";
  let line = 1;
  try {
    const rows = parse(text, {
      ...{ delimiter, bom: true, info: true, skip_empty_lines: true, relax_column_count: true },
      // One more than fits, so that a file that is too long is told from one that just fits.
      ...{ max_record_size: MAX_RECORD_BYTES, to: MAX_ENTRIES + 2 },
    }) as unknown as { record: string[]; info: { lines: number } }[];
    // The parser tells the line on which a record ends; one of several lines begins behind the one before.
    return rows.map(({ record, info }) => {
      const begun = line;
      line = info.lines + 1;
      return { record, line: Math.min(begun, info.lines) };
    });
  } catch (error) {
    const { code, lines } = error as CsvError & { lines?: number };
    throw new DocumentFault(lines ?? null, FAULTS[code] ?? "is not a table of comma-separated values");
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "has a quotation mark that is never closed",
  CSV_MAX_RECORD_SIZE: `has a line of more than ${MAX_RECORD_BYTES} bytes: a quotation mark may not be closed`,
  CSV_INVALID_CLOSING_QUOTE:
    "has something behind a closing quotation mark: write a quotation mark in a cell twice",
  INVALID_OPENING_QUOTE:
    "has a quotation mark inside a cell that does not begin with one: quote the whole cell",
};

function caseRule(cell: string | null, line: number): boolean | null {
  if (cell === null) return null;
  const rule = BOOLEANS[cell.toLowerCase()];
  if (rule === undefined)
    throw new DocumentFault(line, "has a `case_sensitive` that is neither `true` nor `false`");
  return rule;
}

/** Entries as a table, separated by commas, lines ending in CR LF (RFC 4180). */
export function writeCsv(entries: readonly PronunciationEntry[]): string {
  const rows = entries.map(({ grapheme, alias, ipa, language, caseSensitive }) => [
    ...[grapheme, alias ?? "", ipa ?? "", language ?? "", caseSensitive ? "true" : "false"],
  ]);
  return stringify([[...COLUMNS], ...rows], { record_delimiter: "windows" });
}
