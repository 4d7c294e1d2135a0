import { readFile } from "node:fs/promises";
import { and, eq, isNull, sql } from "drizzle-orm";
import { type Actor, type AuditEvent, recordAudit } from "../audit/audit.ts";
import type { Config } from "../config.ts";
import type { Db, Tx } from "../db/client.ts";
import { ConflictError, InvalidInputError } from "../errors.ts";
import type { Storage } from "../storage/storage.ts";
import type { IncomingUpload } from "../uploads/incoming.ts";
import { withUpload } from "../uploads/receive.ts";
import { requireDictionaryQuota } from "../usage/quota.ts";
import { parseInput } from "../voices/fields.ts";
import type { BuiltDictionary, ChangeReport, DictionaryChange } from "./build.ts";
import { supersede, unknownDictionary } from "./delete.ts";
import { type Dictionary, loadDictionaries, loadPronunciations } from "./dictionary.ts";
import type { DictionaryFormat } from "./document.ts";
import {
  type DictionaryCreation,
  type DictionaryImport,
  type DictionaryUpdate,
  dictionaryCreation,
  dictionaryImport,
  dictionaryUpdate,
} from "./input.ts";
import { type DictionaryRow, dictionaries, dictionaryVersions } from "./table.ts";
import type { DictionaryThread } from "./thread.ts";

export interface DictionaryDeps {
  readonly config: Pick<Config, "quotas">;
  readonly db: Db;
  readonly storage: Pick<Storage, "temporaryPath">;
  readonly dictionaries: DictionaryThread;
}

/** A dictionary after a change, and what the change did. */
export interface ChangedDictionary {
  readonly dictionary: Dictionary;
  readonly report: ChangeReport;
}

const NOTHING: ChangeReport = { added: 0, changed: 0, removed: 0, doubles: 0 };
/** How often a change is made anew because another came in between. */
const ATTEMPTS = 3;

/**
 * Makes a dictionary of the entries that are given and those of a file.
 *
 * @throws InvalidInputError, QuotaExceededError, UploadFailedError, UploadTooLargeError; nothing is stored then.
 */
export async function createDictionary(
  deps: DictionaryDeps,
  actor: Actor,
  request: DictionaryCreation,
): Promise<ChangedDictionary> {
  const { name, description, entries, file, ...how } = parseInput(dictionaryCreation, request);
  const change = { replaceAll: true, remove: [], set: entries ?? [], file: await read(deps, file, how) };
  const built = await build(deps, null, change);
  return await deps.db.transaction(async (tx) => {
    const bytes = built.data.packed.length;
    await requireDictionaryQuota(tx, deps.config.quotas, actor, { dictionaries: 1, bytes });
    const [row] = await tx
      .insert(dictionaries)
      .values({ tenant: actor.tenant, name, description: description ?? "", version: 1 })
      .returning();
    if (row === undefined) throw new Error("insert returned no row");
    const dictionary = await addVersion(tx, row, built);
    await record(tx, actor, "dictionary.create", dictionary, built.report);
    return { dictionary, report: built.report };
  });
}

/**
 * Changes the name and single entries of a dictionary. Entries that are as they were make no new version.
 *
 * @throws InvalidInputError, NotFoundError, ConflictError, QuotaExceededError
 */
export async function updateDictionary(
  deps: DictionaryDeps,
  actor: Actor,
  request: DictionaryUpdate,
): Promise<ChangedDictionary> {
  const { id, entries, removeEntries, ...rest } = parseInput(dictionaryUpdate, request);
  const set = entries ?? [];
  const remove = removeEntries ?? [];
  const change = set.length + remove.length === 0 ? null : { replaceAll: false, remove, set, file: null };
  return await changeDictionary(deps, actor, { id, ...rest, action: "dictionary.update" }, change);
}

/**
 * Takes the entries of a file into a dictionary, beside those it has or in their place.
 *
 * @throws InvalidInputError, NotFoundError, ConflictError, QuotaExceededError, UploadFailedError, UploadTooLargeError
 */
export async function importDictionary(
  deps: DictionaryDeps,
  actor: Actor,
  request: DictionaryImport,
): Promise<ChangedDictionary> {
  const { id, file, replace, expectedVersion, ...how } = parseInput(dictionaryImport, request);
  const change: DictionaryChange = {
    replaceAll: replace ?? false,
    ...{ remove: [], set: [] },
    file: await read(deps, file, how),
  };
  return await changeDictionary(deps, actor, { id, expectedVersion, action: "dictionary.import" }, change);
}

interface Wanted {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly expectedVersion?: number | null | undefined;
  readonly action: AuditEvent["action"];
}

async function changeDictionary(
  deps: DictionaryDeps,
  actor: Actor,
  wanted: Wanted,
  change: DictionaryChange | null,
): Promise<ChangedDictionary> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const [present] = await loadDictionaries(deps.db, actor.tenant, [wanted.id]);
    if (present == null) throw unknownDictionary();
    requireVersion(present, wanted.expectedVersion);
    const built = change === null ? null : await build(deps, present, change);
    const changed = await deps.db.transaction((tx) => apply(tx, deps, actor, wanted, { present, built }));
    if (changed !== null) return changed;
  }
  throw new ConflictError("The dictionary is being changed by others all the time. Try again.");
}

/** @returns null when another change came in between. */
async function apply(
  tx: Tx,
  { config }: DictionaryDeps,
  actor: Actor,
  { name, description, action }: Wanted,
  { present, built }: { readonly present: Dictionary; readonly built: BuiltDictionary | null },
): Promise<ChangedDictionary | null> {
  const [row] = await tx.select().from(dictionaries).where(isAlive(actor.tenant, present.id)).for("update");
  if (row === undefined) throw unknownDictionary();
  if (row.version !== present.version) return null;
  const differs = built !== null && built.data.digest !== present.digest ? built : null;
  const [changed] = await tx
    .update(dictionaries)
    .set({
      ...(name != null && { name }),
      ...(description != null && { description }),
      ...(differs !== null && { version: row.version + 1 }),
      updatedAt: sql`now()`,
    })
    .where(eq(dictionaries.id, row.id))
    .returning();
  if (changed === undefined) throw new Error("update returned no row");
  let dictionary: Dictionary = { ...present, ...changed };
  if (differs !== null) {
    const bytes = differs.data.packed.length;
    await requireDictionaryQuota(tx, config.quotas, actor, { dictionaries: 0, bytes });
    await supersede(tx, row.id);
    dictionary = await addVersion(tx, changed, differs);
  }
  const report = built?.report ?? NOTHING;
  await record(tx, actor, action, dictionary, report);
  return { dictionary, report };
}

const isAlive = (tenant: string, id: string) =>
  and(eq(dictionaries.id, id), eq(dictionaries.tenant, tenant), isNull(dictionaries.deletedAt));

function requireVersion({ version }: Dictionary, expected: number | null | undefined): void {
  if (expected == null || expected === version) return;
  throw new ConflictError(
    `The dictionary is at version ${version}, not ${expected}. Read it again, then decide what to change.`,
  );
}

async function read(
  { storage }: DictionaryDeps,
  file: IncomingUpload | null | undefined,
  how: {
    readonly format?: DictionaryFormat | null | undefined;
    readonly language: string | null;
    readonly caseSensitive?: boolean | null | undefined;
  },
): Promise<DictionaryChange["file"]> {
  if (file == null) return null;
  const bytes = await withUpload(file, storage, ({ path }) => readFile(path));
  const defaults = { language: how.language, caseSensitive: how.caseSensitive ?? false };
  return { bytes, format: how.format ?? null, defaults };
}

async function build(
  { db, dictionaries: thread }: DictionaryDeps,
  present: Dictionary | null,
  change: DictionaryChange,
): Promise<BuiltDictionary> {
  const [data] = present === null ? [] : await loadPronunciations(db, [present]);
  const built = await thread.perform({ type: "build", packed: data?.packed ?? null, change });
  if ("issues" in built) throw new InvalidInputError(built.issues);
  return built;
}

async function addVersion(tx: Tx, row: DictionaryRow, built: BuiltDictionary): Promise<Dictionary> {
  const { data, entryCount } = built;
  const values = {
    digest: data.digest,
    entryCount,
    languages: [...built.languages],
    bytes: data.packed.length,
  };
  await tx
    .insert(dictionaryVersions)
    .values({ ...values, dictionaryId: row.id, version: row.version, packed: Buffer.from(data.packed) });
  return { ...row, ...values };
}

async function record(
  tx: Tx,
  actor: Actor,
  action: AuditEvent["action"],
  { id, version, digest, entryCount }: Dictionary,
  { added, changed, removed }: ChangeReport,
): Promise<void> {
  await recordAudit(tx, actor, {
    ...{ action, outcome: "ACCEPTED", targetType: "dictionary", targetId: id },
    details: { version, digest, entries: entryCount, added, changed, removed },
  });
}
