import { readFile, writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { SpeakerClient } from "../client/client.ts";
import type { DictionariesQuery } from "../client/gql/graphql.ts";
import { CreateDictionary, Dictionaries, DictionaryExport, ImportDictionary } from "../client/operations.ts";
import { loadConfig } from "../config.ts";
import { SpeakerError } from "../errors.ts";
import { table } from "./table.ts";

export interface DictionaryServer {
  readonly server: string;
  readonly apiKey?: string;
}

const PAGE = 100;

const clientOf = ({ server, apiKey }: DictionaryServer) =>
  new SpeakerClient(server, { apiKey: apiKey ?? loadConfig().client.apiKey });

/** `speaker dictionaries list`: those of a running server. */
export async function listDictionaries(options: DictionaryServer): Promise<void> {
  const client = clientOf(options);
  const rows: string[][] = [];
  let after: string | null = null;
  do {
    const { dictionaries }: DictionariesQuery = await client.request(Dictionaries, { first: PAGE, after });
    for (const { node } of dictionaries.edges) {
      const { id, name, version, entryCount, languages } = node;
      rows.push([id, name, String(version), String(entryCount), languages.join(" ")]);
    }
    after = dictionaries.pageInfo.hasNextPage ? (dictionaries.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  process.stdout.write(table(["DICTIONARY", "NAME", "VERSION", "ENTRIES", "LANGUAGES"], rows));
}

/** `speaker dictionaries import`: a file into a new dictionary, or into one that is there. */
export async function importDictionary(
  path: string,
  options: DictionaryServer & {
    readonly into?: string;
    readonly name?: string;
    readonly replace?: boolean;
    readonly language?: string;
  },
): Promise<void> {
  const { into: id, name, replace = false, language = null } = options;
  const client = clientOf(options);
  const file = new File([await readFile(path)], basename(path));
  if (id === undefined) {
    const input = { file, language, name: name ?? basename(path, extname(path)) };
    const { createDictionary: made } = await client.request(CreateDictionary, { input });
    if (made.__typename !== "Dictionary") throw new SpeakerError(made.code, made.message);
    process.stdout.write(`${made.id}: ${made.entryCount} entries\n`);
    return;
  }
  const { importDictionary: done } = await client.request(ImportDictionary, {
    input: { id, file, replace, language },
  });
  if (done.__typename !== "DictionaryImport") throw new SpeakerError(done.code, done.message);
  const { added, changed, removed, doubles, dictionary } = done;
  process.stdout.write(
    `${dictionary.id}: ${dictionary.entryCount} entries, version ${dictionary.version}; ` +
      `${added} added, ${changed} changed, ${removed} removed, ${doubles} doubles\n`,
  );
}

/** `speaker dictionaries export`: the entries of a dictionary into a file, as its ending says. */
export async function exportDictionary(
  id: string,
  path: string,
  options: DictionaryServer & { readonly language?: string },
): Promise<void> {
  const format = extname(path).toLowerCase() === ".csv" ? "CSV" : "PLS";
  const { dictionary } = await clientOf(options).request(DictionaryExport, {
    ...{ id, format },
    language: options.language ?? null,
  });
  if (dictionary === null || dictionary === undefined) {
    throw new SpeakerError(
      "NOT_FOUND",
      "There is no such dictionary; `speaker dictionaries list` shows those that there are.",
    );
  }
  const response = await fetch(dictionary.exportUrl);
  if (!response.ok) throw new Error(`the server answers ${response.status} for the file`);
  const content = Buffer.from(await response.arrayBuffer());
  await writeFile(path, content);
  process.stdout.write(`${path}: ${content.length} bytes\n`);
}
