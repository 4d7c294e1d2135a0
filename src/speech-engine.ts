import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { UtteranceRequest, VoiceReference } from "./inference/engine.ts";
import { createInferencePool, type InferencePool, type InferencePoolOptions } from "./inference/pool.ts";
import { prepareKokoro } from "./models/prepare/kokoro.ts";
import { type ModelProgress, ModelStore } from "./models/store.ts";
import { createTextFrontEnd, type TextFrontEnd, type Utterance } from "./synthesis/text/front-end.ts";
import { STOCK_VOICES } from "./voices/stock.ts";

const VOICES_MODEL = "kokoro-voices";
/** Utterances that may wait in the pool: every job of this node with its look-ahead. */
const QUEUED_UTTERANCES_PER_JOB = 2 * availableParallelism() + 4;

/** Text front end and inference pool with the weights they need: what speaks, without a database. */
export interface SpeechEngine {
  readonly pool: InferencePool;
  readonly frontEnd: TextFrontEnd;
  /** What makes engine requests for a voice; null when there is no such voice. */
  requests(voiceId: string, speed: number): Promise<((utterance: Utterance) => UtteranceRequest) | null>;
  close(): Promise<void>;
}

/** The store of weights that the configuration describes. */
export function openModelStore(
  config: Config["models"],
  log: Logger,
  onProgress: (progress: ModelProgress) => void,
): ModelStore {
  return new ModelStore({ ...config, logger: log, onProgress });
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
  const voices = fake ? null : await store.ensure(VOICES_MODEL);
  const engines: InferencePoolOptions["engines"] = fake
    ? { fake: {} }
    : { kokoro: await prepareKokoro(store) };

  const frontEnd = createTextFrontEnd({ logger: log });
  const pool = createInferencePool({
    members: config.inference.members,
    threads: config.inference.threads,
    providers: config.inference.providers,
    precision: config.inference.precision,
    queueLimit: config.jobs.concurrency * QUEUED_UTTERANCES_PER_JOB,
    engines,
    decisionFile: join(config.models.dir, "inference.json"),
    logger: log,
  });
  const close = async () => {
    await Promise.all([pool.close({ drainMs: 0 }), frontEnd.close()]);
  };
  try {
    await Promise.all([frontEnd.start(), pool.start()]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    pool,
    frontEnd,
    close,
    async requests(voiceId, speed) {
      if (!STOCK_VOICES.some(({ id }) => id === voiceId)) return null;
      if (voices === null) return ({ tokens }) => ({ engine: "fake", tokens, speed });
      const file = `${voiceId}.bin`;
      const sha256 = store.manifest.models
        .find(({ id }) => id === VOICES_MODEL)
        ?.files.find(({ path }) => path === file)?.sha256;
      const voice: VoiceReference = {
        key: sha256 ?? createHash("sha256").update(file).digest("hex"),
        path: voices.file(file),
      };
      return ({ tokens }) => ({ engine: "kokoro", voice, tokens, speed });
    },
  };
}
