import { and, eq, or } from "drizzle-orm";
import { z } from "zod";
import { type Actor, recordAudit } from "../../audit/audit.ts";
import type { Db } from "../../db/client.ts";
import { isMissingReference } from "../../db/faults.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../../errors.ts";
import { createJob, type JobDeps, retryJob } from "../../jobs/job.ts";
import type { JobRow } from "../../jobs/table.ts";
import type { TaskDefinition } from "../../jobs/task.ts";
import { speaks } from "../../languages/language.ts";
import type { VoicePacks } from "../packs.ts";
import { type VoicePreviewRow, type VoiceRow, voicePreviews } from "../table.ts";
import { findVisibleVoice } from "../voice.ts";

/** What a preview job keeps as its input; parsed when it is scheduled and again when it runs. */
export const previewInput = z.strictObject({
  voiceId: z.string(),
  language: z.string(),
  /** The pack that the voice had when the preview was asked for. */
  packSha256: z.string(),
});

/** What previews are stored as: every browser plays it. */
export const PREVIEW_FORMAT = "mp3";

export type PreviewInput = z.infer<typeof previewInput>;

/** Has a voice say its preview sentence in one language. */
export const previewTask: TaskDefinition<PreviewInput> = { kind: "VOICE_PREVIEW", input: previewInput };

export interface PreviewDeps extends JobDeps {
  readonly attempts: number;
  readonly packs: Pick<VoicePacks, "digest">;
}

/**
 * Has the preview of a voice made. Asked again, the answer is the same job; one that failed is tried again.
 *
 * @param language BCP-47 tag; null for the voice's own language.
 * @throws NotFoundError; ConflictError when the voice cannot speak yet; InvalidInputError when it does not speak the
 *   language; QueueFullError.
 */
export async function requestPreview(
  deps: PreviewDeps,
  actor: Actor,
  voiceId: string,
  language: string | null,
): Promise<JobRow> {
  const voice = await findVisibleVoice(deps.db, actor.tenant, voiceId);
  if (voice === null) throw new NotFoundError("There is no such voice.");
  const packSha256 = deps.packs.digest(voice);
  if (voice.status !== "READY" || packSha256 === null) {
    throw new ConflictError(`The voice is ${voice.status}; only one that is READY can be heard.`);
  }
  const spoken = speaks(voice, language ?? voice.language)?.language.code ?? null;
  if (spoken === null) {
    throw new InvalidInputError([{ path: ["language"], message: "is not spoken by this voice" }]);
  }
  const input: PreviewInput = { voiceId, language: spoken, packSha256 };
  // A space keeps it apart from the keys that callers choose, which have none.
  const key = `preview ${voiceId} ${spoken} ${packSha256}`;
  const { row } = await createJob(
    deps,
    {
      ...{ kind: previewTask.kind, tenant: actor.tenant, keyId: actor.keyId, keyName: actor.name },
      ...{ input, voiceId, characters: 0, maxAttempts: deps.attempts, requestId: actor.requestId },
      idempotency: { key, hash: packSha256 },
    },
    (tx, job) =>
      recordAudit(tx, actor, {
        action: "voice.preview",
        outcome: "ACCEPTED",
        targetType: "voice",
        targetId: voiceId,
        details: { jobId: job.id, language: spoken, packSha256 },
      }),
  ).catch((error: unknown) => {
    throw isMissingReference(error) ? new NotFoundError("There is no such voice.") : error;
  });
  const ended = row.status === "FAILED" || row.status === "CANCELLED";
  return ended ? await retryJob(deps, actor.tenant, row.id) : row;
}

/** Names one preview. */
export interface PreviewKey {
  readonly voice: VoiceRow;
  /** As the language table spells it. */
  readonly language: string;
}

/** Previews in one query; null where there is none, or only one of a pack that the voice no longer has. */
export async function loadPreviews(
  db: Db,
  packs: Pick<VoicePacks, "digest">,
  keys: readonly PreviewKey[],
): Promise<(VoicePreviewRow | null)[]> {
  const rows = await db
    .select()
    .from(voicePreviews)
    .where(
      or(
        ...keys.map(({ voice, language }) =>
          and(eq(voicePreviews.voiceId, voice.id), eq(voicePreviews.language, language)),
        ),
      ),
    );
  return keys.map(
    ({ voice, language }) =>
      rows.find(
        (row) =>
          row.voiceId === voice.id && row.language === language && row.packSha256 === packs.digest(voice),
      ) ?? null,
  );
}
