import type { EspeakClient } from "../../espeak/client.ts";
import { alignWords, readEvenly, spacedWords } from "./align-words.ts";
import { readEnglish } from "./english.ts";
import { type Accent, type Lexicon, type LexiconPaths, loadLexicon } from "./english-lexicon.ts";
import { kokoroPhonemes, type PhonemeStyle } from "./kokoro-phonemes.ts";
import { foreignVoice, type Reader } from "./pieces.ts";
import type { Reading } from "./reading.ts";

/**
 * Words of one reader to phonemes; one reading for each text, in order, possibly empty. `ahead` has the words that
 * follow each text without a pause, "" where there are none.
 */
export type Read = (
  reader: Reader,
  texts: readonly string[],
  ahead?: readonly string[],
) => Promise<Reading[]>;

/** One request to espeak-ng: small enough to answer in well under its deadline, large enough to be few. */
const BATCH_TEXTS = 256;
const BATCH_LENGTH = 8_000;

const ACCENTS: Readonly<Record<string, Accent>> = { "en-us": "us", "en-gb-x-rp": "gb" };
const STYLES: Readonly<Record<string, PhonemeStyle>> = { "en-us": "american", "en-gb-x-rp": "british" };

export interface ReaderOptions {
  readonly signal?: AbortSignal;
  /** Told of text that the readers of Japanese and Chinese could not read. */
  readonly unread?: (text: string) => void;
  /** Words of English; without them espeak-ng reads it alone. */
  readonly lexicons?: Lexicons | null;
}

/** The dictionaries of an accent. */
export type Lexicons = (accent: Accent) => Promise<Lexicon>;

/** Dictionaries that load when their accent is first read, and stay. */
export function createLexicons(paths: LexiconPaths): Lexicons {
  const loaded = new Map<Accent, Promise<Lexicon>>();
  return (accent) => {
    let lexicon = loaded.get(accent);
    if (lexicon === undefined) {
      lexicon = loadLexicon(accent, paths[accent]);
      lexicon.catch(() => loaded.delete(accent));
      loaded.set(accent, lexicon);
    }
    return lexicon;
  };
}

/** Reads with espeak-ng, and with our own readers of Japanese and Chinese, which load at first use. */
export function createReaders(espeak: EspeakClient, options: ReaderOptions = {}): Read {
  const { signal, unread, lexicons = null } = options;
  const espeakAlone = async (voice: string, texts: readonly string[]): Promise<string[]> => {
    const style = STYLES[voice] ?? "other";
    const result: string[] = [];
    for (const batch of batches(texts)) {
      signal?.throwIfAborted();
      const raw = await espeak.phonemes(voice, batch);
      for (const [index, phonemes] of raw.entries()) {
        const mapped = kokoroPhonemes(phonemes, style);
        result.push(style === "other" ? mapped : articleAtEnd(batch[index] ?? "", mapped));
      }
    }
    return result;
  };
  /** What cannot be told from the spaces between phonemes is told by how the words sound one by one. */
  const espeakWords = async (voice: string, texts: readonly string[]): Promise<Reading[]> => {
    const spoken = await espeakAlone(voice, texts);
    const readings = texts.map((text, index) => readEvenly(text, spoken[index] ?? ""));
    const uneven = texts.filter((_, index) => readings[index] === null);
    const words = [...new Set(uneven.flatMap(wordsOf))];
    const sounds = words.length === 0 ? [] : await espeakAlone(voice, words);
    const alone = new Map(words.map((word, index) => [word, sounds[index] ?? ""]));
    return readings.map((reading, index) => {
      const text = texts[index] ?? "";
      return (
        reading ??
        alignWords(
          text,
          spoken[index] ?? "",
          wordsOf(text).map((word) => alone.get(word) ?? ""),
        )
      );
    });
  };
  const alphabetic = async (voice: string, texts: readonly string[], ahead?: readonly string[]) => {
    const accent = ACCENTS[voice];
    if (lexicons === null || accent === undefined) return espeakWords(voice, texts);
    const lexicon = await lexicons(accent);
    const chunks = texts.map((text, index) => ({ text, ahead: ahead?.[index] ?? "" }));
    return readEnglish(chunks, lexicon, (words) => espeakAlone(voice, words));
  };
  const eastAsian = {
    latin: async (word: string) => {
      const [reading] = await alphabetic(foreignVoice(word), [word]);
      return reading?.phonemes ?? "";
    },
    ...(unread === undefined ? {} : { unread }),
  };
  return async (reader, texts, ahead) => {
    if (reader === "japanese") {
      const { readJapanese } = await import("./japanese.ts");
      return inTurn(texts, (text) => readJapanese(text, eastAsian), signal);
    }
    if (reader === "mandarin") {
      const { readMandarin } = await import("./mandarin.ts");
      return inTurn(texts, (text) => readMandarin(text, eastAsian), signal);
    }
    return alphabetic(reader.espeak, texts, ahead);
  };
}

const wordsOf = (text: string): string[] => spacedWords(text).map(({ start, end }) => text.slice(start, end));

/** "a “test”": cut off before the quote, espeak-ng takes the article for the letter. */
function articleAtEnd(text: string, phonemes: string): string {
  return /(?:^|\s)a$/.test(text) ? phonemes.replace(/ˈA$/, "ɐ") : phonemes;
}

async function inTurn(
  texts: readonly string[],
  read: (text: string) => Promise<Reading>,
  signal?: AbortSignal,
): Promise<Reading[]> {
  const result: Reading[] = [];
  for (const text of texts) {
    signal?.throwIfAborted();
    result.push(await read(text));
  }
  return result;
}

function* batches(texts: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (batch.length > 0 && (batch.length >= BATCH_TEXTS || length + text.length > BATCH_LENGTH)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(text);
    length += text.length;
  }
  if (batch.length > 0) yield batch;
}
