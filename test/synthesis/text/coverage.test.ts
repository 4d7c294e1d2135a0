import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEspeakClient } from "../../../src/espeak/client.ts";
import { planText } from "../../../src/synthesis/text/planner.ts";
import { createReaders } from "../../../src/synthesis/text/readers.ts";
import type { ScriptSource } from "../../../src/synthesis/text/script.ts";
import type { CoverageSpan, Plan, PlanOptions } from "../../../src/synthesis/text/utterance.ts";
import { Random } from "../../helpers/random.ts";

const espeak = createEspeakClient();
const read = createReaders(espeak);
beforeAll(() => espeak.start());
afterAll(() => espeak.close());

const plan = (source: string | ScriptSource, options: PlanOptions = { language: "en-US" }): Promise<Plan> =>
  planText(source, options, read);

/** What holds for the coverage of every plan; returns how many characters had each fate. */
function expectCovered(source: string, { coverage, utterances }: Plan): Record<string, number> {
  const counts: Record<string, number> = {};
  let at = 0;
  const isRight = (span: CoverageSpan): boolean => {
    const spoken = span.fate === "spoken" || span.fate === "normalised";
    const utterance = utterances[span.utterance ?? -1];
    return (
      span.start === at &&
      span.end > span.start &&
      (span.reason !== undefined) === (span.fate === "dropped") &&
      (utterance !== undefined && utterance.start <= span.start) === spoken &&
      (span.fate !== "space" || source.slice(span.start, span.end).trim() === "")
    );
  };
  const wrong: CoverageSpan[] = [];
  for (const span of coverage) {
    if (!isRight(span)) wrong.push(span);
    at = span.end;
    const name = span.reason ?? span.fate;
    counts[name] = (counts[name] ?? 0) + span.end - span.start;
  }
  expect(wrong).toEqual([]);
  expect(at).toBe(source.length);
  return counts;
}

/** The stretches with a fate or a reason. */
const withFate = (source: string, coverage: readonly CoverageSpan[], fate: string): string[] =>
  coverage
    .filter((span) => (span.reason ?? span.fate) === fate)
    .map(({ start, end }) => source.slice(start, end));

/** A chapter book of 50,000 characters: headings, paragraphs, dialogue, numbers, names in other scripts. */
function book(): string {
  const paragraphs = [
    "It was a bright cold day in April 1984, and the clocks were striking 13. Mr. Smith paid $5.50 for a *very* old pen.",
    "“Good morning,” said Dr. Jones — who had walked 12 km — “have you read the 2nd letter?” Nobody had.",
    "They met Наташа at 10:30 a.m. near www.example.com/shop; she waved 👋 and said 你好 to everyone, naïvely.",
    "Lines\nthat merely wrap at some width go on as one, and <b>bold</b> words &amp; signs are read as they are meant.",
  ];
  let text = "";
  for (let chapter = 1; text.length < 50_000; chapter += 1) {
    text += `Chapter ${chapter}\n\n${paragraphs.join("\n\n")}\n\n`;
  }
  return text.slice(0, 49_990).padEnd(50_000, ".");
}

test("each of the 50,000 characters of a book is spoken, normalised or dropped for a reason", async () => {
  const text = book();
  expect(text).toHaveLength(50_000);
  const planned = await plan(text);
  const counts = expectCovered(text, planned);
  expect(Object.keys(counts).sort()).toEqual(["emoji", "markup", "normalised", "space", "spoken"]);
  expect(counts.emoji).toBe([...text.matchAll(/👋/gu)].length * 2);
  // "12 km" and "10:30 a.m." are said as one, the space between included.
  const joined = text.match(/12 km|10:30 a/g)?.length ?? 0;
  expect(counts.space).toBe((text.match(/\s/g)?.length ?? 0) - joined);
  expect(counts.normalised).toBeGreaterThan(1_000);
  const chapters = planned.utterances.filter(({ text: said }) => /^Chapter \d+$/.test(said));
  const before = chapters.map(({ index }) => planned.utterances[index - 1]?.pauseAfterSeconds);
  expect(new Set(before.slice(1))).toEqual(new Set([1]));
  expect(new Set(chapters.map(({ pauseAfterSeconds }) => pauseAfterSeconds))).toEqual(new Set([0.7]));
});

describe("what is not spoken says why", () => {
  test("markup, comments, directions, emoji, invisible characters", async () => {
    const text = "A <i>b</i><!-- c --> d [pause:1s] e\u200bf 😀 *g*.";
    const { coverage, ...rest } = await plan({ text, format: "plain" });
    expectCovered(text, { coverage, ...rest });
    expect(withFate(text, coverage, "markup")).toEqual(["<i>", "</i>", "*", "*"]);
    expect(withFate(text, coverage, "comment")).toEqual(["<!-- c -->"]);
    expect(withFate(text, coverage, "direction")).toEqual(["[pause:1s]"]);
    expect(withFate(text, coverage, "emoji")).toEqual(["😀"]);
  });

  test("letters that no reader knows are unreadable", async () => {
    const text = "The sign 𒀀𒀁 is old.";
    const planned = await plan(text);
    expectCovered(text, planned);
    const spoken = withFate(text, planned.coverage, "spoken").join("");
    expect(`${spoken}${withFate(text, planned.coverage, "unreadable").join("")}`).toContain("𒀀𒀁");
  });

  test("a text of nothing that can be said is dropped as a whole", async () => {
    const text = " 😀 <b></b> \u2060";
    const planned = await plan(text);
    expect(planned.utterances).toEqual([]);
    expect(expectCovered(text, planned)).toEqual({ space: 3, emoji: 2, markup: 7, invisible: 1 });
  });

  test("SSML is told apart from what it says", async () => {
    const text = '<speak>One <break time="1s"/>two, <sub alias="three">3</sub>.</speak>';
    const planned = await plan({ text, format: "ssml" });
    expectCovered(text, planned);
    expect(withFate(text, planned.coverage, "spoken").join("")).toBe("Onetwo,.");
    expect(withFate(text, planned.coverage, "normalised")).toEqual(["3"]);
  });
});

const FRAGMENTS = [
  ..."abcXYZéß 0123456789 .,;:!?—–-…'\"“”()[]{}&@#$€%^*_~`|=+\n\t",
  ..."नमस्ते। приветñ日本語かなカナ你好한국ไทยعربيשלום𝒳😀👩‍👩‍👧\u200b\u202e\u0301\ud83d\ude00\ud800\ufffc",
  ..."<b>b</b> <br/> &amp; $4.20 10:30 Dr. www.a.com 1/2 1999 \n\n [pause:1s] [a](/b/) Chapter Iwerks' ".split(
    /(?<= )/,
  ),
];

test("random text is covered, and what is said differs from what is written only in the parts that say so", async () => {
  for (let seed = 1; seed <= 18; seed += 1) {
    const random = new Random(seed);
    const text = Array.from({ length: 20 + random.below(300) }, () => random.pick(FRAGMENTS)).join("");
    const language = [undefined, "en-US", "ja", "de", "ar", "ru"][seed % 6];
    const planned = await plan(text, { language });
    expectCovered(text, planned);
    for (const { normalized, start, end } of planned.utterances) {
      let source = start;
      let said = 0;
      for (const part of normalized.parts) {
        expect(part.start - source).toBe(part.from - said);
        source = part.end;
        said = part.to;
      }
      expect(end - source).toBe(normalized.text.length - said);
      expect(normalized.text).not.toContain("\ufffc");
    }
  }
});
