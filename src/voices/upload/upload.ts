import { v7 } from "uuid";
import { z } from "zod";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import type { Db, Tx } from "../../db/client.ts";
import { createJob, type JobDeps } from "../../jobs/job.ts";
import type { JobRow } from "../../jobs/table.ts";
import { IncomingUpload } from "../../uploads/incoming.ts";
import { requireVoiceQuota } from "../../usage/quota.ts";
import { notifyVoice } from "../changes.ts";
import { type EnrolmentInput, enrolmentTask } from "../enrolment/definition.ts";
import { parseInput, voiceDescription, voiceLanguage, voiceName, voiceTags } from "../fields.ts";
import { type VoiceRow, voiceSamples, voices } from "../table.ts";
import { requiredConsent } from "./consent.ts";
import { type SampleDeps, sampleDetails, sampleRow, takeSample } from "./sample.ts";

export interface UploadDeps extends SampleDeps {
  readonly jobs: JobDeps & { readonly attempts: number };
  /** How long a voice may be refined. */
  readonly cloneBudgetSeconds: number;
}

/** What `uploadVoice` accepts. */
const uploadRequest = z.object({
  file: z.instanceof(IncomingUpload),
  name: voiceName,
  language: voiceLanguage,
  description: voiceDescription.nullish(),
  tags: voiceTags.nullish(),
  consent: requiredConsent,
});

export interface UploadRequest {
  readonly file: IncomingUpload;
  readonly name: string;
  readonly language: string;
  readonly description?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly consent?: unknown;
}

/**
 * Makes a voice from a recording: voice, sample, consent, its enrolment job and the audit entry in one transaction,
 * behind the stored bytes.
 *
 * @throws InvalidInputError (also for missing consent), UnsupportedAudioError, UploadTooLargeError,
 *   UploadFailedError, QueueFullError, QuotaExceededError.
 */
export async function uploadVoice(deps: UploadDeps, actor: Actor, request: UploadRequest): Promise<VoiceRow> {
  const { file, name, language, description, tags, consent } = parseInput(
    uploadRequest,
    request as z.input<typeof uploadRequest>,
  );
  const id = v7();
  return await takeSample(deps, id, file, (sample) =>
    deps.db.transaction(async (tx) => {
      await requireVoiceQuota(tx, deps.jobs.quotas, actor, sample.file.bytes);
      const [voice] = await tx
        .insert(voices)
        .values({
          ...{ id, tenant: actor.tenant, kind: "CLONED", status: "ENROLLING", gender: "UNKNOWN" },
          ...{ name, language, engine: "kokoro", description: description ?? "", tags: tags ?? [] },
        })
        .returning();
      const [row] = await tx
        .insert(voiceSamples)
        .values(sampleRow(actor, id, sample, consent))
        .returning();
      if (voice === undefined || row === undefined) throw new Error("insert returned no row");
      const job = await enrol(deps, tx, actor, { voiceId: id, sampleId: row.id });
      await recordAudit(tx, actor, {
        action: "voice.upload",
        outcome: "ACCEPTED",
        targetType: "voice",
        targetId: id,
        details: { ...sampleDetails(sample, consent), language, jobId: job.id },
      });
      await notifyVoice(tx, voice);
      return voice;
    }),
  );
}

/** Queues the enrolment of a sample in the transaction that writes it. */
export async function enrol(
  { jobs, cloneBudgetSeconds }: UploadDeps,
  tx: Tx,
  actor: Actor,
  ids: Pick<EnrolmentInput, "voiceId" | "sampleId">,
): Promise<JobRow> {
  const input: EnrolmentInput = { ...ids, seed: seedOf(ids.sampleId), budgetSeconds: cloneBudgetSeconds };
  const { row } = await createJob(
    // A transaction within the transaction: a savepoint.
    { ...jobs, db: tx as unknown as Db },
    {
      kind: enrolmentTask.kind,
      tenant: actor.tenant,
      keyId: actor.keyId,
      keyName: actor.name,
      input,
      voiceId: ids.voiceId,
      characters: 0,
      maxAttempts: jobs.attempts,
      requestId: actor.requestId,
      idempotency: null,
    },
    async () => {},
  );
  return row;
}

/** A seed that is the sample's own, so that a retry searches as the first attempt did. */
function seedOf(sampleId: string): number {
  return Number.parseInt(sampleId.replaceAll("-", "").slice(-8), 16);
}
