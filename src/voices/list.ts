import {
  and,
  arrayOverlaps,
  eq,
  getTableColumns,
  gt,
  gte,
  ilike,
  inArray,
  isNull,
  lt,
  or,
  type Placeholder,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { literal } from "../db/like.ts";
import type { ListPage } from "../db/page.ts";
import { InvalidInputError } from "../errors.ts";
import { type VoiceRow, voiceSamples, voices } from "./table.ts";
import { visibleTo } from "./voice.ts";

type Optional<T> = T | null | undefined;

export interface VoiceFilter {
  readonly language?: Optional<string>;
  readonly gender?: Optional<VoiceRow["gender"]>;
  readonly kind?: Optional<VoiceRow["kind"]>;
  readonly engine?: Optional<string>;
  readonly status?: Optional<readonly VoiceRow["status"][]>;
  readonly tags?: Optional<readonly string[]>;
  readonly text?: Optional<string>;
  readonly createdAfter?: Optional<Date>;
  readonly createdBefore?: Optional<Date>;
  readonly usedAfter?: Optional<Date>;
  readonly unusedSince?: Optional<Date>;
  readonly minSimilarity?: Optional<number>;
  readonly hasSample?: Optional<boolean>;
}

interface SortKey {
  /** Never null, so that every row has its place and cursors can be compared. */
  readonly expression: SQL;
  /** What a cursor's text is read back as. */
  readonly type: string;
}

const plain = (column: SQL | (typeof voices)[keyof typeof voices & string], type: string): SortKey => ({
  expression: sql`${column}`,
  type,
});

/** What voices can be sorted by. What is null sorts as the least: never used, not measured. */
const SORT_KEYS = {
  NAME: plain(voices.name, "text"),
  CREATED_AT: plain(voices.createdAt, "timestamptz"),
  UPDATED_AT: plain(voices.updatedAt, "timestamptz"),
  LAST_USED_AT: {
    expression: sql`coalesce(${voices.lastUsedAt}, '-infinity'::timestamptz)`,
    type: "timestamptz",
  },
  USED_JOBS: plain(voices.usedJobs, "int4"),
  USED_CHARACTERS: plain(voices.usedCharacters, "int8"),
  USED_AUDIO_SECONDS: plain(voices.usedAudioSeconds, "float8"),
  SIMILARITY: { expression: sql`coalesce(${voices.similarity}, '-infinity'::float4)`, type: "float4" },
  LANGUAGE: plain(voices.language, "text"),
  KIND: plain(voices.kind, "text"),
} as const satisfies Record<string, SortKey>;

export type VoiceOrderField = keyof typeof SORT_KEYS;

export interface VoiceOrder {
  readonly field: VoiceOrderField;
  readonly direction: "ASC" | "DESC";
}

/** Where a row lies in a list: the text of its sort key, and its id for those that are equal in it. */
export interface VoiceCursor {
  readonly key: string;
  readonly id: string;
}

export type ListedVoice = VoiceRow & { readonly sortKey: string };

function matchesText(text: Optional<string>): SQL | undefined {
  if (text == null) return undefined;
  const pattern = `%${literal(text.trim())}%`;
  return or(
    ilike(voices.name, pattern),
    ilike(voices.id, pattern),
    ilike(voices.description, pattern),
    sql`exists (select 1 from unnest(${voices.tags}) tag where tag ilike ${pattern})`,
  );
}

function matchesLanguage(tag: Optional<string>): SQL | undefined {
  if (tag == null) return undefined;
  const language = tag.toLowerCase();
  // "en" finds en-US and en-GB.
  return or(eq(sql`lower(${voices.language})`, language), ilike(voices.language, `${literal(language)}-%`));
}

function matchesUse({ usedAfter, unusedSince }: VoiceFilter): SQL | undefined {
  return and(
    usedAfter == null ? undefined : gt(voices.lastUsedAt, usedAfter),
    unusedSince == null ? undefined : or(isNull(voices.lastUsedAt), lt(voices.lastUsedAt, unusedSince)),
  );
}

function matches(filter: VoiceFilter): SQL | undefined {
  const { gender, kind, engine, status, tags, createdAfter, createdBefore, minSimilarity, hasSample } =
    filter;
  const sample = sql`exists (select 1 from ${voiceSamples} where ${voiceSamples.voiceId} = ${voices.id})`;
  return and(
    matchesLanguage(filter.language),
    gender == null ? undefined : eq(voices.gender, gender),
    kind == null ? undefined : eq(voices.kind, kind),
    engine == null ? undefined : eq(voices.engine, engine),
    status == null || status.length === 0 ? undefined : inArray(voices.status, [...status]),
    tags == null || tags.length === 0 ? undefined : arrayOverlaps(voices.tags, [...tags]),
    matchesText(filter.text),
    createdAfter == null ? undefined : gt(voices.createdAt, createdAfter),
    createdBefore == null ? undefined : lt(voices.createdAt, createdBefore),
    matchesUse(filter),
    minSimilarity == null ? undefined : gte(voices.similarity, minSimilarity),
    hasSample == null ? undefined : hasSample ? sample : sql`not ${sample}`,
  );
}

/**
 * One page of the voices that a tenant sees and that match, in this order; equal ones by id.
 *
 * @throws InvalidInputError for a cursor whose key is not one of this order's.
 */
export async function listVoices(
  db: Db,
  tenant: string,
  filter: VoiceFilter,
  order: VoiceOrder,
  page: ListPage<VoiceCursor>,
): Promise<ListedVoice[]> {
  if (page.after === undefined && page.before === undefined && isEmpty(filter)) {
    return await firstPage(db, order, page.inverted).execute({ tenant, limit: page.limit });
  }
  return await select(db, tenant, filter, order, page);
}

const isEmpty = (filter: VoiceFilter): boolean => Object.values(filter).every((value) => value == null);

const firstPages = new WeakMap<Db, Map<string, ReturnType<typeof prepareFirstPage>>>();

/** The statement that nearly everybody asks for: building it takes as long as half of its answer, so it is kept. */
function firstPage(db: Db, order: VoiceOrder, inverted: boolean) {
  const key = `${order.field} ${order.direction} ${inverted}`;
  const known = firstPages.get(db) ?? new Map<string, ReturnType<typeof prepareFirstPage>>();
  firstPages.set(db, known);
  const statement = known.get(key) ?? prepareFirstPage(db, order, inverted);
  known.set(key, statement);
  return statement;
}

function prepareFirstPage(db: Db, order: VoiceOrder, inverted: boolean) {
  const page = { limit: sql.placeholder("limit"), inverted };
  return select(db, sql.placeholder("tenant"), {}, order, page).prepare(
    `voices_${order.field}_${order.direction}_${inverted}`,
  );
}

type Later<Value> = Value | Placeholder;

function select(
  db: Db,
  tenant: Later<string>,
  filter: VoiceFilter,
  order: VoiceOrder,
  page: Omit<ListPage<VoiceCursor>, "limit"> & { readonly limit: Later<number> },
) {
  const { expression, type } = SORT_KEYS[order.field];
  const key = sql`(${expression}, ${voices.id})`;
  const at = (cursor: VoiceCursor) => sql`(${cursorKey(cursor, type)}::${sql.raw(type)}, ${cursor.id}::text)`;
  const rising = order.direction === "ASC";
  const direction = sql.raw(rising === page.inverted ? "desc" : "asc");
  const behind = (cursor: VoiceCursor) => (rising ? gt(key, at(cursor)) : lt(key, at(cursor)));
  const ahead = (cursor: VoiceCursor) => (rising ? lt(key, at(cursor)) : gt(key, at(cursor)));
  return db
    .select({ ...getTableColumns(voices), sortKey: sql<string>`${expression}::text` })
    .from(voices)
    .where(
      and(
        visibleTo(tenant),
        matches(filter),
        page.after === undefined ? undefined : behind(page.after),
        page.before === undefined ? undefined : ahead(page.before),
      ),
    )
    .orderBy(sql`${expression} ${direction}`, sql`${voices.id} ${direction}`)
    .limit(page.limit);
}

/** What PostgreSQL prints for a value of each type, which is all that it is asked to read back. */
const CURSOR_KEYS: Readonly<Record<string, RegExp>> = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL's text holds anything but NUL
  text: /^[^\u0000]*$/,
  timestamptz: /^(-infinity|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?)$/,
  int4: /^\d{1,9}$/,
  int8: /^\d{1,18}$/,
  float4: /^(-Infinity|-?\d+(\.\d+)?(e-?\d+)?)$/,
  float8: /^\d+(\.\d+)?(e[+-]?\d+)?$/,
};

function cursorKey({ key }: VoiceCursor, type: string): string {
  if (CURSOR_KEYS[type]?.test(key) === true) return key;
  throw new InvalidInputError([
    { path: ["after"], message: "accepts a cursor that this list has given out" },
  ]);
}

/** How many voices a tenant sees that match. */
export async function countVoices(db: Db, tenant: string, filter: VoiceFilter): Promise<number> {
  return await db.$count(voices, and(visibleTo(tenant), matches(filter)));
}
