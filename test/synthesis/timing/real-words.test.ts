import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audibleSilences, hissing } from "../../../bench/word-signal.ts";
import { type Engine, SPEECH_SAMPLE_RATE } from "../../../src/inference/engine.ts";
import { EspeakEngine } from "../../../src/inference/engines/espeak.ts";
import { KokoroEngine } from "../../../src/inference/engines/kokoro.ts";
import { PiperEngine } from "../../../src/inference/engines/piper.ts";
import { type Speaker, StockSpeakers } from "../../../src/stock-speakers.ts";
import { createJoiner } from "../../../src/synthesis/render.ts";
import { createTextFrontEnd, type Utterance } from "../../../src/synthesis/text/front-end.ts";
import { type TimedWord, wordTimes } from "../../../src/synthesis/timing/words.ts";
import { testModelStore } from "../../helpers/models.ts";

/** What the service promises of its word times. */
const EXACT_SECONDS = 0.05;

/** In most of their words that run together one hisses and the other has a voice. */
const RUNNING_TEXTS = [
  "Some say she saw four fish.",
  "We see five small shoes.",
  "My son sold two lemon seeds.",
  "Now Sue found some silver.",
  "No fish swim so far.",
  "Many fans sat near some sheep.",
  "This lemon is half ripe.",
  "Half ounce less lime.",
  "Chess lessons pass many.",
  "Nice men dress well.",
  "Every bus ran safely.",
  "Less rain makes us weak.",
];
const HISSES = new Set("sʃ");
/** Those that Kokoro writes in its own letters included. */
const VOICED = new Set("aɑæʌəɐɛeɪiɔoʊuɜɚlmnɹwAIOYWᵊᵻ");
const STRESS = /[ˈˌː]/g;

const store = testModelStore();
const frontEnd = createTextFrontEnd();
afterAll(() => frontEnd.close());

const engines: readonly (readonly [voice: string, load: () => Promise<Engine>])[] = [
  [
    "bf_emma",
    async () => {
      const { path } = await store.locate("kokoro-82m-float32");
      return await KokoroEngine.load(path, { provider: "cpu", threads: 2 });
    },
  ],
  ["en_US-joe-medium", async () => new PiperEngine({ threads: 2 })],
  ["espeak-en-US", async () => new EspeakEngine()],
];

describe.each(engines)("words of %s", (voice, load) => {
  let engine: Engine;
  let speaker: Speaker;
  beforeAll(async () => {
    const stock = new StockSpeakers(store, { request: (utterance) => utterance, onDemand: true });
    const found = await stock.find(voice);
    if (found === null) throw new Error(`there is no voice ${voice}`);
    [speaker, engine] = [found, await load()];
  }, 600_000);

  /** A text as it is heard, and its words with when they are said to be, in the order of speech. */
  async function speak(text: string) {
    const { target } = speaker;
    const { utterances } = await frontEnd.plan(text, { language: target.language, voices: [target] });
    const joiner = createJoiner(0.15);
    const parts: Float32Array[] = [];
    const words: (TimedWord & { readonly symbols: string })[] = [];
    for (const utterance of utterances) {
      const sound = await engine.synthesize(speaker.request(utterance, 1));
      const { audio, placement } = joiner.push(sound.samples, utterance.pauseAfterSeconds);
      parts.push(audio);
      const times = wordTimes(utterance, { ...sound, engine: target.engine }, placement);
      words.push(...times.map((word) => ({ ...word, symbols: symbolsOf(utterance, word) })));
    }
    parts.push(joiner.finish());
    return { audio: Float32Array.from(parts.flatMap((part) => Array.from(part))), words };
  }

  test("begin and end where its sound does, to 50 ms", { timeout: 120_000 }, async () => {
    const text = "Time passes quickly; people change. Tell Dr. Kate, if you can, that Peter came at 9.";
    const { audio, words } = await speak(text);
    const silences = audibleSilences(audio, SPEECH_SAMPLE_RATE).filter(
      ({ start, end }) => end - start >= 0.1,
    );
    // Before the first word, between the sentences, behind the last word; at some voices and commas more.
    expect(silences.length).toBeGreaterThanOrEqual(3);
    for (const { start, end } of silences) {
      const ends = words.map(({ endSeconds }) => endSeconds);
      if (start > 0) expect(Math.abs(offNearest(ends, start))).toBeLessThan(EXACT_SECONDS);
      const starts = words.map(({ startSeconds }) => startSeconds);
      if (end < audio.length / SPEECH_SAMPLE_RATE)
        expect(Math.abs(offNearest(starts, end))).toBeLessThan(EXACT_SECONDS);
    }
    const second = words.find(({ start }) => start === text.indexOf("Tell"));
    const before = words.findLast(({ start }) => start === text.indexOf("change"));
    const between = silences.find(({ start }) => Math.abs(start - (before?.endSeconds ?? 0)) < EXACT_SECONDS);
    expect(Math.abs((second?.startSeconds ?? 0) - (between?.end ?? 0))).toBeLessThan(EXACT_SECONDS);
  });

  test("touch where one sound becomes another, to 50 ms", { timeout: 120_000 }, async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    for (const text of RUNNING_TEXTS) {
      const { audio, words } = await speak(text);
      const { begins, ends } = hissing(audio, SPEECH_SAMPLE_RATE);
      words.slice(1).forEach(({ startSeconds, symbols }, index) => {
        const [last = "", first = ""] = [words[index]?.symbols.at(-1), symbols[0]];
        if (VOICED.has(last) && HISSES.has(first)) begun.push(-offNearest(begins, startSeconds));
        if (HISSES.has(last) && VOICED.has(first)) ended.push(-offNearest(ends, startSeconds));
      });
    }
    expect(begun.length).toBeGreaterThan(12);
    expect(ended.length).toBeGreaterThan(6);
    for (const error of [...begun, ...ended]) expect(Math.abs(error)).toBeLessThan(EXACT_SECONDS);
    // A hiss sets in later than it is made and fades out later: both together tell whether all times are early or late.
    expect(Math.abs(median(begun) + median(ended)) / 2).toBeLessThan(0.015);
  });
});

const symbolsOf = ({ phonemes }: Utterance, { tokenStart, tokenEnd }: TimedWord): string =>
  phonemes.slice(tokenStart, tokenEnd).replace(STRESS, "");

/** How far behind a time the nearest of some others is, in seconds. */
function offNearest(times: readonly number[], wanted: number): number {
  const offs = times.map((time) => time - wanted);
  return offs.reduce(
    (nearest, off) => (Math.abs(off) < Math.abs(nearest) ? off : nearest),
    Number.POSITIVE_INFINITY,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
