import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Body, post } from "../helpers/caller.ts";
import { createTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { startTestNode, type TestNode } from "../helpers/node.ts";

const DETAILS = `query ($id: ID!) { job(id: $id) { ... on SynthesisJob {
  status normalizedText dictionaries { id version } audio { url durationSeconds } words { text start end } phonemes { symbol } } } }`;

// The real voices: what a dictionary says is heard.
describe("speech with dictionaries", () => {
  let database: TestDatabase;
  let node: TestNode;
  beforeAll(async () => {
    database = await createTestDatabase("embedded");
    node = await startTestNode(database, { INFERENCE_ENGINE: "kokoro", CACHE_MAX_BYTES: "100000000" });
  });
  afterAll(async () => {
    await node?.stop();
    await database.drop();
  });

  const ask = async (query: string, variables: object = {}): Promise<Body> => {
    const { body } = await post(node.url, query, variables);
    if (body.data == null) throw new Error(JSON.stringify(body.errors));
    return body.data;
  };
  const speak = async (dictionaryIds: string[], meanwhile: () => Promise<unknown> = async () => {}) => {
    const { synthesize } = await ask(
      `mutation ($input: SynthesizeInput!) { synthesize(input: $input) { ... on SynthesisJob { id } ... on Error { message } } }`,
      { input: { text: "WHO.", voiceId: "af_heart", language: "en-US", format: "WAV", dictionaryIds } },
    );
    await meanwhile();
    expect((await finished(node.client, synthesize.id)).status).toBe("SUCCEEDED");
    return (await ask(DETAILS, { id: synthesize.id })).job;
  };

  it("says what the job was accepted with, though the dictionary is deleted before it runs", async () => {
    const { createDictionary } = await ask(`mutation { createDictionary(input: { name: "WHO", entries: [
      { grapheme: "WHO", alias: "World Health Organization" }] }) { ... on Dictionary { id } } }`);
    const plain = await speak([]);
    const long = await speak([createDictionary.id], () =>
      ask(`mutation { deleteDictionary(id: "${createDictionary.id}") { __typename } }`),
    );
    expect(long.normalizedText).toContain("World Health Organization");
    expect(long.audio.durationSeconds).toBeGreaterThan(plain.audio.durationSeconds * 1.3);
    expect(plain.normalizedText).not.toContain("Health");
    expect([plain.dictionaries, long.dictionaries]).toEqual([[], [{ id: createDictionary.id, version: 1 }]]);
    expect(long.words).toEqual([{ text: "WHO", start: 0, end: 3 }]);
    const refused = await ask(
      `mutation { synthesize(input: { text: "WHO.", dictionaryIds: ["${createDictionary.id}"] }) { ... on InvalidInputError { issues { path } } } }`,
    );
    expect(refused.synthesize.issues).toEqual([{ path: ["input", "dictionaryIds", "0"] }]);
  });

  it("says the sounds that a dictionary gives", async () => {
    const { createDictionary } = await ask(`mutation { createDictionary(input: { name: "WHO", entries: [
      { grapheme: "WHO", ipa: "/ˈwoʊ/" }] }) { ... on Dictionary { id } } }`);
    const job = await speak([createDictionary.id]);
    expect(job.phonemes.map(({ symbol }: Body) => symbol).join("")).toBe("ˈwO");
    expect(job.words).toEqual([{ text: "WHO", start: 0, end: 3 }]);
    expect(job.audio.durationSeconds).toBeGreaterThan(0.2);
  });
});
