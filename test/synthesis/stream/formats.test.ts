import { describe, expect, it } from "vitest";
import { AUDIO_FORMAT_INFO, AUDIO_FORMATS, type AudioFormat } from "../../../src/audio/format.ts";
import { overWebSocket, post } from "../../helpers/caller.ts";
import { finished } from "../../helpers/jobs.ts";
import { useTestNode } from "../../helpers/node.ts";

const TEXT = "The quick brown fox jumps over the lazy dog near the river bank today. ".repeat(12);

/** Bytes in front that only a file can know: lengths of RIFF, the Info frame of MP3. */
const HEADER_BYTES: Readonly<Record<AudioFormat, number>> = {
  wav: 44,
  mp3: 288,
  flac: 0,
  opus: 0,
  aac: 0,
  pcm: 0,
};

describe("the audio of a job that is under way", () => {
  const node = useTestNode("embedded");

  it.each(AUDIO_FORMATS)("is byte for byte what is stored, as %s", async (format) => {
    const { body } = await post(
      node.url,
      `mutation ($text: String!) { synthesize(input: { text: $text, voiceId: "af_heart", format: ${format.toUpperCase()} }) { ... on SynthesisJob { id streamUrl } } }`,
      { text: TEXT },
    );
    const { id, streamUrl } = body.data.synthesize;
    const response = await fetch(streamUrl);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(AUDIO_FORMAT_INFO[format].contentType);
    expect(response.headers.get("content-length")).toBeNull();
    expect(response.headers.get("cache-control")).toBe("no-store");
    const streamed = Buffer.from(await response.arrayBuffer());
    const { audio } = await finished(node.client, id);
    const stored = Buffer.from(await (await fetch(audio?.url ?? "")).arrayBuffer());
    const header = HEADER_BYTES[format];
    expect(streamed.length).toBe(stored.length);
    expect(streamed.subarray(header).equals(stored.subarray(header))).toBe(true);
    if (format === "wav") {
      expect([streamed.readUInt32LE(4), streamed.readUInt32LE(40)]).toEqual([0xffffffff, 0xffffffff]);
    }
  });

  const SPEAK = `mutation ($input: SynthesizeInput!) {
    synthesize(input: $input) { ... on SynthesisJob { id streamUrl } ... on Error { message } }
  }`;
  /** What a listener hears from the beginning, and what is stored in the end. */
  async function heard(input: object) {
    const { body } = await post(node.url, SPEAK, { input: { voiceId: "af_heart", ...input } });
    const { id, streamUrl } = body.data.synthesize;
    const streamed = Buffer.from(await (await fetch(streamUrl)).arrayBuffer());
    const { audio } = await finished(node.client, id);
    const stored = Buffer.from(await (await fetch(audio?.url ?? "")).arrayBuffer());
    return { id: id as string, audio, streamed, stored };
  }

  it.each([
    ["pcm", 8_000],
    ["mp3", 16_000],
    ["opus", 48_000],
    ["aac", 44_100],
  ] as const)("is that of the file, and so are its chunks, as %s at %i Hz", async (format, sampleRate) => {
    const input = { text: TEXT, format: format.toUpperCase(), sampleRate };
    const { id, audio, streamed, stored } = await heard(input);
    expect(audio?.sampleRate).toBe(sampleRate);
    const header = HEADER_BYTES[format];
    expect(streamed.subarray(header).equals(stored.subarray(header))).toBe(true);
    const chunks: Buffer[] = [];
    const query = `subscription { audioChunks(jobId: "${id}") { audio sampleRate } }`;
    for await (const { data } of overWebSocket(node.url, query)) {
      expect(data.audioChunks.sampleRate).toBe(sampleRate);
      chunks.push(Buffer.from(data.audioChunks.audio, "base64"));
    }
    expect(chunks.length).toBeGreaterThan(3);
    expect(Buffer.concat(chunks).equals(stored)).toBe(true);
  });

  it("has the pauses that the text asks for before its first word and behind its last", async () => {
    const pauses = '<speak><break time="700ms"/>Hello there.<break time="1500ms"/></speak>';
    const timed = await heard({ text: pauses, format: "PCM", speed: 2 });
    const plain = await heard({ text: "Hello there.", format: "PCM", speed: 2 });
    expect(timed.streamed.equals(timed.stored)).toBe(true);
    const longer = (timed.audio?.durationSeconds ?? 0) - (plain.audio?.durationSeconds ?? 0);
    // In place of the silence that is at both ends of every recording.
    expect(longer).toBeCloseTo(0.7 + 1.5 - 2 * 0.15, 2);
  });

  it("is the stored file where a loudness was asked for", async () => {
    const { audio, streamed, stored } = await heard({ text: TEXT, format: "WAV", loudnessLufs: -20 });
    expect(streamed.equals(stored)).toBe(true);
    expect(audio?.durationSeconds).toBeGreaterThan(1);
  });
});
