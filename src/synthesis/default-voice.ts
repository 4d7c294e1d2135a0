import { findLanguage } from "../languages/language.ts";
import { defaultVoice } from "../voices/default-voice.ts";
import { sharedDetector } from "./text/detection.ts";

/** What a text is in that does not tell. */
const USUAL_LANGUAGE = "en-US";
/** Enough of a text to tell its language, tags included. */
const SAMPLE_CHARACTERS = 4_000;

/** Loads what tells languages, some 0.2 s of work on this thread, so that no request waits for it. */
export async function prepareVoiceChoice(): Promise<void> {
  await sharedDetector();
}

/**
 * The voice that speaks a language where none is asked for, by its id; null when nothing speaks it.
 *
 * @param language BCP-47; null: that of the text, found out by its beginning, for which see `prepareVoiceChoice`
 * @param installed voices whose weights are here
 */
export async function voiceFor(
  language: string | null,
  text: string,
  installed: ReadonlySet<string>,
): Promise<string | null> {
  const served = findLanguage(language ?? (await languageOf(text)));
  return served && defaultVoice(served, installed).voiceId;
}

async function languageOf(text: string): Promise<string> {
  const words = text.slice(0, SAMPLE_CHARACTERS).replace(/<[^<>]*>/g, " ");
  const isServed = (code: string) => findLanguage(code) !== null;
  const { language, guess } = (await sharedDetector()).detect(words, USUAL_LANGUAGE, isServed);
  return guess ?? language;
}
