import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toPcm16Bytes } from "../src/audio/pcm16.ts";
import { resample } from "../src/audio/resample.ts";
import { pythonWith } from "./install.ts";
import { startLineProgram } from "./line-program.ts";

const PACKAGES = ["pocketsphinx==5.1.1"];
const SAMPLE_RATE = 16_000;

/** Something that writes down what it hears, offline, in American English. */
export interface Recogniser {
  readonly versions: string;
  /** Mono samples within -1..1 at `sampleRate`. */
  hear(samples: Float32Array, sampleRate: number): Promise<string>;
  stop(): Promise<void>;
}

/** pocketsphinx with its own model and dictionary: a weak recogniser, good for comparing voices. */
export async function startRecogniser(): Promise<Recogniser> {
  const script = fileURLToPath(new URL("./peers/pocketsphinx_peer.py", import.meta.url));
  const program = await startLineProgram(await pythonWith(PACKAGES), [script]);
  const folder = await mkdtemp(join(tmpdir(), "speaker-recogniser-"));
  const pcm = join(folder, "heard.pcm");
  return {
    versions: program.versions,
    async hear(samples, sampleRate) {
      await writeFile(pcm, toPcm16Bytes(resample(samples, sampleRate, SAMPLE_RATE)));
      return (await program.ask<{ text: string }>({ pcm })).text;
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Words that were missed, added or mistaken, and how many were said. Case and marks do not count. */
export function wordErrors(said: string, heard: string): { readonly errors: number; readonly words: number } {
  const [reference, hypothesis] = [wordsOf(said), wordsOf(heard)];
  let row = hypothesis.map((_, index) => index + 1);
  row.unshift(0);
  for (const [index, word] of reference.entries()) {
    const next = [index + 1];
    for (const [at, other] of hypothesis.entries()) {
      const replaced = (row[at] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return { errors: row.at(-1) ?? 0, words: reference.length };
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}']+/gu) ?? [];
