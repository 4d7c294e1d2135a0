import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isObjectType } from "graphql";
import { beforeAll, expect, it } from "vitest";
import { SpeakerClient } from "../../src/client/client.ts";
import { schema } from "../../src/graphql/schema.ts";
import { type Body, bearer, overEvents, overWebSocket, post } from "../helpers/caller.ts";
import { describeDatabases } from "../helpers/database.ts";
import { finished } from "../helpers/jobs.ts";
import { useTestNode } from "../helpers/node.ts";
import { multipart, sendBody } from "../helpers/upload.ts";

const ALICE = "alice-secret-0123456789";
const BOB = "bob-secret-0123456789";
const SCOPES = "voices:read,voices:write,synthesize,audit:read";
const env = { API_KEYS: `alice:${ALICE}:${SCOPES};bob:${BOB}:${SCOPES}`, RATE_LIMIT_PER_MINUTE: "0" };

/** What of Alice's Bob has got hold of. */
interface Ids {
  readonly job: string;
  readonly voice: string;
  readonly dictionary: string;
}

const MEMBER = "__typename ... on Error { code message }";
const member = (field: string) => `mutation { ${field} { ${MEMBER} } }`;

/** What Bob can try with an id, for each field that takes one; the same field is tried with an id of nothing. */
const BY_ID: Record<string, (ids: Ids) => string> = {
  "Query.job": ({ job }) => `{ job(id: "${job}") { id } }`,
  "Query.jobs": ({ voice }) =>
    `{ jobs(filter: { voiceId: "${voice}" }) { totalCount edges { node { id } } } }`,
  "Query.voice": ({ voice }) => `{ voice(id: "${voice}") { id } }`,
  "Query.auditLog": ({ job, voice }) =>
    `{ job: auditLog(filter: { targetId: "${job}" }) { totalCount edges { node { id } } }
       voice: auditLog(filter: { targetId: "${voice}" }) { totalCount edges { node { id } } } }`,
  "Query.dictionary": ({ dictionary }) => `{ dictionary(id: "${dictionary}") { id name } }`,
  "Query.dictionaryEntries": ({ dictionary }) =>
    `{ dictionaryEntries(dictionaryId: "${dictionary}") { totalCount edges { node { grapheme alias } } } }`,
  "Query.phonemize": ({ voice, dictionary }) =>
    `{ voice: phonemize(text: "Hi.", voiceId: "${voice}") { ${MEMBER} }
       words: phonemize(text: "Hi.", voiceId: "af_sky", dictionaryIds: ["${dictionary}"]) { ${MEMBER} } }`,
  "Mutation.updateDictionary": ({ dictionary }) =>
    member(`updateDictionary(input: { id: "${dictionary}", name: "Mine" })`),
  "Mutation.deleteDictionary": ({ dictionary }) => member(`deleteDictionary(id: "${dictionary}")`),
  "Mutation.cancelJob": ({ job }) => member(`cancelJob(id: "${job}")`),
  "Mutation.retryJob": ({ job }) => member(`retryJob(id: "${job}")`),
  "Mutation.deleteVoice": ({ voice }) => member(`deleteVoice(id: "${voice}")`),
  "Mutation.updateVoice": ({ voice }) => member(`updateVoice(input: { id: "${voice}", name: "Mine" })`),
  "Mutation.exportVoice": ({ voice }) => member(`exportVoice(id: "${voice}")`),
  "Mutation.createVoicePreview": ({ voice }) => member(`createVoicePreview(voiceId: "${voice}")`),
  "Mutation.createVoiceMix": ({ voice }) =>
    member(
      `createVoiceMix(input: { name: "M", language: "en-US", parts: [{ voiceId: "${voice}", weight: 1 }, { voiceId: "af_sky", weight: 1 }] })`,
    ),
  "Mutation.synthesize": ({ voice, dictionary }) =>
    `mutation { words: synthesize(input: { text: "Hi.", voiceId: "af_sky", dictionaryIds: ["${dictionary}"] }) { ${MEMBER} }
       own: synthesize(input: { text: "Hi.", voiceId: "${voice}" }) { ${MEMBER} }
       mix: synthesize(input: { text: "Hi.", voiceId: "${voice}(1)+af_sky(1)" }) { ${MEMBER} } }`,
  "Mutation.revokeApiKey": ({ job }) => member(`revokeApiKey(id: "${job}")`),
  "Mutation.rotateApiKey": ({ job }) => member(`rotateApiKey(id: "${job}")`),
  "Subscription.jobProgress": ({ job }) => `subscription { jobProgress(id: "${job}") { id } }`,
  "Subscription.audioChunks": ({ job }) => `subscription { audioChunks(jobId: "${job}") { audio } }`,
  "Subscription.voiceChanged": ({ voice }) => `subscription { voiceChanged(id: "${voice}") { id } }`,
};

/** Fields that take no id of a tenant's: tested below by what they list, or about nobody. */
const WITHOUT_ID = [
  ...[
    "apiKeys",
    "dictionaries",
    "health",
    "language",
    "languages",
    "latency",
    "metrics",
    "serverInfo",
    "usage",
    "viewer",
    "voices",
  ].map((name) => `Query.${name}`),
  ...[
    "createApiKey",
    "createDictionary",
    "importDictionary",
    "importVoice",
    "replaceVoiceSample",
    "uploadVoice",
  ].map((name) => `Mutation.${name}`),
  "Subscription.metrics",
];

/** What differs between any two answers, taken out. */
function comparable(body: Body, { job, voice, dictionary }: Ids): string {
  return JSON.stringify(body, (key, value) => (key === "requestId" || key === "timestamp" ? "" : value))
    .replaceAll(job, "JOB")
    .replaceAll(voice, "VOICE")
    .replaceAll(dictionary, "DICTIONARY");
}

async function collect(stream: AsyncGenerator<Body>): Promise<Body[]> {
  const results = [];
  for await (const result of stream) results.push(result);
  return results;
}

describeDatabases("another tenant", (kind) => {
  const node = useTestNode(kind, env);
  let ids: Ids;
  const nothing: Ids = { job: randomUUID(), voice: randomUUID(), dictionary: randomUUID() };

  beforeAll(async () => {
    const mix = `mutation { createVoiceMix(input: { name: "Alice's", language: "en-US",
      parts: [{ voiceId: "af_heart", weight: 1 }, { voiceId: "af_sky", weight: 1 }] }) { ... on Voice { id } ${MEMBER} } }`;
    const mixed = (await post(node.url, mix, {}, bearer(ALICE))).body;
    if (mixed.data == null) throw new Error(JSON.stringify(mixed));
    const { id: voice } = mixed.data.createVoiceMix;
    const speak = `mutation { synthesize(input: { text: "Mine alone.", voiceId: "${voice}", idempotencyKey: "k" }) { ... on SynthesisJob { id } ${MEMBER} } }`;
    const { id: job } = (await post(node.url, speak, {}, bearer(ALICE))).body.data.synthesize;
    await finished(new SpeakerClient(node.url, { apiKey: ALICE }), job);
    const words = `mutation { createDictionary(input: { name: "Hers", entries: [{ grapheme: "Alice", alias: "Her Majesty" }] }) { ... on Dictionary { id } ${MEMBER} } }`;
    const { id: dictionary } = (await post(node.url, words, {}, bearer(ALICE))).body.data.createDictionary;
    ids = { job, voice, dictionary };
  });

  it("is tried with every field of the schema", () => {
    const fields = ["Query", "Mutation", "Subscription"].flatMap((root) => {
      const type = schema.getType(root);
      return isObjectType(type) ? Object.keys(type.getFields()).map((name) => `${root}.${name}`) : [];
    });
    expect([...Object.keys(BY_ID), ...WITHOUT_ID].toSorted()).toEqual(fields.toSorted());
  });

  it.each(Object.keys(BY_ID))("finds nothing by %s, in the words of what does not exist", async (field) => {
    const document = BY_ID[field] ?? (() => "");
    const tries = field.startsWith("Subscription")
      ? [
          (query: string) => collect(overWebSocket(node.url, query, { apiKey: BOB })),
          (query: string) => collect(overEvents(node.url, query, bearer(BOB))),
        ]
      : [async (query: string) => (await post(node.url, query, {}, bearer(BOB))).body];
    for (const attempt of tries) {
      const [found, missing] = [await attempt(document(ids)), await attempt(document(nothing))];
      expect(comparable(found, ids)).toBe(comparable(missing, nothing));
      expect(comparable(found, ids)).not.toMatch(/"code":"INTERNAL"|SynthesisJob"|"Voice"|"id":/);
    }
  });

  async function upload(query: string, input: object, content: Uint8Array): Promise<Body> {
    const parts = [
      { name: "operations", content: JSON.stringify({ query, variables: { input } }) },
      { name: "map", content: JSON.stringify({ 0: ["variables.input.file"] }) },
      { name: "0", content, fileName: "file", type: "application/octet-stream" },
    ];
    return (await sendBody(node.url, multipart(parts), bearer(BOB))).body;
  }

  it("cannot replace a sample", async () => {
    const content = await readFile(new URL("../audio/fixtures/tone-16.wav", import.meta.url));
    const query = `mutation ($input: ReplaceVoiceSampleInput!) { replaceVoiceSample(input: $input) { ${MEMBER} } }`;
    const replace = (id: string) =>
      upload(query, { id, file: null, consent: { kind: "OWN_VOICE" } }, content);
    const [found, missing] = [await replace(ids.voice), await replace(nothing.voice)];
    expect(comparable(found, ids)).toBe(comparable(missing, nothing));
    expect(found.data.replaceVoiceSample.code).toBe("NOT_FOUND");
  });

  it("cannot import words", async () => {
    const query = `mutation ($input: ImportDictionaryInput!) { importDictionary(input: $input) { ${MEMBER} } }`;
    const content = Buffer.from("grapheme,alias\nBob,Sir\n");
    const bring = (id: string) => upload(query, { id, file: null }, content);
    const [found, missing] = [await bring(ids.dictionary), await bring(nothing.dictionary)];
    expect(comparable(found, ids)).toBe(comparable(missing, nothing));
    expect(found.data.importDictionary.code).toBe("NOT_FOUND");
  });

  it.each([
    ["audio", ({ job }: Ids) => `/audio/${job}`],
    ["an export", ({ voice }: Ids) => `/voices/${voice}/export`],
    ["an export without the sample", ({ voice }: Ids) => `/voices/${voice}/export/without-sample`],
    ["a dictionary", ({ dictionary }: Ids) => `/dictionaries/${dictionary}.pls`],
    ["a preview", ({ voice }: Ids) => `/voices/${voice}/preview/en-US`],
  ])("finds no route to %s", async (_name, path) => {
    for (const headers of [bearer(BOB), {}]) {
      const [found, missing] = await Promise.all(
        [ids, nothing].map(async (each) => {
          const response = await fetch(node.url + path(each), { headers });
          return [response.status, comparable(await response.json(), each)];
        }),
      );
      expect(found).toEqual(missing);
      expect(found?.[0]).toBe("Authorization" in headers ? 404 : 401);
    }
  });

  it("lists nothing of it", async () => {
    const query = `{ dictionaries { totalCount edges { node { id } } } jobs { totalCount edges { node { id } } } voices(filter: { kind: MIXED }) { totalCount edges { node { id } } }
      auditLog { edges { node { tenant targetId actor } } } usage { key jobs } latency { __typename }
      other: usage(tenant: "alice", groupBy: VOICE) { key jobs } }`;
    const { data } = (await post(node.url, query, {}, bearer(BOB))).body;
    expect(data.jobs).toEqual({ totalCount: 0, edges: [] });
    expect(data.dictionaries).toEqual({ totalCount: 0, edges: [] });
    expect(data.voices).toEqual({ totalCount: 0, edges: [] });
    // What Bob tried is in his own part of the log, with the ids that he sent, and nothing else.
    const { auditLog, ...rest } = data;
    for (const { node: entry } of auditLog.edges)
      expect(entry).toMatchObject({ tenant: "bob", actor: "bob" });
    expect(JSON.stringify(rest)).not.toContain(ids.voice);
    expect([data.usage, data.other]).toEqual([[], []]);
    const lines = await (await fetch(`${node.url}/audit.jsonl`, { headers: bearer(BOB) })).text();
    for (const line of lines.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ tenant: "bob" });
    const own = (await post(node.url, query, {}, bearer(ALICE))).body.data;
    expect([own.jobs.totalCount, own.voices.totalCount, own.dictionaries.totalCount]).toEqual([1, 1, 1]);
    expect(JSON.stringify(own.auditLog)).toContain(ids.job);
  });

  it("gets a job of its own for the same idempotency key", async () => {
    const speak = `mutation { synthesize(input: { text: "Other.", voiceId: "af_sky", idempotencyKey: "k" }) { ... on SynthesisJob { id } ${MEMBER} } }`;
    const { id } = (await post(node.url, speak, {}, bearer(BOB))).body.data.synthesize;
    expect(id).not.toBe(ids.job);
    await finished(new SpeakerClient(node.url, { apiKey: BOB }), id);
  });

  it("hears nothing of it in a subscription to everything", async () => {
    const heard: Body[] = [];
    const rename = (key: string, id: string) =>
      post(
        node.url,
        `mutation { updateVoice(input: { id: "${id}", name: "Changed" }) { __typename } }`,
        {},
        bearer(key),
      );
    const mix = `mutation { createVoiceMix(input: { name: "Bob's", language: "en-US",
      parts: [{ voiceId: "af_heart", weight: 1 }, { voiceId: "af_bella", weight: 1 }] }) { ... on Voice { id } } }`;
    const stream = overEvents(node.url, "subscription { voiceChanged { id name } }", bearer(BOB));
    // The stream is open once its headers are there; the first change that Bob hears must be his own.
    const first = stream.next();
    await rename(ALICE, ids.voice);
    let own = "";
    const renames: Promise<unknown>[] = [];
    const renaming = setInterval(() => {
      if (own !== "") renames.push(rename(BOB, own));
    }, 100);
    own = (await post(node.url, mix, {}, bearer(BOB))).body.data.createVoiceMix.id;
    heard.push((await first).value);
    clearInterval(renaming);
    // The node ends with the test: nothing may be on its way to it then.
    await Promise.all(renames);
    await stream.return(undefined);
    expect(heard[0].data.voiceChanged.id).toBe(own);
  });
});
