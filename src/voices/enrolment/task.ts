import type { AudioIntake } from "../../audio/intake/intake.ts";
import type { CloneMachinery, CloneTarget } from "../../cloning/machinery.ts";
import type { Db } from "../../db/client.ts";
import { NotFoundError, UnsupportedAudioError } from "../../errors.ts";
import { ANALYSIS_SAMPLE_RATE, type TimeSpan } from "../../inference/analysis.ts";
import type { RunOptions } from "../../inference/contract.ts";
import {
  implementTask,
  type TaskContext,
  type TaskImplementation,
  type TaskResult,
} from "../../jobs/task.ts";
import type { SpeechEngine } from "../../speech-engine.ts";
import type { Storage } from "../../storage/storage.ts";
import { voicePrefix } from "../mixing/mix.ts";
import type { VoicePacks } from "../packs.ts";
import { countSpeakers, measureSample, scoreSample, speechOf } from "../quality/measure.ts";
import { parseQuality, type QualityReport } from "../quality/report.ts";
import type { VoiceRow } from "../table.ts";
import { findVoice } from "../voice.ts";
import type { Cloning } from "./cloning.ts";
import { type EnrolmentInput, enrolmentTask } from "./definition.ts";
import { beginEnrolment, keepMeasures, keepSimilarity, packPrefix, publishPack } from "./rows.ts";
import { readSample } from "./sample.ts";
import { Turns } from "./turns.ts";

/** With less speech than this there is nothing to make a voice from. */
const LEAST_SPEECH_SECONDS = 3;
/** More speech than this makes no closer voice, but a later one. */
const MOST_SPEECH_SECONDS = 30;
/** Where the stages end on the scale of progress. */
const MEASURED = 0.05;
const MIXED = 0.15;
const REFINED = 0.97;
/** A better pack is swapped in at most this often, and when it is better by this much. */
const PUBLISH_EVERY_MS = 5_000;
const PUBLISH_GAIN = 0.002;

const WHILE_SEARCHING = "Preliminary: on the sentences that the search uses, which favours it.";

export interface EnrolmentTaskDeps {
  readonly db: Db;
  readonly storage: Storage;
  readonly intake: AudioIntake;
  readonly packs: Pick<VoicePacks, "load">;
  readonly speech: Pick<SpeechEngine, "pool" | "request">;
  readonly cloning: Cloning;
  readonly deadlineMs: number;
}

/**
 * Makes a voice from its sample: measured, mixed from the nearest stock voices so that it can be used at once, then
 * refined in the background, one voice at a time. An attempt that follows another one measures again, and goes on from
 * the pack that the other has published.
 */
export function implementEnrolment(deps: EnrolmentTaskDeps): TaskImplementation {
  const turns = new Turns();
  return implementTask(enrolmentTask, async (input, context) => {
    try {
      return await new Enrolment(deps, input, context).run(turns);
    } catch (error) {
      if (error instanceof NotFoundError) await removeLeftovers(deps, input.voiceId);
      throw error;
    }
  });
}

/** What an attempt of a deleted voice may have stored behind the deletion. */
async function removeLeftovers({ db, storage }: EnrolmentTaskDeps, voiceId: string): Promise<void> {
  if ((await findVoice(db, voiceId)) === null) await storage.remove(`${voicePrefix(voiceId)}packs/`);
}

class Enrolment {
  readonly #deps: EnrolmentTaskDeps;
  readonly #input: EnrolmentInput;
  readonly #context: TaskContext;
  #evaluations = 0;

  constructor(deps: EnrolmentTaskDeps, input: EnrolmentInput, context: TaskContext) {
    this.#deps = deps;
    this.#input = input;
    this.#context = context;
  }

  async run(turns: Turns): Promise<TaskResult> {
    const { db, cloning } = this.#deps;
    const { job, signal } = this.#context;
    // The recording is let go of before the turn is waited for: many may wait.
    const { voice, target, first } = await this.#makeUsable();
    const similarity = await turns.take(signal, async () => {
      const pack = await this.#refine(target, first);
      const measured = await cloning.measure(pack, target, this.#machinery("background"));
      await keepSimilarity(db, job, voice.id, measured);
      return measured;
    });
    return {
      summary: { evaluations: this.#evaluations, similarity: similarity.cosine },
      commit: async () => {},
      discard: async () => {},
      settled: () => this.#tidy(),
    };
  }

  /** As far as the voice can speak and its sample is measured in full. */
  async #makeUsable() {
    const { db, storage, intake, cloning } = this.#deps;
    const { job, signal, inBackground } = this.#context;
    const { voice, sample } = await beginEnrolment(db, job, this.#input);
    await this.#report("MEASURING", 0);
    cloning.prepare();
    const samples = await readSample(storage, intake, sample.storageKey, signal);
    const { target, quality, speech, pitchHertz } = await this.#measure(
      samples,
      parseQuality(sample.quality),
    );
    await this.#report("MIXING", MEASURED);
    const first = (await this.#ownPack(voice)) ?? (await this.#mix(target, pitchHertz));
    await this.#report("REFINING", MIXED);
    inBackground();
    await this.#listen(samples, speech, quality);
    return { voice, target, first };
  }

  async #measure(samples: Float32Array, kept: QualityReport | null) {
    const { db, speech: engine } = this.#deps;
    const { job } = this.#context;
    const { report, speech, pitchHertz } = await measureSample(engine.pool, samples, this.#options());
    // What takes long and an earlier attempt has found out is not found out again.
    const quality = { ...report, dnsmos: kept?.dnsmos ?? null, speakers: kept?.speakers ?? null };
    const { speechSeconds } = quality;
    if (speechSeconds < LEAST_SPEECH_SECONDS) {
      await keepMeasures(db, job, this.#input, { quality });
      if (speechSeconds === 0) throw new UnsupportedAudioError("SILENT", "Nobody speaks in the recording.");
      const heard = `${speechSeconds.toFixed(1)} s of speech; at least ${LEAST_SPEECH_SECONDS} s are needed.`;
      throw new UnsupportedAudioError("TOO_SHORT", `The recording holds only ${heard}`);
    }
    const spoken = speechOf(samples, speech).slice(0, MOST_SPEECH_SECONDS * ANALYSIS_SAMPLE_RATE);
    const target = await this.#deps.cloning.describe(spoken, this.#machinery());
    await keepMeasures(db, job, this.#input, { quality, embedding: target.embedding });
    return { target, quality, speech, pitchHertz };
  }

  /** Listeners' scores and the count of speakers take seconds, so they come when the voice can be used already. */
  async #listen(samples: Float32Array, speech: readonly TimeSpan[], quality: QualityReport): Promise<void> {
    if (quality.dnsmos !== null && quality.speakers !== null) return;
    const { pool } = this.#deps.speech;
    const options = this.#options("background");
    const speakers = await countSpeakers(pool, samples, speech, options);
    const dnsmos = await scoreSample(pool, speechOf(samples, speech), options);
    const whole = { quality: { ...quality, speakers, dnsmos } };
    await keepMeasures(this.#deps.db, this.#context.job, this.#input, whole);
  }

  /** The pack that an earlier attempt of this job has published; null when there is none. */
  async #ownPack(voice: VoiceRow): Promise<Found | null> {
    if (!voice.packKey?.startsWith(packPrefix(voice.id, this.#context.job.id))) return null;
    return { pack: await this.#deps.packs.load(voice), similarity: voice.similarity ?? -1 };
  }

  async #mix(target: CloneTarget, pitchHertz: number | null): Promise<Found> {
    const mixed = await this.#deps.cloning.mix(target, this.#machinery());
    this.#evaluations = mixed.evaluations;
    await this.#publish(mixed, genderOf(pitchHertz));
    return mixed;
  }

  /** Searches for a closer pack within what is left of the budget; every step of it can be used at once. */
  async #refine(target: CloneTarget, first: Found): Promise<Float32Array> {
    const { job, signal } = this.#context;
    const { seed, budgetSeconds } = this.#input;
    const used = Math.max(0, (job.progress - MIXED) / (REFINED - MIXED));
    const remaining = budgetSeconds * (1 - used);
    let best = first;
    let published = first;
    let judged = false;
    let publishedAt = performance.now();
    const states =
      remaining > 0
        ? this.#deps.cloning.refine(target, this.#machinery("background"), {
            budgetSeconds: remaining,
            seed,
            signal,
          })
        : [];
    for await (const state of states) {
      this.#evaluations = Math.max(this.#evaluations, state.evaluations);
      // The mix was heard in one sentence, the search judges it by more: that is what others are compared with.
      if (!judged && samePack(state.pack, first.pack)) {
        best = state;
        published = state;
      }
      judged = true;
      if (state.similarity > best.similarity) best = state;
      const due = performance.now() - publishedAt >= PUBLISH_EVERY_MS;
      if (due && best.similarity > published.similarity + PUBLISH_GAIN) {
        await this.#publish(best);
        published = best;
        publishedAt = performance.now();
      }
      const share = used + (1 - used) * state.progress;
      await this.#report("REFINING", MIXED + (REFINED - MIXED) * share);
    }
    if (best !== published) await this.#publish(best);
    return best.pack;
  }

  async #publish({ pack, similarity: cosine }: Found, gender?: VoiceRow["gender"]): Promise<void> {
    const similarity = { cosine, normalised: null, method: WHILE_SEARCHING };
    const changes = { similarity, ...(gender !== undefined && { gender }) };
    await publishPack(this.#deps, this.#context.job, this.#input.voiceId, pack, changes);
  }

  /** What attempts have left that died between storing a pack and publishing it. */
  async #tidy(): Promise<void> {
    const { db, storage } = this.#deps;
    const { voiceId } = this.#input;
    const prefix = packPrefix(voiceId, this.#context.job.id);
    const stored = await storage.list(`${voicePrefix(voiceId)}packs/`);
    const voice = await findVoice(db, voiceId);
    await storage.removeMany(stored.filter((key) => key.startsWith(prefix) && key !== voice?.packKey));
  }

  /** An attempt that follows another one does not fall behind it. */
  async #report(stage: "MEASURING" | "MIXING" | "REFINING", progress: number): Promise<void> {
    const { job, report } = this.#context;
    await report({ stage, progress: Math.max(job.progress, progress), unitsDone: this.#evaluations });
  }

  #options(priority?: RunOptions["priority"]): RunOptions {
    const { job, signal } = this.#context;
    const { deadlineMs } = this.#deps;
    return {
      group: job.id,
      owner: job.tenant,
      deadlineMs,
      signal,
      ...(priority !== undefined && { priority }),
    };
  }

  #machinery(priority?: RunOptions["priority"]): CloneMachinery {
    const { pool, request } = this.#deps.speech;
    const options = this.#options(priority);
    const members = pool.status().members.length;
    return {
      speak: (utterance) => pool.synthesize(request(utterance), options),
      embed: async (samples) => (await pool.analyse({ kind: "embedding", samples }, options)).embedding,
      // Rating takes seconds: the first voice does not wait for it.
      ...(priority !== undefined && {
        rate: async (samples) => (await pool.analyse({ kind: "quality", samples }, options)).overall,
      }),
      // The pool keeps a member free of what is in the background.
      parallel: Math.max(1, priority === undefined ? members : members - 1),
    };
  }
}

/** How a voice of this pitch is usually heard; where the ranges of women and men meet nothing is said. */
function genderOf(pitchHertz: number | null): VoiceRow["gender"] {
  if (pitchHertz === null) return "UNKNOWN";
  if (pitchHertz < 150) return "MALE";
  return pitchHertz > 185 ? "FEMALE" : "UNKNOWN";
}

function samePack(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** A pack and how close it is on the sentences of the search. */
interface Found {
  readonly pack: Float32Array;
  readonly similarity: number;
}
