import { and, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import type { EventBus } from "../db/events.ts";
import { NotFoundError } from "../errors.ts";
import { changed } from "../jobs/watch.ts";
import { type VoiceRow, voices } from "./table.ts";
import { findVisibleVoice } from "./voice.ts";

/** Everything of a voice that its owner sees but for its use, which changes with every job. */
const state = sql<string>`md5(row(${voices.status}, ${voices.updatedAt}, ${voices.packSha256}, ${voices.similarity},
  ${voices.similarityNormalised}, ${voices.failureCode})::text)`;

/**
 * A voice's states: the present one first, then every change; it ends when the voice is deleted.
 *
 * @throws NotFoundError when the tenant sees no such voice.
 */
export async function watchVoice(
  db: Db,
  bus: EventBus,
  tenant: string,
  id: string,
): Promise<AsyncGenerator<VoiceRow>> {
  // Asked before the stream exists, so that an unknown voice is an answer and not a stream that breaks.
  if ((await findVisibleVoice(db, tenant, id)) === null) throw new NotFoundError("There is no such voice.");
  return statesOfOne(db, bus, id);
}

async function* statesOfOne(db: Db, bus: EventBus, id: string): AsyncGenerator<VoiceRow> {
  const changes = bus.subscribe(`voice:${id}`);
  try {
    let last = "";
    do {
      const [row] = await db.select({ voice: voices, state }).from(voices).where(eq(voices.id, id));
      if (row === undefined) return;
      if (row.state !== last) yield row.voice;
      last = row.state;
    } while (await changed(changes));
  } finally {
    changes.close();
  }
}

/** Every voice of a tenant as it is made or changed, from now on. Ends only with the service. */
export async function* watchVoices(db: Db, bus: EventBus, tenant: string): AsyncGenerator<VoiceRow> {
  const changes = bus.subscribe(`voices:${tenant}`);
  const own = eq(voices.tenant, tenant);
  // A notification says that something has changed, not what: several may have become one.
  const look = async () =>
    new Map(
      (await db.select({ id: voices.id, state }).from(voices).where(own)).map((row) => [row.id, row.state]),
    );
  try {
    let known = await look();
    while (await changed(changes)) {
      const now = await look();
      const news = [...now].filter(([id, its]) => known.get(id) !== its).map(([id]) => id);
      known = now;
      if (news.length === 0) continue;
      yield* await db
        .select()
        .from(voices)
        .where(and(own, inArray(voices.id, news)))
        .orderBy(voices.updatedAt, voices.id);
    }
  } finally {
    changes.close();
  }
}
