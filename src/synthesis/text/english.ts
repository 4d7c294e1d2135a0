import type { Lexicon } from "./english-lexicon.ts";
import { beginsWithVowel } from "./english-stress.ts";
import { type Context, joinParts, readWord } from "./english-words.ts";
import type { Range } from "./mapped-text.ts";
import { joinWords, type Reading } from "./reading.ts";

/** Words between two marks, and what follows without a pause: behind a quote or a bracket, "" at any other mark. */
export interface Chunk {
  readonly text: string;
  readonly ahead: string;
}

/** Phonemes of words that the dictionaries lack, in Kokoro's symbols; one string for each, in order. */
export type Fallback = (words: readonly string[]) => Promise<string[]>;

interface Part {
  readonly text: string;
}

/** What stands between two spaces; of more than one part when only its parts are known. */
interface Word extends Range {
  readonly text: string;
  readonly parts: readonly Part[];
  /** In lower case without apostrophes around, for the neighbours. */
  readonly plain: string;
}

/**
 * Reads chunks of English (words between two marks) by the dictionaries, and what these lack by `fallback`, which
 * is asked once for the distinct words of all chunks.
 * @returns one reading for each chunk, a space between words
 */
export async function readEnglish(
  chunks: readonly Chunk[],
  lexicon: Lexicon,
  fallback: Fallback,
): Promise<Reading[]> {
  const parsed = chunks.map((chunk) => ({
    words: toWords(chunk.text, lexicon),
    ahead: toWords(chunk.ahead, lexicon),
  }));
  const unknown = new Set<string>();
  for (const chunk of parsed)
    say(chunk, lexicon, (text) => {
      unknown.add(text);
      return "";
    });
  const asked = [...unknown];
  const answers = await fallback(asked);
  const found = new Map(asked.map((text, index) => [text, answers[index] ?? ""]));
  return parsed.map((chunk) => say(chunk, lexicon, (text) => found.get(text) ?? ""));
}

interface Parsed {
  readonly words: readonly Word[];
  readonly ahead: readonly Word[];
}

/** From the last word to the first: how a word is said depends on the sound behind it ("the apple"). */
function say({ words, ahead }: Parsed, lexicon: Lexicon, other: (text: string) => string): Reading {
  const [next] = ahead;
  const all = next === undefined ? words : [...words, ...ahead];
  const sounds: { phonemes: string; range: Range }[] = [];
  // Of a next word that only espeak-ng knows, a consonant is the better guess than a mark.
  let vowelNext: boolean | null =
    next === undefined ? null : (beginsWithVowel(sayWord(next, lexicon, INSIDE, () => "")) ?? false);
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const word = words[index];
    if (word === undefined) continue;
    const context = {
      at: (offset: number) => all[index + offset]?.plain,
      vowelNext,
      shouted: shouted(words, index),
    };
    const phonemes = sayWord(word, lexicon, context, other);
    if (phonemes === "") continue;
    sounds.push({ phonemes: phonemes.replaceAll("ɾ", "T").replaceAll("ʔ", "t"), range: word });
    vowelNext = beginsWithVowel(phonemes) ?? vowelNext;
  }
  return joinWords(sounds.reverse());
}

function sayWord(word: Word, lexicon: Lexicon, context: Context, other: (text: string) => string): string {
  if (word.parts.length === 0) return readWord(word.text, lexicon, context) ?? other(word.text);
  const last = word.parts.length - 1;
  return joinParts(
    word.parts.map(({ text }, index) => {
      const within: Context = index === last ? context : { ...context, vowelNext: false };
      return { text, phonemes: readWord(text, lexicon, within) ?? other(text) };
    }),
  );
}

const isCapitals = (text: string | undefined): boolean => text !== undefined && /^[A-Z][A-Z']+$/.test(text);

function shouted(chunk: readonly Word[], index: number): boolean {
  if (!isCapitals(chunk[index]?.text)) return false;
  const around = [chunk[index - 1], chunk[index + 1]].filter((word) => word !== undefined);
  return around.length > 0 && around.every(({ text }) => isCapitals(text) || text === "A" || text === "I");
}

/** Nothing but digits and signs: such words stay together, since "10 000" is one number. */
const NUMERIC = /^[^\p{L}]*\d[^\p{L}]*$/u;
const WORD = /^[\p{L}\p{M}\d'.-]+$/u;
/** Where a compound comes apart: hyphens, "JavaScript", "XMLFile", "MP3". */
const JOINTS = /[-]+|(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/u;
const NUMBER_WITH_ENDING = /^\d+(?:st|nd|rd|th|s|'s)$/;
/** More parts are no word, and a stretch of hyphens and letters must not cost time. */
const MOST_PARTS = 12;

/** For what is asked of a word on its own. */
const INSIDE: Context = { at: () => undefined, vowelNext: false, shouted: false };

function toWords(chunk: string, lexicon: Lexicon): Word[] {
  const result: Word[] = [];
  let numeric = false;
  for (const { 0: raw, index } of chunk.matchAll(/\S+/g)) {
    const before = result.at(-1);
    // Known of the word before, however long it has grown.
    const goesOn = numeric;
    numeric = NUMERIC.test(raw);
    if (before !== undefined && numeric && goesOn) {
      const text = `${before.text} ${raw}`;
      result[result.length - 1] = {
        text,
        parts: [],
        plain: text,
        start: before.start,
        end: index + raw.length,
      };
    } else {
      const text = bare(raw, lexicon);
      const start = index + raw.indexOf(text);
      const end = start + text.length;
      result.push({ text, parts: parts(text, lexicon), plain: text.toLowerCase(), start, end });
    }
  }
  return result;
}

/** Without the apostrophes of a 'quotation', but with those of 'em and the Joneses'. */
function bare(raw: string, lexicon: Lexicon): string {
  const quoted =
    raw.startsWith("'") && lexicon.entry(raw) === undefined && lexicon.entry(raw.toLowerCase()) === undefined;
  const text = quoted ? raw.replace(/^'+/, "") : raw;
  return quoted ? text.replace(/'+$/, "") || raw : text;
}

function parts(text: string, lexicon: Lexicon): Part[] {
  if (!WORD.test(text) || NUMBER_WITH_ENDING.test(text) || NUMERIC.test(text)) return [];
  if (readWord(text, lexicon, INSIDE) !== null) return [];
  if (/\p{L}\.\p{L}/u.test(text)) return [];
  const split = text.split(JOINTS).filter((part) => part !== "");
  if (split.length < 2 || split.length > MOST_PARTS) return [];
  const lower = text.toLowerCase();
  return split.map((part) => {
    // "multi-" and "-able" are not said like the words "multi" and "able".
    const affix = [`${part}-`, `-${part}`]
      .map((candidate) => candidate.toLowerCase())
      .find((candidate) => lower.includes(candidate) && lexicon.entry(candidate) !== undefined);
    return { text: affix ?? part };
  });
}
