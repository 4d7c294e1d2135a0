import { recordAudit } from "../audit/audit.ts";
import { JOB_ACCESS } from "../auth/scopes.ts";
import type { Context } from "../context.ts";
import { ConflictError, NotFoundError, QueueFullError, QuotaExceededError } from "../errors.ts";
import { builder } from "../graphql/builder.ts";
import { SynthesisJobType } from "../synthesis/graphql.ts";
import { EnrolmentJobType } from "../voices/enrolment/graphql.ts";
import { VoicePreviewJobType } from "../voices/previews/graphql.ts";
import { cancelJob, type JobDeps, retryJob } from "./job.ts";
import type { JobRow } from "./table.ts";

async function control(
  { resources, actor }: Context,
  id: string,
  action: "job.cancel" | "job.retry",
  act: (deps: JobDeps, tenant: string, id: string) => Promise<JobRow>,
): Promise<JobRow> {
  const job = await act(resources.synthesis, actor.tenant, id);
  await recordAudit(resources.db, actor, {
    action,
    outcome: "ACCEPTED",
    targetType: "job",
    targetId: id,
    details: {},
  });
  return job;
}

builder.mutationField("cancelJob", (t) =>
  t.errorUnionField({
    types: [SynthesisJobType, VoicePreviewJobType, EnrolmentJobType, NotFoundError, ConflictError],
    union: { name: "CancelJobResult", description: "The cancelled job, or why it was not cancelled." },
    authScopes: JOB_ACCESS,
    description:
      "Cancels a job that is QUEUED or RUNNING, at once. Cancelling a cancelled job changes nothing.",
    args: { id: t.arg.id({ required: true, description: "The job's id." }) },
    resolve: (_root, { id }, context) => control(context, id, "job.cancel", cancelJob),
  }),
);

builder.mutationField("retryJob", (t) =>
  t.errorUnionField({
    types: [
      SynthesisJobType,
      VoicePreviewJobType,
      EnrolmentJobType,
      NotFoundError,
      ConflictError,
      QueueFullError,
      QuotaExceededError,
    ],
    union: { name: "RetryJobResult", description: "The job, queued again, or why it was not." },
    authScopes: JOB_ACCESS,
    description: "Queues a job again that has FAILED or was CANCELLED, with all its attempts.",
    args: { id: t.arg.id({ required: true, description: "The job's id." }) },
    resolve: (_root, { id }, context) => control(context, id, "job.retry", retryJob),
  }),
);
