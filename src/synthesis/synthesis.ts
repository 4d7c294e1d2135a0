import { eq, inArray } from "drizzle-orm";
import { type Actor, recordAudit } from "../audit/audit.ts";
import type { Db } from "../db/client.ts";
import { isMissingReference } from "../db/faults.ts";
import { resolveDictionaries } from "../dictionaries/dictionary.ts";
import { sha256Of } from "../digest.ts";
import { InvalidInputError } from "../errors.ts";
import { createJob, type JobDeps, type NewJob } from "../jobs/job.ts";
import type { JobRow } from "../jobs/table.ts";
import type { TaskDefinition } from "../jobs/task.ts";
import type { InstalledVoices } from "../voices/installed.ts";
import type { VoicePacks } from "../voices/packs.ts";
import { type AskedVoice, askedVoices } from "./asked-voices.ts";
import { type AnswerDeps, findAnswer } from "./cache/answer.ts";
import { requestKey } from "./cache/identity.ts";
import { checkSynthesis, type Registry } from "./check.ts";
import { voiceFor } from "./default-voice.ts";
import { heardVoiceIds, type SynthesisInput, synthesisInput, voiceIdOf, voicesOf } from "./input.ts";
import { countCharacters, type SynthesisRequest } from "./request.ts";
import { type AudioAssetRow, audioAssets } from "./table.ts";

export const synthesisTask: TaskDefinition<SynthesisInput> = { kind: "SYNTHESIS", input: synthesisInput };

export interface SynthesisDeps extends JobDeps {
  readonly attempts: number;
  readonly limits: { readonly textCharacters: number };
  /** Whether audit entries hold the text itself; left out, they do not. */
  readonly auditText?: boolean;
  readonly packs: Pick<VoicePacks, "digest">;
  readonly installed: InstalledVoices;
  /** Where requests are answered from; left out, every text is spoken. */
  readonly cache?: Omit<AnswerDeps, "db"> & { readonly engine: string };
}

/**
 * Accepts a text to be spoken: the job, its place in the queue and the audit entry in one transaction.
 *
 * @returns the job; the existing one when `idempotencyKey` was used for the same request before.
 * @throws InvalidInputError, IdempotencyConflictError (key used for another request), QueueFullError. Nothing is stored then.
 */
export async function requestSynthesis(
  deps: SynthesisDeps,
  actor: Actor,
  request: SynthesisRequest,
): Promise<JobRow> {
  const key = request.idempotencyKey ?? null;
  const { tenant } = actor;
  const { input, voices } = await checkSynthesis(request, deps.limits, registryOf(deps, tenant));
  const characters = countCharacters(input.text);
  const job: NewJob = {
    kind: synthesisTask.kind,
    tenant,
    keyId: actor.keyId,
    keyName: actor.name,
    input,
    voiceId: voiceAlone(input),
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
          ...(input.voices !== undefined && {
            voices: voicesOf(input)
              .map(({ voiceId }) => voiceId)
              .join(" "),
          }),
          language: input.language,
          format: input.format,
          speed: input.speed,
          characters,
          textSha256: sha256Of(input.text),
          ...(deps.auditText && { text: input.text }),
        },
      }),
    await answerOf(deps, job, input, voices),
  ).catch((error: unknown) => {
    if (!isMissingReference(error)) throw error;
    throw new InvalidInputError([
      { path: ["input", "voiceId"], message: "names a voice that has been deleted just now" },
    ]);
  });
  return row;
}

/** Where what a request of this tenant names is looked up. */
export function registryOf(
  { db, packs, installed }: Pick<SynthesisDeps, "db" | "packs" | "installed">,
  tenant: string,
): Registry {
  return {
    defaultVoice: async (language, text) => await voiceFor(language, text, await installed.voices()),
    voices: (references) => askedVoices({ db, packs }, tenant, references),
    dictionaries: (ids) => resolveDictionaries(db, tenant, ids),
  };
}

/** The voice of a job in which only one is heard, for its row; null for a mix and for several. */
const voiceAlone = ({ voiceId, mix, voices }: SynthesisInput): string | null =>
  mix === undefined && voices === undefined ? voiceIdOf(voiceId) : null;

/** What ends the job at once, where the same was spoken before by the voice as it is now. */
async function answerOf(
  { db, cache }: SynthesisDeps,
  { tenant, priority = "INTERACTIVE" }: NewJob,
  input: SynthesisInput,
  voices: readonly AskedVoice[],
): ReturnType<typeof findAnswer> {
  const keyed = voices.flatMap((voice) => (voice.keyed === null ? [] : [voice.keyed]));
  if (cache === undefined || input.cache === false || keyed.length < voices.length) return null;
  const { engine } = cache;
  const key = requestKey({ tenant, engine, voices: keyed, input, priority });
  return await findAnswer({ db, ...cache }, key, heardVoiceIds(input));
}

/**
 * What makes two requests the same; a voice or a dictionary that is refined meanwhile does not make them differ. How a
 * job is treated is part of it, so that nobody takes a job in batch for one that he asked to be INTERACTIVE; what is left
 * out counts as its default.
 */
function identityOf(
  { mix, voices, dictionaries, ...input }: SynthesisInput,
  request: SynthesisRequest,
): object {
  return {
    ...input,
    ...(mix !== undefined && { mix: sharesOf(mix) }),
    ...(voices !== undefined && {
      voices: voices.map((voice) => [voice.voiceId, ...(voice.mix === undefined ? [] : sharesOf(voice.mix))]),
    }),
    ...(dictionaries !== undefined && { dictionaries: dictionaries.map(({ id }) => id) }),
    ...(request.priority === "BATCH" && { priority: request.priority }),
    ...(request.cancelOnDisconnect === true && { cancelOnDisconnect: true }),
  };
}

const sharesOf = (mix: NonNullable<SynthesisInput["mix"]>): object[] =>
  mix.map(({ packSha256: _, ...part }) => part);

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
