import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { createEncoder, encodedRate } from "../../src/audio/encoder.ts";
import {
  AUDIO_FORMAT_INFO,
  AUDIO_FORMATS,
  type AudioFormat,
  SAMPLE_RATES,
  sampleRateIssue,
} from "../../src/audio/format.ts";
import { resample } from "../../src/audio/resample.ts";
import { decodeAdts } from "./adts.ts";
import { chunked, modelUtterance, RATE, snrDb } from "./signals.ts";

/** How like the original each format must be; a shift by one sample alone would bring speech down to about 12 dB. */
const LEAST_SNR_DB: Readonly<Record<AudioFormat, number>> = {
  wav: 50,
  pcm: 50,
  flac: 50,
  mp3: 18,
  aac: 14,
  opus: 13,
};
const OPUS_RATE = 48_000;

async function encoded(format: AudioFormat, speech: Float32Array, outputSampleRate: number, chunk: number) {
  const encoder = await createEncoder(format, { sampleRate: RATE, outputSampleRate });
  const parts = [...chunked(speech, chunk)].map((piece) => Uint8Array.from(encoder.push(piece)));
  const end = encoder.finish();
  const file = Buffer.concat([...parts, end.bytes]);
  for (const patch of end.patches) file.set(patch.bytes, patch.offset);
  return { file, sampleRate: encoder.sampleRate, sampleCount: encoder.sampleCount };
}

/** What a player hears, and at which rate. */
async function heard(format: AudioFormat, file: Buffer, rate: number) {
  if (format === "pcm") {
    return {
      rate,
      samples: Float32Array.from(new Int16Array(Uint8Array.from(file).buffer), (s) => s / 32_768),
    };
  }
  if (format === "aac") {
    const { samples, sampleRate } = await decodeAdts(file);
    return { rate: sampleRate, samples };
  }
  const { channels, sampleRate } = await decodeAudio(file);
  return { rate: sampleRate, samples: channels[0] as Float32Array };
}

const CHOICES = AUDIO_FORMATS.flatMap((format) =>
  AUDIO_FORMAT_INFO[format].sampleRates.map((rate) => [format, rate] as const),
);

describe.each(CHOICES)("%s at %i Hz", (format, rate) => {
  it("says its rate and holds the speech, in its place and at its length, however it comes", async () => {
    const speech = await modelUtterance("up");
    const whole = await encoded(format, speech, rate, speech.length);
    expect(whole).toMatchObject({
      sampleRate: rate,
      sampleCount: Math.round((speech.length * rate) / RATE),
    });
    expect((await encoded(format, speech, rate, 999)).file.equals(whole.file)).toBe(true);

    const { samples, rate: playedAt } = await heard(format, whole.file, rate);
    expect(playedAt).toBe(format === "opus" ? OPUS_RATE : rate);
    // Opus knows a few band widths only; the others keep all that the rate can hold.
    const expected = resample(resample(speech, RATE, rate), rate, playedAt);
    expect(snrDb(expected, samples)).toBeGreaterThan(LEAST_SNR_DB[format]);
  });
});

it.each([
  ["opus", 44_100, "opus accepts 8000, 12000, 16000, 24000, 48000 Hz"],
  ["mp3", 96_000, "mp3 accepts 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000 Hz"],
  ["wav", 23_999, `wav accepts ${SAMPLE_RATES.join(", ")} Hz`],
  ["pcm", 0, `pcm accepts ${SAMPLE_RATES.join(", ")} Hz`],
  ["flac", Number.NaN, `flac accepts ${SAMPLE_RATES.join(", ")} Hz`],
] as const)("%s cannot be had at %d Hz and says what it can", async (format, rate, issue) => {
  expect(sampleRateIssue(format, rate)).toBe(issue);
  await expect(createEncoder(format, { sampleRate: RATE, outputSampleRate: rate })).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining(issue),
  });
});

it("leaves speech at its own rate where none is asked for", () => {
  for (const format of AUDIO_FORMATS) {
    expect(sampleRateIssue(format, RATE)).toBeNull();
    expect(encodedRate(format, RATE)).toBe(RATE);
  }
});
