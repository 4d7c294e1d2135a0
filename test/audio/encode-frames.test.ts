import { describe, expect, it } from "vitest";
import { canBeCut, StreamCutter } from "../../src/audio/encode-frames.ts";
import { createEncoder } from "../../src/audio/encoder.ts";
import { AUDIO_FORMATS, sampleRateIssue } from "../../src/audio/format.ts";
import { tone } from "./signals.ts";

const RATE = 24_000;
/** Ends of utterances, in seconds; two close to each other among them. */
const TIMES = [0.4, 0.45, 1.3, 3.17, 4.8];

/** The rate that nearly everybody gets, and the ones at either end with odd frames between. */
const OUTPUT_RATES = [RATE, 8_000, 22_050, 44_100];
const STREAMS = AUDIO_FORMATS.filter(canBeCut).flatMap((format) =>
  OUTPUT_RATES.filter((rate) => sampleRateIssue(format, rate) === null).map(
    (rate) => [format, rate] as const,
  ),
);

describe.each(STREAMS)("a stream of %s at %i Hz", (format, outputSampleRate) => {
  /** The stream in as many parts as there are times, each with all samples up to its time. */
  async function encoded(): Promise<Uint8Array[]> {
    const encoder = await createEncoder(format, { sampleRate: RATE, outputSampleRate });
    const samples = tone(330, Math.round((TIMES.at(-1) ?? 0) * RATE), RATE);
    const parts = TIMES.map((seconds, i) =>
      encoder.push(samples.subarray(Math.round((TIMES[i - 1] ?? 0) * RATE), Math.round(seconds * RATE))),
    );
    return [...parts, encoder.finish().bytes];
  }

  it("is cut for a time as soon as all samples up to it have been encoded", async () => {
    const cutter = new StreamCutter(format, outputSampleRate);
    const parts = await encoded();
    for (const [i, seconds] of TIMES.entries()) {
      cutter.push(parts[i] ?? new Uint8Array());
      expect(cutter.take(seconds), `at ${seconds} s`).not.toBeNull();
    }
  });

  it("is cut at the same places however it comes, and loses nothing", async () => {
    const whole = Buffer.concat(await encoded());
    const cut = (size: number) => {
      const cutter = new StreamCutter(format, outputSampleRate);
      const chunks: Uint8Array[] = [];
      let fed = 0;
      for (const seconds of TIMES) {
        let chunk = cutter.take(seconds, fed >= whole.length);
        while (chunk === null) {
          cutter.push(whole.subarray(fed, fed + size));
          fed += size;
          chunk = cutter.take(seconds, fed >= whole.length);
        }
        chunks.push(chunk);
      }
      while (fed < whole.length) {
        cutter.push(whole.subarray(fed, fed + size));
        fed += size;
      }
      return [...chunks, cutter.rest()].map((chunk) => Buffer.from(chunk));
    };
    const chunks = cut(whole.length);
    for (const size of [1, 7, 1000])
      expect(cut(size).map(({ length }) => length)).toEqual(chunks.map(({ length }) => length));
    expect(Buffer.concat(chunks).equals(whole)).toBe(true);
    expect(chunks[2]?.length).toBeGreaterThan(500);
    // Between frames: what a decoder finds there is the start of one.
    const start = { mp3: [0xff], aac: [0xff], opus: [...Buffer.from("OggS")] }[format as string];
    for (const chunk of start === undefined ? [] : chunks.filter(({ length }) => length > 0))
      expect([...chunk.subarray(0, start?.length)]).toEqual(start);
  });
});
