import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFolderStorage } from "../../../src/storage/fs.ts";
import { type Body, bearer, overEvents } from "../../helpers/caller.ts";
import { useTestNode } from "../../helpers/node.ts";
import { API_KEYS, ask, mix, TENANT_KEYS, type Tenant } from "../../helpers/voices.ts";

const JOB = `id status cached utterancesTotal
  audio { url sha256 bytes durationSeconds }`;
const SPEAK = `mutation ($input: SynthesizeInput!) {
  synthesize(input: $input) { __typename ... on SynthesisJob { ${JOB} } ... on Error { message } }
}`;
const SHARED = "This sentence is the same in both texts, and it is long enough to stand alone.";

describe("a node with its caches", () => {
  const node = useTestNode("embedded", { CACHE_MAX_BYTES: "100000000", API_KEYS });

  const request = async (input: object, tenant: Tenant = "red"): Promise<Body> =>
    (await ask(node.url, tenant, SPEAK, { input: { voiceId: "af_heart", format: "WAV", ...input } }))
      .synthesize;
  async function states(id: string, tenant: Tenant): Promise<Body[]> {
    const query = `subscription { jobProgress(id: "${id}") { ... on SynthesisJob { ${JOB} } } }`;
    const seen: Body[] = [];
    for await (const { data } of overEvents(node.url, query, bearer(TENANT_KEYS[tenant]))) {
      seen.push(data.jobProgress);
    }
    return seen;
  }
  async function speak(input: object, tenant: Tenant = "red"): Promise<Body> {
    const { id } = await request(input, tenant);
    return (await states(id, tenant)).at(-1);
  }
  const bytesOf = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
  async function lookups(cache: string, outcome: string): Promise<number> {
    const text = await (await fetch(`${node.url}/metrics`)).text();
    const line = text
      .split("\n")
      .find((each) => each.startsWith(`speaker_cache_lookups_total{cache="${cache}",outcome="${outcome}"`));
    return Number(line?.slice(line.lastIndexOf(" ")) ?? 0);
  }

  it("answers the same request at once, byte by byte", async () => {
    const input = { text: "Once and once more. Twice is enough.", format: "MP3", speed: 1.1 };
    const first = await speak(input);
    expect(first).toMatchObject({ status: "SUCCEEDED", cached: false });
    const again = await request(input);
    expect(again).toMatchObject({
      status: "SUCCEEDED",
      cached: true,
      utterancesTotal: first.utterancesTotal,
    });
    expect(again.id).not.toBe(first.id);
    const { url: _, ...facts } = first.audio;
    expect(again.audio).toMatchObject(facts);
    expect(await bytesOf(again.audio.url)).toEqual(await bytesOf(first.audio.url));
    expect(await states(again.id, "red")).toEqual([
      expect.objectContaining({ status: "SUCCEEDED", cached: true }),
    ]);
    expect(await lookups("request", "hit")).toBe(1);
    for (const other of [
      { format: "WAV" },
      { speed: 1 },
      { text: `${input.text} More.` },
      { voiceId: "af_sky" },
    ]) {
      expect(await speak({ ...input, ...other })).toMatchObject({ cached: false });
    }
  });

  it("shares nothing between tenants, requests or utterances", async () => {
    const text = `Red and blue. ${SHARED}`;
    const red = await speak({ text });
    const hits = await lookups("utterance", "hit");
    expect(await speak({ text }, "blue")).toMatchObject({
      cached: false,
      audio: { sha256: red.audio.sha256 },
    });
    expect(await lookups("utterance", "hit")).toBe(hits);
    expect(await request({ text }, "blue")).toMatchObject({ cached: true });
  });

  it("does not speak a sentence again that another text has", async () => {
    await speak({ text: `One beginning that is only here. ${SHARED}` });
    const hits = await lookups("utterance", "hit");
    const mixed = { text: `Quite another beginning, only here. ${SHARED}` };
    const used = await speak(mixed);
    expect(used.cached).toBe(false);
    expect(await lookups("utterance", "hit")).toBeGreaterThan(hits);
    // The same as when all of it is spoken.
    const anew = await speak({ ...mixed, cache: false });
    expect(anew).toMatchObject({ cached: false, audio: { sha256: used.audio.sha256 } });
  });

  it("neither uses nor adds anything where none is wanted", async () => {
    const text = "Spoken for this once, and for nobody else.";
    const misses = await lookups("utterance", "miss");
    await speak({ text, cache: false });
    await speak({ text, cache: false });
    expect(await lookups("utterance", "miss")).toBe(misses);
    const hits = await lookups("utterance", "hit");
    expect(await speak({ text })).toMatchObject({ cached: false });
    expect(await lookups("utterance", "hit")).toBe(hits);
    expect(await request({ text })).toMatchObject({ cached: true });
  });

  it("leaves neither audio nor utterances of a voice that is deleted", async () => {
    const storage = await openFolderStorage(join(node.database.env.DATA_DIR, "storage"));
    const everything = async () => {
      const keys: string[] = [];
      for (const prefix of ["audio/", "utterances/", "voices/"])
        for await (const { key } of storage.entries(prefix)) keys.push(key);
      return keys.sort();
    };
    const before = await everything();
    const voice = await mix(node.url, "red");
    await speak({ text: SHARED, voiceId: voice.id });
    await speak({ text: SHARED, voiceId: `${voice.id}(2)+af_sky` });
    const again = await request({ text: SHARED, voiceId: voice.id });
    expect(again.cached).toBe(true);
    // Beside another one, and nowhere the voice of the whole.
    const segments = [
      { text: "Said by another.", voiceId: "af_heart" },
      { text: "Said by this one.", voiceId: voice.id },
    ];
    const dialogue = await speak({ voiceId: undefined, segments });
    expect(await request({ voiceId: undefined, segments })).toMatchObject({ cached: true });
    const query = `{ jobs(filter: { voiceId: "${voice.id}" }) { edges { node { id } } } }`;
    const { edges } = (await ask(node.url, "red", query)).jobs;
    expect(edges.map((edge: Body) => edge.node.id)).toContain(dialogue.id);
    expect((await everything()).length).toBeGreaterThanOrEqual(before.length + 6);
    await ask(node.url, "red", `mutation { deleteVoice(id: "${voice.id}") { __typename } }`);
    expect(await everything()).toEqual(before);
    expect((await fetch(again.audio.url)).status).toBe(410);
    expect((await fetch(dialogue.audio.url)).status).toBe(410);
  });

  it("answers calls of the hosted API's kind, unless they say no-cache", async () => {
    const call = async (headers = {}): Promise<boolean> => {
      const response = await fetch(`${node.url}/v1/audio/speech`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...bearer(TENANT_KEYS.red), ...headers },
        body: JSON.stringify({ model: "tts-1", voice: "af_heart", input: "By the other door." }),
      });
      await response.arrayBuffer();
      const id = response.headers.get("x-speaker-job") ?? "";
      return (await states(id, "red")).at(-1)?.cached;
    };
    const anew = { "Cache-Control": "no-cache" };
    expect([await call(), await call(), await call(anew)]).toEqual([false, true, false]);
  });
});
