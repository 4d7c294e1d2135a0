import type { ExecutionProvider } from "../contract.ts";
import {
  type Engine,
  type KokoroUtterance,
  MAX_UTTERANCE_TOKENS,
  SPEECH_SAMPLE_RATE,
  type UtteranceAudio,
  type UtteranceRequest,
} from "../engine.ts";
import { createSession, floatTensor, type InferenceSession, integerTensor, numbersOf } from "../onnx.ts";
import { StyleCache } from "./style.ts";

/** Kokoro counts time in frames of 25 ms: 600 samples at 24 kHz. */
const FRAME_SECONDS = 600 / SPEECH_SAMPLE_RATE;

/** Added before and after the ids of an utterance. */
const PAD = 0;

/**
 * Kokoro-82M (StyleTTS 2 family, Apache-2.0). Inputs `tokens` int64 [1, n], `style` float32 [1, 256],
 * `speed` float32 [1]; output `audio` float32 at 24 kHz and, in files that Speaker prepared, `durations`:
 * frames of each token, pads included.
 */
export class KokoroEngine implements Engine {
  readonly #session: InferenceSession;
  readonly #styles = new StyleCache();

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @throws Error when the file is damaged or the provider is missing. */
  static async load(
    path: string,
    options: { readonly provider: ExecutionProvider; readonly threads: number },
  ): Promise<KokoroEngine> {
    return new KokoroEngine(await createSession(path, options));
  }

  /** @throws Error when the request is out of the model's range, the voice is unreadable or the run fails. */
  async synthesize(request: UtteranceRequest): Promise<UtteranceAudio> {
    if (request.engine !== "kokoro") throw new Error(`Kokoro cannot run a request for ${request.engine}`);
    checkRange(request);
    const ids = [PAD, ...request.tokens, PAD];
    const style = await this.#styles.style(request.voice, request.tokens.length);
    const feeds = {
      tokens: integerTensor(ids, [1, ids.length]),
      style: floatTensor(style, [1, style.length]),
      speed: floatTensor(Float32Array.of(request.speed), [1]),
    };
    const startedAt = performance.now();
    const outputs = await this.#session.run(feeds);
    const computeSeconds = (performance.now() - startedAt) / 1000;
    return {
      samples: numbersOf(outputs.audio),
      sampleRate: SPEECH_SAMPLE_RATE,
      tokenDurationsSeconds:
        outputs.durations === undefined
          ? null
          : numbersOf(outputs.durations).map((frames) => frames * FRAME_SECONDS),
      computeSeconds,
    };
  }
}

function checkRange(request: KokoroUtterance): void {
  const { tokens, speed } = request;
  if (tokens.length < 1 || tokens.length > MAX_UTTERANCE_TOKENS) {
    throw new Error(`an utterance holds 1 to ${MAX_UTTERANCE_TOKENS} tokens, this one ${tokens.length}`);
  }
  if (!Number.isFinite(speed) || speed <= 0) throw new Error("the speed must be a positive number");
}
