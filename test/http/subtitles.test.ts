import { expect, it } from "vitest";
import { Synthesize } from "../../src/client/operations.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";

const TEXT = "In 1999, Dr. Smith paid $5.50 for tea.\n\nThen he left; nobody knew <b>why</b> & where.";

const node = useTestNode("embedded");

async function ask(query: string, variables: object): Promise<Record<string, never>> {
  const response = await fetch(`${node.url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Record<string, never>; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

it("tells when each word is heard, as it was written, and serves subtitles of the same times", async () => {
  const input = { text: TEXT, voiceId: "af_heart", format: "WAV" as const };
  const { synthesize } = await node.client.request(Synthesize, { input });
  const { id } = synthesize as { id: string };
  const { audio } = await finished(node.client, id);
  const { job } = (await ask(
    `query ($id: ID!) { job(id: $id) { ... on SynthesisJob {
      words { text start end startSeconds endSeconds } sentences { text startSeconds endSeconds }
      phonemes { symbol startSeconds endSeconds } audio { subtitles { srt vtt } } } } }`,
    { id },
  )) as unknown as {
    job: {
      words: { text: string; start: number; end: number; startSeconds: number; endSeconds: number }[];
      sentences: { text: string; startSeconds: number; endSeconds: number }[];
      phonemes: { symbol: string; startSeconds: number; endSeconds: number }[];
      audio: { subtitles: { srt: string; vtt: string } };
    };
  };

  expect(job.words.map(({ text }) => text)).toEqual(
    "In 1999 Dr. Smith paid $5.50 for tea Then he left nobody knew why & where".split(" "),
  );
  for (const list of [job.words, job.sentences, job.phonemes]) {
    let last = 0;
    for (const { startSeconds, endSeconds } of list) {
      expect(startSeconds).toBeGreaterThanOrEqual(last - 1e-6);
      expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
      last = endSeconds;
    }
    expect(last).toBeLessThanOrEqual(audio?.durationSeconds ?? 0);
    expect(last).toBeGreaterThan((audio?.durationSeconds ?? 0) - 0.3);
  }
  for (const { text, start, end } of job.words) expect(TEXT.slice(start, end)).toBe(text);
  expect(job.sentences.map(({ text }) => text)).toEqual(TEXT.split("\n\n"));
  expect(job.sentences[1]?.startSeconds).toBe(job.words[8]?.startSeconds);

  const { srt, vtt } = job.audio.subtitles;
  const served = await fetch(srt);
  expect([served.status, served.headers.get("content-type")]).toEqual([
    200,
    "application/x-subrip; charset=utf-8",
  ]);
  expect(served.headers.get("content-disposition")).toBe(`inline; filename="speaker-${id}.srt"`);
  expect(await served.text()).toMatch(
    /^1\n00:00:00,1\d\d --> [\d:,]+\nIn 1999, Dr\. Smith paid \$5\.50 for tea\.\n\n2\n[\d:, >-]+\nThen he left; nobody knew why & where\.\n\n$/,
  );
  const cached = await fetch(srt, { headers: { "If-None-Match": served.headers.get("etag") ?? "" } });
  expect(cached.status).toBe(304);
  const marked = await (await fetch(`${vtt}${vtt.includes("?") ? "&" : "?"}words=1`)).text();
  expect(marked).toMatch(/^WEBVTT\n\n00:00:00\.1\d\d --> [\d:.]+\nIn <00:00:[\d.]+>1999, <00:/);
  expect(marked).toContain("&amp;");
});

it("has no subtitles of what is not there or not done", async () => {
  expect((await fetch(`${node.url}/audio/0190a000-0000-7000-8000-00000000dead.srt`)).status).toBe(404);
  const input = { text: "Never heard. ".repeat(2000), voiceId: "af_heart" };
  const { synthesize } = await node.client.request(Synthesize, { input });
  const early = await fetch(`${node.url}/audio/${(synthesize as { id: string }).id}.vtt`);
  expect(early.status).toBe(409);
  expect(await early.json()).toMatchObject({ error: { code: "CONFLICT" } });
});
