import { sql } from "drizzle-orm";
import { encodeToFile } from "../audio/encode.ts";
import { AUDIO_FORMAT_INFO } from "../audio/format.ts";
import { joinUtterances } from "../audio/join.ts";
import { NotFoundError, SpeakerError } from "../errors.ts";
import type { InferencePool } from "../inference/contract.ts";
import { SPEECH_SAMPLE_RATE, type UtteranceRequest } from "../inference/engine.ts";
import { implementTask, type TaskContext, type TaskImplementation, type TaskResult } from "../jobs/task.ts";
import type { NativeLanguageCode } from "../languages/language.ts";
import type { Storage } from "../storage/storage.ts";
import type { SynthesisInput } from "./input.ts";
import { jobPieces, piecesPrefix } from "./pieces.ts";
import { type SpokenUtterance, speakUtterances } from "./speak.ts";
import { synthesisTask } from "./synthesis.ts";
import { audioAssets } from "./table.ts";
import type { TextFrontEnd, Utterance } from "./text/front-end.ts";

/** Silence before the first and behind the last utterance, so that players and encoders clip nothing. */
export const EDGE_SILENCE_SECONDS = 0.15;

export interface SynthesisTaskDeps {
  readonly frontEnd: TextFrontEnd;
  readonly pool: InferencePool;
  readonly storage: Storage;
  /** Makes engine requests for a voice, or null when the voice no longer exists. */
  readonly requests: (
    voiceId: string,
    speed: number,
  ) => Promise<((utterance: Utterance) => UtteranceRequest) | null>;
  readonly deadlineMs: number;
  readonly retentionHours: number | null;
}

/** Carries a synthesis job out: plan, speak, join, encode, store. */
export function implementSynthesis(deps: SynthesisTaskDeps): TaskImplementation {
  return implementTask(synthesisTask, (input, context) => synthesize(deps, input, context));
}

async function synthesize(
  deps: SynthesisTaskDeps,
  input: SynthesisInput,
  context: TaskContext,
): Promise<TaskResult> {
  const { storage } = deps;
  const { job, signal } = context;
  const request = await deps.requests(input.voiceId, input.speed);
  if (request === null) throw new NotFoundError("The voice of this job has been deleted.");
  const utterances = await deps.frontEnd.plan(input.text, {
    language: input.language as NativeLanguageCode,
    signal,
  });
  if (utterances.length === 0) {
    throw new SpeakerError(
      "UNSPEAKABLE_TEXT",
      `The text holds nothing that can be spoken in ${input.language}.`,
    );
  }
  await context.report({ stage: "SPEAKING", progress: 0, unitsDone: 0, unitsTotal: utterances.length });

  const spoken = speakUtterances({
    utterances,
    request,
    pool: deps.pool,
    group: job.id,
    parallel: Math.max(2, deps.pool.status().members.length * 2),
    deadlineMs: deps.deadlineMs,
    signal,
    // A job of one utterance has nothing to resume from.
    ...(utterances.length > 1 && { pieces: jobPieces(storage, job.id) }),
  });
  const tally = { reused: 0, computeSeconds: 0 };
  const joined = joinUtterances(reporting(spoken, utterances, context, tally), {
    sampleRate: SPEECH_SAMPLE_RATE,
    headSeconds: EDGE_SILENCE_SECONDS,
    tailSeconds: EDGE_SILENCE_SECONDS,
  });
  const path = await storage.temporaryPath();
  const audio = await encodeToFile(joined, {
    format: input.format,
    sampleRate: SPEECH_SAMPLE_RATE,
    path,
    signal,
  });

  const directory = `audio/${job.id}/`;
  // A name of this attempt's own: one that was overtaken cannot remove what the other has published.
  const storageKey = `${directory}${job.leaseToken}.${AUDIO_FORMAT_INFO[input.format].extension}`;
  await storage.putFile(storageKey, path);
  return {
    summary: {
      ...tally,
      utterances: utterances.length,
      audioSeconds: audio.durationSeconds,
      bytes: audio.bytes,
    },
    async commit(tx) {
      await tx.insert(audioAssets).values({
        jobId: job.id,
        storageKey,
        format: input.format,
        ...audio,
        expiresAt:
          deps.retentionHours === null ? null : sql`now() + make_interval(hours => ${deps.retentionHours})`,
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

/** Passes utterances through to the joiner and reports each. Progress counts tokens: they are what takes time. */
async function* reporting(
  spoken: AsyncIterable<SpokenUtterance>,
  utterances: readonly Utterance[],
  context: TaskContext,
  tally: { reused: number; computeSeconds: number },
): AsyncGenerator<{ samples: Float32Array; pauseAfterSeconds: number }> {
  const unitsTotal = utterances.length;
  const tokensTotal = utterances.reduce((sum, { tokens }) => sum + tokens.length, 0);
  let unitsDone = 0;
  let tokensDone = 0;
  for await (const { samples, utterance, reused, computeSeconds } of spoken) {
    yield { samples, pauseAfterSeconds: utterance.pauseAfterSeconds };
    tally.reused += reused ? 1 : 0;
    tally.computeSeconds += computeSeconds;
    unitsDone++;
    tokensDone += utterance.tokens.length;
    const stage = unitsDone === unitsTotal ? "ENCODING" : "SPEAKING";
    await context.report({
      stage,
      progress: (SPEAKING_SHARE * tokensDone) / tokensTotal,
      unitsDone,
      unitsTotal,
    });
  }
}

/** Encoding keeps pace with speaking, so little is left once the last utterance is there. */
const SPEAKING_SHARE = 0.98;
