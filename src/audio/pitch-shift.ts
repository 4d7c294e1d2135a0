import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";

/** What is used of Signalsmith Stretch as the package compiled it; numbers are addresses in its memory. */
interface Stretch {
  /** Its memory, in a fresh view after each call: it may have grown. */
  readonly HEAP8: Int8Array;
  _main(): void;
  _presetDefault(channels: number, sampleRate: number): void;
  _setTransposeSemitones(semitones: number, tonalityLimit: number): void;
  _setFormantSemitones(semitones: number, compensatePitch: boolean): void;
  /** Fundamental as a share of the sample rate; 0 tracks it. */
  _setFormantBase(frequency: number): void;
  _inputLatency(): number;
  _outputLatency(): number;
  /** Room for so many samples in and as many out behind them. @returns where it begins */
  _setBuffers(channels: number, length: number): number;
  _process(inputSamples: number, outputSamples: number): void;
}

type Factory = () => Promise<Stretch>;

let factory: Promise<Factory> | null = null;

/** Where the part of the file ends that is the library itself; what follows makes an audio node of browsers of it. */
const LIBRARY_END = "function registerWorkletProcessor";

/**
 * The package hands the library only to the audio thread of a browser. The file is compiled here without that part, and
 * with a source of chance of its own: the library seeds itself from it, and equal speech must sound equal.
 */
async function loadFactory(): Promise<Factory> {
  const require = createRequire(import.meta.url);
  const file = require.resolve("signalsmith-stretch");
  const source = await readFile(file, "utf8");
  const end = source.indexOf(LIBRARY_END);
  const exported: { exports?: Factory } = {};
  const surroundings = { crypto: { getRandomValues: (bytes: Uint8Array) => bytes.fill(1) }, performance };
  compileFunction(source.slice(0, end), ["module", "exports", "globalThis"], { filename: file })(
    exported,
    {},
    surroundings,
  );
  if (end < 0 || exported.exports === undefined) throw new Error("the stretch package holds no library");
  return exported.exports;
}

const BYTES_PER_SAMPLE = 4;
const BLOCK_SAMPLES = 4096;
/** Above this, in Hz, partials are moved by a distance and not by a factor: hiss stays hiss. */
const TONALITY_LIMIT_HZ = 8000;

/**
 * Raises or lowers the voice and keeps its pace and its timbre: the formants stay where they were. The result has the
 * length of the input, every sound in its place, and is the same each time.
 * Method: Signalsmith Stretch, G. Luff, "The design of Signalsmith Stretch".
 *
 * @param samples mono
 * @param semitones -12 to 12
 */
export async function shiftPitch(
  samples: Float32Array,
  sampleRate: number,
  semitones: number,
): Promise<Float32Array> {
  factory ??= loadFactory();
  // One instance for each utterance: what another has left in it would be heard.
  const stretch = await (await factory)();
  stretch._main();
  stretch._presetDefault(1, sampleRate);
  stretch._setTransposeSemitones(semitones, TONALITY_LIMIT_HZ / sampleRate);
  stretch._setFormantSemitones(0, true);
  stretch._setFormantBase(0);
  const latency = stretch._inputLatency() + stretch._outputLatency();
  const input = stretch._setBuffers(1, BLOCK_SAMPLES);
  const output = input + BLOCK_SAMPLES * BYTES_PER_SAMPLE;
  const shifted = new Float32Array(samples.length + latency);
  for (let at = 0; at < shifted.length; at += BLOCK_SAMPLES) {
    const count = Math.min(BLOCK_SAMPLES, shifted.length - at);
    const view = (address: number) => new Float32Array(stretch.HEAP8.buffer, address, count);
    view(input)
      .fill(0)
      .set(samples.subarray(at, at + count));
    stretch._process(count, count);
    shifted.set(view(output), at);
  }
  return asLoudAs(shifted.subarray(latency), samples);
}

/** What moves the partials changes the energy by up to 3 dB; the utterance as a whole keeps its own. */
function asLoudAs(samples: Float32Array, original: Float32Array): Float32Array {
  const power = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  const own = power(samples);
  const factor = own === 0 ? 1 : Math.sqrt(power(original) / own);
  return samples.map((sample) => sample * factor);
}
