import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEspeakClient } from "../../../src/espeak/client.ts";
import { planText } from "../../../src/synthesis/text/planner.ts";
import { packPronunciations } from "../../../src/synthesis/text/pronunciation-data.ts";
import { createReaders } from "../../../src/synthesis/text/readers.ts";
import type { DirectedSpan } from "../../../src/synthesis/text/script.ts";
import type { VoiceTarget } from "../../../src/synthesis/text/target.ts";
import type { Plan, PlanOptions } from "../../../src/synthesis/text/utterance.ts";

const espeak = createEspeakClient();
const read = createReaders(espeak);
beforeAll(() => espeak.start());
afterAll(() => espeak.close());

const AMERICAN: VoiceTarget = { engine: "kokoro", language: "en-US" };
const BRITISH: VoiceTarget = { engine: "kokoro", language: "en-GB" };

const plain = (text: string, options: PlanOptions = { language: "en-US" }): Promise<Plan> =>
  planText({ text, format: "plain" }, options, read);
const ssml = (content: string, options: PlanOptions = { language: "en-US" }): Promise<Plan> =>
  planText({ text: `<speak>${content}</speak>`, format: "ssml" }, options, read);

/** What is said and the silence behind it. */
const heard = ({ utterances }: Plan) =>
  utterances.map(({ normalized, pauseAfterSeconds }) => [normalized.text, pauseAfterSeconds]);

describe("pauses", () => {
  test("stand where the text has them, also before the first word and behind the last", async () => {
    const plan = await plain("[pause:1s] One [pause:500ms] two.[pause:2s]\n\nThree. [pause:300ms][pause:3s]");
    expect(plan.pauseBeforeSeconds).toBe(1);
    expect(heard(plan)).toEqual([
      ["One", 0.5],
      ["two.", 2],
      ["Three.", 3.3],
    ]);
  });

  test("take the place of the one that would be there, shorter ones too", async () => {
    const plan = await ssml('First sentence here. <break time="50ms"/> Second sentence here.');
    expect(heard(plan)).toEqual([
      ["First sentence here.", 0.05],
      ["Second sentence here.", 0],
    ]);
  });

  test("of paragraphs and sentences come from their tags", async () => {
    const plan = await ssml("<p>A first paragraph</p><p><s>One sentence</s><s>and its neighbour</s></p>");
    expect(heard(plan)).toEqual([
      ["A first paragraph", 0.7],
      ["One sentence and its neighbour", 0],
    ]);
  });

  test("between chapters are longer than those between paragraphs", async () => {
    const plan = await plain("It ended so.\n\nBut not quite.\n\nChapter 2\n\nIt began again.");
    expect(plan.utterances.map(({ pauseAfterSeconds }) => pauseAfterSeconds)).toEqual([0.7, 1, 0.7, 0]);
  });

  test("where nothing is said still last", async () => {
    const plan = await plain("Hello there. [pause:2s] … [pause:1s] Goodbye.");
    expect(heard(plan)).toEqual([
      ["Hello there.  …", 3],
      ["Goodbye.", 0],
    ]);
  });
});

describe("delivery", () => {
  test("changes with the text, an utterance each, and is as asked", async () => {
    const { utterances } = await ssml(
      'Now <prosody rate="slow" pitch="+2st" volume="+6dB">slow and loud</prosody> and as before.',
    );
    expect(
      utterances.map(({ normalized, rate, pitchSemitones, gainDb }) => [
        normalized.text,
        rate,
        pitchSemitones,
        gainDb,
      ]),
    ).toEqual([
      ["Now", 1, 0, 0],
      ["slow and loud", 0.75, 2, 6],
      ["and as before.", 1, 0, 0],
    ]);
    for (const { pauseAfterSeconds } of utterances) expect(pauseAfterSeconds).toBeLessThan(0.1);
  });

  test("of a dialogue: each voice speaks its lines, in its own accent", async () => {
    const text = "You like water? Yes, water. Then have some.";
    const line = (part: string, voice: number): DirectedSpan => {
      const start = text.indexOf(part);
      return { start, end: start + part.length, directions: { voice } };
    };
    const segments = [line("You like water?", 0), line("Yes, water.", 1), line("Then have some.", 0)];
    const voices = [AMERICAN, BRITISH];
    const { utterances, languages } = await planText({ text, format: "plain", segments }, { voices }, read);
    expect(utterances.map(({ voice, language, text: said }) => [voice, language, said])).toEqual([
      [0, "en-US", "You like water?"],
      [1, "en-GB", "Yes, water."],
      [0, "en-US", "Then have some."],
    ]);
    expect(utterances[0]?.phonemes).toContain("wˈɔTəɹ");
    expect(utterances[1]?.phonemes).toContain("wˈɔːtə");
    expect(languages).toEqual(["en-US", "en-GB"]);
  });

  test("a voice that the request lacks is a fault of the caller's code", async () => {
    const text = "Hello.";
    const segments = [{ start: 0, end: 6, directions: { voice: 3 } }];
    await expect(planText({ text, format: "plain", segments }, { voices: [AMERICAN] }, read)).rejects.toThrow(
      /no voice 3/,
    );
  });
});

describe("words", () => {
  test("are said as their IPA, and stand where they are written", async () => {
    const text = "I say [tomato](/təˈmɑːtoʊ/), you say tomato.";
    const { utterances } = await plain(text);
    expect(utterances[0]?.phonemes).toBe("I sˈA təˈmɑtO, ju sˈA təmˈATO.");
    const word = utterances[0]?.words.find(({ text: written }) => written === "tomato");
    expect(word).toMatchObject({ start: text.indexOf("tomato"), end: text.indexOf("tomato") + 6 });
    expect(utterances[0]?.normalized.text).toBe("I say tomato, you say tomato.");
  });

  test("of the dictionaries of a request come before numbers and sounds; verbatim text is left alone", async () => {
    const entry = { language: null, caseSensitive: false };
    const pronunciations = [
      packPronunciations([
        { grapheme: "SQL", alias: "sequel", ...entry },
        { grapheme: "Nginx", ipa: "ˈɛndʒɪnˈɛks", ...entry },
      ]),
    ];
    const { utterances } = await ssml('SQL and <sub alias="SQL">x</sub> and nginx', {
      language: "en-US",
      pronunciations,
    });
    expect(utterances[0]?.normalized.text).toBe("sequel and SQL and nginx");
    expect(utterances[0]?.phonemes).toContain("ˈɛnʤɪnˈɛks");
  });

  test("are read as say-as wants them, aliases are said instead", async () => {
    const { utterances } = await ssml(
      '<say-as interpret-as="characters">R2</say-as> costs <sub alias="a lot">$$$</sub>',
    );
    expect(utterances[0]?.normalized.text).toBe("R two costs a lot");
    expect(utterances[0]?.words.map(({ text }) => text)).toEqual(["R2", "costs", "$$$"]);
  });

  test("are not put into others when that is switched off", async () => {
    const off = await plain("Dr. Jones paid $5.", { language: "en-US", normalize: false });
    expect(off.utterances[0]?.normalized).toEqual({ text: "Dr. Jones paid $5.", parts: [] });
    const on = await plain("Dr. Jones paid $5.");
    expect(on.utterances[0]?.normalized).toEqual({
      text: "Doctor Jones paid five dollars.",
      parts: [
        { start: 0, end: 3, from: 0, to: 6 },
        { start: 15, end: 17, from: 18, to: 30 },
      ],
    });
  });

  test("of emoji are said on request", async () => {
    const { utterances } = await plain("So funny 😂", { language: "en-US", emoji: "speak" });
    expect(utterances[0]?.normalized.text).toMatch(/^So funny,? face with tears of joy$/);
  });
});

describe("marks", () => {
  test("stand at the token that follows them, or at the end", async () => {
    const { utterances } = await ssml(
      '<mark name="a"/>One two <mark name="b"/>three. <mark name="c"/><mark name="d"/>Four<mark name="e"/>',
    );
    const found = utterances.flatMap(({ marks, phonemes }) =>
      marks.map(({ name, token }) => [name, phonemes.slice(token)]),
    );
    expect(found).toEqual([
      ["a", "wˈʌn tˈu θɹˈi. fˈɔɹ"],
      ["b", "θɹˈi. fˈɔɹ"],
      ["c", "fˈɔɹ"],
      ["d", "fˈɔɹ"],
      ["e", ""],
    ]);
  });

  test("of a long sentence that is cut short stay with their words", async () => {
    const options = { language: "en-US", quickStart: true };
    const { utterances } = await ssml(
      "The library closes early on Thursdays, so we met outside, where the rain had been falling since noon, and " +
        'the square was <mark name="here"/>empty.',
      options,
    );
    expect(utterances.length).toBeGreaterThan(1);
    const last = utterances.at(-1);
    expect(last?.marks.map(({ token }) => last.phonemes.slice(token))).toEqual(["ˈɛmpti."]);
    expect(utterances.slice(0, -1).flatMap(({ marks }) => marks)).toEqual([]);
    expect(utterances.map(({ normalized }) => normalized.text).join(" ")).toMatch(
      /^The library closes early on Thursdays, so .* was empty\.$/,
    );
  });
});
