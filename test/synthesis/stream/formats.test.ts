import { describe, expect, it } from "vitest";
import { AUDIO_FORMAT_INFO, AUDIO_FORMATS, type AudioFormat } from "../../../src/audio/format.ts";
import { post } from "../../helpers/caller.ts";
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
});
