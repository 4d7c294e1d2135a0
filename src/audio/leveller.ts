import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { PeakLimiter } from "./limiter.ts";
import { BLOCK_SECONDS, LoudnessMeter } from "./loudness.ts";
import { Resampler } from "./resample.ts";
import { TruePeakMeter } from "./true-peak.ts";

/** The highest that the wave may swing (EBU R 128), in dB of full scale. */
const CEILING_DBTP = -1;
/** Left for what other meters find between samples, who look at more points, and for rounding to 16 bits. */
const MARGIN_DB = 0.3;
/** So near to the target it is left at that. */
const GOOD_ENOUGH_LU = 0.1;
/** Each reads all of the audio once more; two are enough unless the peaks are far above the ceiling. */
const MAX_TRIALS = 7;
/** More than this, on top of what an unlimited recording would need, makes noise and no more loudness. */
const MAX_EXTRA_GAIN_DB = 18;
const BLOCK_SAMPLES = 1 << 16;
const BYTES_PER_SAMPLE = 4;
const OWNER_ONLY = 0o600;

/** How loud a finished recording is. */
export interface Loudness {
  /** Integrated; null when there is nothing to be heard. */
  readonly loudnessLufs: number | null;
  /** Null for digital silence. */
  readonly truePeakDbtp: number | null;
}

export interface LevellerOptions {
  /** Of what is pushed, in Hz. */
  readonly sampleRate: number;
  /** Of what comes out: peaks move when audio is resampled, so that is done before. */
  readonly outputSampleRate: number;
  readonly targetLufs: number;
  /** What the codec behind it does to the level, and to peaks, in dB; made up for here. See `AUDIO_FORMAT_INFO`. */
  readonly gainDb: number;
  readonly overshootDb: number;
  /** File for the samples meanwhile; must not exist, is removed in the end. */
  readonly scratchPath: string;
}

interface Trial extends Loudness {
  readonly gainDb: number;
  readonly limited: boolean;
}

/**
 * Brings a recording to a loudness (EBU R 128) with one gain for all of it and, only where peaks would pass -1 dBTP, a
 * limiter. The gain follows from the whole, so the samples wait in a file; memory stays bounded. What limiting costs in
 * loudness is made up for by more gain, found by trial. The outcome depends on the input alone.
 */
export class LoudnessLeveller {
  readonly #options: LevellerOptions;
  readonly #resampler: Resampler | null;
  readonly #file: number;
  readonly #loudness: LoudnessMeter;
  readonly #peak = new TruePeakMeter();
  #sampleCount = 0;

  constructor(options: LevellerOptions) {
    const { sampleRate, outputSampleRate, scratchPath } = options;
    this.#options = options;
    this.#resampler = sampleRate === outputSampleRate ? null : new Resampler(sampleRate, outputSampleRate);
    this.#loudness = new LoudnessMeter(outputSampleRate);
    this.#file = openSync(scratchPath, "wx+", OWNER_ONLY);
  }

  push(samples: Float32Array): void {
    // One of them would make everything behind it unmeasurable.
    const clean = samples.map((sample) => (Number.isFinite(sample) ? sample : 0));
    this.#keep(this.#resampler?.push(clean) ?? clean);
  }

  /** Ends the recording: how loud it will be, and its samples, which are to be read once. */
  finish(): { readonly loudness: Loudness; readonly samples: Iterable<Float32Array> } {
    this.#keep(this.#resampler?.finish() ?? new Float32Array(0));
    const shortest = Math.ceil(BLOCK_SECONDS * this.#options.outputSampleRate) - this.#sampleCount;
    if (shortest > 0) this.#loudness.push(new Float32Array(shortest));
    const chosen = this.#choose();
    return {
      loudness: { loudnessLufs: chosen.loudnessLufs, truePeakDbtp: chosen.truePeakDbtp },
      samples: this.#levelled(chosen, this.#options.gainDb),
    };
  }

  /** Removes the file of the samples. */
  close(): void {
    closeSync(this.#file);
    rmSync(this.#options.scratchPath, { force: true });
  }

  get #ceilingDbtp(): number {
    return CEILING_DBTP - this.#options.overshootDb;
  }

  #keep(samples: Float32Array): void {
    this.#loudness.push(samples);
    this.#peak.push(samples);
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const start = this.#sampleCount * BYTES_PER_SAMPLE;
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, start + done);
    }
    this.#sampleCount += samples.length;
  }

  #choose(): Trial {
    const measured = this.#loudness.integrated();
    const peak = finite(this.#peak.finish());
    const unchanged = { gainDb: 0, limited: false, loudnessLufs: measured, truePeakDbtp: peak };
    if (measured === null || peak === null) return unchanged;
    const gainDb = this.#options.targetLufs - measured;
    if (peak + gainDb <= this.#ceilingDbtp) {
      return { gainDb, limited: false, loudnessLufs: this.#options.targetLufs, truePeakDbtp: peak + gainDb };
    }
    return this.#search(gainDb);
  }

  /** The gain at which the limited recording is as loud as it shall be, by the secant method. */
  #search(lowestGainDb: number): Trial {
    const trials = [this.#trial(lowestGainDb)];
    const missing = ({ loudnessLufs }: Trial) => this.#options.targetLufs - (loudnessLufs ?? 0);
    while (trials.length < MAX_TRIALS) {
      const [last, before] = [trials.at(-1) as Trial, trials.at(-2)];
      if (Math.abs(missing(last)) <= GOOD_ENOUGH_LU) break;
      // How much louder it gets for each dB of gain: less and less, the more is limited.
      const slope =
        before === undefined ? 1 : (missing(before) - missing(last)) / (last.gainDb - before.gainDb);
      const next = last.gainDb + missing(last) / Math.max(slope, LEAST_SLOPE);
      const gainDb = Math.min(Math.max(next, lowestGainDb), lowestGainDb + MAX_EXTRA_GAIN_DB);
      if (trials.some((trial) => trial.gainDb === gainDb)) break;
      trials.push(this.#trial(gainDb));
    }
    return trials.reduce((best, trial) =>
      Math.abs(missing(trial)) < Math.abs(missing(best)) ? trial : best,
    );
  }

  #trial(gainDb: number): Trial {
    const loudness = new LoudnessMeter(this.#options.outputSampleRate);
    const peak = new TruePeakMeter();
    for (const samples of this.#levelled({ gainDb, limited: true }, 0)) {
      loudness.push(samples);
      peak.push(samples);
    }
    return {
      gainDb,
      limited: true,
      loudnessLufs: loudness.integrated(),
      truePeakDbtp: finite(peak.finish()),
    };
  }

  *#levelled(
    { gainDb, limited }: Pick<Trial, "gainDb" | "limited">,
    codecGainDb: number,
  ): Generator<Float32Array> {
    const factor = 10 ** (gainDb / 20);
    const afterwards = 10 ** (-codecGainDb / 20);
    const ceiling = 10 ** ((this.#ceilingDbtp - MARGIN_DB) / 20);
    const limiter = limited ? new PeakLimiter(this.#options.outputSampleRate, ceiling) : null;
    for (const samples of this.#blocks()) {
      const louder = samples.map((sample) => sample * factor);
      yield scaled(limiter?.push(louder) ?? louder, afterwards);
    }
    if (limiter !== null) yield scaled(limiter.finish(), afterwards);
  }

  *#blocks(): Generator<Float32Array> {
    for (let at = 0; at < this.#sampleCount; at += BLOCK_SAMPLES) {
      const samples = new Float32Array(Math.min(BLOCK_SAMPLES, this.#sampleCount - at));
      const bytes = new Uint8Array(samples.buffer);
      for (let done = 0; done < bytes.length; ) {
        const count = readSync(this.#file, bytes, done, bytes.length - done, at * BYTES_PER_SAMPLE + done);
        if (count === 0) throw new Error("the file of the samples was cut short");
        done += count;
      }
      yield samples;
    }
  }
}

/** Below this the limiter takes nearly all that is added. */
const LEAST_SLOPE = 0.15;

const finite = (decibels: number): number | null => (Number.isFinite(decibels) ? decibels : null);

const scaled = (samples: Float32Array, factor: number): Float32Array =>
  factor === 1 ? samples : samples.map((sample) => sample * factor);
