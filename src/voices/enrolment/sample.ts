import { createWriteStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { AudioIntake } from "../../audio/intake/intake.ts";
import { SpeakerError } from "../../errors.ts";
import { ANALYSIS_SAMPLE_RATE } from "../../inference/analysis.ts";
import type { Storage } from "../../storage/storage.ts";

/**
 * The stored recording as mono samples at 16 kHz, decoded in a process of its own.
 *
 * @throws SpeakerError GONE when the object is missing; what the decoder throws.
 */
export async function readSample(
  storage: Storage,
  intake: AudioIntake,
  storageKey: string,
  signal: AbortSignal,
): Promise<Float32Array> {
  const [path, pcmPath] = [await storage.temporaryPath(), await storage.temporaryPath()];
  try {
    const object = await storage.read(storageKey);
    if (object === null)
      throw new SpeakerError("GONE", "The recording of this voice is missing from the store.");
    await pipeline(object, createWriteStream(path, { mode: 0o600 }), { signal });
    const pcm = [{ path: pcmPath, sampleRate: ANALYSIS_SAMPLE_RATE }];
    await intake.inspect({ path, fileName: null, declaredType: null, pcm }, signal);
    // A copy, because a pooled Buffer need not start at a multiple of four.
    return new Float32Array(Uint8Array.from(await readFile(pcmPath)).buffer);
  } finally {
    await Promise.all([path, pcmPath].map((temporary) => rm(temporary, { force: true })));
  }
}
