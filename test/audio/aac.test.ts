import { describe, expect, it } from "vitest";
import { createEncoder } from "../../src/audio/encoder.ts";
import { AAC_FRAME_SAMPLES, adtsFrames, decodeAdts } from "./adts.ts";
import { chunked, modelUtterance, RATE, snrDb, tone } from "./signals.ts";

async function encode(samples: Float32Array, { sampleRate = RATE, chunk = 5_000 } = {}) {
  const encoder = await createEncoder("aac", { sampleRate });
  const parts: Uint8Array[] = [];
  for (const piece of chunked(samples, chunk)) parts.push(Uint8Array.from(encoder.push(piece)));
  const end = encoder.finish();
  expect(end.patches).toEqual([]);
  const file = Buffer.concat([...parts, end.bytes]);
  return { file, parts, sampleRate: encoder.sampleRate, sampleCount: encoder.sampleCount };
}

/** What is decoded, as long as what went in. */
async function decoded(file: Uint8Array, length: number): Promise<Float32Array> {
  return (await decodeAdts(file)).samples.subarray(0, length);
}

describe("aac", () => {
  it.each([1, 1_023, 1_024, 1_025, 24_000, 72_123])(
    "decodes to the %i samples that went in and a last frame's silence",
    async (length) => {
      const { file, sampleCount } = await encode(tone(440, length));
      const { samples, sampleRate } = await decodeAdts(file);
      expect(sampleCount).toBe(length);
      expect(sampleRate).toBe(RATE);
      const frames = Math.ceil(length / AAC_FRAME_SAMPLES);
      expect(adtsFrames(file)).toHaveLength(frames + 1);
      expect(samples).toHaveLength(frames * AAC_FRAME_SAMPLES);
    },
  );

  it.each(["house", "fish", "up"] as const)("keeps speech in its place: %s", async (name) => {
    const speech = await modelUtterance(name);
    const { file } = await encode(speech);
    expect(snrDb(speech, await decoded(file, speech.length))).toBeGreaterThan(20);
    expect((file.length * 8) / (speech.length / RATE)).toBeLessThan(80_000);
  });

  it("writes the same bytes however the input is cut, and writes them as it goes", async () => {
    const speech = await modelUtterance("fish");
    const whole = await encode(speech, { chunk: speech.length });
    const pieces = await encode(speech, { chunk: 777 });
    expect(pieces.file.equals(whole.file)).toBe(true);
    expect(pieces.parts.slice(0, 4).some((part) => part.length > 0)).toBe(true);
  });

  it("says in every frame what it is, so that a listener may come in anywhere", async () => {
    const frames = adtsFrames((await encode(tone(440, 24_000))).file);
    for (const { profile, rateNumber, channels } of frames) {
      expect([profile, rateNumber, channels]).toEqual([2, 6, 1]);
    }
  });

  it.each([16_000, 22_050, 44_100, 48_000, 11_025])("takes audio at %i Hz", async (sampleRate) => {
    const length = Math.round(sampleRate / 2);
    const encoded = await encode(tone(440, length, sampleRate), { sampleRate });
    expect(encoded.sampleRate).toBe(sampleRate);
    const { samples, sampleRate: heard } = await decodeAdts(encoded.file);
    expect(heard).toBe(encoded.sampleRate);
    const expected = tone(440, encoded.sampleCount, encoded.sampleRate);
    const inner = samples.subarray(2_000, encoded.sampleCount - 2_000);
    expect(snrDb(expected.subarray(2_000, encoded.sampleCount - 2_000), inner)).toBeGreaterThan(18);
  });

  it("clamps what is too loud and silences what is no number", async () => {
    const wild = tone(200, 9_600).map((sample) => sample * 20);
    wild.fill(Number.NaN, 4_000, 4_100);
    const samples = await decoded((await encode(wild)).file, wild.length);
    expect(samples.every((sample) => Math.abs(sample) < 2.5)).toBe(true);
    expect(samples.subarray(-2_000).some((sample) => Math.abs(sample) > 0.5)).toBe(true);
  });

  it("makes a file of an empty stream", async () => {
    const { file, sampleCount } = await encode(new Float32Array(0));
    expect(sampleCount).toBe(0);
    expect(adtsFrames(file).length).toBeGreaterThan(0);
  });

  it("keeps encoders apart that run at once", async () => {
    const [one, two] = await Promise.all([modelUtterance("house"), modelUtterance("up")]);
    const alone = await encode(one);
    const encoders = [
      await createEncoder("aac", { sampleRate: RATE }),
      await createEncoder("aac", { sampleRate: RATE }),
    ];
    const parts: Uint8Array[] = [];
    for (let at = 0; at < Math.max(one.length, two.length); at += 3_000) {
      parts.push(encoders[0]?.push(one.subarray(at, at + 3_000)) ?? new Uint8Array(0));
      encoders[1]?.push(two.subarray(at, at + 3_000));
    }
    parts.push(encoders[0]?.finish().bytes ?? new Uint8Array(0));
    expect(Buffer.concat(parts).equals(alone.file)).toBe(true);
  });
});
