import { and, arrayOverlaps, asc, count, eq, gt, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { type VoiceRow, voices } from "./table.ts";

export interface VoiceFilter {
  readonly language?: string | null | undefined;
  readonly gender?: VoiceRow["gender"] | null | undefined;
  readonly kind?: VoiceRow["kind"] | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly text?: string | null | undefined;
}

/** A page of a list in (name, id) order: rows behind `after` or before `before`. */
export interface VoicePage {
  readonly limit: number;
  readonly after?: VoiceCursor | undefined;
  readonly before?: VoiceCursor | undefined;
  readonly inverted: boolean;
}

export interface VoiceCursor {
  readonly name: string;
  readonly id: string;
}

export async function findVoice(db: Db, id: string): Promise<VoiceRow | null> {
  const [voice] = await db.select().from(voices).where(eq(voices.id, id));
  return voice ?? null;
}

/** Voices by id in one query; a missing one is null at its place. */
export async function loadVoices(db: Db, ids: readonly string[]): Promise<(VoiceRow | null)[]> {
  const rows = await db
    .select()
    .from(voices)
    .where(inArray(voices.id, [...ids]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

function matches(filter: VoiceFilter): SQL | undefined {
  const language = filter.language?.toLowerCase();
  const pattern = filter.text == null ? null : `%${filter.text.trim().replace(/[\\%_]/g, "\\$&")}%`;
  return and(
    // "en" finds en-US and en-GB.
    language === undefined
      ? undefined
      : or(
          eq(sql`lower(${voices.language})`, language),
          ilike(voices.language, `${language.replace(/[\\%_]/g, "\\$&")}-%`),
        ),
    filter.gender == null ? undefined : eq(voices.gender, filter.gender),
    filter.kind == null ? undefined : eq(voices.kind, filter.kind),
    filter.tags == null || filter.tags.length === 0
      ? undefined
      : arrayOverlaps(voices.tags, [...filter.tags]),
    pattern === null
      ? undefined
      : or(
          ilike(voices.name, pattern),
          ilike(voices.id, pattern),
          ilike(voices.description, pattern),
          sql`exists (select 1 from unnest(${voices.tags}) tag where tag ilike ${pattern})`,
        ),
  );
}

/** One page of the voices that match, `limit` rows at most. */
export async function listVoices(db: Db, filter: VoiceFilter, page: VoicePage): Promise<VoiceRow[]> {
  const key = sql`(${voices.name}, ${voices.id})`;
  const value = ({ name, id }: VoiceCursor) => sql`(${name}, ${id})`;
  const direction = page.inverted ? sql`desc` : sql`asc`;
  return await db
    .select()
    .from(voices)
    .where(
      and(
        matches(filter),
        page.after === undefined ? undefined : gt(key, value(page.after)),
        page.before === undefined ? undefined : lt(key, value(page.before)),
      ),
    )
    .orderBy(sql`${voices.name} ${direction}`, sql`${voices.id} ${direction}`)
    .limit(page.limit);
}

export async function countVoices(db: Db, filter: VoiceFilter): Promise<number> {
  return await db.$count(voices, matches(filter));
}

/** How many usable voices each language has. */
export async function countVoicesByLanguage(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .select({ language: voices.language, voices: count() })
    .from(voices)
    .where(eq(voices.status, "READY"))
    .groupBy(voices.language)
    .orderBy(asc(voices.language));
  return new Map(rows.map((row) => [row.language, Number(row.voices)]));
}
