import type { Detected, Detector } from "./detection.ts";
import type { Range } from "./mapped-text.ts";
import { OBJECT } from "./script.ts";
import { splitSentences } from "./sentences.ts";
import { mayFind, type OpenStretch, type Stretch } from "./stretches.ts";
import type { VoiceTarget } from "./target.ts";

/** What languages are told with. */
interface Telling {
  readonly detector: Detector;
  readonly accepts: (language: string) => boolean;
  readonly written: (at: number) => string;
}

/** A sentence of a text whose language is to be told. */
interface Told extends Range, Detected {}

/**
 * Gives every stretch its language: sentence by sentence where it is not known. What is too short to tell leans on
 * the sentences around it; a quotation of some words may be in a language of its own.
 * @param detector made when the first language has to be told
 * @param written what is written for the object at an offset of the text
 */
export async function tellLanguages(
  text: string,
  stretches: readonly OpenStretch[],
  targets: readonly VoiceTarget[],
  detector: () => Promise<Detector>,
  written: (at: number) => string = () => " ",
): Promise<Stretch[]> {
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    const { language, expected, ...rest } = stretch;
    const target = targets[rest.delivery.voice];
    if (language !== null || target === undefined) {
      push(result, { ...rest, language: language ?? expected });
      continue;
    }
    const accepts = remembered((code) => mayFind(target, code));
    const told = sentencesOf(text, stretch, { detector: await detector(), accepts, written });
    let { start } = rest;
    told.forEach((sentence, index) => {
      const end = told[index + 1]?.start ?? rest.end;
      push(result, { ...rest, language: sentence.language, start, end });
      start = end;
    });
    if (told.length === 0) push(result, { ...rest, language: expected });
  }
  return result;
}

function remembered(ask: (language: string) => boolean): (language: string) => boolean {
  const known = new Map<string, boolean>();
  return (language) => {
    const answer = known.get(language) ?? ask(language);
    known.set(language, answer);
    return answer;
  };
}

/** Adds a stretch, or makes the one before longer when it is spoken alike. */
function push(stretches: Stretch[], stretch: Stretch): void {
  const before = stretches.at(-1);
  const alike =
    before !== undefined &&
    before.language === stretch.language &&
    before.delivery === stretch.delivery &&
    before.sayAs === stretch.sayAs &&
    before.verbatim === stretch.verbatim;
  if (alike) stretches[stretches.length - 1] = { ...before, end: stretch.end };
  else stretches.push(stretch);
}

function sentencesOf(text: string, { start, end, expected }: OpenStretch, telling: Telling): Told[] {
  const { detector, accepts, written } = telling;
  const own = text.slice(start, end);
  const told = splitSentences(own, expected).map((sentence) => {
    const range = { start: start + sentence.start, end: start + sentence.end };
    const sample = own
      .slice(sentence.start, sentence.end)
      .replace(OBJECTS, (_, at: number) => written(range.start + at));
    return { ...range, sample, ...detector.detect(around(sample), expected, accepts) };
  });
  return leaning(told, expected, detector).flatMap((sentence) => withQuotations(text, sentence, telling));
}

const OBJECTS = new RegExp(OBJECT, "g");

/**
 * Sentences that do not tell their language take that of both neighbours that do, else that of most of the text,
 * unless they look more like another of these.
 */
function leaning(
  sentences: readonly (Told & { readonly sample: string })[],
  expected: string,
  detector: Detector,
): Told[] {
  const most = mostWritten(sentences) ?? expected;
  const following: (string | undefined)[] = [];
  let next: string | undefined;
  for (const sentence of sentences.toReversed()) {
    following.push(next);
    if (sentence.sure) next = sentence.language;
  }
  following.reverse();
  let before: string | undefined;
  return sentences.map(({ sample, ...sentence }, index) => {
    if (sentence.sure) {
      before = sentence.language;
      return sentence;
    }
    const after = following[index];
    const around = before ?? after;
    const agreed = around !== undefined && (after ?? around) === around ? around : most;
    const others = new Set([before, after, most, expected].filter((one) => one !== undefined));
    others.delete(agreed);
    if (others.size === 0) {
      return { ...sentence, language: agreed };
    }
    return { ...sentence, language: detector.likeliest(sample, [agreed, ...others]) };
  });
}

function mostWritten(sentences: readonly Told[]): string | undefined {
  const lengths = new Map<string, number>();
  for (const { language, sure, start, end } of sentences) {
    if (sure) lengths.set(language, (lengths.get(language) ?? 0) + end - start);
  }
  return [...lengths].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** A quotation of this many words or more is looked at for itself. */
const QUOTED_WORDS = 3;
/** Between quotes of one kind, up to the next of any. */
const QUOTATION = /(?<=[“„«「『"])[^“”„«»「」『』"]{8,400}(?=[”“»」』"])/gu;

/** Letters around a quotation that tell the language of a sentence alone. */
const TELLING_LETTERS = 6;

/** A sentence without its quotations, which may be in another language, where enough is left of it. */
function around(sentence: string): string {
  const rest = sentence.replace(QUOTATION, "");
  return rest.length < sentence.length && (rest.match(/\p{L}/gu)?.length ?? 0) < TELLING_LETTERS
    ? sentence
    : rest;
}

/** Cuts a sentence around the quotations that are surely in another language. */
function withQuotations(text: string, sentence: Told, { detector, accepts }: Telling): Told[] {
  const own = text.slice(sentence.start, sentence.end);
  const parts: Told[] = [];
  let at = sentence.start;
  for (const match of own.matchAll(QUOTATION)) {
    if (match[0].trim().split(/\s+/).length < QUOTED_WORDS) continue;
    const { language, sure } = detector.detect(match[0], sentence.language, accepts);
    if (!sure || language === sentence.language) continue;
    const start = sentence.start + match.index;
    const end = start + match[0].length;
    if (start > at) parts.push({ ...sentence, start: at, end: start });
    parts.push({ start, end, language, sure });
    at = end;
  }
  if (at < sentence.end || parts.length === 0) parts.push({ ...sentence, start: at });
  return parts;
}
