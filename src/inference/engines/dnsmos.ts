import type { SpeechQuality } from "../analysis.ts";
import { createSession, floatTensor, type InferenceSession, numbersOf } from "../onnx.ts";
import { MelSpectrogram } from "./mel.ts";

/** The rate that both models were trained on, in Hz. */
export const DNSMOS_SAMPLE_RATE = 16_000;

/** The models judge windows of this length, one for each second of the recording. */
const WINDOW_SECONDS = 9.01;
const WINDOW_SAMPLES = Math.trunc(WINDOW_SECONDS * DNSMOS_SAMPLE_RATE);

/** The P.808 model sees 900 frames, so the last hop of a window is left out. */
const P808_SAMPLES = WINDOW_SAMPLES - 160;
const MEL_BANDS = 120;

/** What the models say is mapped to the scale of human listeners: a + bx + cx² (not personalised). */
const OVERALL_POLYNOMIAL = [0.04602535, 1.11546468, -0.06766283] as const;
const SIGNAL_POLYNOMIAL = [0.0052439, 1.22083953, -0.08397278] as const;
const BACKGROUND_POLYNOMIAL = [-0.39604546, 1.60915514, -0.13166888] as const;

/** librosa's `power_to_db`: the floor below the loudest value, and the least power. */
const RANGE_DECIBELS = 80;
const LEAST_POWER = 1e-10;

/**
 * DNSMOS: how human listeners would rate the recording, without a reference. Reddy, Gopal, Cutler: "DNSMOS
 * P.835: a non-intrusive perceptual objective speech quality metric" (ICASSP 2022); windows, features and
 * polynomials as in Microsoft's `speechmos` package. A run blocks its thread, as every engine's does.
 */
export class DnsmosEngine {
  readonly #p835: InferenceSession;
  readonly #p808: InferenceSession;
  readonly #mel = new MelSpectrogram({
    sampleRate: DNSMOS_SAMPLE_RATE,
    frameLength: 321,
    hopLength: 160,
    bands: MEL_BANDS,
  });

  private constructor(p835: InferenceSession, p808: InferenceSession) {
    this.#p835 = p835;
    this.#p808 = p808;
  }

  /**
   * @param files `p835` is `sig_bak_ovr.onnx` (not the personalised one), `p808` is `model_v8.onnx`.
   * @throws Error when a file is damaged.
   */
  static async load(
    files: { readonly p835: string; readonly p808: string },
    options: { readonly threads: number },
  ): Promise<DnsmosEngine> {
    const session = { provider: "cpu", threads: options.threads } as const;
    return new DnsmosEngine(
      await createSession(files.p835, session),
      await createSession(files.p808, session),
    );
  }

  /**
   * @param samples mono at 16 kHz, within -1..1; shorter than a window, it is doubled until it fills one.
   * @throws Error when there are no samples.
   */
  async score(samples: Float32Array): Promise<SpeechQuality> {
    if (samples.length === 0) throw new Error("an empty recording has no quality");
    const scores: SpeechQuality[] = [];
    for (const window of windowsOf(samples)) scores.push(await this.#scoreWindow(window));
    const mean = (of: keyof SpeechQuality): number =>
      scores.reduce((sum, score) => sum + score[of], 0) / scores.length;
    return {
      overall: mean("overall"),
      signal: mean("signal"),
      background: mean("background"),
      p808: mean("p808"),
    };
  }

  async #scoreWindow(window: Float32Array): Promise<SpeechQuality> {
    const p835 = await this.#p835.run({ input_1: floatTensor(window, [1, window.length]) });
    const [signal = 0, background = 0, overall = 0] = numbersOf(p835[firstOutput(this.#p835)]);
    const { values, frames } = this.#mel.compute(window.subarray(0, P808_SAMPLES));
    scaleToDecibels(values);
    const p808 = await this.#p808.run({ input_1: floatTensor(values, [1, frames, MEL_BANDS]) });
    const [crowd = 0] = numbersOf(p808[firstOutput(this.#p808)]);
    return {
      overall: polynomial(OVERALL_POLYNOMIAL, overall),
      signal: polynomial(SIGNAL_POLYNOMIAL, signal),
      background: polynomial(BACKGROUND_POLYNOMIAL, background),
      p808: crowd,
    };
  }
}

function firstOutput(session: InferenceSession): string {
  const [name] = session.outputNames;
  if (name === undefined) throw new Error("the quality model has no output");
  return name;
}

function* windowsOf(samples: Float32Array): Generator<Float32Array> {
  let whole = samples;
  while (whole.length < WINDOW_SAMPLES) {
    const doubled = new Float32Array(whole.length * 2);
    doubled.set(whole);
    doubled.set(whole, whole.length);
    whole = doubled;
  }
  const hops = Math.trunc(Math.floor(whole.length / DNSMOS_SAMPLE_RATE) - WINDOW_SECONDS) + 1;
  for (let hop = 0; hop < hops; hop += 1) {
    const start = hop * DNSMOS_SAMPLE_RATE;
    const window = whole.slice(start, start + WINDOW_SAMPLES);
    if (window.length === WINDOW_SAMPLES) yield window;
  }
}

/** In place: decibels below the loudest value, -80 at least, moved and scaled as the model was trained. */
function scaleToDecibels(values: Float32Array): void {
  const decibels = (power: number): number => 10 * Math.log10(Math.max(power, LEAST_POWER));
  const loudest = decibels(values.reduce((most, value) => Math.max(most, value), 0));
  for (const [index, value] of values.entries()) {
    values[index] = (Math.max(decibels(value) - loudest, -RANGE_DECIBELS) + 40) / 40;
  }
}

function polynomial([a, b, c]: readonly [number, number, number], x: number): number {
  return a + b * x + c * x * x;
}
