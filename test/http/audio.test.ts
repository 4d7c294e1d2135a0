import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { AUDIO_FORMAT_INFO, AUDIO_FORMATS, type AudioFormat } from "../../src/audio/format.ts";
import { CancelJob, Synthesize } from "../../src/client/operations.ts";
import { openMigratedDatabase } from "../../src/resources.ts";
import { openFolderStorage } from "../../src/storage/fs.ts";
import { sweepAudio } from "../../src/synthesis/retention.ts";
import { audioAssets } from "../../src/synthesis/table.ts";
import { AAC_FRAME_SAMPLES, adtsFrames } from "../audio/adts.ts";
import { createTestDatabase, testConfig } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, useTestNode } from "../helpers/node.ts";
import { silent } from "../helpers/queue.ts";

describe("audio over HTTP", () => {
  const node = useTestNode("embedded");

  async function speak(format: AudioFormat, text = "One sentence here. And another one there.") {
    const input = { text, voiceId: "af_heart", format: format.toUpperCase() as Uppercase<AudioFormat> };
    const { synthesize } = await node.client.request(Synthesize, { input });
    if (synthesize.__typename !== "SynthesisJob") throw new Error(synthesize.message);
    const { audio, id } = await finished(node.client, synthesize.id);
    if (audio == null) throw new Error("no audio");
    return { id, audio };
  }

  it.each(AUDIO_FORMATS)("states the exact length, digest and duration of %s", async (format) => {
    const { audio } = await speak(format);
    const response = await fetch(audio.url);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(AUDIO_FORMAT_INFO[format].contentType);
    expect(response.headers.get("content-length")).toBe(String(audio.bytes));
    expect(bytes.length).toBe(audio.bytes);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(audio.sha256);
    if (format === "pcm") expect(bytes.length / 2 / 24_000).toBeCloseTo(audio.durationSeconds, 6);
    else if (format === "aac") {
      const frames = Math.ceil(audio.durationSeconds * (24_000 / AAC_FRAME_SAMPLES)) + 1;
      expect(adtsFrames(bytes)).toHaveLength(frames);
    } else {
      const { channels, sampleRate } = await decodeAudio(bytes);
      expect((channels[0]?.length ?? 0) / sampleRate).toBeCloseTo(audio.durationSeconds, 4);
    }
  });

  it("serves ranges, revalidates, and names the file for a download", async () => {
    const { id, audio } = await speak("wav");
    const whole = Buffer.from(await (await fetch(audio.url)).arrayBuffer());
    const part = await fetch(audio.url, { headers: { Range: "bytes=100-199" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 100-199/${audio.bytes}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(100, 200));
    const tail = await fetch(audio.url, { headers: { Range: "bytes=-50" } });
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(whole.subarray(-50));
    const beyond = await fetch(audio.url, { headers: { Range: `bytes=${audio.bytes}-` } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${audio.bytes}`]);
    const etag = `"${audio.sha256}"`;
    expect((await fetch(audio.url, { headers: { "If-None-Match": `"x", W/${etag}` } })).status).toBe(304);
    const stale = await fetch(audio.url, { headers: { Range: "bytes=0-9", "If-Range": '"old"' } });
    expect(stale.status).toBe(200);
    const head = await fetch(audio.url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(audio.bytes)]);
    expect(part.headers.get("content-disposition")).toBe(`inline; filename="speaker-${id}.wav"`);
    const download = await fetch(`${audio.url}?download=1`);
    expect(download.headers.get("content-disposition")).toBe(`attachment; filename="speaker-${id}.wav"`);
    await download.body?.cancel();
  });

  it("says why there is nothing: unknown, cancelled, not done", async () => {
    for (const unknown of ["0190a000-0000-7000-8000-00000000dead", "..%2f..%2fetc%2fpasswd", "x"]) {
      const response = await fetch(`${node.url}/audio/${unknown}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        error: { code: "NOT_FOUND", requestId: expect.any(String) },
      });
    }
    const input = { text: "Never heard. ".repeat(2000), voiceId: "af_heart" };
    const { synthesize } = await node.client.request(Synthesize, { input });
    const { id } = synthesize as { id: string };
    const early = await fetch(`${node.url}/audio/${id}`);
    expect(early.status).toBe(409);
    expect(await early.json()).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringMatching(/QUEUED|RUNNING/) },
    });
    await node.client.request(CancelJob, { id });
    expect(await (await fetch(`${node.url}/audio/${id}`)).json()).toMatchObject({
      error: { message: expect.stringContaining("CANCELLED") },
    });
  });
});

describe("audio that expires", () => {
  it("answers 410 from that moment, and its bytes are removed", async () => {
    const test = await createTestDatabase("embedded");
    const node = await startTestNode(test);
    const { synthesize } = await node.client.request(Synthesize, {
      input: { text: "Soon gone.", voiceId: "af_heart" },
    });
    const { audio, id } = await finished(node.client, (synthesize as { id: string }).id);
    expect((await fetch(audio?.url ?? "")).status).toBe(200);
    await node.stop();

    const database = await openMigratedDatabase(testConfig(test));
    await database.db.update(audioAssets).set({ expiresAt: sql`now() - interval '1 second'` });
    const storage = await openFolderStorage(join(test.env.DATA_DIR, "storage"));
    expect(await storage.list(`audio/${id}/`)).toHaveLength(1);
    await sweepAudio(database.db, storage, silent);
    expect(await storage.list(`audio/${id}/`)).toEqual([]);
    await database.close();

    const again = await startTestNode(test);
    const gone = await fetch(`${again.url}/audio/${id}`);
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({
      error: { code: "GONE", message: expect.stringContaining("expired") },
    });
    await again.stop();
    expect(await readdir(join(test.env.DATA_DIR, "storage", "tmp"))).toEqual([]);
    await test.drop();
  });
});
