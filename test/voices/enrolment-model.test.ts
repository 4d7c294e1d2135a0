import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resample } from "../../src/audio/resample.ts";
import { type SpeechEngine, startSpeechEngine } from "../../src/speech-engine.ts";
import { CloningThread } from "../../src/voices/enrolment/cloning-client.ts";
import { mixPacks } from "../../src/voices/mixing/pack.ts";
import { createVoicePacks } from "../../src/voices/packs.ts";
import { countSpeakers, measureSample, scoreSample } from "../../src/voices/quality/measure.ts";
import { judge } from "../../src/voices/quality/report.ts";
import { concat } from "../audio/signals.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../helpers/database.ts";
import { openEnrolmentBench } from "../helpers/enrolment.ts";
import { testModelStore } from "../helpers/models.ts";
import { silent } from "../helpers/queue.ts";

const TEXT =
  "The old lighthouse keeper climbed the stairs every evening before the sun went down. " +
  "He carried a lamp in one hand, and a cup of strong black tea in the other. " +
  "From the top he could see the fishing boats coming home across the bay.";
const RATE = 16_000;
const options = { group: "test", deadlineMs: 60_000 };

let test: TestDatabase;
let engine: SpeechEngine;
beforeAll(async () => {
  test = await createTestDatabase("embedded");
  engine = await startSpeechEngine(testConfig(test, { INFERENCE_MEMBERS: "1" }), silent, () => {});
}, 600_000);
afterAll(async () => {
  await engine.close();
  await test.drop();
});

const packs = createVoicePacks(testModelStore(), null as never);
const stock = (id: string) => packs.load({ id, kind: "STOCK", packKey: null, packSha256: null });

/** A text spoken with a pack, at 16 kHz. */
async function speak(pack: Float32Array, text = TEXT): Promise<Float32Array> {
  const speaker = engine.packSpeaker(pack, "en-US");
  const parts: Float32Array[] = [];
  const { utterances } = await engine.frontEnd.plan(text, { language: "en-US" });
  for (const utterance of utterances) {
    const { samples, sampleRate } = await engine.pool.synthesize(speaker.request(utterance, 1), options);
    parts.push(resample(samples, sampleRate, RATE));
  }
  return concat(parts);
}

describe("quality of a sample (real models)", () => {
  it("hears one speaker in one voice, and two where two speak in turn, with times", {
    timeout: 120_000,
  }, async () => {
    const [heart, michael] = [await speak(await stock("af_heart")), await speak(await stock("am_michael"))];
    const one = await measureSample(engine.pool, heart, options);
    expect(await countSpeakers(engine.pool, heart, one.speech, options)).toHaveLength(1);
    expect(one.report.speechSeconds).toBeGreaterThan(8);
    expect(one.report.signalToNoiseDecibels).toBeGreaterThan(25);
    expect(one.pitchHertz).toBeGreaterThan(150);
    const dnsmos = await scoreSample(engine.pool, heart, options);
    expect(dnsmos.overall).toBeGreaterThan(3);
    expect(judge({ ...one.report, dnsmos }).rating).toMatch(/EXCELLENT|GOOD/);

    const turns = concat([heart, michael]);
    const { report, speech } = await measureSample(engine.pool, turns, options);
    const speakers = await countSpeakers(engine.pool, turns, speech, options);
    expect(speakers).toHaveLength(2);
    const times = speakers.map(({ spans }) => spans[0]?.startSeconds ?? 0).sort((a, b) => a - b);
    expect(times[0]).toBeLessThan(1.5);
    expect(Math.abs((times[1] ?? 0) - heart.length / RATE)).toBeLessThan(2);
    const { rating, advice } = judge({ ...report, speakers });
    expect(rating).toBe("FAIR");
    expect(advice.join(" ")).toMatch(/2 voices are heard; the lesser speaks at \d/);
  });
});

describe("enrolment (real models)", () => {
  it("makes a voice closer to its sample than stock voices are, which speaks", {
    timeout: 300_000,
  }, async () => {
    // A voice that is no stock voice, and that none is close to.
    const parts = [
      { pack: await stock("am_michael"), weight: 0.6 },
      { pack: await stock("bf_emma"), weight: 0.25 },
      { pack: await stock("em_alex"), weight: 0.15 },
    ];
    const sample = await speak(mixPacks(parts));
    const cloning = new CloningThread(packs);
    const bench = await openEnrolmentBench(test, { cloning, speech: engine });
    try {
      await bench.start();
      const { voiceId, jobId } = await bench.upload(sample, 15);
      const job = await bench.until(jobId, ({ finishedAt }) => finishedAt !== null);
      expect(job).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
      const voice = await bench.voiceOf(voiceId);
      expect(voice).toMatchObject({ status: "READY" });
      const pack = await createVoicePacks(testModelStore(), bench.storage).load(voice as never);

      const embed = async (samples: Float32Array) =>
        (await engine.pool.analyse({ kind: "embedding", samples }, options)).embedding;
      const unseen = "Yesterday nobody wanted to answer such a simple question.";
      const target = await embed(sample);
      const cosine = async (of: Float32Array) => {
        const heard = await embed(await speak(of, unseen));
        return heard.reduce((sum, value, i) => sum + value * (target[i] ?? 0), 0);
      };
      const others = ["af_heart", "am_adam", "bm_george", "jf_alpha", "im_nicola"];
      const cosines: number[] = [];
      for (const id of others) cosines.push(await cosine(await stock(id)));
      const median = cosines.sort((a, b) => a - b)[2] ?? 1;
      expect(await cosine(pack)).toBeGreaterThan(median);
      expect(voice?.similarity).toBeGreaterThan(median);
      expect(voice?.similarityNormalised).toBeGreaterThan(0.3);
    } finally {
      await bench.close();
      await cloning.close();
    }
  });
});
