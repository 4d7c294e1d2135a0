import { type EncodedAudio, encodeToFile } from "../audio/encode.ts";
import type { AudioFormat } from "../audio/format.ts";
import { joinUtterances } from "../audio/join.ts";
import { limitPeak } from "../audio/level.ts";
import { SpeakerError } from "../errors.ts";
import type { InferencePool } from "../inference/contract.ts";
import { SPEECH_SAMPLE_RATE, type UtteranceRequest } from "../inference/engine.ts";
import type { NativeLanguageCode } from "../languages/language.ts";
import { type PieceStore, type SpokenUtterance, speakUtterances } from "./speak.ts";
import type { TextFrontEnd, Utterance } from "./text/front-end.ts";

/** Silence before the first and behind the last utterance, so that players and encoders clip nothing. */
const EDGE_SILENCE_SECONDS = 0.15;
/** Some voices swing beyond full scale; lossy codecs add a little on top. */
const PEAK_CEILING = 0.95;
const MIN_PARALLEL = 2;

export interface RenderOptions {
  readonly text: string;
  readonly language: NativeLanguageCode;
  readonly format: AudioFormat;
  /** Pace: 1 is the voice's own. Pauses keep step with it. */
  readonly speed: number;
  /** Where the file goes. */
  readonly path: string;
  readonly frontEnd: TextFrontEnd;
  readonly pool: InferencePool;
  readonly request: (utterance: Utterance) => UtteranceRequest;
  /** Takes turns in the pool as one: the job's id. */
  readonly group: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly pieces?: PieceStore;
  /** Called when the text is split and after each utterance. `progress` counts what takes time, 0 to 1. */
  readonly onProgress: (done: number, total: number, progress: number) => Promise<void> | void;
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
  const { text, language, format, path, frontEnd, pool, signal, onProgress } = options;
  const utterances = await frontEnd.plan(text, { language, signal });
  if (utterances.length === 0) {
    throw new SpeakerError("UNSPEAKABLE_TEXT", `The text holds nothing that can be spoken in ${language}.`);
  }
  await onProgress(0, utterances.length, 0);
  const spoken = speakUtterances({
    utterances,
    pool,
    signal,
    request: options.request,
    group: options.group,
    deadlineMs: options.deadlineMs,
    parallel: Math.max(MIN_PARALLEL, pool.status().members.length * 2),
    // A single utterance leaves nothing to resume from.
    ...(options.pieces !== undefined && utterances.length > 1 && { pieces: options.pieces }),
  });
  const tally = { reused: 0, computeSeconds: 0 };
  const joined = joinUtterances(follow(spoken, utterances, options, tally), {
    sampleRate: SPEECH_SAMPLE_RATE,
    headSeconds: EDGE_SILENCE_SECONDS,
    tailSeconds: EDGE_SILENCE_SECONDS,
  });
  const audio = await encodeToFile(joined, { format, sampleRate: SPEECH_SAMPLE_RATE, path, signal });
  return { ...audio, ...tally, utterances: utterances.length };
}

/** Passes utterances on to be joined, and counts them. */
async function* follow(
  spoken: AsyncIterable<SpokenUtterance>,
  utterances: readonly Utterance[],
  { speed, onProgress }: RenderOptions,
  tally: { reused: number; computeSeconds: number },
): AsyncGenerator<{ samples: Float32Array; pauseAfterSeconds: number }> {
  const tokensTotal = utterances.reduce((sum, { tokens }) => sum + tokens.length, 0);
  let done = 0;
  let tokensDone = 0;
  for await (const { samples, utterance, reused, computeSeconds } of spoken) {
    yield {
      samples: limitPeak(samples, PEAK_CEILING),
      pauseAfterSeconds: utterance.pauseAfterSeconds / speed,
    };
    tally.reused += reused ? 1 : 0;
    tally.computeSeconds += computeSeconds;
    done++;
    tokensDone += utterance.tokens.length;
    await onProgress(done, utterances.length, tokensDone / tokensTotal);
  }
}
