import { isPowerOfTwo, PowerSpectrum } from "./fft.ts";

/** Slaney's Auditory Toolbox scale: linear below 1 kHz, logarithmic above. */
const LINEAR_HERTZ_PER_MEL = 200 / 3;
const LOG_START_HERTZ = 1000;
const LOG_START_MEL = LOG_START_HERTZ / LINEAR_HERTZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

export interface MelOptions {
  readonly sampleRate: number;
  /** Length of the Fourier transform, in samples. */
  readonly frameLength: number;
  /** Length of the window, in the middle of the frame; the whole frame when left out. */
  readonly windowLength?: number;
  /** Periodic Hann window when left out. */
  readonly window?: "hann" | "hamming";
  /** Frames are centred on multiples of the hop, with zeros beyond both ends, unless this is false. */
  readonly centred?: boolean;
  readonly hopLength: number;
  readonly bands: number;
}

/**
 * Mel power spectrogram as librosa 0.10 and newer computes it: squared magnitude, Slaney mel bands of unit area
 * from 0 Hz to half the sample rate. What is left out of the options is librosa's default.
 */
export class MelSpectrogram {
  readonly #options: MelOptions;
  readonly #bins: number;
  readonly #filters: readonly Filter[];
  readonly #window: Float64Array;
  readonly #transform: (frame: Float64Array, power: Float64Array) => void;

  constructor(options: MelOptions) {
    const { frameLength } = options;
    this.#options = options;
    this.#bins = Math.floor(frameLength / 2) + 1;
    this.#filters = slaneyFilters(options, this.#bins);
    this.#window = windowOf(options);
    if (isPowerOfTwo(frameLength)) {
      const spectrum = new PowerSpectrum(frameLength);
      this.#transform = (frame, power) => spectrum.compute(frame, power);
    } else this.#transform = plainTransform(frameLength, this.#bins);
  }

  /** Frames [frames, bands], row by row; no frame where the samples are too few for one. */
  compute(samples: Float32Array): { readonly values: Float32Array; readonly frames: number } {
    const { frameLength, hopLength, bands, centred = true } = this.#options;
    const margin = centred ? Math.floor(frameLength / 2) : 0;
    const frames = Math.max(0, 1 + Math.floor((samples.length + 2 * margin - frameLength) / hopLength));
    const values = new Float32Array(frames * bands);
    const frame = new Float64Array(frameLength);
    const power = new Float64Array(this.#bins);
    for (let row = 0; row < frames; row += 1) {
      const start = row * hopLength - margin;
      for (let index = 0; index < frameLength; index += 1) {
        frame[index] = (samples[start + index] ?? 0) * (this.#window[index] as number);
      }
      this.#transform(frame, power);
      for (const [band, { firstBin, weights }] of this.#filters.entries()) {
        let sum = 0;
        for (let index = 0; index < weights.length; index += 1) {
          sum += (weights[index] ?? 0) * (power[firstBin + index] ?? 0);
        }
        values[row * bands + band] = sum;
      }
    }
    return { values, frames };
  }
}

/** A periodic window in the middle of a frame, zero beside it. */
function windowOf({ frameLength, windowLength = frameLength, window = "hann" }: MelOptions): Float64Array {
  const [base, swing] = window === "hann" ? [0.5, 0.5] : [0.54, 0.46];
  const values = new Float64Array(frameLength);
  const left = Math.floor((frameLength - windowLength) / 2);
  for (let index = 0; index < windowLength; index += 1) {
    values[left + index] = base - swing * Math.cos((2 * Math.PI * index) / windowLength);
  }
  return values;
}

/** Cosines and sines of every bin, row by row: a transform of another length has no radix-2 form. */
function plainTransform(length: number, bins: number): (frame: Float64Array, power: Float64Array) => void {
  const cosines = new Float64Array(bins * length);
  const sines = new Float64Array(bins * length);
  for (let bin = 0; bin < bins; bin += 1) {
    for (let index = 0; index < length; index += 1) {
      const angle = (2 * Math.PI * ((bin * index) % length)) / length;
      cosines[bin * length + index] = Math.cos(angle);
      sines[bin * length + index] = Math.sin(angle);
    }
  }
  return (frame, power) => {
    for (let bin = 0; bin < bins; bin += 1) {
      let real = 0;
      let imaginary = 0;
      for (let index = 0, at = bin * length; index < length; index += 1, at += 1) {
        const value = frame[index] as number;
        real += value * (cosines[at] as number);
        imaginary += value * (sines[at] as number);
      }
      power[bin] = real * real + imaginary * imaginary;
    }
  };
}

/** One triangular band: its weights from `firstBin` on. */
interface Filter {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

function slaneyFilters(options: MelOptions, bins: number): Filter[] {
  const { bands, frameLength, sampleRate } = options;
  const highestMel = melOf(sampleRate / 2);
  const edges = Array.from({ length: bands + 2 }, (_, index) => hertzOf((index * highestMel) / (bands + 1)));
  return Array.from({ length: bands }, (_, band) => {
    const [low = 0, centre = 0, high = 0] = edges.slice(band, band + 3);
    const all = Array.from({ length: bins }, (_unused, bin) => {
      const hertz = (bin * sampleRate) / frameLength;
      const triangle = Math.min((hertz - low) / (centre - low), (high - hertz) / (high - centre));
      return Math.max(0, triangle) * (2 / (high - low));
    });
    const firstBin = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    const lastBin = all.findLastIndex((weight) => weight > 0);
    return { firstBin, weights: Float64Array.from(all.slice(firstBin, lastBin + 1)) };
  });
}

function melOf(hertz: number): number {
  return hertz < LOG_START_HERTZ
    ? hertz / LINEAR_HERTZ_PER_MEL
    : LOG_START_MEL + Math.log(hertz / LOG_START_HERTZ) / LOG_STEP;
}

function hertzOf(mel: number): number {
  return mel < LOG_START_MEL
    ? mel * LINEAR_HERTZ_PER_MEL
    : LOG_START_HERTZ * Math.exp(LOG_STEP * (mel - LOG_START_MEL));
}
