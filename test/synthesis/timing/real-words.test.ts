import { expect, test } from "vitest";
import { audibleSilences } from "../../../bench/word-signal.ts";
import { KokoroEngine } from "../../../src/inference/engines/kokoro.ts";
import { createJoiner } from "../../../src/synthesis/render.ts";
import { createTextFrontEnd } from "../../../src/synthesis/text/front-end.ts";
import { type TimedWord, wordTimes } from "../../../src/synthesis/timing/words.ts";
import { testModelStore } from "../../helpers/models.ts";

const RATE = 24_000;

test("words of the real model begin and end where its sound does, to 50 ms", {
  timeout: 120_000,
}, async () => {
  const store = testModelStore();
  const weights = (await store.ensure("kokoro-82m-float32")).file(
    store.manifest.models.find(({ id }) => id === "kokoro-82m-float32")?.files[0]?.path ?? "",
  );
  const path = (await store.ensure("kokoro-voices")).file("bf_emma.bin");
  const engine = await KokoroEngine.load(weights, { provider: "cpu", threads: 2 });
  const frontEnd = createTextFrontEnd();
  const text = "Time passes quickly; people change. Tell Dr. Kate, if you can, that Peter paid $5.50.";
  const { utterances } = await frontEnd.plan(text, { language: "en-GB" });
  await frontEnd.close();
  const joiner = createJoiner(0.15);
  const audio: number[] = [];
  const words: TimedWord[] = [];
  for (const utterance of utterances) {
    const request = { engine: "kokoro", voice: { key: "bf_emma", path }, speed: 1 } as const;
    const sound = await engine.synthesize({ ...request, tokens: utterance.tokens });
    const joined = joiner.push(sound.samples, utterance.pauseAfterSeconds);
    audio.push(...joined.audio);
    words.push(...wordTimes(utterance, sound, joined.placement));
  }
  audio.push(...joiner.finish());
  const silences = audibleSilences(Float32Array.from(audio), RATE).filter(
    ({ start, end }) => end - start >= 0.1,
  );
  // Before the first word, between the sentences, behind the last word; at some voices and commas more.
  expect(silences.length).toBeGreaterThanOrEqual(3);
  for (const { start, end } of silences) {
    if (start > 0)
      expect(
        nearest(
          words.map(({ endSeconds }) => endSeconds),
          start,
        ),
      ).toBeLessThan(0.05);
    if (end < audio.length / RATE) {
      expect(
        nearest(
          words.map(({ startSeconds }) => startSeconds),
          end,
        ),
      ).toBeLessThan(0.05);
    }
  }
  const second = words.find(({ start }) => start === text.indexOf("Tell"));
  const between = silences.find(({ start }) => start > 0.5);
  expect(Math.abs((second?.startSeconds ?? 0) - (between?.end ?? 0))).toBeLessThan(0.05);
});

const nearest = (times: readonly number[], wanted: number): number =>
  Math.min(...times.map((time) => Math.abs(time - wanted)));
