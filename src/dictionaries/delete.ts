import { and, eq, isNull, sql } from "drizzle-orm";
import { type Actor, recordAudit } from "../audit/audit.ts";
import type { Db, Tx } from "../db/client.ts";
import { NotFoundError } from "../errors.ts";
import { isDictionaryId, loadDictionaries } from "./dictionary.ts";
import { dictionaries, dictionaryVersions } from "./table.ts";

/** That there was a dictionary. */
export interface DeletedDictionary {
  readonly id: string;
  readonly deletedAt: Date;
}

/**
 * Deletes a dictionary. Jobs that were accepted with it keep the version that they have. Deleting it again gives the same
 * answer.
 *
 * @throws NotFoundError when there never was such a dictionary
 */
export async function deleteDictionary(db: Db, actor: Actor, id: string): Promise<DeletedDictionary> {
  if (!isDictionaryId(id)) throw unknownDictionary();
  const [present] = await loadDictionaries(db, actor.tenant, [id]);
  return await db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(dictionaries)
      .where(and(eq(dictionaries.id, id), eq(dictionaries.tenant, actor.tenant)))
      .for("update");
    if (row === undefined) throw unknownDictionary();
    if (row.deletedAt !== null) return { id: row.id, deletedAt: row.deletedAt };
    const [deleted] = await tx
      .update(dictionaries)
      .set({ deletedAt: sql`now()`, name: "", description: "" })
      .where(eq(dictionaries.id, row.id))
      .returning();
    await supersede(tx, row.id);
    await recordAudit(tx, actor, {
      action: "dictionary.delete",
      outcome: "ACCEPTED",
      targetType: "dictionary",
      targetId: row.id,
      details: { version: row.version, entries: present?.entryCount ?? 0 },
    });
    if (deleted?.deletedAt == null) throw new Error("update returned no row");
    return { id: row.id, deletedAt: deleted.deletedAt };
  });
}

export const unknownDictionary = () =>
  new NotFoundError("There is no such dictionary. The query `dictionaries` lists those that there are.");

/** From now on no new request uses the present version. */
export async function supersede(tx: Tx, id: string): Promise<void> {
  await tx
    .update(dictionaryVersions)
    .set({ supersededAt: sql`now()` })
    .where(and(eq(dictionaryVersions.dictionaryId, id), isNull(dictionaryVersions.supersededAt)));
}
