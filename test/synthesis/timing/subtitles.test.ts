import { describe, expect, test } from "vitest";
import { columns } from "../../../src/synthesis/timing/captions.ts";
import { toSrt, toVtt } from "../../../src/synthesis/timing/subtitles.ts";
import type { TimedWord } from "../../../src/synthesis/timing/words.ts";

/** Words at every stretch of letters, `pace` seconds each; sentences end at a full stop. */
function timed(text: string, pace = 0.4, pattern = /[\p{L}\p{N}'$&.]*[\p{L}\p{N}]/gu): TimedWord[] {
  const sentences = [...text.matchAll(/[^.!?。]+[.!?。”"]*\s*/g)].map((match) => ({
    start: match.index + (match[0].length - match[0].trimStart().length),
    end: match.index + match[0].trimEnd().length,
  }));
  let at = 0.15;
  return [...text.matchAll(pattern)].map((match) => {
    const [start, end] = [match.index, match.index + match[0].length];
    const sentence =
      sentences[0] !== undefined && start >= sentences[0].start ? sentences.shift() : undefined;
    const word = { start, end, tokenStart: 0, tokenEnd: 1, startSeconds: at, endSeconds: at + pace - 0.05 };
    at += pace;
    return { ...word, ...(sentence && { sentence }) };
  });
}

interface ReadCue {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

const seconds = (stamp: string): number => {
  const [hours = "", minutes = "", rest = ""] = stamp.replace(",", ".").split(":");
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
};

/** Reads blocks apart and refuses what the formats do not allow. */
function readCues(blocks: readonly string[], stamp: string, numbered: boolean): ReadCue[] {
  const time = new RegExp(`^(${stamp}) --> (${stamp})$`);
  let last = 0;
  return blocks.map((block, index) => {
    const lines = block.split("\n");
    if (numbered) expect(lines.shift()).toBe(String(index + 1));
    const match = time.exec(lines.shift() ?? "");
    if (match === null) throw new Error(`no times in ${JSON.stringify(block)}`);
    const [from, to] = [seconds(match[1] ?? ""), seconds(match[2] ?? "")];
    expect(from).toBeGreaterThanOrEqual(last);
    expect(to).toBeGreaterThan(from);
    last = to;
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line.trim()).toBe(line);
      expect(line).not.toBe("");
      expect(line).not.toContain("-->");
    }
    return { from, to, lines };
  });
}

function readSrt(file: string): ReadCue[] {
  if (file === "") return [];
  expect(file.endsWith("\n\n")).toBe(true);
  return readCues(file.slice(0, -2).split("\n\n"), String.raw`\d{2,}:[0-5]\d:[0-5]\d,\d{3}`, true);
}

/** W3C WebVTT: no bare & or <, timestamps inside a cue that increase within it. */
function readVtt(file: string): (ReadCue & { readonly marks: readonly number[] })[] {
  expect(file.startsWith("WEBVTT\n\n")).toBe(true);
  const body = file.slice("WEBVTT\n\n".length);
  if (body === "") return [];
  expect(body.endsWith("\n\n")).toBe(true);
  const stamp = String.raw`\d{2,}:[0-5]\d:[0-5]\d\.\d{3}`;
  return readCues(body.slice(0, -2).split("\n\n"), stamp, false).map((cue) => {
    const marks: number[] = [];
    const lines = cue.lines.map((line) => {
      const plain = line.replace(new RegExp(`<(${stamp})>`, "g"), (_, mark: string) => {
        expect(seconds(mark)).toBeGreaterThan(marks.at(-1) ?? cue.from);
        expect(seconds(mark)).toBeLessThan(cue.to);
        marks.push(seconds(mark));
        return "";
      });
      expect(plain).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      return plain.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    });
    return { ...cue, lines, marks };
  });
}

function expectReadable(cues: readonly ReadCue[]): void {
  for (const { from, to, lines } of cues) {
    expect(lines.length).toBeLessThanOrEqual(2);
    for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(42);
    expect(to - from).toBeLessThanOrEqual(7.001);
  }
}

const STORY =
  "The lighthouse keeper climbed the stairs, counted the ships in the bay, and wrote their names into the old book. " +
  "“Is it late?” she asked. It cost $5.50, he said; nobody had paid since 1999, when Dr. Smith had come with a boat " +
  "that nobody in the whole village had ever seen before or since.";

describe("subtitles", () => {
  test("two lines of 42 columns and seven seconds at most, the whole text, at sentences and clauses", () => {
    const words = timed(STORY);
    const cues = readSrt(toSrt(STORY, words));
    expectReadable(cues);
    expect(cues.map(({ lines }) => lines.join(" ")).join(" ")).toBe(STORY);
    for (const { lines } of cues.slice(0, -1)) {
      const ending = lines.at(-1) ?? "";
      if (!/[.,;?!”]$/.test(ending)) expect(ending).toMatch(/village|boat|book|whole|nobody|with|come/);
    }
    expect(cues.some(({ lines }) => lines.join(" ") === "“Is it late?”")).toBe(true);
    expect(readVtt(toVtt(STORY, words)).map(({ lines }) => lines)).toEqual(cues.map(({ lines }) => lines));
  });

  test("cues begin with their first word and words are marked where they begin", () => {
    const text = "One two three four. Five six.";
    const words = timed(text);
    const [first, second] = readVtt(toVtt(text, words, { wordTimes: true }));
    expect(first?.lines).toEqual(["One two three four."]);
    expect(first?.from).toBeCloseTo(0.15);
    expect(first?.marks).toEqual(
      words.slice(1, 4).map(({ startSeconds }) => expect.closeTo(startSeconds, 3)),
    );
    expect(second?.from).toBeCloseTo(words[4]?.startSeconds ?? 0);
  });

  test("signs of the formats are escaped, tags are not shown, and an arrow is no time", () => {
    const text = "<p>Tom &amp; Jerry <b>a</b> 3 < 4 &lt;i&gt; x --> y</p>";
    const words = timed(text, 0.4, /Tom|Jerry|(?<=<b>)a|3|4|x|y/g);
    const [cue] = readVtt(toVtt(text, words));
    expect(cue?.lines.join(" ")).toBe("Tom & Jerry a 3 < 4 <i> x --> y");
    expect(toVtt(text, words)).toContain("Tom &amp; Jerry");
    expect(readSrt(toSrt(text, words))[0]?.lines.join(" ")).toBe("Tom & Jerry a 3 < 4 <i> x → y");
  });

  test("Chinese and Japanese characters take two columns and are cut without spaces", () => {
    const text =
      "今天天气很好，我们一起去公园散步，然后再去城里最大的书店买一些有意思的新书给孩子们看看。他说好。";
    const words = timed(text, 0.3, /\p{Script=Han}{1,2}/gu);
    const cues = readSrt(toSrt(text, words));
    expectReadable(cues);
    expect(cues.length).toBeGreaterThan(2);
    expect(cues.map(({ lines }) => lines.join("")).join("")).toBe(text);
    expect(columns("今a\u0301")).toBe(3);
  });

  test("a word longer than a line, and one longer than a cue may stay, are shown in parts", () => {
    const text = `${"w".repeat(200)} then 5551234567.`;
    const words = timed(text);
    const slow = words.map((word, index) =>
      index === 2 ? { ...word, endSeconds: word.startSeconds + 20 } : word,
    );
    const cues = readSrt(toSrt(text, slow));
    expectReadable(cues);
    expect(cues.flatMap(({ lines }) => lines).join("")).toContain("5551234567."[0]);
  });

  test("nothing spoken is an empty file, and hours count on", () => {
    expect(toSrt("", [])).toBe("");
    expect(toVtt("", [])).toBe("WEBVTT\n\n");
    const late = timed("Late.").map((word) => ({ ...word, startSeconds: 3723.4, endSeconds: 3724.9996 }));
    expect(toSrt("Late.", late)).toBe("1\n01:02:03,400 --> 01:02:05,000\nLate.\n\n");
  });
});
