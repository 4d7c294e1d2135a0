import type { MappedText, Range } from "./mapped-text.ts";
import { OBJECT, type Script, type ScriptObject } from "./script.ts";
import { BREAK_STRENGTH, type Break, breakAt, type Sentence, splitSentences } from "./sentences.ts";
import { type Delivery, type Stretch, sameDelivery } from "./stretches.ts";

/** A text in the words that are said, with what stands between them. */
export interface SpokenText {
  /** Its only objects are sounds. */
  readonly text: MappedText;
  readonly stretches: readonly Stretch[];
  /** By offset of `text`. */
  readonly sounds: ReadonlyMap<number, Extract<ScriptObject, { kind: "ipa" }>>;
  /** By offset of `text`: a pause or a mark stands before the character there. */
  readonly pauses: readonly (Extract<ScriptObject, { kind: "pause" }> & { readonly at: number })[];
  readonly marks: readonly { readonly name: string; readonly at: number }[];
  /** Where directions that became pauses and marks stand in the source. */
  readonly directions: readonly Range[];
}

/** Takes pauses and marks out of a text, where they would part what belongs together, and notes where they stood. */
export function takeObjects(
  text: MappedText,
  stretches: readonly Stretch[],
  objects: Script["objects"],
): SpokenText {
  const sounds = new Map<number, Extract<ScriptObject, { kind: "ipa" }>>();
  const pauses: SpokenText["pauses"][number][] = [];
  const marks: SpokenText["marks"][number][] = [];
  const directions: Range[] = [];
  const taken: number[] = [];
  let index = 0;
  for (let at = text.text.indexOf(OBJECT); at >= 0; at = text.text.indexOf(OBJECT, at + 1)) {
    const object = objects[index];
    index += 1;
    const place = at - taken.length;
    if (object?.kind === "ipa") {
      sounds.set(place, object);
      continue;
    }
    taken.push(at);
    directions.push(text.sourceRange(at, at + 1));
    if (object?.kind === "pause") pauses.push({ ...object, at: place });
    if (object?.kind === "mark") marks.push({ name: object.name, at: place });
  }
  let before = 0;
  const moved = (offset: number): number => {
    while ((taken[before] ?? Number.POSITIVE_INFINITY) < offset) before += 1;
    return offset - before;
  };
  return {
    text: text.edit(taken.map((at) => ({ at, length: 1, by: "" }))),
    stretches: stretches.map((stretch) => ({
      ...stretch,
      start: moved(stretch.start),
      end: moved(stretch.end),
    })),
    ...{ sounds, pauses, marks, directions },
  };
}

/** A sentence, or the part of one up to where the voice pauses or changes its delivery. */
export interface Passage extends Range {
  readonly sentence: Sentence;
  readonly delivery: Delivery;
  /** What it is read as, stretch by stretch. */
  readonly stretches: readonly Stretch[];
  /** What follows; null inside a sentence. */
  readonly breakAfter: Break | null;
  /** Silence that the text asks for behind it; null where it leaves that to the rules. */
  readonly pauseSeconds: number | null;
}

/** The passages of a text in order, and the silence before the first of them. */
export interface Passages {
  readonly passages: readonly Passage[];
  readonly pauseBeforeSeconds: number;
}

/** Cuts a text into sentences, and these where the voice has to stop or to change. */
export function toPassages(spoken: SpokenText): Passages {
  const passages: Passage[] = [];
  const timed = timedPauses(spoken.pauses);
  let stretch = 0;
  /** The stretches from an offset on that are delivered alike, up to another offset. */
  const alike = (from: number, to: number): Stretch[] => {
    while ((spoken.stretches[stretch]?.end ?? Number.POSITIVE_INFINITY) <= from) stretch += 1;
    const found: Stretch[] = [];
    for (let next = stretch; ; next += 1) {
      const part = spoken.stretches[next];
      if (part === undefined || part.start >= to) return found;
      if (found[0] !== undefined && !sameDelivery(found[0].delivery, part.delivery)) return found;
      found.push({ ...part, start: Math.max(part.start, from), end: Math.min(part.end, to) });
    }
  };
  let pauseBeforeSeconds = 0;
  const sentences = sections(spoken).flatMap((section) => sentencesOf(spoken, section));
  for (const [index, sentence] of sentences.entries()) {
    const before = timed.upTo(sentence.start);
    const previous = passages.at(-1);
    if (previous === undefined) pauseBeforeSeconds += before ?? 0;
    else if (before !== null) {
      passages[passages.length - 1] = { ...previous, pauseSeconds: (previous.pauseSeconds ?? 0) + before };
    }
    for (let at = sentence.start; at < sentence.end; ) {
      const stretches = alike(at, Math.min(timed.next, sentence.end));
      const delivery = stretches[0]?.delivery;
      const end = stretches.at(-1)?.end;
      if (delivery === undefined || end === undefined) break;
      const last = end >= sentence.end;
      const next = sentences[index + 1]?.start ?? spoken.text.text.length + 1;
      passages.push({
        ...{ start: at, end, sentence, delivery, stretches },
        breakAfter: last ? sentence.breakAfter : null,
        pauseSeconds: timed.upTo(last ? next - 1 : end),
      });
      at = end;
    }
  }
  return { passages, pauseBeforeSeconds };
}

/** Takes the pauses of a text, from its beginning to its end. */
function timedPauses(pauses: SpokenText["pauses"]) {
  const timed = pauses.flatMap(({ at, seconds }) => (seconds === null ? [] : [{ at, seconds }]));
  let index = 0;
  return {
    get next(): number {
      return timed[index]?.at ?? Number.POSITIVE_INFINITY;
    },
    /** What is left of them up to an offset, together; null when there are none. */
    upTo(offset: number): number | null {
      let sum: number | null = null;
      for (; this.next <= offset; index += 1) sum = (sum ?? 0) + (timed[index]?.seconds ?? 0);
      return sum;
    },
  };
}

interface Section extends Range {
  readonly language: string;
  /** What ends with it at the least. */
  readonly boundary: Break;
}

/** Cuts a text where sentences surely end: at boundaries that it names, and where another voice begins. */
function sections({ text, stretches, pauses }: SpokenText): Section[] {
  const ends = new Map<number, Break>();
  const end = (at: number, by: Break) => {
    const known = ends.get(at);
    if (known === undefined || BREAK_STRENGTH[by] > BREAK_STRENGTH[known]) ends.set(at, by);
  };
  for (const { at, boundary } of pauses) if (boundary !== "none") end(at, boundary);
  stretches.forEach(({ start, delivery }, index) => {
    const before = stretches[index - 1];
    if (before !== undefined && before.delivery.voice !== delivery.voice) end(start, "sentence");
  });
  end(text.text.length, "paragraph");
  const result: Section[] = [];
  let start = 0;
  let stretch = 0;
  for (const [at, boundary] of [...ends].sort(([a], [b]) => a - b)) {
    while ((stretches[stretch]?.end ?? Number.POSITIVE_INFINITY) <= start) stretch += 1;
    const language = stretches[stretch]?.language ?? "en";
    if (at > start) result.push({ start, end: at, boundary, language });
    start = at;
  }
  return result;
}

function sentencesOf({ text, sounds }: SpokenText, { start, end, language, boundary }: Section): Sentence[] {
  const own = text.text.slice(start, end);
  const readable =
    sounds.size === 0
      ? own
      : own.replace(/\ufffc/g, (_, at: number) => sounds.get(start + at)?.written.charAt(0) || " ");
  const sentences = splitSentences(readable, language);
  return sentences.map((sentence, index) => {
    const range = { start: start + sentence.start, end: start + sentence.end };
    if (index < sentences.length - 1) return { ...range, breakAfter: sentence.breakAfter };
    const natural = breakAt(text.text, range.end);
    return { ...range, breakAfter: BREAK_STRENGTH[boundary] > BREAK_STRENGTH[natural] ? boundary : natural };
  });
}
