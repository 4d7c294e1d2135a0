import { and, eq, getTableColumns, inArray, isNull, or } from "drizzle-orm";
import type { Db, Tx } from "../db/client.ts";
import { type InputIssue, InvalidInputError, SpeakerError } from "../errors.ts";
import type { PronunciationData } from "../synthesis/text/pronunciation-data.ts";
import { type DictionaryRow, type DictionaryVersionRow, dictionaries, dictionaryVersions } from "./table.ts";

/** One version of a dictionary: what a job keeps, so that it speaks as it would have when it was accepted. */
export interface DictionaryReference {
  readonly id: string;
  readonly version: number;
  /** Of the entries; see `PronunciationData`. */
  readonly digest: string;
}

/** A dictionary with what its present version holds, but for the entries themselves. */
export type Dictionary = DictionaryRow &
  Pick<DictionaryVersionRow, "digest" | "entryCount" | "languages" | "bytes">;

/** Entries that one request may be read with, over all its dictionaries. */
const MAX_REQUEST_ENTRIES = 200_000;

const { digest, entryCount, languages, bytes } = getTableColumns(dictionaryVersions);

/** Columns of a `Dictionary`, for a select of `dictionaries` joined by `isPresent`. */
export const dictionaryColumns = { ...getTableColumns(dictionaries), digest, entryCount, languages, bytes };

/** The version that new requests use; a deleted dictionary has none. */
export const isPresent = and(
  eq(dictionaryVersions.dictionaryId, dictionaries.id),
  isNull(dictionaryVersions.supersededAt),
);

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether it looks like an id: what does not would be a fault of the database. */
export const isDictionaryId = (id: string): boolean => UUID.test(id);

/** Dictionaries by id in one query, as a tenant sees them; what is missing, deleted or another's is null at its place. */
export async function loadDictionaries(
  db: Db | Tx,
  tenant: string,
  ids: readonly string[],
): Promise<(Dictionary | null)[]> {
  const known = ids.filter(isDictionaryId);
  if (known.length === 0) return ids.map(() => null);
  const rows = await db
    .select(dictionaryColumns)
    .from(dictionaries)
    .innerJoin(dictionaryVersions, isPresent)
    .where(and(eq(dictionaries.tenant, tenant), inArray(dictionaries.id, known)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
}

/** A dictionary whoever owns it, for those who show its signature. */
export async function findDictionary(db: Db | Tx, id: string): Promise<Dictionary | null> {
  if (!isDictionaryId(id)) return null;
  const [row] = await db
    .select(dictionaryColumns)
    .from(dictionaries)
    .innerJoin(dictionaryVersions, isPresent)
    .where(eq(dictionaries.id, id));
  return row ?? null;
}

/**
 * The present versions of a tenant's dictionaries, in the order they were asked for.
 *
 * @param path of the list in the input
 * @throws InvalidInputError for every one that is not there, for one that is named twice, and for too much at once
 */
export async function resolveDictionaries(
  db: Db | Tx,
  tenant: string,
  ids: readonly string[],
  path: readonly string[] = ["input", "dictionaryIds"],
): Promise<DictionaryReference[]> {
  if (ids.length === 0) return [];
  const found = await loadDictionaries(db, tenant, ids);
  const issues: InputIssue[] = [];
  const references: DictionaryReference[] = [];
  for (const [index, dictionary] of found.entries()) {
    const at = [...path, String(index)];
    if (dictionary === null) {
      issues.push({
        path: at,
        message: "accepts the id of a dictionary that the query `dictionaries` gives",
      });
    } else if (references.some(({ id }) => id === dictionary.id)) {
      issues.push({ path: at, message: "names a dictionary that the list has already" });
    } else references.push({ id: dictionary.id, version: dictionary.version, digest: dictionary.digest });
  }
  const entries = found.reduce((sum, dictionary) => sum + (dictionary?.entryCount ?? 0), 0);
  if (entries > MAX_REQUEST_ENTRIES) {
    const message = `names dictionaries of ${entries} entries; a request is read with up to ${MAX_REQUEST_ENTRIES}`;
    issues.push({ path: [...path], message });
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
  return references;
}

/**
 * The entries that a job was accepted with, in its order. For workers: whose they are was checked at the door.
 *
 * @throws SpeakerError GONE for a version that is no longer kept
 */
export async function loadPronunciations(
  db: Db | Tx,
  references: readonly DictionaryReference[],
): Promise<PronunciationData[]> {
  if (references.length === 0) return [];
  const { dictionaryId, version, packed } = getTableColumns(dictionaryVersions);
  const rows = await db
    .select({ dictionaryId, version, digest, packed })
    .from(dictionaryVersions)
    .where(or(...references.map((each) => and(eq(dictionaryId, each.id), eq(version, each.version)))));
  return references.map((reference) => {
    const row = rows.find((each) => each.dictionaryId === reference.id && each.version === reference.version);
    if (row === undefined) {
      throw new SpeakerError(
        "GONE",
        `Version ${reference.version} of the dictionary ${reference.id} is no longer kept. Submit the text again.`,
      );
    }
    return { digest: row.digest, packed: row.packed };
  });
}
