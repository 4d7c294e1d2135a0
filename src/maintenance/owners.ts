import { and, eq, inArray, isNull, type SQL } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Db } from "../db/client.ts";
import { jobs } from "../jobs/table.ts";
import { audioAssets, cachedUtterances } from "../synthesis/table.ts";
import { voicePreviews, voiceSamples, voices } from "../voices/table.ts";

/** A column that names objects: as long as a row does, its object is alive, and ought to be there. */
export interface KeyColumn {
  /** What the object is to its row, for people: "audio of job". */
  readonly what: string;
  readonly table: PgTable;
  readonly key: PgColumn;
  /** Whose object it is, for people. */
  readonly id: PgColumn;
  /** True where nothing is lost with the object, because it is made again when it is wanted. */
  readonly replaceable?: boolean;
  /** Rows that count; all when absent. */
  readonly where?: SQL;
}

/** Who decides what is alive under one prefix of the store. */
export interface KeyOwner {
  /** Ends in "/". The next name of a key is that of its job or voice: `<prefix><id>/…`. */
  readonly prefix: string;
  readonly columns: readonly KeyColumn[];
  /** Of these ids, those that work is under way for: nothing of theirs is an orphan, whatever the columns say. */
  busy(db: Db, ids: readonly string[]): Promise<readonly string[]>;
}

/**
 * Everything that keeps objects. Whoever stores under another prefix, or names keys in another column, adds it here:
 * what no row names is removed once its grace is over.
 */
export const KEY_OWNERS: readonly KeyOwner[] = [
  {
    // Several jobs may name the audio of one, so a key holds the id of the first.
    prefix: "audio/",
    columns: [
      {
        what: "audio of job",
        table: audioAssets,
        key: audioAssets.storageKey,
        id: audioAssets.jobId,
        where: isNull(audioAssets.deletedAt),
      },
    ],
    busy: openJobs,
  },
  {
    prefix: "utterances/",
    columns: [
      {
        what: "utterance in the cache",
        table: cachedUtterances,
        key: cachedUtterances.storageKey,
        id: cachedUtterances.key,
        replaceable: true,
      },
    ],
    busy: openJobs,
  },
  { prefix: "pieces/", columns: [], busy: openJobs },
  // Of a check of the bucket whose process was killed before it removed its object.
  { prefix: "probe/", columns: [], busy: async () => [] },
  {
    prefix: "voices/",
    columns: [
      { what: "pack of voice", table: voices, key: voices.packKey, id: voices.id },
      {
        what: "sample of voice",
        table: voiceSamples,
        key: voiceSamples.storageKey,
        id: voiceSamples.voiceId,
      },
      {
        what: "preview of voice",
        table: voicePreviews,
        key: voicePreviews.storageKey,
        id: voicePreviews.voiceId,
      },
    ],
    busy: enrollingVoices,
  },
];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function openJobs(db: Db, ids: readonly string[]): Promise<string[]> {
  const candidates = ids.filter((id) => UUID.test(id));
  if (candidates.length === 0) return [];
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(inArray(jobs.id, candidates), inArray(jobs.status, ["QUEUED", "RUNNING"])));
  return rows.map(({ id }) => id);
}

async function enrollingVoices(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .select({ id: voices.id })
    .from(voices)
    .where(and(inArray(voices.id, [...ids]), eq(voices.status, "ENROLLING")));
  return rows.map(({ id }) => id);
}
