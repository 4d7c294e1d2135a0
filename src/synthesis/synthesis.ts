import { eq, inArray } from "drizzle-orm";
import { type Actor, recordAudit } from "../audit/audit.ts";
import type { Db } from "../db/client.ts";
import { isMissingReference } from "../db/faults.ts";
import { sha256Of } from "../digest.ts";
import { InvalidInputError } from "../errors.ts";
import { createJob, type JobDeps, type NewJob } from "../jobs/job.ts";
import type { JobRow } from "../jobs/table.ts";
import type { TaskDefinition } from "../jobs/task.ts";
import { partVoices } from "../voices/mixing/mix.ts";
import { parseVoiceReference } from "../voices/mixing/reference.ts";
import type { VoicePacks } from "../voices/packs.ts";
import { findVisibleVoice } from "../voices/voice.ts";
import { type AnswerDeps, findAnswer } from "./cache/answer.ts";
import { type KeyedVoice, requestKey } from "./cache/identity.ts";
import {
  type AskedVoice,
  checkSynthesis,
  countCharacters,
  type SynthesisInput,
  type SynthesisRequest,
  synthesisInput,
} from "./input.ts";
import { type AudioAssetRow, audioAssets } from "./table.ts";

export const synthesisTask: TaskDefinition<SynthesisInput> = { kind: "SYNTHESIS", input: synthesisInput };

export interface SynthesisDeps extends JobDeps {
  readonly attempts: number;
  readonly limits: { readonly textCharacters: number };
  /** Whether audit entries hold the text itself; left out, they do not. */
  readonly auditText?: boolean;
  readonly packs: Pick<VoicePacks, "digest">;
  /** Where requests are answered from; left out, every text is spoken. */
  readonly cache?: Omit<AnswerDeps, "db"> & { readonly engine: string };
}

/**
 * Accepts a text to be spoken: the job, its place in the queue and the audit entry in one transaction.
 *
 * @returns the job; the existing one when `idempotencyKey` was used for the same request before.
 * @throws InvalidInputError, ConflictError (key used for another request), QueueFullError. Nothing is stored then.
 */
export async function requestSynthesis(
  deps: SynthesisDeps,
  actor: Actor,
  request: SynthesisRequest,
): Promise<JobRow> {
  const key = request.idempotencyKey ?? null;
  const voice = await askedVoice(deps, actor.tenant, request.voiceId);
  const input = checkSynthesis(request, voice, deps.limits);
  const characters = countCharacters(input.text);
  const job: NewJob = {
    kind: synthesisTask.kind,
    tenant: actor.tenant,
    keyId: actor.keyId,
    keyName: actor.name,
    input,
    voiceId: input.mix === undefined ? input.voiceId : null,
    characters,
    priority: request.priority ?? "INTERACTIVE",
    cancelOnDisconnect: request.cancelOnDisconnect ?? false,
    maxAttempts: deps.attempts,
    requestId: actor.requestId,
    idempotency: key === null ? null : { key, hash: sha256Of(JSON.stringify(identityOf(input, request))) },
  };
  const { row } = await createJob(
    deps,
    job,
    (tx, { id }) =>
      recordAudit(tx, actor, {
        action: "synthesis.request",
        outcome: "ACCEPTED",
        targetType: "job",
        targetId: id,
        details: {
          voiceId: input.voiceId,
          language: input.language,
          format: input.format,
          speed: input.speed,
          characters,
          textSha256: sha256Of(input.text),
          ...(deps.auditText && { text: input.text }),
        },
      }),
    await answerOf(deps, job, input, voice?.keyed ?? []),
  ).catch((error: unknown) => {
    if (!isMissingReference(error)) throw error;
    throw new InvalidInputError([
      { path: ["input", "voiceId"], message: "names a voice that has been deleted just now" },
    ]);
  });
  return row;
}

/**
 * The voice that a reference names under a tenant: an inline mix becomes its parts with the packs they have now.
 *
 * @throws InvalidInputError for a reference that cannot be read, or whose parts are not there.
 */
async function askedVoice(
  { db, packs }: SynthesisDeps,
  tenant: string,
  reference: string,
): Promise<(AskedVoice & { readonly keyed: readonly KeyedVoice[] }) | null> {
  const parts = parseVoiceReference(reference);
  if (parts === null) {
    const voice = await findVisibleVoice(db, tenant, reference);
    const packSha256 = voice && packs.digest(voice);
    return (
      voice && {
        ...voice,
        keyed: packSha256 === null ? [] : [{ voiceId: voice.id, weight: null, packSha256 }],
      }
    );
  }
  const sources = await partVoices(db, tenant, parts, () => ["input", "voiceId"]);
  // It speaks the language of the part that is heard most.
  const { voice: loudest } = sources.reduce((most, part) => (part.weight > most.weight ? part : most));
  const mix = sources.map(({ voice, weight }) => {
    const packSha256 = packs.digest(voice);
    if (packSha256 === null) throw new Error(`the voice ${voice.id} is READY without a pack`);
    return { voiceId: voice.id, weight, packSha256 };
  });
  return { kind: "MIXED", status: "READY", language: loudest.language, mix, keyed: mix };
}

/** What ends the job at once, where the same was spoken before by the voice as it is now. */
async function answerOf(
  { db, cache }: SynthesisDeps,
  { tenant, priority = "INTERACTIVE" }: NewJob,
  input: SynthesisInput,
  voices: readonly KeyedVoice[],
): ReturnType<typeof findAnswer> {
  if (cache === undefined || input.cache === false || voices.length === 0) return null;
  const { engine } = cache;
  const key = requestKey({ tenant, engine, voices, input, priority });
  const voiceIds = voices.map(({ voiceId }) => voiceId);
  return await findAnswer({ db, ...cache }, key, voiceIds);
}

/**
 * What makes two requests the same; a voice that is refined meanwhile does not make them differ. How a job is treated
 * is part of it, so that nobody takes a job in batch for one that he asked to be INTERACTIVE; what is left out counts as
 * its default.
 */
function identityOf({ mix, ...input }: SynthesisInput, request: SynthesisRequest): object {
  return {
    ...input,
    ...(mix !== undefined && { mix: mix.map(({ packSha256: _, ...part }) => part) }),
    ...(request.priority === "BATCH" && { priority: request.priority }),
    ...(request.cancelOnDisconnect === true && { cancelOnDisconnect: true }),
  };
}

/** The stored audio of a job, also when its bytes have expired; null while there is none. */
export async function findAudio(db: Db, jobId: string): Promise<AudioAssetRow | null> {
  const [asset] = await db.select().from(audioAssets).where(eq(audioAssets.jobId, jobId));
  return asset ?? null;
}

/** The stored audio of many jobs in one query; null where a job has none. */
export async function loadAudio(db: Db, jobIds: readonly string[]): Promise<(AudioAssetRow | null)[]> {
  const rows = await db
    .select()
    .from(audioAssets)
    .where(inArray(audioAssets.jobId, [...jobIds]));
  const byJob = new Map(rows.map((row) => [row.jobId, row]));
  return jobIds.map((id) => byJob.get(id) ?? null);
}
