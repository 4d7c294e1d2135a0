import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import type { Db, Tx } from "../../db/client.ts";
import { ConflictError, NotFoundError } from "../../errors.ts";
import { cancelJob } from "../../jobs/job.ts";
import { jobs } from "../../jobs/table.ts";
import { IncomingUpload } from "../../uploads/incoming.ts";
import { requireStorageQuota } from "../../usage/quota.ts";
import { notifyVoice } from "../changes.ts";
import { enrolmentTask } from "../enrolment/definition.ts";
import { parseInput } from "../fields.ts";
import { changedNow, lockOwnVoice } from "../management/update.ts";
import { type VoiceRow, voiceSamples, voices } from "../table.ts";
import { findVisibleVoice } from "../voice.ts";
import { requiredConsent } from "./consent.ts";
import { sampleDetails, sampleRow, takeSample } from "./sample.ts";
import { enrol, type UploadDeps } from "./upload.ts";

/** What `replaceVoiceSample` accepts. */
const replaceRequest = z.object({
  id: z.string(),
  file: z.instanceof(IncomingUpload),
  consent: requiredConsent,
});

export interface ReplaceRequest {
  readonly id: string;
  readonly file: IncomingUpload;
  readonly consent?: unknown;
}

/**
 * Gives a cloned voice another recording and enrols it anew. A voice that could speak goes on speaking as before until
 * the new one is ready. The old recording is gone when this returns.
 *
 * @throws what `uploadVoice` throws; NotFoundError; ConflictError for a voice that is not cloned.
 */
export async function replaceVoiceSample(
  deps: UploadDeps,
  actor: Actor,
  request: ReplaceRequest,
): Promise<VoiceRow> {
  const { db, storage } = deps;
  const { id, file, consent } = parseInput(replaceRequest, request as z.input<typeof replaceRequest>);
  // Told before the file is received; decided again under the lock.
  const voice = await findVisibleVoice(db, actor.tenant, id);
  if (voice === null) throw new NotFoundError("There is no such voice.");
  refuseUncloned(voice);
  const { changed, oldKeys } = await takeSample(deps, id, file, (sample) =>
    db.transaction(async (tx) => {
      const locked = await lockOwnVoice(tx, actor.tenant, id);
      refuseUncloned(locked);
      await stopEnrolment(deps, tx, actor, id);
      const old = await tx.delete(voiceSamples).where(eq(voiceSamples.voiceId, id)).returning();
      await requireStorageQuota(tx, deps.jobs.quotas, actor, sample.file.bytes);
      const [row] = await tx
        .insert(voiceSamples)
        .values(sampleRow(actor, id, sample, consent))
        .returning();
      if (row === undefined) throw new Error("insert returned no row");
      const job = await enrol(deps, tx, actor, { voiceId: id, sampleId: row.id });
      const [updated] = await tx
        .update(voices)
        .set({
          status: locked.packKey === null ? "ENROLLING" : "READY",
          failureCode: null,
          failureMessage: null,
          updatedAt: changedNow,
        })
        .where(eq(voices.id, id))
        .returning();
      await recordAudit(tx, actor, {
        action: "voice.sample.replace",
        outcome: "ACCEPTED",
        targetType: "voice",
        targetId: id,
        details: { ...sampleDetails(sample, consent), jobId: job.id },
      });
      await notifyVoice(tx, locked);
      return { changed: updated ?? locked, oldKeys: old.map(({ storageKey }) => storageKey) };
    }),
  );
  for (const key of oldKeys) await storage.remove(key);
  return changed;
}

function refuseUncloned(voice: VoiceRow): void {
  if (voice.kind !== "CLONED") {
    throw new ConflictError(
      `The voice is ${voice.kind}; only a CLONED one has a sample that can be replaced.`,
    );
  }
}

/** Work on the old recording is worth nothing any more. */
async function stopEnrolment(deps: UploadDeps, tx: Tx, actor: Actor, voiceId: string): Promise<void> {
  const running = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.voiceId, voiceId),
        eq(jobs.kind, enrolmentTask.kind),
        inArray(jobs.status, ["QUEUED", "RUNNING"]),
      ),
    );
  for (const { id } of running) await cancelJob({ ...deps.jobs, db: tx as unknown as Db }, actor.tenant, id);
}
