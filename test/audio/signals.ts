import { readFile } from "node:fs/promises";
import { decodeAudio } from "../../src/audio/decode.ts";

export const RATE = 24_000;

/** A sine of the given frequency and amplitude. */
export function tone(frequency: number, length: number, rate = RATE, amplitude = 0.3): Float32Array {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / rate));
}

/** Uniform noise from a fixed seed (mulberry32). */
export function noise(length: number, amplitude: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return amplitude * (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1);
  });
}

export function concat(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function* chunked(samples: Float32Array, length: number): Generator<Float32Array> {
  for (let start = 0; start < samples.length; start += length) yield samples.subarray(start, start + length);
}

/** Ratio of signal to difference in dB, after the difference in level is taken out. */
export function snrDb(signal: Float32Array, copy: Float32Array): number {
  let cross = 0;
  let power = 0;
  for (let i = 0; i < signal.length; i++) {
    cross += (signal[i] ?? 0) * (copy[i] ?? 0);
    power += (signal[i] ?? 0) ** 2;
  }
  const gain = cross / power;
  let difference = 0;
  for (let i = 0; i < signal.length; i++) difference += ((signal[i] ?? 0) - (copy[i] ?? 0) / gain) ** 2;
  return 10 * Math.log10(power / difference);
}

/** Largest step from one sample to the next. */
export function largestStep(samples: Float32Array): number {
  let largest = 0;
  for (let i = 1; i < samples.length; i++) {
    largest = Math.max(largest, Math.abs((samples[i] as number) - (samples[i - 1] as number)));
  }
  return largest;
}

export function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`./fixtures/${name}`, import.meta.url));
}

/** An utterance as Kokoro made it, silence included; 24 kHz. */
export async function modelUtterance(name: "fish" | "up" | "house"): Promise<Float32Array> {
  const { channels } = await decodeAudio(await fixture(`model-${name}.flac`));
  return channels[0] as Float32Array;
}
