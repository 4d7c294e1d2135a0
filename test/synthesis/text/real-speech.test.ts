import { expect, test } from "vitest";
import { KokoroEngine } from "../../../src/inference/engines/kokoro.ts";
import { createTextFrontEnd } from "../../../src/synthesis/text/front-end.ts";
import { testModelStore } from "../../helpers/models.ts";

/** Nobody speaks slower or faster than this many sounds a second. */
const [SLOWEST, FASTEST] = [4, 40];

test("Kokoro speaks a text of several languages, directions and sounds as it was planned", {
  timeout: 120_000,
}, async () => {
  const store = testModelStore();
  const weights = (await store.ensure("kokoro-82m-float32")).file(
    store.manifest.models.find(({ id }) => id === "kokoro-82m-float32")?.files[0]?.path ?? "",
  );
  const path = (await store.ensure("kokoro-voices")).file("af_heart.bin");
  const engine = await KokoroEngine.load(weights, { provider: "cpu", threads: 2 });
  const frontEnd = createTextFrontEnd();
  const { utterances } = await frontEnd.plan(
    {
      text:
        "<speak>We met at noon, as always. <break time='1s'/> Es war ein klarer, kalter Tag im April. " +
        "It is a <phoneme ph='təˈmɑːtoʊ'>tomato</phoneme>, <lang xml:lang='ru'>привет</lang>.</speak>",
      format: "ssml",
    },
    { voices: [{ engine: "kokoro", language: "en-US" }] },
  );
  await frontEnd.close();
  expect(utterances.map(({ language, pauseAfterSeconds }) => [language, pauseAfterSeconds])).toEqual([
    ["en-US", 1],
    ["de", 0.3],
    ["en-US", 0],
  ]);
  for (const { tokens, text } of utterances) {
    const voice = { key: "af_heart", path };
    const sound = await engine.synthesize({ engine: "kokoro", voice, speed: 1, tokens });
    expect(sound.tokenDurationsSeconds, text).toHaveLength(tokens.length + 2);
    const seconds = sound.samples.length / sound.sampleRate;
    expect(tokens.length / seconds, text).toBeGreaterThan(SLOWEST);
    expect(tokens.length / seconds, text).toBeLessThan(FASTEST);
    const power = sound.samples.reduce((sum, sample) => sum + sample * sample, 0) / sound.samples.length;
    expect(Math.sqrt(power), text).toBeGreaterThan(0.01);
  }
});
