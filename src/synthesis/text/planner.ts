import { toUtterances } from "./assemble.ts";
import { foldCharacters } from "./characters.ts";
import { coverageOf } from "./coverage.ts";
import { sharedDetector } from "./detection.ts";
import { tellLanguages } from "./languages.ts";
import { cutLead } from "./lead.ts";
import { MappedText } from "./mapped-text.ts";
import { normalise, readMarkdown } from "./normalise/normalise.ts";
import { sayAs } from "./normalise/say-as.ts";
import { type Passage, type SpokenText, takeObjects, toPassages } from "./passages.ts";
import { readPhrases } from "./phrases.ts";
import { splitPieces } from "./pieces.ts";
import { createPronouncer, type Pronouncer } from "./pronunciation.ts";
import type { Read } from "./readers.ts";
import { parseScript } from "./script/parse.ts";
import { OBJECT, type Script, type ScriptObject, type ScriptSource } from "./script.ts";
import { languageOf, type Speech } from "./speech.ts";
import { createSpeeches, openStretches, type Stretch, targetsOf } from "./stretches.ts";
import type { Plan, PlanOptions, Utterance } from "./utterance.ts";

/**
 * A text with its directions to utterances: characters are folded, languages told apart, words looked up in the
 * dictionaries, numbers and signs put into words, sentences found, read, cut where they are too long and joined
 * where they are too short. Nothing of the text is lost: the spans of the utterances cover every character of it
 * that is not white space, once, in order. Time is linear in the length of the text.
 * @throws SpeakerError INVALID_INPUT for a language that nothing speaks; ScriptError for directions that cannot be followed
 */
export async function planText(
  source: ScriptSource | string,
  options: PlanOptions,
  read: Read,
): Promise<Plan> {
  const dropped: Record<string, number> = {};
  const unknownPhonemes: Record<string, number> = {};
  const count = (counts: Record<string, number>, name: string, more: number) => {
    counts[name] = (counts[name] ?? 0) + more;
  };
  const asked: ScriptSource = typeof source === "string" ? { text: source, format: "plain" } : source;
  const script = parseScript(asked);
  const targets = targetsOf(options);
  const cjk = isEastAsian(options.language ?? targets[0]?.language ?? "", script.text.text, options);
  const { normalize = true } = options;
  // Names of emoji are words of normalisation.
  const emoji = normalize ? (options.emoji ?? "drop") : "drop";
  const characters = foldCharacters(script.text, cjk, (kind, more) => count(dropped, kind, more), emoji);
  const folded = normalize && !isExact(script) ? readMarkdown(characters) : characters;
  const open = openStretches(folded, script, targets, options.language);
  const told = await tellLanguages(folded.text, open, targets, sharedDetector, writtenAt(folded, script));
  const spoken = inWords(folded, told, script, { ...options, normalize, emoji });

  const speeches = createSpeeches(targets);
  const { passages, pauseBeforeSeconds } = toPassages(spoken);
  const phrases = await readPhrases(
    passages.map((passage) => piecesOf(spoken, passage, speeches)),
    read,
    (symbol) => count(unknownPhonemes, symbol, 1),
  );
  const sounded = passages.map((passage, index) => ({
    passage,
    phrases: phrases[index] ?? [],
    speech: mainSpeech(passage, speeches),
  }));
  const planned = toUtterances(asked.text, spoken, sounded);
  const utterances = options.quickStart === true ? cutLead(planned, targets) : planned;
  return {
    utterances,
    languages: languagesOf(utterances),
    coverage: coverageOf(asked.text, utterances, script.dropped, spoken.directions),
    pauseBeforeSeconds: utterances.length === 0 ? 0 : pauseBeforeSeconds,
    notes: { dropped, unknownPhonemes },
  };
}

/** What is written where an object stands in a text: words with sounds of their own, else nothing. */
function writtenAt({ text }: MappedText, { objects }: Script): (at: number) => string {
  const words = new Map<number, string>();
  let index = 0;
  for (let at = text.indexOf(OBJECT); at >= 0; at = text.indexOf(OBJECT, at + 1)) {
    const object = objects[index];
    index += 1;
    if (object?.kind === "ipa") words.set(at, object.written);
  }
  return (at) => words.get(at) ?? " ";
}

/** Whether parts of a text are to be said as they stand: then a star is no emphasis. */
function isExact({ spans }: Script): boolean {
  return spans.some(({ directions }) => directions.verbatim === true || directions.sayAs !== undefined);
}

const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Whether a text is Japanese or Chinese, to whose punctuation full-width forms belong. */
function isEastAsian(language: string, text: string, options: PlanOptions): boolean {
  if (["ja", "zh", "yue"].includes(languageOf(language))) return true;
  if (options.language !== undefined) return false;
  const sample = text.slice(0, 2_000);
  return (sample.match(EAST_ASIAN)?.length ?? 0) * 4 > sample.replace(/\s+/g, "").length;
}

/** The words that are said: of dictionaries, and of numbers and signs. */
function inWords(
  folded: MappedText,
  told: readonly Stretch[],
  script: Script,
  options: PlanOptions & { readonly normalize: boolean; readonly emoji: "drop" | "speak" },
): SpokenText {
  const { pronunciations = [] } = options;
  const pronouncer = createPronouncer(pronunciations);
  const { text, objects, stretches } = pronounced(folded, told, script.objects, pronouncer);
  const parts: MappedText[] = [];
  const said: Stretch[] = [];
  let length = 0;
  for (const stretch of stretches) {
    const words = wordsOf(text.slice(stretch.start, stretch.end), stretch, options);
    parts.push(words);
    said.push({ ...stretch, start: length, end: length + words.text.length });
    length += words.text.length;
  }
  return takeObjects(parts.length === 1 && parts[0] ? parts[0] : MappedText.concat(parts), said, objects);
}

function wordsOf(
  text: MappedText,
  { language, sayAs: how, verbatim }: Stretch,
  { normalize, emoji }: { readonly normalize: boolean; readonly emoji: "drop" | "speak" },
): MappedText {
  const said = how === null || text.text.includes(OBJECT) ? null : sayAs(text.text, how, language);
  if (said !== null) {
    const head = text.text.length - text.text.trimStart().length;
    return text.edit([{ at: head, length: text.text.trim().length, by: said }]);
  }
  return verbatim || !normalize ? text : normalise(text, language, { emoji });
}

/** What says itself how it is read is not looked up. */
function pronounced(
  text: MappedText,
  stretches: readonly Stretch[],
  objects: readonly ScriptObject[],
  pronouncer: Pronouncer,
): { text: MappedText; objects: readonly ScriptObject[]; stretches: readonly Stretch[] } {
  const isFree = ({ verbatim, sayAs: how }: Stretch) => !verbatim && how === null;
  const runs = stretches.filter(isFree);
  const result = pronouncer.apply(text, objects, runs);
  const moved = result.runs.values();
  let end = 0;
  return {
    text: result.text,
    objects: result.objects,
    stretches: stretches.map((stretch) => {
      const run = isFree(stretch) ? moved.next().value : undefined;
      const start = end;
      end = run?.end ?? start + stretch.end - stretch.start;
      return { ...stretch, start, end };
    }),
  };
}

function piecesOf(spoken: SpokenText, passage: Passage, speeches: (stretch: Stretch) => Speech) {
  const soundAt = (index: number) => spoken.sounds.get(index);
  return passage.stretches.flatMap((stretch) =>
    splitPieces(spoken.text.text, stretch, speeches(stretch), passage.sentence, soundAt),
  );
}

/** How most of a passage is spoken. */
function mainSpeech({ stretches }: Passage, speeches: (stretch: Stretch) => Speech): Speech {
  const lengths = new Map<Speech, number>();
  for (const stretch of stretches) {
    const speech = speeches(stretch);
    lengths.set(speech, (lengths.get(speech) ?? 0) + stretch.end - stretch.start);
  }
  const [longest] = [...lengths].reduce((a, b) => (b[1] > a[1] ? b : a));
  return longest;
}

function languagesOf(utterances: readonly Utterance[]): string[] {
  const lengths = new Map<string, number>();
  for (const { language, tokens } of utterances) {
    lengths.set(language, (lengths.get(language) ?? 0) + tokens.length);
  }
  return [...lengths].sort(([, a], [, b]) => b - a).map(([language]) => language);
}
