import { and, count, eq, inArray, isNull, or, type Placeholder, type SQL } from "drizzle-orm";
import type { Db, Tx } from "../db/client.ts";
import { type VoiceRow, voices } from "./table.ts";

/** The voices that a tenant may see and use: the stock voices and its own. */
export function visibleTo(tenant: string | Placeholder): SQL | undefined {
  return or(isNull(voices.tenant), eq(voices.tenant, tenant));
}

/** A voice whoever owns it: for workers, whose jobs were checked when they were accepted. */
export async function findVoice(db: Db | Tx, id: string): Promise<VoiceRow | null> {
  const [voice] = await db.select().from(voices).where(eq(voices.id, id));
  return voice ?? null;
}

/** A voice as this tenant sees it: another tenant's is not there. */
export async function findVisibleVoice(db: Db | Tx, tenant: string, id: string): Promise<VoiceRow | null> {
  const [voice] = await loadVoices(db, tenant, [id]);
  return voice ?? null;
}

/** Voices by id in one query, as this tenant sees them; a missing one is null at its place. */
export async function loadVoices(
  db: Db | Tx,
  tenant: string,
  ids: readonly string[],
): Promise<(VoiceRow | null)[]> {
  const rows = await db
    .select()
    .from(voices)
    .where(and(inArray(voices.id, [...ids]), visibleTo(tenant)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** How many usable voices a tenant sees. */
export interface VoiceCounts {
  /** Those whose own language it is; of one engine, or of all. */
  of(language: string, engine?: string): number;
  /** All of one engine. */
  all(engine: string): number;
}

/** Counts the usable voices that a tenant sees, in one query. */
export async function countVoicesByLanguage(db: Db, tenant: string): Promise<VoiceCounts> {
  const rows = await db
    .select({ language: voices.language, engine: voices.engine, voices: count() })
    .from(voices)
    .where(and(eq(voices.status, "READY"), visibleTo(tenant)))
    .groupBy(voices.language, voices.engine);
  const sum = (counted: typeof rows) => counted.reduce((total, row) => total + Number(row.voices), 0);
  return {
    of: (language, engine) =>
      sum(rows.filter((row) => row.language === language && (engine ?? row.engine) === row.engine)),
    all: (engine) => sum(rows.filter((row) => row.engine === engine)),
  };
}
