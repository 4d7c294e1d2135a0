import { afterAll, beforeAll, expect, it } from "vitest";
import { createJob } from "../../src/jobs/job.ts";
import { watchJob } from "../../src/jobs/watch.ts";
import { Lifecycle } from "../../src/lifecycle.ts";
import { openResources, type Resources } from "../../src/resources.ts";
import { findAudio } from "../../src/synthesis/synthesis.ts";
import { loadSpoken } from "../../src/synthesis/words.ts";
import { startWorker } from "../../src/worker.ts";
import { createTestDatabase, type TestDatabase, testConfig } from "../helpers/database.ts";
import { silent } from "../helpers/queue.ts";

let test: TestDatabase;
let resources: Resources;
const lifecycle = new Lifecycle(silent);

beforeAll(async () => {
  test = await createTestDatabase("embedded");
  const config = testConfig(test, { INFERENCE_ENGINE: "fake", INFERENCE_MEMBERS: "1" });
  resources = await openResources(config, silent, lifecycle);
  await startWorker(resources, lifecycle, () => {});
});

afterAll(async () => {
  await lifecycle.stop();
  await test.drop();
});

/** Inputs as versions before dialogues have written them into their jobs. */
const EARLIER = {
  "in one voice": { text: "It costs $5.", voiceId: "af_heart", language: "en-GB", format: "wav", speed: 1.5 },
  "in an inline mix, without caches": {
    text: "It costs $5.",
    voiceId: "af_heart(2)+af_sky(1)",
    mix: [
      { voiceId: "af_heart", weight: 2, packSha256: "a".repeat(64) },
      { voiceId: "af_sky", weight: 1, packSha256: "b".repeat(64) },
    ],
    ...{ language: "en-US", format: "mp3", speed: 1, cache: false },
  },
};

it.each(Object.entries(EARLIER))(
  "a job of before dialogues is spoken as it was asked for: %s",
  async (_, input) => {
    const { db, bus, synthesis } = resources;
    const { row } = await createJob(
      synthesis,
      {
        ...{ kind: "SYNTHESIS", tenant: "default", keyId: null, keyName: "anonymous", input, maxAttempts: 1 },
        ...{
          voiceId: "mix" in input ? null : input.voiceId,
          characters: 12,
          requestId: "r",
          idempotency: null,
        },
      },
      async () => {},
    );
    let last = row;
    for await (const state of await watchJob(db, bus, "default", row.id)) last = state;
    expect(last).toMatchObject({ status: "SUCCEEDED", errorMessage: null });
    expect(await findAudio(db, row.id)).toMatchObject({ format: input.format, sampleRate: 24_000 });
    const [[utterance] = []] = await loadSpoken(db, [row.id]);
    expect(utterance).toMatchObject({ voice: 0, language: input.language, marks: [] });
    expect(utterance?.normalized?.text).toBe("It costs five dollars.");
  },
);
