import { ANALYSIS_SAMPLE_RATE, type TimeSpan } from "../analysis.ts";
import { createSession, floatTensor, type InferenceSession, numbersOf, Tensor } from "../onnx.ts";

/** The model judges 32 ms at a time, together with the 4 ms before. */
const CHUNK_SAMPLES = 512;
const CONTEXT_SAMPLES = 64;
const STATE_SHAPE = [2, 1, 128] as const;

/** Speech begins at this probability and ends below the other one, as in Silero's own `get_speech_timestamps`. */
const BEGIN_PROBABILITY = 0.5;
const END_PROBABILITY = 0.35;
/** A shorter stretch is no speech, a shorter gap no pause; what is found is widened on both sides. */
const LEAST_SPEECH_SECONDS = 0.25;
const LEAST_PAUSE_SECONDS = 0.1;
const MARGIN_SECONDS = 0.03;

/** Silero VAD (MIT, Silero Team 2024, model for 16 kHz): where someone speaks. A run blocks its thread. */
export class VoiceActivityDetector {
  readonly #session: InferenceSession;
  readonly #rate = new Tensor("int64", BigInt64Array.of(BigInt(ANALYSIS_SAMPLE_RATE)), []);

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @throws Error when the file is damaged. */
  static async load(path: string): Promise<VoiceActivityDetector> {
    // A run takes a fifth of a millisecond: more threads would only wait for each other.
    return new VoiceActivityDetector(await createSession(path, { provider: "cpu", threads: 1 }));
  }

  /** @param samples mono at 16 kHz. */
  async detect(samples: Float32Array): Promise<TimeSpan[]> {
    return speechSpans(await this.#probabilities(samples), samples.length / ANALYSIS_SAMPLE_RATE);
  }

  /** Probability of speech in each chunk of 32 ms. */
  async #probabilities(samples: Float32Array): Promise<number[]> {
    const probabilities: number[] = [];
    let state = floatTensor(new Float32Array(256), STATE_SHAPE);
    const input = new Float32Array(CONTEXT_SAMPLES + CHUNK_SAMPLES);
    for (let start = 0; start < samples.length; start += CHUNK_SAMPLES) {
      input.copyWithin(0, CHUNK_SAMPLES);
      input.fill(0, CONTEXT_SAMPLES);
      input.set(samples.subarray(start, start + CHUNK_SAMPLES), CONTEXT_SAMPLES);
      const { output, stateN } = await this.#session.run({
        input: floatTensor(input, [1, input.length]),
        state,
        sr: this.#rate,
      });
      probabilities.push(numbersOf(output)[0] ?? 0);
      state = floatTensor(numbersOf(stateN), STATE_SHAPE);
    }
    return probabilities;
  }
}

/** Stretches of speech from the probabilities of successive chunks; the gaps between them stay at least zero. */
export function speechSpans(probabilities: readonly number[], durationSeconds: number): TimeSpan[] {
  const chunkSeconds = CHUNK_SAMPLES / ANALYSIS_SAMPLE_RATE;
  const found: { start: number; end: number }[] = [];
  let start: number | null = null;
  let silentSince: number | null = null;
  const close = (end: number) => {
    if (start !== null && end - start > LEAST_SPEECH_SECONDS) found.push({ start, end });
    start = null;
    silentSince = null;
  };
  for (const [index, probability] of probabilities.entries()) {
    const now = index * chunkSeconds;
    if (probability >= BEGIN_PROBABILITY) {
      start ??= now;
      silentSince = null;
    } else if (start !== null && (probability < END_PROBABILITY || silentSince !== null)) {
      silentSince ??= now;
      if (probability < END_PROBABILITY && now - silentSince >= LEAST_PAUSE_SECONDS) close(silentSince);
    }
  }
  close(durationSeconds);
  return found.map(({ start: from, end }, index) => ({
    startSeconds: Math.max(from - marginTowards(found[index - 1]?.end, from), 0),
    endSeconds: Math.min(end + marginTowards(end, found[index + 1]?.start), durationSeconds),
  }));
}

/** Neighbours that are close together meet in the middle. */
function marginTowards(from: number | undefined, to: number | undefined): number {
  return from === undefined || to === undefined ? MARGIN_SECONDS : Math.min(MARGIN_SECONDS, (to - from) / 2);
}
