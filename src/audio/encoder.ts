import { SpeakerError } from "../errors.ts";
import { concatBytes, type StreamEncoder } from "./encoders/encoder.ts";
import { createPcmEncoder } from "./encoders/pcm.ts";
import { createWavEncoder } from "./encoders/wav.ts";
import {
  AUDIO_FORMAT_INFO,
  AUDIO_FORMATS,
  type AudioFormat,
  PCM_SAMPLE_RATE,
  sampleRateIssue,
} from "./format.ts";
import { Resampler } from "./resample.ts";

/** An encoder that knows what it has written: `sampleCount` samples at `sampleRate`. */
export interface AudioEncoder extends StreamEncoder {
  readonly sampleRate: number;
  readonly sampleCount: number;
  /** Frees what it holds, in place of `finish`. */
  discard(): void;
}

/**
 * The rate of a file of audio that comes at `sampleRate`: its own where the format can hold that, else the lowest that
 * loses nothing.
 */
export function encodedRate(format: AudioFormat, sampleRate: number): number {
  if (format === "pcm") return PCM_SAMPLE_RATE;
  if (format === "wav" || format === "flac") return sampleRate;
  const { sampleRates } = AUDIO_FORMAT_INFO[format];
  return sampleRates.find((rate) => rate >= sampleRate) ?? (sampleRates.at(-1) as number);
}

async function createCodec(format: AudioFormat, sampleRate: number): Promise<StreamEncoder> {
  switch (format) {
    case "wav":
      return createWavEncoder(sampleRate);
    case "pcm":
      return createPcmEncoder();
    case "flac": {
      const { createFlacEncoder } = await import("./encoders/flac.ts");
      return createFlacEncoder(sampleRate);
    }
    case "mp3": {
      const { createMp3Encoder } = await import("./encoders/mp3.ts");
      return createMp3Encoder(sampleRate);
    }
    case "opus": {
      const { createOpusEncoder } = await import("./encoders/opus.ts");
      return createOpusEncoder(sampleRate);
    }
    case "aac": {
      const { createAacEncoder } = await import("./encoders/aac.ts");
      return createAacEncoder(sampleRate);
    }
  }
}

export interface EncoderOptions {
  /** Rate in Hz of the samples that will be pushed. */
  readonly sampleRate: number;
  /** Rate in Hz of what is written; left out, `encodedRate` chooses. */
  readonly outputSampleRate?: number | undefined;
}

/**
 * Makes a streaming encoder of mono audio. Codecs are loaded when first used. It works on the calling thread;
 * `encodeToFile` does the same on a thread of its own. The audio is resampled where its rate is not the one that is
 * written.
 *
 * @throws SpeakerError INVALID_INPUT when the format cannot hold `outputSampleRate`; it says what it can
 */
export async function createEncoder(
  format: AudioFormat,
  { sampleRate, outputSampleRate }: EncoderOptions,
): Promise<AudioEncoder> {
  if (AUDIO_FORMAT_INFO[format] === undefined)
    throw new SpeakerError("INVALID_INPUT", "Unknown audio format.");
  const issue = outputSampleRate === undefined ? null : sampleRateIssue(format, outputSampleRate);
  if (issue !== null) throw new SpeakerError("INVALID_INPUT", `The sample rate is not available: ${issue}.`);
  const rate = outputSampleRate ?? encodedRate(format, sampleRate);
  const codec = await createCodec(format, rate);
  const resampler = rate === sampleRate ? undefined : new Resampler(sampleRate, rate);
  let sampleCount = 0;
  const encode = (samples: Float32Array): Uint8Array => {
    sampleCount += samples.length;
    return codec.push(samples);
  };
  return {
    sampleRate: rate,
    get sampleCount() {
      return sampleCount;
    },
    push: (samples) => encode(resampler ? resampler.push(samples) : samples),
    finish() {
      const rest = resampler ? encode(resampler.finish()) : new Uint8Array(0);
      const end = codec.finish();
      return { bytes: concatBytes([rest, end.bytes]), patches: end.patches };
    },
    discard: () => codec.discard?.(),
  };
}

/** Silence that a codec is run hot with. */
const WARM_SAMPLES = 24_000;

/** Loads every codec and runs it once, so that the first who needs one does not wait for that. */
export async function warmCodecs(): Promise<void> {
  for (const format of AUDIO_FORMATS) {
    const encoder = await createEncoder(format, { sampleRate: PCM_SAMPLE_RATE });
    encoder.push(new Float32Array(WARM_SAMPLES));
    encoder.finish();
  }
}
