import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTextFrontEnd } from "../../../src/synthesis/text/front-end.ts";

describe("the text front end", () => {
  const logger = { info: vi.fn(), warn: vi.fn() };
  const frontEnd = createTextFrontEnd({ logger });
  beforeAll(() => frontEnd.start());
  afterAll(() => frontEnd.close());

  test("plans in another thread", async () => {
    const { utterances, languages } = await frontEnd.plan("Hello, world!", { language: "en-US" });
    expect(languages).toEqual(["en-US"]);
    const [utterance] = utterances;
    expect(utterance).toEqual({
      index: 0,
      text: "Hello, world!",
      start: 0,
      end: 13,
      phonemes: "həlˈO, wˈɜɹld!",
      tokens: [50, 83, 54, 156, 31, 3, 16, 65, 156, 87, 123, 54, 46, 5],
      words: [
        { text: "Hello", start: 0, end: 5, tokenStart: 0, tokenEnd: 5, sentence: { start: 0, end: 13 } },
        { text: "world", start: 7, end: 12, tokenStart: 7, tokenEnd: 13 },
      ],
      normalized: { text: "Hello, world!", parts: [] },
      voice: 0,
      language: "en-US",
      rate: 1,
      pitchSemitones: 0,
      gainDb: 0,
      marks: [],
      pauseAfterSeconds: 0,
      pauseTimed: false,
    });
  });

  test("plans 50,000 characters while the caller's event loop turns", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const sentence = "The quick brown fox jumps over the lazy dog, while 82 people watched from afar. ";
    const text = sentence.repeat(625);
    expect(text.length).toBe(50_000);
    const { utterances } = await frontEnd.plan(text, { language: "en-US" });
    clearInterval(timer);
    expect(utterances).toHaveLength(625);
    expect(turns).toBeGreaterThan(20);
  });

  test("several plans at once do not mix", async () => {
    const [english, spanish, french] = await Promise.all([
      frontEnd.plan("Good morning to you all.", { language: "en-GB" }),
      frontEnd.plan("Buenos días a todos.", { language: "es" }),
      frontEnd.plan("Bonjour à tous.", { language: "fr" }),
    ]);
    expect(english.utterances[0]?.phonemes).toBe("ɡˈʊd mˈɔːnɪŋ tə juː ˈɔːl.");
    expect(spanish.utterances[0]?.phonemes).toBe("bwˈenos ðˈias a tˈoðos.");
    expect(french.utterances[0]?.phonemes).toBe("bɔ̃ʒˈuʁ a tˈus.");
  });

  test("text without sound gives no utterance and a line in the log, without the text", async () => {
    expect((await frontEnd.plan("😀".repeat(10_000), { language: "en-US" })).utterances).toEqual([]);
    expect(logger.info).toHaveBeenCalledWith(
      { dropped: { emoji: 10_000 }, languages: [] },
      expect.any(String),
    );
  });

  test("an aborted plan rejects at once, and the next one works", async () => {
    const abort = new AbortController();
    const long = frontEnd.plan("Some words to read. ".repeat(2_500), {
      language: "en-US",
      signal: abort.signal,
    });
    abort.abort();
    await expect(long).rejects.toMatchObject({ code: "CANCELLED" });
    const late = frontEnd.plan("x", { language: "en-US", signal: abort.signal });
    await expect(late).rejects.toMatchObject({ code: "CANCELLED" });
    expect((await frontEnd.plan("Next.", { language: "en-US" })).utterances).toHaveLength(1);
  });
});

test("a plan beyond its deadline fails, the planner is replaced", async () => {
  const frontEnd = createTextFrontEnd({ deadlineMs: 1_000 });
  try {
    await frontEnd.start();
    const texts = Array.from({ length: 12 }, () =>
      "Far too many different words, 12345, $67.89! ".repeat(1_100),
    );
    const plans = await Promise.allSettled(texts.map((text) => frontEnd.plan(text, { language: "en-US" })));
    const codes = plans.flatMap((plan) => (plan.status === "rejected" ? [plan.reason.code] : []));
    expect(codes).toContain("DEADLINE_EXCEEDED");
    expect((await frontEnd.plan("Back again.", { language: "en-US" })).utterances).toHaveLength(1);
  } finally {
    await frontEnd.close();
  }
});

test("closing refuses pending and later plans, and may come first", async () => {
  const frontEnd = createTextFrontEnd();
  await frontEnd.start();
  const pending = frontEnd.plan("Some words to read. ".repeat(2_500), { language: "en-US" });
  const refused = expect(pending).rejects.toMatchObject({ code: "CANCELLED" });
  await frontEnd.close();
  await refused;
  await expect(frontEnd.plan("x", { language: "en-US" })).rejects.toMatchObject({ code: "CANCELLED" });
  const unused = createTextFrontEnd();
  await unused.close();
});
