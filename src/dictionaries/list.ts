import { and, asc, desc, eq, gt, ilike, isNull, lt, or, type SQL } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { literal } from "../db/like.ts";
import type { ListPage } from "../db/page.ts";
import { type Dictionary, dictionaryColumns, isPresent } from "./dictionary.ts";
import { dictionaries, dictionaryVersions } from "./table.ts";

/** Where a dictionary lies in the list. */
interface DictionaryCursor {
  readonly name: string;
  readonly id: string;
}

function ofTenant(tenant: string, text: string | null): SQL | undefined {
  const pattern = text === null ? null : `%${literal(text.trim())}%`;
  return and(
    eq(dictionaries.tenant, tenant),
    isNull(dictionaries.deletedAt),
    pattern === null
      ? undefined
      : or(ilike(dictionaries.name, pattern), ilike(dictionaries.description, pattern)),
  );
}

/** A tenant's dictionaries by name. */
export async function listDictionaries(
  db: Db,
  tenant: string,
  text: string | null,
  { limit, after, before, inverted }: ListPage<DictionaryCursor>,
): Promise<Dictionary[]> {
  const { name, id } = dictionaries;
  const order = inverted ? desc : asc;
  const behind = (cursor: DictionaryCursor) =>
    or(gt(name, cursor.name), and(eq(name, cursor.name), gt(id, cursor.id)));
  const ahead = (cursor: DictionaryCursor) =>
    or(lt(name, cursor.name), and(eq(name, cursor.name), lt(id, cursor.id)));
  return await db
    .select(dictionaryColumns)
    .from(dictionaries)
    .innerJoin(dictionaryVersions, isPresent)
    .where(
      and(
        ofTenant(tenant, text),
        after === undefined ? undefined : behind(after),
        before === undefined ? undefined : ahead(before),
      ),
    )
    .orderBy(order(name), order(id))
    .limit(limit);
}

/** How many dictionaries a tenant has whose name or description holds a text. */
export async function countDictionaries(db: Db, tenant: string, text: string | null): Promise<number> {
  return await db.$count(dictionaries, ofTenant(tenant, text));
}
