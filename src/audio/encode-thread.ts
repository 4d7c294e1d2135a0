import { createHash } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { SpeakerError } from "../errors.ts";
import {
  type EncodedAudio,
  type EncodeTask,
  type FromEncodeThread,
  scratchPath,
  type ThreadFailure,
  type ToEncodeThread,
} from "./encode-protocol.ts";
import { createEncoder, encodedRate, warmCodecs } from "./encoder.ts";
import { AUDIO_FORMAT_INFO } from "./format.ts";
import { LoudnessLeveller } from "./leveller.ts";

// Entry of the encoder thread: everything here may block, which is what the thread is for.

const OWNER_ONLY = 0o600;
const HASH_BLOCK_BYTES = 1 << 20;

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}

/** Hashes what the file really holds; patched headers rule out hashing along the way. */
function sha256OfFile(file: number): string {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(HASH_BLOCK_BYTES);
  for (let position = 0; ; ) {
    const count = readSync(file, block, 0, block.length, position);
    if (count === 0) return hash.digest("hex");
    hash.update(block.subarray(0, count));
    position += count;
  }
}

interface EncodedFile {
  write(samples: Float32Array): void;
  finish(): EncodedAudio;
}

async function openEncodedFile(task: EncodeTask): Promise<EncodedFile> {
  const { format, sampleRate, loudnessLufs, path } = task;
  const outputSampleRate = task.outputSampleRate ?? encodedRate(format, sampleRate);
  const leveller =
    loudnessLufs === undefined
      ? null
      : new LoudnessLeveller({
          ...{ sampleRate, outputSampleRate, targetLufs: loudnessLufs },
          ...AUDIO_FORMAT_INFO[format],
          scratchPath: scratchPath(path),
        });
  // What has been levelled has its final rate.
  const encoder = await createEncoder(format, {
    sampleRate: leveller === null ? sampleRate : outputSampleRate,
    outputSampleRate: task.outputSampleRate,
  });
  const file = openSync(path, "wx+", OWNER_ONLY);
  let position = 0;
  const append = (bytes: Uint8Array): void => {
    writeAll(file, bytes, position);
    position += bytes.length;
  };
  return {
    write(samples: Float32Array): void {
      if (leveller === null) append(encoder.push(samples));
      else leveller.push(samples);
    },
    finish(): EncodedAudio {
      const levelled = leveller?.finish();
      for (const samples of levelled?.samples ?? []) append(encoder.push(samples));
      leveller?.close();
      const end = encoder.finish();
      append(end.bytes);
      for (const patch of end.patches) writeAll(file, patch.bytes, patch.offset);
      fsyncSync(file);
      const audio = {
        bytes: fstatSync(file).size,
        sha256: sha256OfFile(file),
        sampleRate: encoder.sampleRate,
        sampleCount: encoder.sampleCount,
        durationSeconds: encoder.sampleCount / encoder.sampleRate,
        ...(levelled?.loudness ?? { loudnessLufs: null, truePeakDbtp: null }),
      };
      closeSync(file);
      return audio;
    },
  };
}

function describe(error: unknown): ThreadFailure {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof SpeakerError) return { message: error.message, code: error.code };
  const systemCode = (error as NodeJS.ErrnoException | null)?.code;
  return typeof systemCode === "string" ? { message, systemCode } : { message };
}

function serve(): void {
  const port = parentPort;
  if (!port) throw new Error("This module runs as a worker thread");
  const reply = (message: FromEncodeThread): void => port.postMessage(message);
  let output: EncodedFile | null = null;
  const carryOut = async (message: ToEncodeThread): Promise<void> => {
    if (message.type === "open") output = await openEncodedFile(message.task);
    else if (output === null) throw new Error("There is no file to write to");
    else if (message.type === "samples") {
      output.write(message.samples);
      reply({ type: "taken" });
    } else {
      reply({ type: "done", audio: output.finish() });
      output = null;
    }
  };
  // One message after the other: opening a file may have to load its codec first.
  let before: Promise<void> = Promise.resolve();
  port.on("message", (message: ToEncodeThread) => {
    before = before
      .then(() => carryOut(message))
      .catch((error: unknown) => {
        reply({ type: "failed", failure: describe(error) });
        // Whoever started it ends it: what it was to write is not whole.
        port.close();
      });
  });
  // Meanwhile every codec is loaded; one that cannot be fails those who ask for it.
  void warmCodecs().catch(() => {});
}

serve();
