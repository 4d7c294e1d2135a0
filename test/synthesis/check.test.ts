import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../src/errors.ts";
import { checkSynthesis } from "../../src/synthesis/check.ts";
import { voiceFor } from "../../src/synthesis/default-voice.ts";
import { planOptionsOf, sourceOf, synthesisInput, voicesOf } from "../../src/synthesis/input.ts";
import type { SynthesisRequest } from "../../src/synthesis/request.ts";
import { parseScript } from "../../src/synthesis/text/script/parse.ts";
import { findStockVoice } from "../../src/voices/stock.ts";

const DICTIONARY = { id: "d", version: 3, digest: "e".repeat(64) };

interface Lookups {
  voices: (readonly string[])[];
}

/** As a node with the stock voices, Piper's joe installed, and one dictionary. */
async function check(request: SynthesisRequest, lookups: Lookups = { voices: [] }) {
  const { input } = await checkSynthesis(
    request,
    { textCharacters: 50_000 },
    {
      defaultVoice: (language, text) => voiceFor(language, text, new Set(["en_US-joe-medium"])),
      dictionaries: async (ids) => ids.map(() => DICTIONARY),
      voices: async (references) => {
        lookups.voices.push(references.map(({ reference }) => reference));
        return references.map(({ reference }) => {
          const voice = findStockVoice(reference.split("#")[0] ?? "");
          return voice === null ? null : { ...voice, kind: "STOCK", status: "READY", keyed: null };
        });
      },
    },
  );
  // What a worker reads.
  return synthesisInput.parse(JSON.parse(JSON.stringify(input)));
}

async function issuesOf(request: SynthesisRequest): Promise<Record<string, string>> {
  const error = await check(request).catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidInputError)) throw error;
  return Object.fromEntries(error.issues.map(({ path, message }) => [path.join("."), message]));
}

const SSML = '<speak>One. <voice name="espeak-de">Zwei. <lang xml:lang="de">Drei.</lang></voice></speak>';

describe("what a job keeps of a request", () => {
  it("is for a plain text in one voice what it was before there was more", async () => {
    const lookups: Lookups = { voices: [] };
    const request = {
      text: "Hello.",
      voiceId: "af_heart",
      language: "en-US",
      format: "wav",
      speed: 1.5,
    } as const;
    const input = await check(request, lookups);
    expect(JSON.stringify(input)).toBe(
      '{"text":"Hello.","voiceId":"af_heart","language":"en-US","format":"wav","speed":1.5}',
    );
    expect(lookups.voices).toEqual([["af_heart"]]);
    expect(planOptionsOf(input)).toEqual({ language: "en-US" });
    expect(sourceOf(input)).toEqual({ text: "Hello.", format: "auto" });
  });

  it("leaves the language open where none is asked for and the voice speaks several", async () => {
    const kokoro = await check({ text: "Hello.", voiceId: "af_heart" });
    expect(kokoro).toMatchObject({ language: "en-US", detect: true, format: "mp3", speed: 1 });
    expect(planOptionsOf(kokoro)).toEqual({});
    const piper = await check({ text: "Hello.", voiceId: "en_US-joe-medium" });
    expect(planOptionsOf(piper)).toEqual({ language: "en-US" });
  });

  it("has a voice of the language, or of that of the text, where none is asked for", async () => {
    expect(await check({ text: "Hello.", language: "fr-CA" })).toMatchObject({
      voiceId: "ff_siwis",
      language: "fr",
    });
    expect(await check({ text: "El tren llega a la estación por la mañana." })).toMatchObject({
      voiceId: "ef_dora",
      detect: true,
    });
    expect(await check({ text: "It is raining again this morning." })).toMatchObject({ voiceId: "af_heart" });
  });

  it("numbers the voices of a dialogue as its segments and its text call them", async () => {
    const lookups: Lookups = { voices: [] };
    const input = await check(
      {
        voiceId: "af_heart",
        speed: 2,
        segments: [
          { text: "First.", voiceId: "bm_george", language: "en" },
          { text: "Second." },
          { text: SSML, voiceId: "en_US-joe-medium", speed: 1 },
          { text: "Fourth.", voiceId: "bm_george" },
        ],
      },
      lookups,
    );
    expect(lookups.voices).toEqual([["af_heart", "bm_george", "en_US-joe-medium", "espeak-de"]]);
    expect(voicesOf(input).map(({ voiceId }) => voiceId)).toEqual(lookups.voices[0]);
    expect(input.text).toBe(`First.\nSecond.\n${SSML}\nFourth.`);
    expect(input.segments?.map(({ start, end, ...rest }) => [input.text.slice(start, end), rest])).toEqual([
      ["First.", { voice: 1, language: "en-GB" }],
      ["Second.", { voice: 0 }],
      [SSML, { voice: 2, speed: 1 }],
      ["Fourth.", { voice: 1 }],
    ]);
    const { spans } = parseScript(sourceOf(input));
    const spoken = spans.map(({ start, end, directions }) => [
      input.text.slice(start, end),
      directions.voice,
    ]);
    expect(spoken).toEqual(
      expect.arrayContaining([
        ["First.", 1],
        ["Fourth.", 1],
      ]),
    );
    expect(spans.find(({ start }) => input.text.startsWith("Zwei", start))?.directions).toMatchObject({
      voice: 3,
      rate: 0.5,
    });
  });

  it("has a voice for each language of a dialogue without voices", async () => {
    const input = await check({
      segments: [
        { text: "Bonjour.", language: "fr" },
        { text: "Buenos días.", language: "es" },
        { text: "Salut.", language: "fr" },
      ],
    });
    expect(voicesOf(input).map(({ voiceId }) => voiceId)).toEqual(["ff_siwis", "ef_dora"]);
    expect(input.segments?.map(({ voice }) => voice)).toEqual([0, 1, 0]);
  });

  it("has what is asked for besides", async () => {
    const input = await check({
      ...{ text: "Hello 😀", voiceId: "af_heart", textFormat: "plain", normalize: "off", emoji: "speak" },
      ...{ dictionaryIds: ["d"], loudnessLufs: -16, sampleRate: 8000, format: "wav", cache: false },
    });
    expect(input).toMatchObject({
      ...{ textFormat: "plain", normalize: false, emoji: "speak", dictionaries: [DICTIONARY] },
      ...{ loudnessLufs: -16, sampleRate: 8000, cache: false },
    });
  });
});

describe("a job of an earlier version", () => {
  it("is read, and spoken as it was", () => {
    const mix = [{ voiceId: "af_heart", weight: 2, packSha256: "a".repeat(64) }];
    const before = {
      text: "Hello.",
      voiceId: "af_heart(2)",
      mix,
      language: "en-GB",
      format: "mp3",
      speed: 1,
    };
    const input = synthesisInput.parse(before);
    expect(input).toEqual(before);
    expect(voicesOf(input)).toEqual([{ voiceId: "af_heart(2)", mix }]);
    expect(planOptionsOf(input)).toEqual({ language: "en-GB" });
  });
});

describe("a request that cannot be spoken", () => {
  const text = "Hello.";
  const voiceId = "af_heart";
  const BAD: Readonly<Record<string, [SynthesisRequest, Record<string, string | RegExp>]>> = {
    "no text": [{ voiceId }, { "input.text": /needed/ }],
    "text and segments": [{ text, segments: [{ text }], voiceId }, { "input.segments": /together/ }],
    "no segments": [{ segments: [], voiceId }, { "input.segments": /1 to 1000/ }],
    "an empty segment": [
      { segments: [{ text }, { text: " " }], voiceId },
      { "input.segments.1.text": /empty/ },
    ],
    "segments that are too long together": [
      { segments: [{ text: "a".repeat(30_000) }, { text: "b".repeat(30_000) }], voiceId },
      { "input.segments": /50000 characters in all/ },
    ],
    "voices that are not there": [
      { voiceId: "nobody", segments: [{ text, voiceId: "noone" }, { text }] },
      { "input.voiceId": /names no voice/, "input.segments.0.voiceId": /names no voice/ },
    ],
    "a voice in SSML that is not there": [
      { text: '<speak><voice name="nobody">Hi.</voice></speak>', voiceId },
      { "input.text": /the voice nobody, which is not there/ },
    ],
    "a speaker that is not there": [
      { text, voiceId: "en_US-joe-medium#2" },
      { "input.voiceId": /one alone/ },
    ],
    "a language of none": [{ text, language: "xx-nonsense" }, { "input.language": /`languages`/ }],
    "a language that the voice does not speak": [
      { text, voiceId: "en_US-joe-medium", language: "fr" },
      { "input.language": /speaks en-US alone/ },
    ],
    "a segment in a language that its voice does not speak": [
      { voiceId, segments: [{ text, voiceId: "espeak-de", language: "fr" }] },
      { "input.segments.0.language": /speaks de alone/ },
    ],
    "SSML in a language that its voice does not speak": [
      { text: '<speak><voice name="espeak-de"><lang xml:lang="fr">Oui.</lang></voice></speak>', voiceId },
      { "input.text": /speaks de alone \(offset \d+\)/ },
    ],
    "SSML that is not closed": [{ text: "<speak>One <p>two", voiceId }, { "input.text": /offset/ }],
    "SSML in a segment, told where it is in the segment": [
      { segments: [{ text }, { text: "<speak><nonsense/></speak>" }], voiceId },
      { "input.segments.1.text": /\(offset 7\)/ },
    ],
    "SSML without a word": [
      { text: "<speak><break/></speak>", voiceId },
      { "input.text": /nothing that can be/ },
    ],
    "a text that is not SSML": [
      { text, voiceId, textFormat: "ssml" },
      { "input.text": /begins with <speak>/ },
    ],
    "a pause without end": [{ text: "One [pause:99s] two.", voiceId }, { "input.text": /longer than/ }],
    "a pace of a segment": [
      { segments: [{ text, speed: 3 }], voiceId },
      { "input.segments.0.speed": /0.5 to 2/ },
    ],
    "a loudness": [{ text, voiceId, loudnessLufs: 0 }, { "input.loudnessLufs": /-36 to -9/ }],
    "a sample rate": [{ text, voiceId, sampleRate: 7999 }, { "input.sampleRate": /8000/ }],
    "a sample rate that the format has not": [
      { text, voiceId, sampleRate: 44_100, format: "opus" },
      { "input.sampleRate": /opus accepts/ },
    ],
    "more dictionaries than are taken": [
      { text, voiceId, dictionaryIds: Array.from({ length: 11 }, (_, i) => `${i}`) },
      { "input.dictionaryIds": /up to 10/ },
    ],
  };

  it.each(Object.keys(BAD))("%s is refused by its field, with what to do", async (name) => {
    const [request, expected] = BAD[name] as (typeof BAD)[string];
    const issues = await issuesOf(request);
    expect(Object.keys(issues).sort()).toEqual(Object.keys(expected).sort());
    for (const [path, message] of Object.entries(expected)) expect(issues[path]).toMatch(message);
  });

  it("asks for more voices than a job has", async () => {
    const ids = ["af_heart", "af_sky", ...Array.from({ length: 19 }, (_, i) => `af_heart(${i + 1})+af_sky`)];
    const segments = ids.map((id) => ({ text, voiceId: id }));
    expect(Object.keys(await issuesOf({ segments }))).toEqual(["input.segments"]);
  });
});
