import { availableParallelism } from "node:os";
import { type EncodedAudio, encodeToFile } from "../audio/encode.ts";
import type { AudioFormat } from "../audio/format.ts";
import { UtteranceJoiner, type UtterancePlacement } from "../audio/join.ts";
import { limitPeak } from "../audio/level.ts";
import { SpeakerError } from "../errors.ts";
import type { InferencePool } from "../inference/contract.ts";
import { SPEECH_SAMPLE_RATE, type UtteranceRequest } from "../inference/engine.ts";
import type { Speaker } from "../speech-engine.ts";
import { MAX_SPEED, MIN_SPEED } from "./input.ts";
import { type PieceStore, type SpokenUtterance, speakUtterances } from "./speak.ts";
import type { TextFrontEnd, Utterance } from "./text/front-end.ts";
import type { ScriptSource } from "./text/script.ts";
import type { CoverageSpan, PlanOptions } from "./text/utterance.ts";
import { markTimes, type TimedMark, type TimedWord, wordTimes } from "./timing/words.ts";

/** Silence before the first and behind the last utterance, so that players and encoders clip nothing. */
const EDGE_SILENCE_SECONDS = 0.15;
/** Some voices swing beyond full scale; lossy codecs add a little on top. */
const PEAK_CEILING = 0.95;
const MIN_PARALLEL = 2;
/** So many are cut short, each longer than the one before (`cutLead`). */
const LEADING_UTTERANCES = 3;

export interface RenderOptions {
  readonly source: ScriptSource | string;
  /** How it is planned, but for the voices. */
  readonly plan: Pick<PlanOptions, "language" | "normalize" | "emoji" | "pronunciations">;
  /** The voices by the numbers that the source calls them. */
  readonly speakers: readonly Speaker[];
  readonly format: AudioFormat;
  /** Of the file, in Hz; left out, the engines' own. */
  readonly sampleRate?: number | undefined;
  /** Integrated loudness that the file is brought to, once all of it is there; left out, it stays as it is. */
  readonly loudnessLufs?: number | undefined;
  /** Pace: 1 is the voice's own. Pauses keep step with it, but for those that the text asks for in seconds. */
  readonly speed: number;
  /** Where the file goes. */
  readonly path: string;
  readonly frontEnd: TextFrontEnd;
  readonly pool: InferencePool;
  /** Takes turns in the pool as one: the job's id. */
  readonly group: string;
  readonly owner?: string;
  /** Left out, somebody waits for it. */
  readonly priority?: "interactive" | "batch";
  /** Brings the first sound soon, at the price of a breath in the first sentence; false when left out. */
  readonly quickStart?: boolean;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly pieces?: PieceStore;
  /**
   * Called when the text is split, and with each utterance as soon as it can be heard. `progress` counts what takes
   * time, 0 to 1.
   */
  readonly onProgress: (
    done: number,
    total: number,
    progress: number,
    placed?: PlacedUtterance,
  ) => Promise<void> | void;
}

/** An utterance that has been spoken, and where it is in the finished audio. */
export interface PlacedUtterance {
  readonly utterance: Utterance;
  /** Where its audio is kept; null without a store. */
  readonly pieceKey: string | null;
  /** Silence behind it in the audio. */
  readonly pauseAfterSeconds: number;
  readonly placement: UtterancePlacement;
  readonly tokenDurationsSeconds: Float32Array | null;
  readonly words: readonly TimedWord[];
  readonly marks: readonly TimedMark[];
  /** What is not simply spoken from where this utterance begins to where the next one does. */
  readonly coverage: readonly CoverageSpan[];
}

export interface RenderedSpeech extends EncodedAudio {
  readonly utterances: number;
  /** How many of them an earlier attempt had spoken. */
  readonly reused: number;
  readonly computeSeconds: number;
}

/**
 * A text into an audio file: plan, speak in parallel, join in order, encode as it comes. Memory is bounded
 * whatever the length of the text.
 *
 * @throws SpeakerError UNSPEAKABLE_TEXT when nothing in the text can be spoken; else what its parts throw.
 */
export async function renderSpeech(options: RenderOptions): Promise<RenderedSpeech> {
  const { source, speakers, speed, frontEnd, pool, signal, onProgress } = options;
  const { quickStart = false } = options;
  const voices = speakers.map(({ target }) => target);
  const { utterances, coverage, pauseBeforeSeconds } = await frontEnd.plan(source, {
    ...options.plan,
    ...{ voices, signal, quickStart },
  });
  if (utterances.length === 0) {
    throw new SpeakerError(
      "UNSPEAKABLE_TEXT",
      "The text holds nothing that can be spoken by this voice and in this language.",
    );
  }
  // Written down while the first utterance is spoken already.
  const announced = (async () => await onProgress(0, utterances.length, 0))();
  announced.catch(() => {});
  const spoken = speakUtterances({
    utterances,
    pool,
    signal,
    request: (utterance) => requestOf(speakers, utterance, speed),
    group: options.group,
    ...(options.owner !== undefined && { owner: options.owner }),
    priority: options.priority ?? "interactive",
    deadlineMs: options.deadlineMs,
    parallel: Math.max(MIN_PARALLEL, pool.status().members.length * 2),
    oneByOne: quickStart && shareCores(pool) ? LEADING_UTTERANCES : 0,
    ...(options.pieces !== undefined && { pieces: options.pieces }),
  });
  const tally = { reused: 0, computeSeconds: 0 };
  const parts = shareOut(coverage, utterances);
  const joining = { ...options, utterances, parts, pauseBeforeSeconds, announced };
  const joined = startedNow(join(spoken, joining, tally));
  const { format, path, sampleRate, loudnessLufs } = options;
  const rates = { sampleRate: SPEECH_SAMPLE_RATE, outputSampleRate: sampleRate };
  const audio = await encodeToFile(joined, { format, ...rates, loudnessLufs, path, signal });
  return { ...audio, ...tally, utterances: utterances.length };
}

/** The pace of the request and of the text together, as far as engines can. */
const paceOf = (rate: number, speed: number): number =>
  Math.min(MAX_SPEED, Math.max(MIN_SPEED, speed * rate));

/** What an engine is asked for: the pace of the request and of the text together, and what is done to the sound. */
function requestOf(speakers: readonly Speaker[], utterance: Utterance, speed: number): UtteranceRequest {
  const { voice, rate, pitchSemitones, gainDb } = utterance;
  const request = speakerOf(speakers, voice).request(utterance, paceOf(rate, speed));
  const changed = pitchSemitones !== 0 || gainDb !== 0;
  return changed ? { ...request, effects: { pitchSemitones, gainDb } } : request;
}

function speakerOf(speakers: readonly Speaker[], voice: number): Speaker {
  const speaker = speakers[voice];
  if (speaker === undefined) throw new Error(`the plan has a voice ${voice} of ${speakers.length}`);
  return speaker;
}

/** What of the source is not simply spoken, by utterance: what none of them speaks goes with the one before it. */
function shareOut(coverage: readonly CoverageSpan[], utterances: readonly Utterance[]): CoverageSpan[][] {
  const parts: CoverageSpan[][] = utterances.map(() => []);
  let current = 0;
  for (const span of coverage) {
    while ((utterances[current + 1]?.start ?? Number.POSITIVE_INFINITY) <= span.start) current += 1;
    if (span.fate === "dropped" || span.fate === "normalised") parts[current]?.push(span);
  }
  return parts;
}

/** Asks for the first value at once, while whoever wants it still gets ready. */
function startedNow<Value>(values: AsyncGenerator<Value>): AsyncIterable<Value> {
  const first = values.next();
  // Met when it is asked for; if it never is, whatever went wrong before says why.
  first.catch(() => {});
  let asked = false;
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        if (asked) return values.next();
        asked = true;
        return first;
      },
      return: () => values.return(undefined),
    }),
  };
}

/** Whether members that are all busy take cores from each other: a lone one then speaks faster. */
function shareCores(pool: InferencePool): boolean {
  const threads = pool.status().members.reduce((sum, member) => sum + member.threads, 0);
  return threads > availableParallelism();
}

/**
 * How utterances become one recording: everyone who joins the same ones gets the same samples.
 *
 * @param headSeconds silence before the first sound, which is when the first utterance begins
 */
export function createJoiner(headSeconds: number): UtteranceJoiner {
  return new UtteranceJoiner({
    ...{ sampleRate: SPEECH_SAMPLE_RATE, headSeconds },
    tailSeconds: EDGE_SILENCE_SECONDS,
  });
}

/** The samples of an utterance as they are joined. */
export const levelled = (samples: Float32Array): Float32Array => limitPeak(samples, PEAK_CEILING);

/** What the text asks for in seconds, and else what keeps step with the pace. */
const pauseAfter = ({ pauseAfterSeconds, pauseTimed, rate }: Utterance, speed: number): number =>
  pauseTimed ? pauseAfterSeconds : pauseAfterSeconds / paceOf(rate, speed);

interface Joining extends Pick<RenderOptions, "speakers" | "speed" | "onProgress"> {
  readonly utterances: readonly Utterance[];
  readonly parts: readonly (readonly CoverageSpan[])[];
  /** Silence that the text asks for before the first of them. */
  readonly pauseBeforeSeconds: number;
  /** Resolves once it has been told that the text is split. */
  readonly announced: Promise<void>;
}

/** Joins utterances as they come, tells of each and counts them. */
async function* join(
  spoken: AsyncIterable<SpokenUtterance>,
  { utterances, speakers, parts, pauseBeforeSeconds, speed, onProgress, announced }: Joining,
  tally: { reused: number; computeSeconds: number },
): AsyncGenerator<Float32Array> {
  const joiner = createJoiner(Math.max(EDGE_SILENCE_SECONDS, pauseBeforeSeconds));
  const tokensTotal = utterances.reduce((sum, { tokens }) => sum + tokens.length, 0);
  let done = 0;
  let tokensDone = 0;
  for await (const { samples, sampleRate, utterance, reused, computeSeconds, ...rest } of spoken) {
    const pauseAfterSeconds = pauseAfter(utterance, speed);
    const { audio, placement } = joiner.push(levelled(samples), pauseAfterSeconds);
    tally.reused += reused ? 1 : 0;
    tally.computeSeconds += computeSeconds;
    const coverage = parts[done] ?? [];
    done++;
    tokensDone += utterance.tokens.length;
    const { pieceKey, tokenDurationsSeconds } = rest;
    await announced;
    const { engine } = speakerOf(speakers, utterance.voice).target;
    const sound = { engine, samples, sampleRate, tokenDurationsSeconds };
    const words = wordTimes(utterance, sound, placement);
    const marks = markTimes(utterance, words, placement);
    await onProgress(done, utterances.length, tokensDone / tokensTotal, {
      ...{ utterance, pieceKey, pauseAfterSeconds, placement, tokenDurationsSeconds, words, marks, coverage },
    });
    if (audio.length > 0) yield audio;
  }
  const end = joiner.finish();
  if (end.length > 0) yield end;
}
