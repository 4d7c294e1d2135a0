import { SpeakerError } from "../../errors.ts";
import { espeakVoiceOf, findLanguage, LANGUAGES } from "../../languages/language.ts";
import type { MappedText, Range } from "./mapped-text.ts";
import type { Directions, SayAs, Script } from "./script.ts";
import { type Speech, speechOf } from "./speech.ts";
import type { VoiceTarget } from "./target.ts";
import type { PlanOptions } from "./utterance.ts";

/** How an utterance is spoken beside its sounds. */
export interface Delivery {
  readonly voice: number;
  readonly rate: number;
  readonly pitchSemitones: number;
  readonly gainDb: number;
}

/** A stretch of a text that is spoken in one way; the stretches of a text partition it. */
export interface Stretch extends Range {
  readonly delivery: Delivery;
  readonly language: string;
  readonly sayAs: SayAs | null;
  readonly verbatim: boolean;
}

/** A stretch whose language the text has yet to tell. */
export interface OpenStretch extends Omit<Stretch, "language"> {
  /** Null where it is to be detected. */
  readonly language: string | null;
  /** What it is in unless the text tells otherwise. */
  readonly expected: string;
}

const DEFAULT_LANGUAGE = "en-US";

/** The voices of a plan: the first the whole, the others what is directed to them. */
export function targetsOf({ voices, language }: PlanOptions): readonly VoiceTarget[] {
  if (voices !== undefined && voices.length > 0) return voices;
  return [{ engine: "kokoro", language: language === undefined ? DEFAULT_LANGUAGE : served(language) }];
}

/** @throws SpeakerError INVALID_INPUT when nothing here speaks the language of a tag */
function served(tag: string): string {
  const found = findLanguage(tag);
  if (found !== null) return found.code;
  const shown = /^[\w-]{1,35}$/.test(tag) ? ` ${tag}` : "";
  throw new SpeakerError(
    "INVALID_INPUT",
    `No engine speaks the language${shown}. Languages: ${LANGUAGES.map(({ code }) => code).join(", ")}.`,
  );
}

/** Cuts a text where its directions change. @throws SpeakerError INVALID_INPUT for an unknown language or voice */
export function openStretches(
  text: MappedText,
  { spans }: Pick<Script, "spans">,
  targets: readonly VoiceTarget[],
  language: string | undefined,
): OpenStretch[] {
  const stretches: OpenStretch[] = [];
  const push = (start: number, end: number, directions: Directions) => {
    if (end > start) stretches.push(openStretch({ start, end }, directions, targets, language));
  };
  let at = 0;
  for (const { start, end, directions } of spans) {
    const from = Math.max(at, text.indexOf(start));
    const to = Math.max(from, text.indexOf(end));
    push(at, from, {});
    push(from, to, directions);
    at = to;
  }
  push(at, text.text.length, {});
  return stretches;
}

function openStretch(
  range: Range,
  directions: Directions,
  targets: readonly VoiceTarget[],
  language: string | undefined,
): OpenStretch {
  const { voice = 0, rate = 1, pitchSemitones = 0, gainDb = 0, sayAs = null, verbatim = false } = directions;
  const target = targets[voice];
  if (target === undefined) throw new RangeError(`The plan has no voice ${voice}.`);
  const asked = directions.language ?? language;
  const expected = asked === undefined ? target.language : served(asked);
  // Voices of one language speak it alone, whatever the text is in.
  const known = asked !== undefined || target.engine !== "kokoro";
  return {
    ...{ ...range, sayAs, verbatim, expected },
    language: known ? expected : null,
    delivery: { voice, rate, pitchSemitones, gainDb },
  };
}

/** Whether a voice speaks a language that it finds in a text, other than its own. */
export function mayFind(target: VoiceTarget, language: string): boolean {
  if (target.engine !== "kokoro") return false;
  const tiers = findLanguage(language)?.tiers ?? [];
  return tiers.includes("NATIVE") || tiers.includes("ADAPTED");
}

/** Speeches of the languages and voices of a plan, each made once. */
export function createSpeeches(
  targets: readonly VoiceTarget[],
): (stretch: Pick<Stretch, "language" | "delivery">) => Speech {
  const made = new Map<string, Speech>();
  return ({ language, delivery }) => {
    const key = `${delivery.voice} ${language}`;
    const target = targets[delivery.voice];
    let speech = made.get(key);
    if (speech === undefined) {
      if (target === undefined) throw new RangeError(`The plan has no voice ${delivery.voice}.`);
      speech = speechOf(target, language, espeakVoice);
      made.set(key, speech);
    }
    return speech;
  };
}

/** Languages without a voice of espeak-ng are read as the voices of other languages would read them. */
const espeakVoice = (language: string): string => espeakVoiceOf(language) ?? "en-us";

export const sameDelivery = (a: Delivery, b: Delivery): boolean =>
  a.voice === b.voice && a.rate === b.rate && a.pitchSemitones === b.pitchSemitones && a.gainDb === b.gainDb;
