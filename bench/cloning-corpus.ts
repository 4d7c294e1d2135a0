import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeAudio } from "../src/audio/decode.ts";
import { resample } from "../src/audio/resample.ts";
import { dot, meanDirection } from "../src/cloning/linear.ts";
import { ANALYSIS_SAMPLE_RATE } from "../src/inference/analysis.ts";

/** The clips that a voice is enrolled from; the speaker's other ones are kept for scoring. */
const ENROLLED = 2;

/** One speaker of the corpus. */
export interface Speaker {
  readonly name: string;
  /** Mono at 16 kHz. */
  readonly enrolled: readonly Float32Array[];
  /** Embeddings of the clips that the enrolment does not see. */
  readonly unseen: readonly Float32Array[];
  /** Mean of `unseen`. */
  readonly centroid: Float32Array;
}

/** A folder of recordings for each speaker, as LibriSpeech has them. */
export async function readCorpus(
  folder: string,
  embed: (samples: Float32Array) => Promise<Float32Array>,
): Promise<Speaker[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const speakers: Speaker[] = [];
  for (const name of names.toSorted()) {
    const inside = await readdir(join(folder, name), { recursive: true });
    const files = inside.filter((file) => /\.(flac|wav)$/.test(file)).toSorted();
    const clips: Float32Array[] = [];
    for (const file of files) clips.push(await readClip(join(folder, name, file)));
    const unseen: Float32Array[] = [];
    for (const clip of clips.slice(ENROLLED)) unseen.push(await embed(clip));
    speakers.push({ name, enrolled: clips.slice(0, ENROLLED), unseen, centroid: meanDirection(unseen) });
  }
  return speakers;
}

async function readClip(path: string): Promise<Float32Array> {
  const { channels, sampleRate } = await decodeAudio(await readFile(path));
  return resample(channels[0] ?? new Float32Array(), sampleRate, ANALYSIS_SAMPLE_RATE);
}

/** What a recording scores against the speaker's centroid: another one of the speaker, and one of a stranger. */
export interface Yardstick {
  readonly same: number;
  readonly stranger: number;
}

/** Clips of the speaker against the mean of the speaker's others; clips of all others against the centroid. */
export function yardstickOf(speaker: Speaker, all: readonly Speaker[]): Yardstick {
  const { unseen, centroid } = speaker;
  const same = unseen.map((clip) => dot(clip, meanDirection(unseen.filter((other) => other !== clip))));
  const others = all.filter((other) => other !== speaker).flatMap((other) => other.unseen);
  return { same: mean(same), stranger: mean(others.map((clip) => dot(clip, centroid))) };
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle - 1)] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
