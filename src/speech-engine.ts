import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { SpeakerError } from "./errors.ts";
import type { AnalysisFiles } from "./inference/analysis.ts";
import type { InferencePool, InferencePoolOptions, KokoroFiles } from "./inference/contract.ts";
import type { KokoroUtterance, UtteranceRequest } from "./inference/engine.ts";
import { styleForLength } from "./inference/engines/style.ts";
import { createInferencePool } from "./inference/pool.ts";
import { placesTogether } from "./jobs/lane.ts";
import { type ModelProgress, ModelStore } from "./models/store.ts";
import { type Speaker, StockSpeakers } from "./stock-speakers.ts";
import type { LexiconPaths } from "./synthesis/text/english-lexicon.ts";
import { createTextFrontEnd, type TextFrontEnd } from "./synthesis/text/front-end.ts";
import { findStockVoice } from "./voices/stock.ts";

export type { Speaker } from "./stock-speakers.ts";

const VOICES = "kokoro-voices";
const INT8 = "kokoro-82m-int8";
const INT8_VNNI = "kokoro-82m-int8-vnni";
const FLOAT32 = "kokoro-82m-float32";
const LEXICON = "english-lexicon";
/** Nothing can be spoken without these. */
const REQUIRED_MODELS: readonly string[] = [INT8, INT8_VNNI, FLOAT32, VOICES];
const SPEAKER_ENCODER = "speaker-encoder";
const VOICE_ACTIVITY = "silero-vad";
const DNSMOS = "dnsmos";
/** The models that the service uses; without the last three, recordings cannot be made into voices. */
export const SERVICE_MODELS: readonly string[] = [
  ...REQUIRED_MODELS,
  LEXICON,
  SPEAKER_ENCODER,
  VOICE_ACTIVITY,
  DNSMOS,
];
/** Twice the most members a pool can have: a job never looks further ahead, so none meets a full pool. */
const QUEUED_UTTERANCES_PER_JOB = 128;

/** Text front end and inference pool with the weights they need: what speaks, without a database. */
export interface SpeechEngine {
  readonly pool: InferencePool;
  readonly frontEnd: TextFrontEnd;
  readonly models: ModelStore;
  /** False where dictionaries are missing: the same text may then sound otherwise than on other nodes. */
  readonly complete: boolean;
  /**
   * A stock voice by its id, `id#speaker` for one of several in a network; null when there is none. Brings its weights
   * where they are not here yet, once for all who wait, until the signals of all have aborted; throws as the store does.
   */
  stockSpeaker(
    reference: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Speaker | null>;
  /** A voice by its pack, float32 [510, 1, 256]: cloned and mixed voices. `language` is its own, BCP-47. */
  packSpeaker(pack: Float32Array, language: string): Speaker;
  /** An utterance for Kokoro as one for the engine that is in use. */
  request(utterance: KokoroUtterance): UtteranceRequest;
  /** Brings the models that recordings are analysed with, so that the first one need not wait. Throws as the store does. */
  prepareAnalysis(): Promise<void>;
  close(): Promise<void>;
}

/** The store of weights that the configuration describes. */
export function openModelStore(
  config: Config["models"],
  log: Logger,
  onProgress: (progress: ModelProgress) => void = () => {},
): ModelStore {
  return new ModelStore({ ...config, logger: log, onProgress });
}

/** Where the choice between weights, and what `speaker tune` finds, is kept between starts. */
export function decisionFileOf({ dir }: Config["models"]): string {
  return join(dir, "inference.json");
}

/** The forms of Kokoro, fetched and verified. Throws as the store does. */
export async function kokoroFiles(store: ModelStore): Promise<KokoroFiles> {
  return {
    int8: await store.locate(INT8),
    int8Vnni: await store.locate(INT8_VNNI),
    float32: await store.locate(FLOAT32),
  };
}

/**
 * Brings the weights, then starts the text front end and the pool side by side.
 *
 * @throws SpeakerError MODEL_UNAVAILABLE that says what to do.
 */
export async function startSpeechEngine(
  config: Config,
  log: Logger,
  onProgress: (progress: ModelProgress) => void,
): Promise<SpeechEngine> {
  const fake = config.inference.engine === "fake";
  const store = openModelStore(config.models, log, onProgress);
  if (!fake) await store.pull(REQUIRED_MODELS);
  const engines: InferencePoolOptions["engines"] = fake ? { fake: {} } : { kokoro: await kokoroFiles(store) };

  const lexicon = fake ? null : await lexiconPaths(store, log);
  const frontEnd = createTextFrontEnd({ logger: log, lexicon });
  const stop = new AbortController();
  const analysis = fake ? "fake" : () => analysisFiles(store, stop.signal);
  const pool = createInferencePool({
    members: config.inference.members,
    threads: config.inference.threads,
    providers: config.inference.providers,
    precision: config.inference.precision,
    preload: config.inference.preload,
    idleMs: config.inference.idleMs,
    queueLimit: placesTogether(config.jobs.concurrency) * QUEUED_UTTERANCES_PER_JOB,
    engines,
    analysis,
    decisionFile: decisionFileOf(config.models),
    logger: log,
  });
  const close = async () => {
    stop.abort(new SpeakerError("SERVICE_UNAVAILABLE", "The service is stopping."));
    await Promise.all([pool.close({ drainMs: 0 }), frontEnd.close()]);
  };
  try {
    await Promise.all([frontEnd.start(), pool.start()]);
  } catch (error) {
    await close();
    throw error;
  }
  const request = (utterance: KokoroUtterance): UtteranceRequest => {
    const { voice, tokens, speed } = utterance;
    if (!fake) return utterance;
    const style = "style" in voice && { style: voice.style };
    return { engine: "fake", tokens, speed, blockMsPerToken: FAKE_MS_PER_TOKEN, ...style };
  };
  const stock = new StockSpeakers(store, { request, onDemand: config.voicesOnDemand });
  return {
    pool,
    frontEnd,
    models: store,
    complete: fake || lexicon !== null,
    close,
    request,
    async prepareAnalysis() {
      if (analysis !== "fake") await analysis();
    },
    packSpeaker: (pack, language) => ({
      target: { engine: "kokoro", language },
      request({ tokens }, speed) {
        // One style of a kilobyte goes to the member, not the pack of half a megabyte.
        const voice = { style: styleForLength(pack, tokens.length) };
        return request({ engine: "kokoro", voice, tokens, speed });
      },
    }),
    stockSpeaker: async (reference, options) =>
      fake ? fakeSpeaker(reference, request) : await stock.find(reference, options),
  };
}

/** The deterministic engine has no files of voices: it speaks all of them the same. */
function fakeSpeaker(
  reference: string,
  request: (utterance: KokoroUtterance) => UtteranceRequest,
): Speaker | null {
  const voice = findStockVoice(reference.split("#", 1)[0] ?? "");
  if (voice === null) return null;
  const sound = { key: reference, path: "" };
  return {
    target: { engine: "kokoro", language: voice.language },
    request: ({ tokens }, speed) => request({ engine: "kokoro", voice: sound, tokens, speed }),
  };
}

/**
 * The dictionaries of each English, the one that people checked before the one that they did not; `null` where they
 * cannot be had: English then sounds a little less right, which is no reason not to start.
 */
export async function lexiconPaths(
  store: ModelStore,
  log: Pick<Logger, "warn">,
): Promise<LexiconPaths | null> {
  try {
    const files = await store.ensure(LEXICON);
    const pair = (accent: string) => ["gold", "silver"].map((name) => files.file(`${accent}_${name}.json`));
    return { us: pair("us"), gb: pair("gb") };
  } catch (error) {
    if (!(error instanceof SpeakerError) || error.code !== "MODEL_UNAVAILABLE") throw error;
    log.warn({ err: error }, "English is read without its dictionaries; the next start tries again");
    return null;
  }
}

/** The deterministic engine takes some time too, so that what happens during a job can be seen. */
const FAKE_MS_PER_TOKEN = 0.5;

/** Once they are there and verified, the store answers in milliseconds. */
async function analysisFiles(store: ModelStore, signal: AbortSignal): Promise<AnalysisFiles> {
  const encoder = await store.ensure(SPEAKER_ENCODER, { signal });
  const activity = await store.ensure(VOICE_ACTIVITY, { signal });
  const dnsmos = await store.ensure(DNSMOS, { signal });
  return {
    speakerEncoder: encoder.file("embedder.int8.onnx"),
    voiceActivity: activity.file("silero_vad_16k_op15.onnx"),
    dnsmos: { p835: dnsmos.file("sig_bak_ovr.onnx"), p808: dnsmos.file("model_v8.onnx") },
  };
}
