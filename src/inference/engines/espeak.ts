import { resample } from "../../audio/resample.ts";
import { createEspeakClient, type EspeakClient } from "../../espeak/client.ts";
import { type Engine, SPEECH_SAMPLE_RATE, type UtteranceAudio, type UtteranceRequest } from "../engine.ts";
import { symbolTimes } from "./symbol-times.ts";

/** espeak-ng's own pace. */
const WORDS_PER_MINUTE = 175;
/** What it takes. */
const SLOWEST = 80;
const FASTEST = 450;

/**
 * espeak-ng's formant voices: every language that it reads, without weights. It is a program of its own that the member
 * starts with the first utterance and talks to over a pipe (GPL-3.0-or-later stays outside); when the member is killed,
 * its pipe closes and it ends.
 */
export class EspeakEngine implements Engine {
  readonly #espeak: EspeakClient = createEspeakClient();

  /** @throws Error when the voice is unknown; SpeakerError when the program cannot be had. */
  async synthesize(request: UtteranceRequest): Promise<UtteranceAudio> {
    if (request.engine !== "espeak") throw new Error(`espeak-ng cannot run a request for ${request.engine}`);
    const { voice, text, phonemes, tokens, speed } = request;
    const symbols = symbolsOf(phonemes, tokens.length);
    const startedAt = performance.now();
    const rate = Math.round(Math.min(Math.max(WORDS_PER_MINUTE * speed, SLOWEST), FASTEST));
    const speech = await this.#espeak.speak(voice, text, rate);
    const totalSeconds = speech.samples.length / speech.sampleRate;
    const sounds = speech.phonemes.map(([ipa, milliseconds]) => [ipa, milliseconds / 1000] as const);
    const samples = resample(speech.samples, speech.sampleRate, SPEECH_SAMPLE_RATE);
    const computeSeconds = (performance.now() - startedAt) / 1000;
    return {
      samples,
      sampleRate: SPEECH_SAMPLE_RATE,
      tokenDurationsSeconds: symbolTimes(symbols, sounds, totalSeconds),
      computeSeconds,
    };
  }
}

/** @throws Error when there are not as many symbols as tokens: no time could be told then. */
function symbolsOf(phonemes: string, tokens: number): string[] {
  const symbols = phonemes.split("");
  if (symbols.length === tokens) return symbols;
  throw new Error(`an utterance of ${tokens} tokens has ${symbols.length} symbols`);
}
