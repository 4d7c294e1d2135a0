import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { fixture, snrDb, tone } from "./signals.ts";

describe("decodeAudio on files that other programs made", () => {
  it.each(["16", "24", "32", "float"])("reads %s-bit WAV", async (kind) => {
    const { sampleRate, channels } = await decodeAudio(await fixture(`tone-${kind}.wav`));
    expect(sampleRate).toBe(8_000);
    expect(channels).toHaveLength(1);
    expect(channels[0]).toHaveLength(2_000);
    expect(snrDb(tone(440, 2_000, 8_000, 0.125), channels[0] as Float32Array)).toBeGreaterThan(60);
  });

  it.each([
    ["stereo.mp3", 44_100, 22_050],
    ["stereo-24.flac", 44_100, 22_050],
    ["stereo.opus", 48_000, 24_000],
  ])("reads %s with its exact length and both channels", async (name, rate, length) => {
    const { sampleRate, channels } = await decodeAudio(await fixture(name));
    expect(sampleRate).toBe(rate);
    expect(channels.map((channel) => channel.length)).toEqual([length, length]);
    expect(snrDb(tone(440, length, rate), channels[0] as Float32Array)).toBeGreaterThan(10);
    expect(snrDb(tone(660, length, rate), channels[1] as Float32Array)).toBeGreaterThan(10);
  });
});

describe("decodeAudio refuses", () => {
  it.each([
    ["nothing", async () => new Uint8Array(0)],
    ["text", async () => Buffer.from("This is not audio at all, whatever its name says.")],
    ["a codec it does not know", () => fixture("vorbis.ogg")],
    ["a WAV without samples", async () => (await fixture("tone-16.wav")).subarray(0, 44)],
    ["a bare FLAC signature", async () => Buffer.from("fLaC")],
    ["an MP3 signature before noise", async () => Buffer.alloc(4_000, "ID3\u0004")],
    ["the start of an Opus header", async () => (await fixture("stereo.opus")).subarray(0, 40)],
  ])("%s", async (_, bytes) => {
    await expect(decodeAudio(await bytes())).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
