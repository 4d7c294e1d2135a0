import { closeSync, openSync, writeSync } from "node:fs";
import { Resampler } from "../resample.ts";
import {
  DECODE_MARGIN_SECONDS,
  MAX_SOUND_SECONDS,
  MIN_SOUND_SECONDS,
  type PcmOutput,
  SILENCE_RMS,
} from "./contract.ts";
import { checkFormat, refuse } from "./refuse.ts";

/** Loudness is looked at in stretches of this length. */
const FRAME_SECONDS = 0.02;
const OWNER_ONLY = 0o600;
/** 60 dB above full scale: no recorder writes that, damaged floating point does. */
const ABSURD_LEVEL = 1000;

interface Output {
  readonly file: number;
  /** Null where the recording has the rate that is asked for. */
  readonly resampler: Resampler | null;
}

/**
 * Takes decoded audio as it comes, mixes it down to mono, measures it and writes it at the rates asked for.
 * Memory does not grow with the length.
 */
export class Meter {
  readonly #pcm: readonly PcmOutput[];
  readonly #outputs: Output[] = [];
  #sampleRate = 0;
  #channels = 0;
  #samples = 0;
  #peak = 0;
  #sumOfSquares = 0;
  #frames = 0;
  #frameLength = 0;
  #frameFill = 0;
  #frameSquares = 0;
  /** Frames: the first with sound, and one past the last. */
  #firstSound = -1;
  #lastSound = -1;

  constructor(pcm: readonly PcmOutput[]) {
    this.#pcm = pcm;
  }

  /** Samples a channel taken so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Seconds taken so far. */
  get seconds(): number {
    return this.#sampleRate === 0 ? 0 : this.#samples / this.#sampleRate;
  }

  /**
   * @param channels planar samples of one length, full scale ±1
   * @throws UnsupportedAudioError when the format changes, makes no sense, or the recording is too long.
   */
  push(channels: readonly Float32Array[], sampleRate: number): void {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    if (this.#sampleRate === 0) this.#start(sampleRate, channels.length);
    else if (sampleRate !== this.#sampleRate || channels.length !== this.#channels) {
      refuse("DAMAGED", "The file changes its sample rate or its channels on the way.");
    }
    const mono = this.#mix(channels, length);
    for (const { file, resampler } of this.#outputs) writeAll(file, resampler?.push(mono) ?? mono);
    this.#measure(mono);
    if (this.seconds > MAX_SOUND_SECONDS + DECODE_MARGIN_SECONDS) tooLong();
  }

  /** @throws UnsupportedAudioError SILENT, TOO_SHORT, TOO_LONG, or DAMAGED when nothing could be decoded. */
  finish() {
    if (this.#samples === 0) refuse("DAMAGED", "The file holds no audio that can be decoded.");
    for (const { file, resampler } of this.#outputs) {
      if (resampler !== null) writeAll(file, resampler.finish());
    }
    if (this.#frameFill > 0) this.#endFrame();
    const soundSeconds = Math.min(
      this.seconds,
      ((this.#lastSound - this.#firstSound) * this.#frameLength) / this.#sampleRate,
    );
    if (this.#lastSound < 0) refuse("SILENT", "The recording is silent from start to end.");
    if (soundSeconds < MIN_SOUND_SECONDS) {
      refuse(
        "TOO_SHORT",
        `The recording holds ${soundSeconds.toFixed(1)} s of sound; at least ${MIN_SOUND_SECONDS} s are needed.`,
      );
    }
    if (soundSeconds > MAX_SOUND_SECONDS) tooLong();
    return {
      durationSeconds: this.seconds,
      soundSeconds,
      sampleRate: this.#sampleRate,
      channels: this.#channels,
      peak: this.#peak,
      rms: Math.sqrt(this.#sumOfSquares / this.#samples),
    };
  }

  /** Closes what was opened; `finish` or not. */
  close(): void {
    for (const { file } of this.#outputs.splice(0)) closeSync(file);
  }

  #start(sampleRate: number, channels: number): void {
    checkFormat(sampleRate, channels);
    this.#sampleRate = sampleRate;
    this.#channels = channels;
    this.#frameLength = Math.round(sampleRate * FRAME_SECONDS);
    for (const { path, sampleRate: rate } of this.#pcm) {
      this.#outputs.push({
        file: openSync(path, "w", OWNER_ONLY),
        resampler: rate === sampleRate ? null : new Resampler(sampleRate, rate),
      });
    }
  }

  #mix(channels: readonly Float32Array[], length: number): Float32Array {
    const mono = new Float32Array(length);
    for (const channel of channels) {
      for (let i = 0; i < length; i++) {
        const sample = channel[i] as number;
        // Floating point files can hold anything; one NaN would poison every later step.
        const level = Math.abs(sample);
        if (!(level <= ABSURD_LEVEL)) refuse("DAMAGED", "The file holds samples that cannot be sound.");
        if (level > this.#peak) this.#peak = level;
        mono[i] = (mono[i] as number) + sample / channels.length;
      }
    }
    return mono;
  }

  #measure(mono: Float32Array): void {
    for (const sample of mono) {
      this.#frameSquares += sample * sample;
      if (++this.#frameFill === this.#frameLength) this.#endFrame();
    }
    this.#samples += mono.length;
  }

  #endFrame(): void {
    if (this.#frameSquares > this.#frameFill * SILENCE_RMS ** 2) {
      if (this.#firstSound < 0) this.#firstSound = this.#frames;
      this.#lastSound = this.#frames + 1;
    }
    this.#frames += 1;
    this.#sumOfSquares += this.#frameSquares;
    this.#frameFill = 0;
    this.#frameSquares = 0;
  }
}

function tooLong(): never {
  refuse("TOO_LONG", `The recording holds more than ${MAX_SOUND_SECONDS} s of sound.`);
}

function writeAll(file: number, samples: Float32Array): void {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
