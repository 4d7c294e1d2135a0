import { sql } from "drizzle-orm";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import type { Db } from "../db/client.ts";
import { loadPronunciations } from "../dictionaries/dictionary.ts";
import { NotFoundError } from "../errors.ts";
import type { InferencePool } from "../inference/contract.ts";
import type { JobRow } from "../jobs/table.ts";
import { implementTask, type TaskContext, type TaskImplementation, type TaskResult } from "../jobs/task.ts";
import type { Storage } from "../storage/storage.ts";
import { countVoiceUse } from "../voices/management/usage.ts";
import { requestKey } from "./cache/identity.ts";
import type { CacheObserver } from "./cache/observer.ts";
import { cachedPieces } from "./cache/utterances.ts";
import {
  heardVoiceIds,
  type InputVoice,
  planOptionsOf,
  type SynthesisInput,
  sourceOf,
  voicesOf,
} from "./input.ts";
import type { JobVoice } from "./job-voices.ts";
import { type JobPieces, jobPieces } from "./pieces.ts";
import { renderSpeech } from "./render.ts";
import { synthesisTask } from "./synthesis.ts";
import { audioAssets } from "./table.ts";
import type { TextFrontEnd } from "./text/front-end.ts";
import { writeUtterance } from "./utterances.ts";

/** Encoding keeps pace with speaking, so little is left once the last utterance is there. */
const SPEAKING_SHARE = 0.98;

export interface SynthesisTaskDeps {
  readonly db: Db;
  readonly frontEnd: TextFrontEnd;
  readonly pool: InferencePool;
  readonly storage: Storage;
  /** A voice or a mix of a job as it is now; null when the voice no longer exists. The signal is the job's. */
  readonly voice: (voice: InputVoice, signal: AbortSignal) => Promise<JobVoice | null>;
  /** What is spoken is kept for later jobs, and what they have kept is not spoken again; null does neither. */
  readonly cache: {
    /** By `engineIdentity`. */
    readonly engine: string;
    /** False while something is missing here, so that the same text may sound otherwise elsewhere. */
    readonly complete: boolean;
    readonly observer?: CacheObserver;
  } | null;
  readonly deadlineMs: number;
  readonly retentionHours: number | null;
}

/** Carries a synthesis job out: the text is rendered into a file, the file is stored, the row is published. */
export function implementSynthesis(deps: SynthesisTaskDeps): TaskImplementation {
  return implementTask(synthesisTask, (input, context) => synthesize(deps, input, context));
}

async function synthesize(
  deps: SynthesisTaskDeps,
  input: SynthesisInput,
  context: TaskContext,
): Promise<TaskResult> {
  const found = await Promise.all(voicesOf(input).map((voice) => deps.voice(voice, context.signal)));
  const voices = found.filter((voice) => voice !== null);
  if (voices.length < found.length) throw new NotFoundError("A voice of this job has been deleted.");
  const pieces = piecesOf(deps, input, context.job, voices);
  try {
    return await speak(deps, input, context, voices, pieces);
  } catch (error) {
    await pieces
      .abandoned()
      .catch((err: unknown) => context.log.warn({ err }, "could not tidy up after the attempt"));
    throw error;
  }
}

function piecesOf(
  { db, storage, pool, cache }: SynthesisTaskDeps,
  input: SynthesisInput,
  job: JobRow,
  voices: readonly JobVoice[],
): JobPieces {
  if (cache === null || input.cache === false) return jobPieces(storage, job.id);
  const { engine, observer } = cache;
  const precision = pool.status().precision ?? "";
  const deletable = [...new Set(voices.flatMap((voice) => voice.deletable))].sort();
  return cachedPieces({ db, storage, ...(observer && { observer }) }, job, {
    ...{ engine, precision, voiceIds: deletable },
  });
}

/** Names the finished audio for later requests; null where it must not answer any. */
function cacheKeyOf(
  { cache }: SynthesisTaskDeps,
  input: SynthesisInput,
  { tenant, priority }: JobRow,
  voices: readonly JobVoice[],
): string | null {
  const keyed = voices.flatMap((voice) => (voice.keyed === null ? [] : [voice.keyed]));
  if (cache === null || !cache.complete || input.cache === false || keyed.length < voices.length) return null;
  return requestKey({ tenant, engine: cache.engine, voices: keyed, input, priority });
}

async function speak(
  deps: SynthesisTaskDeps,
  input: SynthesisInput,
  { job, signal, report }: TaskContext,
  voices: readonly JobVoice[],
  pieces: JobPieces,
): Promise<TaskResult> {
  const { db, storage, frontEnd, pool, deadlineMs, retentionHours } = deps;
  const pronunciations = await loadPronunciations(db, input.dictionaries ?? []);
  const path = await storage.temporaryPath();
  const { utterances, reused, computeSeconds, ...audio } = await renderSpeech({
    source: sourceOf(input),
    plan: { ...planOptionsOf(input), ...(pronunciations.length > 0 && { pronunciations }) },
    speakers: voices.map(({ speaker }) => speaker),
    format: input.format,
    sampleRate: input.sampleRate,
    loudnessLufs: input.loudnessLufs,
    speed: input.speed,
    path,
    frontEnd,
    pool,
    group: job.id,
    owner: job.tenant,
    priority: job.priority === "BATCH" ? "batch" : "interactive",
    quickStart: job.priority === "INTERACTIVE",
    deadlineMs,
    signal,
    pieces,
    onProgress: (unitsDone, unitsTotal, progress, placed) =>
      report(
        {
          stage: unitsDone === unitsTotal ? "ENCODING" : "SPEAKING",
          progress: SPEAKING_SHARE * progress,
          unitsDone,
          unitsTotal,
        },
        placed &&
          (async (tx) => {
            const { pieceKey } = placed;
            const kept = pieceKey === null ? null : await pieces.record(tx, pieceKey);
            await writeUtterance(tx, job.id, { ...placed, pieceKey: kept });
          }),
      ),
  });

  const directory = `audio/${job.id}/`;
  // A name of this attempt's own: one that was overtaken cannot remove what the other has published.
  const storageKey = `${directory}${job.leaseToken}.${AUDIO_FORMAT_INFO[input.format].extension}`;
  await storage.putFile(storageKey, path);
  return {
    summary: { utterances, reused, computeSeconds, audioSeconds: audio.durationSeconds, bytes: audio.bytes },
    async commit(tx) {
      const expiresAt =
        retentionHours === null ? null : sql`now() + make_interval(hours => ${retentionHours})`;
      const cacheKey = cacheKeyOf(deps, input, job, voices);
      await tx
        .insert(audioAssets)
        .values({ jobId: job.id, storageKey, format: input.format, ...audio, cacheKey, expiresAt });
      await pieces.commit(tx);
      await countVoiceUse(tx, heardVoiceIds(input), {
        characters: job.characters,
        audioSeconds: audio.durationSeconds,
      });
    },
    async discard() {
      await storage.remove(storageKey);
      await pieces.abandoned();
    },
    async settled() {
      await pieces.settled();
      // What an attempt left that died between storing and publishing.
      for (const key of await storage.list(directory)) if (key !== storageKey) await storage.remove(key);
    },
  };
}
