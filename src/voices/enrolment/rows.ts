import { and, eq, inArray, sql } from "drizzle-orm";
import { v7 } from "uuid";
import type { Db, Tx } from "../../db/client.ts";
import { sha256Of } from "../../digest.ts";
import { NotFoundError, SpeakerError } from "../../errors.ts";
import { type JobRow, jobs } from "../../jobs/table.ts";
import type { Storage } from "../../storage/storage.ts";
import { notifyVoice } from "../changes.ts";
import { changedNow } from "../management/update.ts";
import { voicePrefix } from "../mixing/mix.ts";
import { encodePack } from "../mixing/pack.ts";
import type { QualityReport } from "../quality/report.ts";
import { type VoiceRow, type VoiceSampleRow, voiceSamples, voices } from "../table.ts";
import { type EnrolmentInput, enrolmentTask } from "./definition.ts";

/** The job that writes; every write asks whether it still holds its lease. */
export type Enrolling = Pick<JobRow, "id" | "leaseToken">;

/** How close a voice is to its sample. */
export interface Similarity {
  readonly cosine: number;
  /** 0 is a stranger, 1 the same person; null while it has not been measured. */
  readonly normalised: number | null;
  readonly method: string;
}

/**
 * The voice and the sample of an enrolment. A voice whose earlier enrolment has failed is ENROLLING again.
 *
 * @throws NotFoundError when the voice has been deleted or its sample replaced.
 */
export async function beginEnrolment(
  db: Db,
  job: Enrolling,
  { voiceId, sampleId }: EnrolmentInput,
): Promise<{ voice: VoiceRow; sample: VoiceSampleRow }> {
  return await db.transaction(async (tx) => {
    const voice = await lockVoice(tx, job, voiceId);
    const [sample] = await tx
      .select()
      .from(voiceSamples)
      .where(and(eq(voiceSamples.id, sampleId), eq(voiceSamples.voiceId, voiceId)));
    if (sample === undefined) throw new NotFoundError("The recording of this job has been replaced.");
    if (voice.status !== "FAILED") return { voice, sample };
    const again = { status: "ENROLLING", failureCode: null, failureMessage: null } as const;
    return { voice: await change(tx, voice, again), sample };
  });
}

/** Keeps what was measured on the sample. Throws as `beginEnrolment` does. */
export async function keepMeasures(
  db: Db,
  job: Enrolling,
  { voiceId, sampleId }: EnrolmentInput,
  measures: { quality: QualityReport; embedding?: Float32Array },
): Promise<void> {
  const { quality, embedding } = measures;
  await db.transaction(async (tx) => {
    const voice = await lockVoice(tx, job, voiceId);
    await tx
      .update(voiceSamples)
      .set({ quality, ...(embedding !== undefined && { embedding: [...embedding] }) })
      .where(and(eq(voiceSamples.id, sampleId), eq(voiceSamples.voiceId, voiceId)));
    await change(tx, voice, {});
  });
}

/** Packs that a job has made begin with this: so it knows its own when it is tried again. */
export const packPrefix = (voiceId: string, jobId: string) => `${voicePrefix(voiceId)}packs/${jobId}.`;

/**
 * Makes a pack the voice's own: from now on it speaks so. The pack that it had is removed.
 *
 * @throws NotFoundError when the voice has been deleted, SpeakerError CANCELLED when the job is no longer ours;
 *   nothing is left in the store then.
 */
export async function publishPack(
  { db, storage }: { db: Db; storage: Storage },
  job: Enrolling,
  voiceId: string,
  pack: Float32Array,
  { similarity, gender }: { similarity: Similarity; gender?: VoiceRow["gender"] },
): Promise<void> {
  const bytes = encodePack(pack);
  const packKey = `${packPrefix(voiceId, job.id)}${v7()}.bin`;
  await storage.put(packKey, bytes);
  let old: string | null = null;
  try {
    old = await db.transaction(async (tx) => {
      const voice = await lockVoice(tx, job, voiceId);
      await change(tx, voice, {
        status: "READY",
        packKey,
        packSha256: sha256Of(bytes),
        ...(voice.gender === "UNKNOWN" && gender !== undefined && { gender }),
        ...similarityColumns(similarity),
      });
      return voice.packKey;
    });
  } catch (error) {
    await storage.remove(packKey);
    throw error;
  }
  if (old !== null) await storage.remove(old);
}

/** Writes how close the voice is. Throws as `publishPack` does. */
export async function keepSimilarity(
  db: Db,
  job: Enrolling,
  voiceId: string,
  similarity: Similarity,
): Promise<void> {
  await db.transaction(async (tx) => {
    await change(tx, await lockVoice(tx, job, voiceId), similarityColumns(similarity));
  });
}

const similarityColumns = ({ cosine, normalised, method }: Similarity) => ({
  similarity: cosine,
  similarityNormalised: normalised,
  similarityMethod: method,
});

async function lockVoice(tx: Tx, job: Enrolling, voiceId: string): Promise<VoiceRow> {
  const [voice] = await tx.select().from(voices).where(eq(voices.id, voiceId)).for("update");
  if (voice === undefined) throw new NotFoundError("The voice of this job has been deleted.");
  const held = job.leaseToken !== null && and(eq(jobs.id, job.id), eq(jobs.leaseToken, job.leaseToken));
  const [ours] = held === false ? [] : await tx.select({ id: jobs.id }).from(jobs).where(held);
  if (ours === undefined) throw new SpeakerError("CANCELLED", "The enrolment is no longer wanted.");
  return voice;
}

async function change(tx: Tx, voice: VoiceRow, values: Partial<VoiceRow>): Promise<VoiceRow> {
  const [changed] = await tx
    .update(voices)
    .set({ ...values, updatedAt: changedNow })
    .where(eq(voices.id, voice.id))
    .returning();
  await notifyVoice(tx, voice);
  return changed ?? voice;
}

/** The samples of many voices in one query; null where a voice has none. */
export async function loadSamples(db: Db, voiceIds: readonly string[]): Promise<(VoiceSampleRow | null)[]> {
  const rows = await db
    .select()
    .from(voiceSamples)
    .where(inArray(voiceSamples.voiceId, [...voiceIds]));
  const byVoice = new Map(rows.map((row) => [row.voiceId, row]));
  return voiceIds.map((id) => byVoice.get(id) ?? null);
}

/** The newest enrolment of each of many voices in one query; null where a voice never had one. */
export async function loadEnrolments(db: Db, voiceIds: readonly string[]): Promise<(JobRow | null)[]> {
  const rows = await db
    .selectDistinctOn([jobs.voiceId])
    .from(jobs)
    .where(and(inArray(jobs.voiceId, [...voiceIds]), eq(jobs.kind, enrolmentTask.kind)))
    .orderBy(jobs.voiceId, sql`${jobs.id} desc`);
  const byVoice = new Map(rows.map((row) => [row.voiceId, row]));
  return voiceIds.map((id) => byVoice.get(id) ?? null);
}
