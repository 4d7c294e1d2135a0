/** Formats that speech is delivered in, in the order they are offered. */
export const AUDIO_FORMATS = ["wav", "mp3", "flac", "opus", "aac", "pcm"] as const;

export type AudioFormat = (typeof AUDIO_FORMATS)[number];

/** Sample rate of headerless `pcm`, fixed because nothing in the file can say it. */
export const PCM_SAMPLE_RATE = 24_000;

export interface AudioFormatInfo {
  /** MIME type for `Content-Type`. */
  readonly contentType: string;
  /** File name extension without the dot. */
  readonly extension: string;
  /** One sentence for people who choose a format. */
  readonly description: string;
}

/** What each format is called on the wire and in a file name. Every one of them is mono. */
export const AUDIO_FORMAT_INFO: Readonly<Record<AudioFormat, AudioFormatInfo>> = {
  wav: {
    contentType: "audio/wav",
    extension: "wav",
    description: "Uncompressed 16-bit PCM in a RIFF header; plays everywhere.",
  },
  mp3: {
    contentType: "audio/mpeg",
    extension: "mp3",
    description: "MP3 at 96 kbit/s with exact, gapless length; plays everywhere.",
  },
  flac: {
    contentType: "audio/flac",
    extension: "flac",
    description: "Lossless 16-bit, about half the size of WAV.",
  },
  opus: {
    contentType: "audio/ogg; codecs=opus",
    extension: "opus",
    description: "Opus at 48 kbit/s in Ogg; the smallest at this quality.",
  },
  aac: {
    contentType: "audio/aac",
    extension: "aac",
    description:
      "AAC-LC at 64 kbit/s in ADTS, which cannot state an exact length: players add up to 43 ms of silence at each end.",
  },
  pcm: {
    contentType: "audio/pcm",
    extension: "pcm",
    description: "Raw signed 16-bit little-endian mono samples at 24 kHz, without any header.",
  },
};
