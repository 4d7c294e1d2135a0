import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { type JobRow, jobs } from "../../jobs/table.ts";
import { notifyVoice } from "../changes.ts";
import { voices } from "../table.ts";
import { enrolmentTask } from "./definition.ts";

/**
 * A voice whose enrolment has ended before it could be used has FAILED, for the reason of its job. One that is READY
 * stays so. To be called in the transaction that ends the job, after its row has been written.
 */
export async function settleEnrolment(tx: Tx, job: Pick<JobRow, "id" | "kind" | "voiceId">): Promise<void> {
  if (job.kind !== enrolmentTask.kind || job.voiceId === null) return;
  const [ended] = await tx
    .select({ code: jobs.errorCode, message: jobs.errorMessage })
    .from(jobs)
    .where(eq(jobs.id, job.id));
  const [failed] = await tx
    .update(voices)
    .set({
      status: "FAILED",
      failureCode: ended?.code ?? null,
      failureMessage: ended?.message ?? null,
      updatedAt: sql`now()`,
    })
    .where(and(eq(voices.id, job.voiceId), eq(voices.status, "ENROLLING")))
    .returning();
  if (failed !== undefined) await notifyVoice(tx, failed);
}
