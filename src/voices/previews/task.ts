import { AUDIO_FORMAT_INFO } from "../../audio/format.ts";
import type { Db } from "../../db/client.ts";
import { NotFoundError } from "../../errors.ts";
import type { InferencePool } from "../../inference/contract.ts";
import {
  implementTask,
  type TaskContext,
  type TaskImplementation,
  type TaskResult,
} from "../../jobs/task.ts";
import type { Speaker } from "../../speech-engine.ts";
import type { Storage } from "../../storage/storage.ts";
import { renderSpeech } from "../../synthesis/render.ts";
import type { TextFrontEnd } from "../../synthesis/text/front-end.ts";
import { notifyVoice } from "../changes.ts";
import { voicePrefix } from "../mixing/mix.ts";
import type { VoicePacks } from "../packs.ts";
import { type VoiceRow, voicePreviews } from "../table.ts";
import { findVoice } from "../voice.ts";
import { loadPreviews, PREVIEW_FORMAT, type PreviewInput, previewTask } from "./preview.ts";
import { previewSentence } from "./sentences.ts";

export interface PreviewTaskDeps {
  readonly db: Db;
  readonly frontEnd: TextFrontEnd;
  readonly pool: InferencePool;
  readonly storage: Storage;
  readonly packs: Pick<VoicePacks, "digest">;
  /** The voice as this row has it; null when no engine knows it. The signal is the job's. */
  readonly speaker: (voice: VoiceRow, signal: AbortSignal) => Promise<Speaker | null>;
  readonly deadlineMs: number;
}

/** Carries a preview job out: one sentence is rendered, stored beside the voice, and published. */
export function implementPreview(deps: PreviewTaskDeps): TaskImplementation {
  return implementTask(previewTask, (input, context) => makePreview(deps, input, context));
}

const NOTHING_TO_DO: TaskResult = {
  summary: {},
  commit: async () => {},
  discard: async () => {},
  settled: async () => {},
};

async function makePreview(
  deps: PreviewTaskDeps,
  { voiceId, language }: PreviewInput,
  { job, signal, report }: TaskContext,
): Promise<TaskResult> {
  const { db, storage, packs, frontEnd, pool, deadlineMs } = deps;
  const voice = await findVoice(db, voiceId);
  const packSha256 = voice === null ? null : packs.digest(voice);
  if (voice === null || packSha256 === null)
    throw new NotFoundError("The voice of this job has been deleted.");
  // Another tenant may have had it made: stock voices are shared, and so are their previews.
  const [made] = await loadPreviews(db, packs, [{ voice, language }]);
  if (made != null) return NOTHING_TO_DO;
  const speaker = await deps.speaker(voice, signal);
  if (speaker === null) throw new NotFoundError("The voice of this job has been deleted.");
  const path = await storage.temporaryPath();
  const { durationSeconds, bytes, sha256 } = await renderSpeech({
    source: previewSentence(language),
    plan: { language },
    speakers: [speaker],
    format: PREVIEW_FORMAT,
    speed: 1,
    ...{ path, frontEnd, pool, deadlineMs, signal, group: job.id, owner: job.tenant },
    onProgress: (unitsDone, unitsTotal, progress) =>
      report({ stage: "SPEAKING", progress, unitsDone, unitsTotal }),
  });
  const directory = `${voicePrefix(voiceId)}previews/${language}/`;
  // A name of this attempt's own: one that was overtaken cannot remove what the other has published.
  const storageKey = `${directory}${job.leaseToken}.${AUDIO_FORMAT_INFO[PREVIEW_FORMAT].extension}`;
  await storage.putFile(storageKey, path);
  return {
    summary: { audioSeconds: durationSeconds, bytes },
    async commit(tx) {
      const preview = { packSha256, storageKey, durationSeconds, bytes, sha256, createdAt: new Date() };
      await tx
        .insert(voicePreviews)
        .values({ voiceId, language, ...preview })
        .onConflictDoUpdate({ target: [voicePreviews.voiceId, voicePreviews.language], set: preview });
      await notifyVoice(tx, voice);
    },
    discard: () => storage.remove(storageKey),
    async settled() {
      for (const key of await storage.list(directory)) if (key !== storageKey) await storage.remove(key);
    },
  };
}
