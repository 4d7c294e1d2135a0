import { recordAudit } from "../audit/audit.ts";
import type { Tx } from "../db/client.ts";
import { recordUsage } from "../usage/usage.ts";
import { settleEnrolment } from "../voices/enrolment/settle.ts";
import type { JobRow } from "./table.ts";

/** The kind of job that usage counts. */
const COUNTED_KIND = "SYNTHESIS";

/** How a job ended. */
export interface JobEnd {
  readonly status: "SUCCEEDED" | "FAILED" | "CANCELLED";
  readonly errorCode?: string;
  /** What a handler says of its work: `audioSeconds`, `computeSeconds` and more; numbers, never text. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** Writes down that a job has ended, in the transaction that ends it: audit entry and usage. */
export async function recordJobEnd(tx: Tx, job: JobRow, end: JobEnd): Promise<void> {
  const { status, errorCode, figures = {} } = end;
  if (status !== "SUCCEEDED") await settleEnrolment(tx, job);
  const { language } = job.input as { readonly language?: unknown };
  if (job.kind === COUNTED_KIND) {
    await recordUsage(tx, {
      ...job,
      status,
      language: typeof language === "string" ? language : "",
      audioSeconds: figures.audioSeconds ?? 0,
      computeSeconds: figures.computeSeconds ?? 0,
    });
  }
  await recordAudit(
    tx,
    { name: job.keyName, tenant: job.tenant, ip: null, userAgent: null, requestId: job.requestId },
    {
      action: "job.end",
      outcome: status,
      targetType: "job",
      targetId: job.id,
      durationMs: Math.max(0, Date.now() - job.createdAt.getTime()),
      details: {
        kind: job.kind,
        voiceId: job.voiceId,
        attempts: job.attempts,
        ...figures,
        ...(errorCode !== undefined && { code: errorCode }),
      },
    },
  );
}
