import { beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode.ts";
import { measureLevel } from "../../src/audio/level.ts";
import { measureLoudness } from "../../src/audio/loudness.ts";
import { measurePitch } from "../../src/audio/pitch.ts";
import { resample } from "../../src/audio/resample.ts";
import { dot } from "../../src/cloning/linear.ts";
import { ANALYSIS_SAMPLE_RATE } from "../../src/inference/analysis.ts";
import { SpeakerEncoder } from "../../src/inference/engines/speaker-encoder.ts";
import { type Body, post } from "../helpers/caller.ts";
import { finished } from "../helpers/jobs.ts";
import { testModelStore } from "../helpers/models.ts";
import { useTestNode } from "../helpers/node.ts";

const SYNTHESIZE = `mutation ($input: SynthesizeInput!) {
  synthesize(input: $input) {
    __typename
    ... on SynthesisJob { id streamUrl }
    ... on InvalidInputError { issues { path message } }
    ... on Error { message }
  }
}`;
const JOB = `query ($id: ID!) {
  job(id: $id) {
    ... on SynthesisJob {
      text characters voice { id } voiceReferences language { code } languages { code }
      normalizedText normalization { text start end normalized normalizedStart normalizedEnd }
      marks { name seconds } coverage { start end fate reason utterance }
      segments { text voiceReference language { code } startSeconds endSeconds }
      words { text startSeconds endSeconds } phonemes { symbol }
      audio { url sampleRate durationSeconds loudnessLufs truePeakDbtp sha256 }
    }
  }
}`;

const DIALOGUE = [
  { text: "Good morning. Who is there?", voiceId: "af_heart" },
  { text: "It is Joe, and I have $5.50 for you.", voiceId: "en_US-joe-medium" },
  { text: "Guten Tag, ich bin auch noch da.", voiceId: "espeak-de" },
] as const;

interface Spoken {
  readonly job: Body;
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

describe("texts that say how they want to be spoken, with the real engines", () => {
  const node = useTestNode("embedded", {
    ...{ INFERENCE_ENGINE: "kokoro", INFERENCE_MEMBERS: "1", CACHE_MAX_BYTES: "100000000" },
  });

  async function speak(input: object): Promise<Spoken> {
    const { body } = await post(node.url, SYNTHESIZE, { input: { format: "WAV", ...input } });
    const made = body.data?.synthesize;
    if (made?.__typename !== "SynthesisJob") throw new Error(JSON.stringify(body));
    const { status, error } = await finished(node.client, made.id);
    if (status !== "SUCCEEDED") throw new Error(`${status}: ${error?.message}`);
    const { job } = (await post(node.url, JOB, { id: made.id })).body.data;
    const { channels, sampleRate } = await decodeAudio(
      new Uint8Array(await (await fetch(job.audio.url)).arrayBuffer()),
    );
    return { job, samples: channels[0] ?? new Float32Array(), sampleRate };
  }
  const between = ({ samples, sampleRate }: Spoken, from: number, to: number) =>
    samples.subarray(Math.floor(from * sampleRate), Math.ceil(to * sampleRate));
  const wordAt = ({ job }: Spoken, text: string) => {
    const word = job.words.find((each: Body) => each.text === text);
    if (word === undefined) throw new Error(`no word ${text} in ${JSON.stringify(job.words)}`);
    return word;
  };
  /** Every character of the text, once and in order. */
  function expectCovered({ job }: Spoken) {
    let at = 0;
    for (const { start, end } of job.coverage) {
      expect(start).toBe(at);
      at = end;
    }
    expect(at).toBe(job.text.length);
  }

  describe("a dialogue of three engines", () => {
    let dialogue: Spoken;
    beforeAll(async () => {
      dialogue = await speak({ segments: DIALOGUE });
    }, 240_000);

    it("is one job in which each says its part, in its voice and its language", () => {
      const { job } = dialogue;
      expect(job.voice).toBeNull();
      expect(job.voiceReferences).toEqual(DIALOGUE.map(({ voiceId }) => voiceId));
      expect(
        job.segments.map(({ text, voiceReference, language }: Body) => [text, voiceReference, language.code]),
      ).toEqual([
        [DIALOGUE[0].text, "af_heart", "en-US"],
        [DIALOGUE[1].text, "en_US-joe-medium", "en-US"],
        [DIALOGUE[2].text, "espeak-de", "de"],
      ]);
      for (const { startSeconds, endSeconds } of job.segments) {
        const part = between(dialogue, startSeconds, endSeconds);
        expect(endSeconds - startSeconds).toBeGreaterThan(1);
        expect(measureLevel(part, dialogue.sampleRate).rmsDbfs).toBeGreaterThan(-35);
      }
      expectCovered(dialogue);
    });

    it("is heard as three people", async () => {
      const files = await testModelStore().ensure("speaker-encoder");
      const encoder = await SpeakerEncoder.load(files.file("embedder.int8.onnx"), { threads: 1 });
      const voices = await Promise.all(
        dialogue.job.segments.map(async ({ startSeconds, endSeconds }: Body) => {
          const part = between(dialogue, startSeconds, endSeconds);
          return (await encoder.embed(resample(part, dialogue.sampleRate, ANALYSIS_SAMPLE_RATE))).embedding;
        }),
      );
      for (const [one, other] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        expect(dot(voices[one], voices[other])).toBeLessThan(0.7);
      }
    });

    it("tells in which words the amount was said, and where", () => {
      const { job } = dialogue;
      expect(job.normalizedText).toContain("five dollars and fifty cents");
      const amount = job.normalization.find(({ text }: Body) => text.includes("$5.50"));
      expect(job.text.slice(amount.start, amount.end)).toBe(amount.text);
      expect(job.normalizedText.slice(amount.normalizedStart, amount.normalizedEnd)).toBe(amount.normalized);
      expect(amount.normalized).toContain("five dollars and fifty cents");
      expect(wordAt(dialogue, "$5.50").endSeconds).toBeGreaterThan(
        wordAt(dialogue, "$5.50").startSeconds + 0.5,
      );
    });

    it("is the same in SSML, where each voice is named", { timeout: 120_000 }, async () => {
      const [heart, joe, german] = DIALOGUE;
      const text = `<speak>${heart.text}
        <voice name="${joe.voiceId}">${joe.text}</voice>
        <voice name="${german.voiceId}">${german.text}</voice></speak>`;
      const ssml = await speak({ text, voiceId: heart.voiceId });
      expect(
        ssml.job.segments.map(({ voiceReference, language }: Body) => [voiceReference, language.code]),
      ).toEqual([
        ["af_heart", "en-US"],
        ["en_US-joe-medium", "en-US"],
        ["espeak-de", "de"],
      ]);
      expect(ssml.job.words.map(({ text: word }: Body) => word)).toEqual(
        dialogue.job.words.map(({ text: word }: Body) => word),
      );
      expectCovered(ssml);
    });

    it("is brought to -16 LUFS, whatever its voices are like, at 8 and at 48 kHz", {
      timeout: 120_000,
    }, async () => {
      for (const sampleRate of [8_000, 48_000]) {
        const levelled = await speak({ segments: DIALOGUE, loudnessLufs: -16, sampleRate });
        expect(levelled.sampleRate).toBe(sampleRate);
        expect(levelled.job.audio.sampleRate).toBe(sampleRate);
        const heard = measureLoudness(levelled.samples, sampleRate) ?? 0;
        expect(Math.abs(heard + 16)).toBeLessThan(0.3);
        expect(levelled.job.audio.loudnessLufs).toBeCloseTo(heard, 0);
        expect(levelled.job.audio.truePeakDbtp).toBeLessThanOrEqual(-0.9);
        expect(levelled.job.audio.durationSeconds).toBeCloseTo(dialogue.job.audio.durationSeconds, 2);
      }
      expect(dialogue.job.audio).toMatchObject({ sampleRate: 24_000, loudnessLufs: null });
    });

    it("is streamed as it is stored, also at another rate", { timeout: 120_000 }, async () => {
      const input = { segments: DIALOGUE, format: "PCM", sampleRate: 16_000, cache: false };
      const { body } = await post(node.url, SYNTHESIZE, { input });
      const streamed = Buffer.from(await (await fetch(body.data.synthesize.streamUrl)).arrayBuffer());
      const { audio } = await finished(node.client, body.data.synthesize.id);
      const stored = Buffer.from(await (await fetch(audio?.url ?? "")).arrayBuffer());
      expect(streamed.equals(stored)).toBe(true);
    });
  });

  it("pauses, marks and changes pace, pitch and volume where SSML says so", {
    timeout: 120_000,
  }, async () => {
    const sentence = "The river sang all night.";
    const text = `<speak>So it began. <break time="1200ms"/><mark name="turn"/>Then it ended.
      <p>${sentence}</p>
      <p><prosody rate="60%">${sentence}</prosody></p>
      <p><prosody pitch="+5st">${sentence}</prosody></p>
      <p><prosody volume="-12dB">${sentence}</prosody></p></speak>`;
    const told = await speak({ text, voiceId: "am_michael", language: "en-US" });
    const { job } = told;
    const then = wordAt(told, "Then");
    expect(job.marks).toEqual([{ name: "turn", seconds: then.startSeconds }]);
    const silence = then.startSeconds - wordAt(told, "began").endSeconds;
    expect(silence).toBeGreaterThan(1.1);
    expect(silence).toBeLessThan(1.4);
    const at = (word: string, edge: "startSeconds" | "endSeconds") =>
      job.words.filter((each: Body) => each.text === word).map((each: Body) => each[edge] as number);
    const ends = at("night", "endSeconds");
    const stretches = at("The", "startSeconds").map((startSeconds: number, index: number) => ({
      startSeconds,
      endSeconds: ends[index] ?? 0,
    }));
    expect(stretches).toHaveLength(4);
    const [plain, slow, high, soft] = stretches;
    type Span = typeof plain;
    const seconds = (span: Span) => span.endSeconds - span.startSeconds;
    expect(seconds(slow) / seconds(plain)).toBeGreaterThan(1.4);
    const pitch = (span: Span) => measurePitch(told.samples, told.sampleRate, [span]) ?? 0;
    expect(Math.abs(12 * Math.log2(pitch(high) / pitch(plain)) - 5)).toBeLessThan(0.7);
    expect(Math.abs(seconds(high) - seconds(plain))).toBeLessThan(0.1);
    const level = (span: Span) =>
      measureLevel(between(told, span.startSeconds, span.endSeconds), told.sampleRate).rmsDbfs;
    expect(Math.abs(level(plain) - level(soft) - 12)).toBeLessThan(1);
    expectCovered(told);
  });

  it("finds out the language of each sentence, and the voice for a text without one", {
    timeout: 120_000,
  }, async () => {
    const english = "The weather is lovely in the city today.";
    const french = "Nous sommes partis de bonne heure pour la montagne.";
    const both = await speak({ text: `${english} ${french}`, voiceId: "af_heart" });
    expect(both.job.languages.map(({ code }: Body) => code).sort()).toEqual(["en-US", "fr"]);
    expect(both.job.segments.map(({ text, language }: Body) => [text, language.code])).toEqual([
      [english, "en-US"],
      [french, "fr"],
    ]);
    const chosen = await speak({ text: french });
    expect(chosen.job).toMatchObject({ voice: { id: "ff_siwis" }, languages: [{ code: "fr" }] });
  });

  it("speaks words as a dictionary has them that is chosen", { timeout: 120_000 }, async () => {
    const { body } = await post(
      node.url,
      `mutation ($input: CreateDictionaryInput!) { createDictionary(input: $input) { ... on Dictionary { id } ... on Error { message } } }`,
      { input: { name: "Places", entries: [{ grapheme: "Qyx", alias: "Banana" }] } },
    );
    const { id } = body.data.createDictionary;
    const input = { text: "They live in Qyx.", voiceId: "af_heart", language: "en-US" };
    const symbols = ({ job }: Spoken) => job.phonemes.map(({ symbol }: Body) => symbol).join("");
    const [plain, chosen] = [await speak(input), await speak({ ...input, dictionaryIds: [id] })];
    expect(symbols(plain)).not.toContain("bənˈænə");
    expect(symbols(chosen)).toContain("bənˈænə");
    expect(wordAt(chosen, "Qyx").endSeconds).toBeGreaterThan(wordAt(chosen, "Qyx").startSeconds);
    const unknown = await post(node.url, SYNTHESIZE, { input: { ...input, dictionaryIds: ["nothing"] } });
    expect(unknown.body.data.synthesize.issues).toEqual([
      { path: ["input", "dictionaryIds", "0"], message: expect.any(String) },
    ]);
  });
});
