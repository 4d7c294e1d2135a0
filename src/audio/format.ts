/** Formats that speech is delivered in, in the order they are offered. */
export const AUDIO_FORMATS = ["wav", "mp3", "flac", "opus", "aac", "pcm"] as const;

export type AudioFormat = (typeof AUDIO_FORMATS)[number];

/** Sample rate of headerless `pcm` unless another is asked for: nothing in the file can say it. */
export const PCM_SAMPLE_RATE = 24_000;

/** Sample rates in Hz that audio can be had at, those that devices and telephones use. */
export const SAMPLE_RATES: readonly number[] = [
  8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
];
/** Rates that Opus encodes natively; its players hear 48 kHz whichever it is. */
const OPUS_SAMPLE_RATES: readonly number[] = [8_000, 12_000, 16_000, 24_000, 48_000];

export interface AudioFormatInfo {
  /** MIME type for `Content-Type`. */
  readonly contentType: string;
  /** File name extension without the dot. */
  readonly extension: string;
  /** One sentence for people who choose a format. */
  readonly description: string;
  /** Rates that it can hold, ascending, in Hz. */
  readonly sampleRates: readonly number[];
  /** What the encoder does to the level, in dB. */
  readonly gainDb: number;
  /** How far the decoded wave may swing beyond the one that went in, in dB, where that was limited hard. */
  readonly overshootDb: number;
}

/** What each format is called on the wire and in a file name. Every one of them is mono. */
export const AUDIO_FORMAT_INFO: Readonly<Record<AudioFormat, AudioFormatInfo>> = {
  wav: {
    contentType: "audio/wav",
    extension: "wav",
    description: "Uncompressed 16-bit PCM in a RIFF header; plays everywhere.",
    sampleRates: SAMPLE_RATES,
    gainDb: 0,
    overshootDb: 0,
  },
  mp3: {
    contentType: "audio/mpeg",
    extension: "mp3",
    description: "MP3 at 96 kbit/s with exact, gapless length; plays everywhere.",
    sampleRates: SAMPLE_RATES,
    // LAME scales by 0.95, so that what it adds does not clip.
    gainDb: -0.45,
    overshootDb: 0.5,
  },
  flac: {
    contentType: "audio/flac",
    extension: "flac",
    description: "Lossless 16-bit, about half the size of WAV.",
    sampleRates: SAMPLE_RATES,
    gainDb: 0,
    overshootDb: 0,
  },
  opus: {
    contentType: "audio/ogg; codecs=opus",
    extension: "opus",
    description: "Opus at 48 kbit/s in Ogg; the smallest at this quality.",
    sampleRates: OPUS_SAMPLE_RATES,
    gainDb: 0,
    overshootDb: 1.7,
  },
  aac: {
    contentType: "audio/aac",
    extension: "aac",
    description:
      "AAC-LC at 64 kbit/s in ADTS, which cannot state an exact length: players add up to 43 ms of silence at each end.",
    sampleRates: SAMPLE_RATES,
    gainDb: 0,
    overshootDb: 1.2,
  },
  pcm: {
    contentType: "audio/pcm",
    extension: "pcm",
    description:
      "Raw signed 16-bit little-endian mono samples without any header, at 24 kHz unless asked otherwise.",
    sampleRates: SAMPLE_RATES,
    gainDb: 0,
    overshootDb: 0,
  },
};

/** Why a format cannot be had at a sample rate, and at which it can; null when it can. */
export function sampleRateIssue(format: AudioFormat, sampleRate: number): string | null {
  const { sampleRates } = AUDIO_FORMAT_INFO[format];
  return sampleRates.includes(sampleRate) ? null : `${format} accepts ${sampleRates.join(", ")} Hz`;
}
