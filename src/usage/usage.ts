import { sql } from "drizzle-orm";
import type { Tx } from "../db/client.ts";
import { usageDaily } from "./table.ts";

/** A synthesis job that has ended, as far as usage counts it. */
export interface EndedJob {
  readonly tenant: string;
  readonly keyId: string | null;
  readonly keyName: string;
  readonly voiceId: string | null;
  readonly language: string;
  readonly status: "SUCCEEDED" | "FAILED" | "CANCELLED";
  /** Of the text; counts only when the job succeeded, as the two below. */
  readonly characters: number;
  readonly audioSeconds: number;
  readonly computeSeconds: number;
}

/** Counts an ended job, in the transaction that ends it: never twice, and never not at all. */
export async function recordUsage(tx: Tx, job: EndedJob): Promise<void> {
  const done = job.status === "SUCCEEDED";
  const add = {
    jobs: 1,
    succeeded: done ? 1 : 0,
    failed: job.status === "FAILED" ? 1 : 0,
    cancelled: job.status === "CANCELLED" ? 1 : 0,
    characters: done ? job.characters : 0,
    audioSeconds: done ? job.audioSeconds : 0,
    computeSeconds: done ? job.computeSeconds : 0,
  };
  const { day, tenant, keyId, keyName, voiceId, language } = usageDaily;
  await tx
    .insert(usageDaily)
    .values({
      day: sql`(now() at time zone 'UTC')::date`,
      tenant: job.tenant,
      keyId: job.keyId ?? "",
      keyName: job.keyName,
      voiceId: job.voiceId ?? "",
      language: job.language,
      ...add,
    })
    .onConflictDoUpdate({
      target: [day, tenant, keyId, keyName, voiceId, language],
      set: {
        jobs: sql`${usageDaily.jobs} + ${add.jobs}`,
        succeeded: sql`${usageDaily.succeeded} + ${add.succeeded}`,
        failed: sql`${usageDaily.failed} + ${add.failed}`,
        cancelled: sql`${usageDaily.cancelled} + ${add.cancelled}`,
        characters: sql`${usageDaily.characters} + ${add.characters}`,
        audioSeconds: sql`${usageDaily.audioSeconds} + ${add.audioSeconds}::float8`,
        computeSeconds: sql`${usageDaily.computeSeconds} + ${add.computeSeconds}::float8`,
      },
    });
}
