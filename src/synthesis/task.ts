import { sql } from "drizzle-orm";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import { NotFoundError } from "../errors.ts";
import type { InferencePool } from "../inference/contract.ts";
import type { UtteranceRequest } from "../inference/engine.ts";
import { implementTask, type TaskContext, type TaskImplementation, type TaskResult } from "../jobs/task.ts";
import type { NativeLanguageCode } from "../languages/language.ts";
import type { Storage } from "../storage/storage.ts";
import { countVoiceUse } from "../voices/management/usage.ts";
import type { SynthesisInput } from "./input.ts";
import { jobPieces, piecesPrefix } from "./pieces.ts";
import { renderSpeech } from "./render.ts";
import { synthesisTask } from "./synthesis.ts";
import { audioAssets } from "./table.ts";
import type { TextFrontEnd, Utterance } from "./text/front-end.ts";
import { writeUtterance } from "./utterances.ts";

/** Encoding keeps pace with speaking, so little is left once the last utterance is there. */
const SPEAKING_SHARE = 0.98;

export interface SynthesisTaskDeps {
  readonly frontEnd: TextFrontEnd;
  readonly pool: InferencePool;
  readonly storage: Storage;
  /** Makes engine requests for the voice or the mix of a job, or null when the voice no longer exists. */
  readonly requests: (
    input: Pick<SynthesisInput, "voiceId" | "mix" | "speed">,
  ) => Promise<((utterance: Utterance) => UtteranceRequest) | null>;
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
  { job, signal, report }: TaskContext,
): Promise<TaskResult> {
  const { storage, frontEnd, pool, deadlineMs, retentionHours } = deps;
  const request = await deps.requests(input);
  if (request === null) throw new NotFoundError("The voice of this job has been deleted.");
  const path = await storage.temporaryPath();
  const { utterances, reused, computeSeconds, ...audio } = await renderSpeech({
    text: input.text,
    language: input.language as NativeLanguageCode,
    format: input.format,
    speed: input.speed,
    path,
    frontEnd,
    pool,
    request,
    group: job.id,
    owner: job.tenant,
    priority: job.priority === "BATCH" ? "batch" : "interactive",
    deadlineMs,
    signal,
    pieces: jobPieces(storage, job.id),
    onProgress: (unitsDone, unitsTotal, progress, placed) =>
      report(
        {
          stage: unitsDone === unitsTotal ? "ENCODING" : "SPEAKING",
          progress: SPEAKING_SHARE * progress,
          unitsDone,
          unitsTotal,
        },
        placed && ((tx) => writeUtterance(tx, job.id, placed)),
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
      await tx
        .insert(audioAssets)
        .values({ jobId: job.id, storageKey, format: input.format, ...audio, expiresAt });
      await countVoiceUse(tx, input.mix?.map(({ voiceId }) => voiceId) ?? [input.voiceId], {
        characters: job.characters,
        audioSeconds: audio.durationSeconds,
      });
    },
    discard: () => storage.remove(storageKey),
    async settled() {
      await storage.remove(piecesPrefix(job.id));
      // What an attempt left that died between storing and publishing.
      for (const key of await storage.list(directory)) if (key !== storageKey) await storage.remove(key);
    },
  };
}
