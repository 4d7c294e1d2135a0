import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resample } from "../../../src/audio/resample.ts";
import type { Actor } from "../../../src/audit/audit.ts";
import { dot } from "../../../src/cloning/linear.ts";
import { ANALYSIS_SAMPLE_RATE } from "../../../src/inference/analysis.ts";
import type { InferencePool } from "../../../src/inference/contract.ts";
import { SPEECH_SAMPLE_RATE } from "../../../src/inference/engine.ts";
import { SpeakerEncoder } from "../../../src/inference/engines/speaker-encoder.ts";
import { styleForLength } from "../../../src/inference/engines/style.ts";
import { createInferencePool } from "../../../src/inference/pool.ts";
import { openFolderStorage } from "../../../src/storage/fs.ts";
import { createTextFrontEnd } from "../../../src/synthesis/text/front-end.ts";
import { createVoiceMix } from "../../../src/voices/mixing/mix.ts";
import { decodePack } from "../../../src/voices/mixing/pack.ts";
import { createVoicePacks } from "../../../src/voices/packs.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../../helpers/database.ts";
import { testModelStore } from "../../helpers/models.ts";
import { openTestQueue, type TestQueue } from "../../helpers/queue.ts";
import { kokoroFiles, realPoolOptions, stockVoice } from "../../inference/kokoro-pool.ts";

const TEXT = "The birch canoe slid on the smooth planks, and the juice of lemons makes fine punch.";
const ACTOR: Actor = {
  ...{ name: "test", tenant: "default", keyId: null, scopes: new Set(), ip: null, userAgent: null },
  requestId: "test",
};
describe("a mix of two voices with the real model", () => {
  let test: TestDatabase;
  let deps: TestQueue;
  let pool: InferencePool;
  let encoder: SpeakerEncoder;
  let tokens: readonly number[];
  beforeAll(async () => {
    test = await createTestDatabase("embedded");
    deps = await openTestQueue(test);
    const frontEnd = createTextFrontEnd({ lexicon: null });
    await frontEnd.start();
    const { utterances } = await frontEnd.plan(TEXT, { language: "en-US" });
    tokens = utterances.flatMap((utterance) => utterance.tokens);
    await frontEnd.close();
    const { file } = await testModelStore().ensure("speaker-encoder");
    encoder = await SpeakerEncoder.load(file("embedder.int8.onnx"), { threads: 1 });
    pool = createInferencePool(realPoolOptions(await kokoroFiles()));
    await pool.start();
  }, 600_000);
  afterAll(async () => {
    await pool.close({ drainMs: 0 });
    await deps.close();
    await test.drop();
  });

  async function sound(pack: Float32Array): Promise<Float32Array> {
    const voice = { style: styleForLength(pack, tokens.length) };
    const { samples } = await pool.synthesize(
      { engine: "kokoro", voice, tokens, speed: 1 },
      { group: "test", deadlineMs: 120_000 },
    );
    return (await encoder.embed(resample(samples, SPEECH_SAMPLE_RATE, ANALYSIS_SAMPLE_RATE))).embedding;
  }
  const stock = async (id: string) => decodePack(await readFile(await stockVoice(id)));

  it("is their weighted sum to the last bit, and sounds between them", async () => {
    const storage = await openFolderStorage(`${test.env.DATA_DIR}/storage`);
    const packs = createVoicePacks(testModelStore(), storage);
    const parts = [
      { voiceId: "am_michael", weight: 1.5 },
      { voiceId: "af_bella", weight: 1 },
    ];
    const voice = await createVoiceMix({ db: deps.db, storage, packs, config: testConfig(test) }, ACTOR, {
      ...{ name: "Between", language: "en-US", parts },
    });
    const mixed = await packs.load(voice);
    const [michael, bella] = [await stock("am_michael"), await stock("af_bella")];
    const different = mixed.findIndex(
      (value, i) => value !== Math.fround((1.5 * (michael[i] ?? 0) + (bella[i] ?? 0)) / 2.5),
    );
    expect(different).toBe(-1);

    const [first, second, between] = [await sound(michael), await sound(bella), await sound(mixed)];
    const apart = dot(first, second);
    expect(dot(between, first)).toBeGreaterThan(apart + 0.05);
    expect(dot(between, second)).toBeGreaterThan(apart + 0.05);
  });
});
