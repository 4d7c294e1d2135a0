import type { EspeakClient } from "../../espeak/client.ts";
import { alignWords, readEvenly, spacedWords } from "./align-words.ts";
import { readEnglish } from "./english.ts";
import { type Accent, type Lexicon, type LexiconPaths, loadLexicon } from "./english-lexicon.ts";
import { voiceOfForeignName, withoutPossessive } from "./foreign-names.ts";
import { espeakIpa, ipaToKokoro, kokoroToIpa, plainIpa } from "./ipa.ts";
import { kokoroPhonemes, type PhonemeStyle } from "./kokoro-phonemes.ts";
import { foreignVoice } from "./pieces.ts";
import { joinWords, mapReading, type Reading } from "./reading.ts";
import type { Reader } from "./speech.ts";

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
const STYLES: Readonly<Record<string, PhonemeStyle>> = {
  "en-us": "american",
  "en-gb-x-rp": "british",
  "en-gb-scotland": "british",
  "en-029": "british",
};

type Notation = "kokoro" | "ipa";

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
  const espeakAlone = async (
    voice: string,
    texts: readonly string[],
    notation: Notation = "kokoro",
  ): Promise<string[]> => {
    const style = STYLES[voice] ?? "other";
    const result: string[] = [];
    for (const batch of batches(texts)) {
      signal?.throwIfAborted();
      const raw = await espeak.phonemes(voice, batch);
      for (const [index, phonemes] of raw.entries()) {
        if (notation === "ipa") result.push(espeakIpa(phonemes));
        else {
          const mapped = kokoroPhonemes(TONAL.has(voice) ? tonesApart(phonemes) : phonemes, style);
          result.push(style === "other" ? mapped : articleAtEnd(batch[index] ?? "", mapped));
        }
      }
    }
    return result;
  };
  /** What cannot be told from the spaces between phonemes is told by how the words sound one by one. */
  const espeakWords = async (
    voice: string,
    texts: readonly string[],
    notation: Notation = "kokoro",
  ): Promise<Reading[]> => {
    const spoken = await espeakAlone(voice, texts, notation);
    const readings = texts.map((text, index) => readEvenly(text, spoken[index] ?? ""));
    const uneven = texts.filter((_, index) => readings[index] === null);
    const words = [...new Set(uneven.flatMap(wordsOf))];
    const sounds = words.length === 0 ? [] : await espeakAlone(voice, words, notation);
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
    return readEnglish(chunks, lexicon, (words) => unknownWords(voice, words));
  };
  /** Words that the dictionaries lack: names by the rules of their languages where their letters tell them. */
  const unknownWords = async (voice: string, words: readonly string[]): Promise<string[]> => {
    const result = new Array<string>(words.length).fill("");
    const groups = new Map<string, number[]>();
    for (const [index, word] of words.entries()) {
      const reader = voiceOfForeignName(word) ?? voice;
      const group = groups.get(reader);
      if (group === undefined) groups.set(reader, [index]);
      else group.push(index);
    }
    for (const [reader, places] of groups) {
      const own = reader === voice;
      const names = places.map((place) => withoutPossessive(words[place] ?? ""));
      const asked = own ? places.map((place) => words[place] ?? "") : names.map(([name]) => name);
      const sounds = await espeakAlone(reader, asked);
      for (const [index, place] of places.entries()) {
        result[place] = (sounds[index] ?? "") + (own ? "" : (names[index]?.[1] ?? ""));
      }
    }
    return result;
  };
  const eastAsian = {
    latin: async (word: string) => {
      const [reading] = await alphabetic(foreignVoice(word), [word]);
      return reading?.phonemes ?? "";
    },
    ...(unread === undefined ? {} : { unread }),
  };
  const read: Read = async (reader, texts, ahead) => {
    switch (reader.kind) {
      case "japanese": {
        const { readJapanese } = await import("./japanese.ts");
        return inTurn(texts, (text) => readJapanese(text, eastAsian), signal);
      }
      case "mandarin": {
        const { readMandarin } = await import("./mandarin.ts");
        return inTurn(texts, (text) => readMandarin(text, eastAsian), signal);
      }
      case "letters":
        return texts.map(readLetters);
      case "ipa": {
        const style = STYLES[reader.voice] ?? "other";
        const sounds = reader.notation === "ipa" ? plainIpa(reader.ipa) : ipaToKokoro(reader.ipa, style);
        return texts.map((text) => joinWords([{ phonemes: sounds, range: { start: 0, end: text.length } }]));
      }
      case "espeak":
        if (reader.notation === "ipa") return espeakWords(reader.voice, texts, "ipa");
        return alphabetic(reader.voice, texts, ahead);
    }
  };
  return async (reader, texts, ahead) => {
    const readings = await read(reader, texts, ahead);
    const kokoro = reader.kind === "japanese" || reader.kind === "mandarin";
    if (!kokoro || reader.notation === "kokoro") return readings;
    return readings.map((reading) => mapReading(reading, kokoroToIpa));
  };
}

/** Languages whose tones espeak-ng writes behind the vowels: digits, and ɜ for the third. */
const TONAL: ReadonlySet<string> = new Set(["cmn", "yue", "hak", "vi", "th", "my"]);

/** Kokoro's voices have no such tones; told from the vowel ɜ, they are counted as unknown instead of spoken as one. */
const tonesApart = (espeak: string): string => espeak.replace(/(?<=[^_\s])ɜ(?=[_\s]|$)/g, "3");

/** Letters of voices that learned from them, in lower case; a space between words. */
function readLetters(text: string): Reading {
  const words = spacedWords(text);
  return joinWords(
    words.map((range) => ({ phonemes: text.slice(range.start, range.end).toLowerCase(), range })),
  );
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
