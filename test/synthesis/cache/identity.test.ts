import { describe, expect, it } from "vitest";
import type { KokoroUtterance, UtteranceRequest } from "../../../src/inference/engine.ts";
import { readManifest } from "../../../src/models/manifest.ts";
import {
  engineIdentity,
  type KeyedRequest,
  type KeyedVoice,
  requestKey,
  type UtteranceScope,
  utteranceKey,
} from "../../../src/synthesis/cache/identity.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

const REQUEST: KeyedRequest = {
  tenant: "red",
  engine: A,
  voices: [
    [
      { voiceId: "af_heart", weight: 2, packSha256: A },
      { voiceId: "af_sky", weight: 1, packSha256: B },
    ],
  ],
  input: { text: "Hello.", language: "en-US", format: "mp3", speed: 1 },
  priority: "INTERACTIVE",
};
const [HEART, SKY] = REQUEST.voices[0] as [KeyedVoice, KeyedVoice];
const withInput = (input: Partial<KeyedRequest["input"]>) => ({
  ...REQUEST,
  input: { ...REQUEST.input, ...input },
});
const withHeart = (heart: Partial<KeyedVoice>) => ({ ...REQUEST, voices: [[{ ...HEART, ...heart }, SKY]] });

describe("the key of a request", () => {
  const OTHERS: Readonly<Record<string, KeyedRequest>> = {
    tenant: { ...REQUEST, tenant: "blue" },
    engine: { ...REQUEST, engine: B },
    priority: { ...REQUEST, priority: "BATCH" },
    text: withInput({ text: "Hello!" }),
    "white space": withInput({ text: "Hello. " }),
    language: withInput({ language: "en-GB" }),
    format: withInput({ format: "wav" }),
    speed: withInput({ speed: 1.01 }),
    voice: withHeart({ voiceId: "af_bella" }),
    weight: withHeart({ weight: 2.5 }),
    pack: withHeart({ packSha256: B }),
    "fewer parts": { ...REQUEST, voices: [[HEART]] },
    "a voice alone": { ...REQUEST, voices: [[{ voiceId: "af_heart", weight: null, packSha256: A }]] },
    "order of the parts": { ...REQUEST, voices: [[SKY, HEART]] },
    "two voices in place of a mix": { ...REQUEST, voices: [[HEART], [SKY]] },
    "another voice beside it": { ...REQUEST, voices: [...REQUEST.voices, [SKY]] },
    "form of the text": withInput({ textFormat: "plain" }),
    segments: withInput({ segments: [{ start: 0, end: 6, voice: 0 }] }),
    "voice of a segment": withInput({ segments: [{ start: 0, end: 6, voice: 1 }] }),
    "language of a segment": withInput({ segments: [{ start: 0, end: 6, voice: 0, language: "es" }] }),
    "pace of a segment": withInput({ segments: [{ start: 0, end: 6, voice: 0, speed: 1.5 }] }),
    "language found out": withInput({ detect: true }),
    normalisation: withInput({ normalize: false }),
    emoji: withInput({ emoji: "speak" }),
    dictionary: withInput({ dictionaries: [{ id: "d", version: 1, digest: A }] }),
    "dictionary changed": withInput({ dictionaries: [{ id: "d", version: 2, digest: B }] }),
    loudness: withInput({ loudnessLufs: -16 }),
    "sample rate": withInput({ sampleRate: 8000 }),
  };

  it("is the same for the same", () => {
    expect(requestKey(REQUEST)).toMatch(/^[0-9a-f]{64}$/);
    expect(requestKey(structuredClone(REQUEST))).toBe(requestKey(REQUEST));
    // As it comes back from the database.
    const input = Object.fromEntries(Object.entries(REQUEST.input).reverse()) as KeyedRequest["input"];
    expect(requestKey({ ...REQUEST, input })).toBe(requestKey(REQUEST));
  });

  it.each(Object.keys(OTHERS))("is another for another %s", (name) => {
    expect(requestKey(OTHERS[name] ?? REQUEST)).not.toBe(requestKey(REQUEST));
  });

  it("is another for each of them", () => {
    const keys = Object.values(OTHERS).map(requestKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("the key of an utterance", () => {
  const SCOPE: UtteranceScope = { tenant: "red", engine: A, precision: "float32", voiceIds: ["v"] };
  const SPOKEN: KokoroUtterance = {
    engine: "kokoro",
    voice: { style: Float32Array.of(0.5, 1) },
    tokens: [1, 2, 3],
    speed: 1,
  };
  const OTHERS: Readonly<Record<string, [UtteranceScope, UtteranceRequest]>> = {
    tenant: [{ ...SCOPE, tenant: "blue" }, SPOKEN],
    engine: [{ ...SCOPE, engine: B }, SPOKEN],
    precision: [{ ...SCOPE, precision: "int8" }, SPOKEN],
    voices: [{ ...SCOPE, voiceIds: ["v", "w"] }, SPOKEN],
    tokens: [SCOPE, { ...SPOKEN, tokens: [1, 2, 4] }],
    speed: [SCOPE, { ...SPOKEN, speed: 0.9 }],
    style: [SCOPE, { ...SPOKEN, voice: { style: Float32Array.of(0.5, 1.5) } }],
    "stock voice": [SCOPE, { ...SPOKEN, voice: { key: A, path: "/a" } }],
    "other stock voice": [SCOPE, { ...SPOKEN, voice: { key: B, path: "/a" } }],
    kind: [SCOPE, { engine: "fake", tokens: [1, 2, 3], speed: 1, style: Float32Array.of(0.5, 1) }],
  };

  it("is the same for the same, wherever the files lie", () => {
    expect(utteranceKey(SCOPE, { ...SPOKEN, voice: { style: Float32Array.of(0, 0.5, 1).subarray(1) } })).toBe(
      utteranceKey(SCOPE, SPOKEN),
    );
    const at = (path: string) => utteranceKey(SCOPE, { ...SPOKEN, voice: { key: A, path } });
    expect(at("/a")).toBe(at("/b"));
  });

  it("is another for each difference", () => {
    const keys = Object.values(OTHERS).map(([scope, request]) => utteranceKey(scope, request));
    expect(new Set([...keys, utteranceKey(SCOPE, SPOKEN)]).size).toBe(keys.length + 1);
  });
});

describe("the identity of the engine", () => {
  it("follows the weights of the manifest that are heard, and no others", () => {
    const manifest = readManifest();
    const changed = (model: string) => {
      const models = manifest.models.map((each) =>
        each.id === model ? { ...each, files: each.files.map((file) => ({ ...file, sha256: A })) } : each,
      );
      return engineIdentity("kokoro", { models });
    };
    const now = engineIdentity("kokoro", manifest);
    expect(engineIdentity("fake", manifest)).not.toBe(now);
    for (const model of ["kokoro-82m-int8", "kokoro-82m-float32", "english-lexicon"])
      expect(changed(model)).not.toBe(now);
    expect(changed("dnsmos")).toBe(now);
  });
});
