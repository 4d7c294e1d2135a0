import { readFile } from "node:fs/promises";
import { z } from "zod";
import { resample } from "../../audio/resample.ts";
import { PIPER_DURATIONS, PIPER_NOISE, preparePiper } from "../../models/prepare/piper.ts";
import {
  type Engine,
  type PiperUtterance,
  SPEECH_SAMPLE_RATE,
  type UtteranceAudio,
  type UtteranceRequest,
} from "../engine.ts";
import { createSession, floatTensor, type InferenceSession, integerTensor, numbersOf } from "../onnx.ts";
import { normalNoise } from "./noise.ts";

/** Voices that a member keeps loaded, some 150 to 250 MB each; the one that has been idle for longest makes room. */
const LOADED_VOICES = 2;

/** As every voice of the collection has them in its map of ids. */
const SYMBOLS = { pad: "_", start: "^", end: "$" } as const;

const configSchema = z.object({
  inference: z.object({ noise_scale: z.number(), length_scale: z.number(), noise_w: z.number() }),
  phoneme_id_map: z.record(z.string(), z.array(z.int())),
});

interface LoadedVoice {
  readonly session: InferenceSession;
  /** How lively sounds and rhythm are, and how long everything takes: by the voice's own configuration. */
  readonly scales: { readonly noise: number; readonly length: number; readonly rhythm: number };
  readonly ids: { readonly pad: number; readonly start: number; readonly end: number };
  readonly takesNoise: boolean;
}

/**
 * Voices of the Piper collection (VITS, a network each). Inputs `input` int64 [1, n], `input_lengths` int64 [1], `scales`
 * float32 [3] (noise, length, noise of the rhythm), `sid` int64 [1] of networks with several speakers; output float32
 * [1, 1, 1, samples] at the voice's own rate. Ids are `^ _ p _ p _ … $`.
 */
export class PiperEngine implements Engine {
  readonly #threads: number;
  readonly #voices = new Map<string, Promise<LoadedVoice>>();

  constructor(options: { readonly threads: number }) {
    this.#threads = options.threads;
  }

  /** @throws Error when the request is out of range, the voice is unreadable or the run fails. */
  async synthesize(request: UtteranceRequest): Promise<UtteranceAudio> {
    if (request.engine !== "piper") throw new Error(`Piper cannot run a request for ${request.engine}`);
    if (request.tokens.length === 0) throw new Error("an utterance holds one token or more");
    if (!(request.speed > 0 && Number.isFinite(request.speed))) {
      throw new Error("the speed must be a positive number");
    }
    const voice = await this.#voice(request);
    const startedAt = performance.now();
    const outputs = await voice.session.run(feedsOf(voice, request));
    const [audio] = voice.session.outputNames;
    const samples = numbersOf(outputs[audio ?? "output"]);
    const frames = outputs[PIPER_DURATIONS];
    const resampled = resample(samples, request.modelSampleRate, SPEECH_SAMPLE_RATE);
    const computeSeconds = (performance.now() - startedAt) / 1000;
    return {
      samples: resampled,
      sampleRate: SPEECH_SAMPLE_RATE,
      tokenDurationsSeconds:
        frames === undefined
          ? null
          : tokenSeconds(numbersOf(frames), request.tokens.length, samples.length / request.modelSampleRate),
      computeSeconds,
    };
  }

  #voice({ model: { key, path } }: PiperUtterance): Promise<LoadedVoice> {
    const voice = this.#voices.get(key) ?? loadVoice(path, this.#threads);
    // Re-inserting moves it to the end of the map's order: the first key is the least recently used.
    this.#voices.delete(key);
    this.#voices.set(key, voice);
    // One that could not be loaded is tried again with the next utterance.
    voice.catch(() => this.#voices.delete(key));
    const [oldest] = this.#voices;
    if (this.#voices.size > LOADED_VOICES && oldest !== undefined) {
      this.#voices.delete(oldest[0]);
      void oldest[1].then(({ session }) => session.release()).catch(() => undefined);
    }
    return voice;
  }
}

/** @param path of the network; its configuration lies beside it with `.json` behind its name */
async function loadVoice(path: string, threads: number): Promise<LoadedVoice> {
  const { inference, phoneme_id_map } = configSchema.parse(
    JSON.parse(await readFile(`${path}.json`, "utf8")),
  );
  const idOf = (symbol: string): number => {
    const [id] = phoneme_id_map[symbol] ?? [];
    if (id === undefined) throw new Error(`the voice has no id for ${symbol}`);
    return id;
  };
  const session = await createSession(altered(await readFile(path)), { provider: "cpu", threads });
  return {
    session,
    scales: { noise: inference.noise_scale, length: inference.length_scale, rhythm: inference.noise_w },
    ids: { pad: idOf(SYMBOLS.pad), start: idOf(SYMBOLS.start), end: idOf(SYMBOLS.end) },
    takesNoise: session.inputNames.includes(PIPER_NOISE),
  };
}

/** A network that was exported in another way speaks as it is: without times, and a little different each time. */
function altered(file: Uint8Array): Uint8Array {
  try {
    return preparePiper(file);
  } catch {
    return file;
  }
}

function feedsOf({ session, scales, ids, takesNoise }: LoadedVoice, request: PiperUtterance) {
  const { tokens, speaker, speed } = request;
  const input = [ids.start, ids.pad, ...tokens.flatMap((token) => [token, ids.pad]), ids.end];
  const { noise, length, rhythm } = scales;
  return {
    input: integerTensor(input, [1, input.length]),
    input_lengths: integerTensor([input.length], [1]),
    scales: floatTensor(Float32Array.of(noise, length / speed, rhythm), [3]),
    ...(session.inputNames.includes("sid") && { sid: integerTensor([speaker ?? 0], [1]) }),
    ...(takesNoise && { [PIPER_NOISE]: normalNoise() }),
  };
}

/**
 * Seconds of each token with the pad behind it, between those of the start with its pad and of the end.
 *
 * @param frames of each id, `^ _ p _ p _ … $`
 */
function tokenSeconds(frames: Float32Array, tokens: number, totalSeconds: number): Float32Array {
  if (frames.length !== 2 * tokens + 3) throw new Error(`${frames.length} durations for ${tokens} tokens`);
  const total = frames.reduce((sum, count) => sum + count, 0);
  const secondsOfFrame = totalSeconds / total;
  return Float32Array.from({ length: tokens + 2 }, (_, index) => {
    const own = frames[2 * index] ?? 0;
    return (own + (frames[2 * index + 1] ?? 0)) * secondsOfFrame;
  });
}
