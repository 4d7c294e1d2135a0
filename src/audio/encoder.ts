import { SpeakerError } from "../errors.ts";
import { concatBytes, type StreamEncoder } from "./encoders/encoder.ts";
import { createPcmEncoder } from "./encoders/pcm.ts";
import { createWavEncoder } from "./encoders/wav.ts";
import { AUDIO_FORMATS, type AudioFormat, PCM_SAMPLE_RATE } from "./format.ts";
import { Resampler } from "./resample.ts";

/** A codec with the rate of what it writes, which is the input's own wherever the format allows it. */
interface Codec extends StreamEncoder {
  readonly sampleRate: number;
}

/** An encoder that knows what it has written: `sampleCount` samples at `sampleRate`. */
export interface AudioEncoder extends Codec {
  readonly sampleCount: number;
  /** Frees what it holds, in place of `finish`. */
  discard(): void;
}

/** The lowest of the allowed rates that loses nothing, or else the highest. */
function nearestRate<Rate extends number>(allowed: readonly Rate[], wanted: number): Rate {
  return allowed.find((rate) => rate >= wanted) ?? (allowed[allowed.length - 1] as Rate);
}

async function createCodec(format: AudioFormat, sampleRate: number): Promise<Codec> {
  switch (format) {
    case "wav":
      return { ...createWavEncoder(sampleRate), sampleRate };
    case "pcm":
      return { ...createPcmEncoder(), sampleRate: PCM_SAMPLE_RATE };
    case "flac": {
      const { createFlacEncoder } = await import("./encoders/flac.ts");
      return { ...(await createFlacEncoder(sampleRate)), sampleRate };
    }
    case "mp3": {
      const { createMp3Encoder, MP3_SAMPLE_RATES } = await import("./encoders/mp3.ts");
      const rate = nearestRate(MP3_SAMPLE_RATES, sampleRate);
      return { ...(await createMp3Encoder(rate)), sampleRate: rate };
    }
    case "opus": {
      const { createOpusEncoder, OPUS_SAMPLE_RATES } = await import("./encoders/opus.ts");
      const rate = nearestRate(OPUS_SAMPLE_RATES, sampleRate);
      return { ...(await createOpusEncoder(rate)), sampleRate: rate };
    }
    case "aac": {
      const { AAC_SAMPLE_RATES, createAacEncoder } = await import("./encoders/aac.ts");
      const rate = nearestRate(AAC_SAMPLE_RATES, sampleRate);
      return { ...(await createAacEncoder(rate)), sampleRate: rate };
    }
    default:
      throw new SpeakerError("INVALID_INPUT", "Unknown audio format.");
  }
}

/**
 * Makes a streaming encoder of mono audio. Codecs are loaded when first used. It works on the calling thread;
 * `encodeToFile` does the same on a thread of its own.
 * @param options.sampleRate rate in Hz of the samples that will be pushed. Where the format cannot hold it
 *   (`pcm` is always 24 kHz, MP3, Opus and AAC have lists) the audio is resampled to the encoder's `sampleRate`.
 */
export async function createEncoder(
  format: AudioFormat,
  { sampleRate }: { readonly sampleRate: number },
): Promise<AudioEncoder> {
  const codec = await createCodec(format, sampleRate);
  const resampler = codec.sampleRate === sampleRate ? undefined : new Resampler(sampleRate, codec.sampleRate);
  let sampleCount = 0;
  const encode = (samples: Float32Array): Uint8Array => {
    sampleCount += samples.length;
    return codec.push(samples);
  };
  return {
    sampleRate: codec.sampleRate,
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
