import type { DictionaryReference } from "../dictionaries/dictionary.ts";
import { type InputIssue, InvalidInputError } from "../errors.ts";
import { findLanguage, speaks } from "../languages/language.ts";
import { type AskedSegment, type AskedText, readText, type WantedVoice } from "./asked-text.ts";
import { type AskedVoice, speakerFault, type VoiceReferenceAt } from "./asked-voices.ts";
import { type InputVoice, MAX_TEXT_CHARACTERS, type SynthesisInput } from "./input.ts";
import {
  countCharacters,
  DEFAULT_FORMAT,
  MAX_DICTIONARIES,
  MAX_VOICES,
  type SynthesisRequest,
  synthesisRequest,
} from "./request.ts";
import { shown } from "./text/script/error.ts";

/** The faults that a request has by itself, each at its path under `input`. */
function requestIssues(
  request: SynthesisRequest,
  { textCharacters }: { readonly textCharacters: number },
): InputIssue[] {
  const issues = (synthesisRequest.safeParse(request).error?.issues ?? []).map(({ path, message }) => ({
    path: ["input", ...path.map(String)],
    message,
  }));
  const texts = [request.text ?? "", ...(request.segments ?? []).map(({ text }) => text)];
  const characters = texts.reduce((sum, text) => sum + countCharacters(text), 0);
  const most = Math.min(textCharacters, MAX_TEXT_CHARACTERS);
  // The service's own limit has been complained about for each of them.
  if (characters > most && (textCharacters < MAX_TEXT_CHARACTERS || request.segments != null)) {
    const all = request.segments == null ? "" : " in all";
    issues.push({
      path: ["input", request.segments == null ? "text" : "segments"],
      message: `accepts 1 to ${most} characters${all} here. Split longer texts into several jobs`,
    });
  }
  return issues;
}

const UNKNOWN_LANGUAGE = "accepts a `code` that the query `languages` gives";

/** Where what a request names is looked up. */
export interface Registry {
  /**
   * The voice that speaks a language where none is asked for; null when nothing does.
   *
   * @param language null: that of `text`
   */
  defaultVoice(language: string | null, text: string): Promise<string | null>;
  /** The voices that references name, in their order; null where there is none. */
  voices(references: readonly VoiceReferenceAt[]): Promise<readonly (AskedVoice | null)[]>;
  dictionaries(ids: readonly string[]): Promise<readonly DictionaryReference[]>;
}

export interface CheckedSynthesis {
  readonly input: SynthesisInput;
  /** By the numbers that the input calls them. */
  readonly voices: readonly AskedVoice[];
}

/**
 * Applies the rules of a synthesis to what was asked. A plain text in one voice needs one look at the voices.
 *
 * @throws InvalidInputError that lists every field at fault with what it accepts.
 */
export async function checkSynthesis(
  request: SynthesisRequest,
  limits: { readonly textCharacters: number },
  registry: Registry,
): Promise<CheckedSynthesis> {
  const issues = requestIssues(request, limits);
  const text = readText(request, issues);
  if (text.voices.length > MAX_VOICES) {
    const path = ["input", request.segments == null ? "text" : "segments"];
    issues.push({ path, message: `accepts up to ${MAX_VOICES} voices: split it into several jobs` });
    throw new InvalidInputError(issues);
  }
  const named = await Promise.all(text.voices.map((wanted) => namedVoice(wanted, text, registry, issues)));
  const voices = await registry.voices(named);
  const ids = request.dictionaryIds ?? [];
  const dictionaries =
    ids.length > 0 && ids.length <= MAX_DICTIONARIES ? await registry.dictionaries(ids) : [];
  const ready = named.flatMap((at, index) => {
    if (at.reference === "") return [];
    const voice = voices[index] ?? null;
    const fault = voiceFault(voice, at);
    if (fault !== null) issues.push({ path: at.path, message: fault });
    return fault === null && voice !== null ? [voice] : [];
  });
  if (ready.length < named.length || ready[0] === undefined) throw new InvalidInputError(issues);
  const language = languageOf(ready[0], request.language, ["input", "language"], issues);
  const segments = text.segments.map((segment, index) =>
    checkedSegment(segment, ready, { asked: request.language, whole: language, index, issues }),
  );
  checkDirected(text, ready, issues);
  if (issues.length > 0 || language === null) throw new InvalidInputError(issues);
  const asked = named.map(({ reference }, index): InputVoice => {
    const mix = ready[index]?.mix;
    return { voiceId: reference, ...(mix !== undefined && { mix }) };
  });
  return {
    input: keptInput(request, { text: text.text, segments, language, asked, ready, dictionaries }),
    voices: ready,
  };
}

/** A voice that is wanted by its name: without one, the voice of its language. */
async function namedVoice(
  { reference, language, path }: WantedVoice,
  { text }: AskedText,
  registry: Registry,
  issues: InputIssue[],
): Promise<VoiceReferenceAt> {
  if (reference !== null) return { reference, path };
  const voiceId = await registry.defaultVoice(language, text);
  if (voiceId !== null) return { reference: voiceId, path };
  issues.push({ path, message: UNKNOWN_LANGUAGE });
  return { reference: "", path };
}

interface Checked {
  readonly text: string;
  readonly segments: readonly AskedSegment[];
  readonly language: string;
  readonly asked: readonly InputVoice[];
  readonly ready: readonly AskedVoice[];
  readonly dictionaries: readonly DictionaryReference[];
}

/** What the job keeps. Defaults that came later are left out, so that the same request is the same in all versions. */
function keptInput(request: SynthesisRequest, checked: Checked): SynthesisInput {
  const { text, segments, language, asked, ready, dictionaries } = checked;
  const [whole = { voiceId: "" }, ...others] = asked;
  const { textFormat, format, speed, loudnessLufs, sampleRate } = request;
  return {
    text,
    ...(textFormat != null && textFormat !== "auto" && { textFormat }),
    ...(segments.length > 0 && { segments: [...segments] }),
    ...whole,
    ...(others.length > 0 && { voices: others }),
    language,
    ...(request.language == null && ready.some(speaksSeveral) && { detect: true }),
    format: format ?? DEFAULT_FORMAT,
    speed: speed ?? 1,
    ...(request.normalize === "off" && { normalize: false }),
    ...(request.emoji === "speak" && { emoji: "speak" }),
    ...(dictionaries.length > 0 && { dictionaries: [...dictionaries] }),
    ...(loudnessLufs != null && { loudnessLufs }),
    ...(sampleRate != null && { sampleRate }),
    ...(request.cache === false && { cache: false }),
  };
}

/** Looks for languages that the text asks a voice for and that it does not speak. */
function checkDirected(
  { directed, segments }: AskedText,
  voices: readonly AskedVoice[],
  issues: InputIssue[],
): void {
  for (const { start, directions } of directed) {
    const voice = voices[directions.voice ?? 0];
    if (voice === undefined || directions.language === undefined) continue;
    if (speaks(voice, directions.language) !== null) continue;
    const index = segments.findLastIndex((each) => each.start <= start);
    const path = index < 0 ? ["text"] : ["segments", String(index), "text"];
    const offset = start - (segments[index]?.start ?? 0);
    issues.push({
      path: ["input", ...path],
      message: `asks for a language that ${notSpoken(voice)} (offset ${offset})`,
    });
  }
}

function voiceFault(voice: AskedVoice | null, { reference, path }: VoiceReferenceAt): string | null {
  if (voice?.status === "READY") return speakerFault(reference);
  // A text may name many.
  const what = path.at(-1) === "text" ? `asks for the voice ${shown(reference)}, which` : null;
  if (voice === null) {
    return `${what === null ? "names no voice" : `${what} is not there`}; the query \`voices\` lists those there are`;
  }
  return `${what ?? "names a voice that"} is ${voice.status}, not READY`;
}

/** The language of a voice that is asked for in `tag`, its own when that is left out; a fault when it does not speak it. */
function languageOf(
  voice: AskedVoice,
  tag: string | null | undefined,
  path: readonly string[],
  issues: InputIssue[],
): string | null {
  const spoken = speaks(voice, tag ?? voice.language)?.language.code ?? null;
  if (spoken === null) {
    const known = tag == null || findLanguage(tag) !== null;
    issues.push({ path, message: known ? notSpoken(voice) : UNKNOWN_LANGUAGE });
  }
  return spoken;
}

interface SegmentContext {
  /** The language that was asked for the whole, and the one in which its voice speaks that. */
  readonly asked: string | null | undefined;
  readonly whole: string | null;
  readonly index: number;
  readonly issues: InputIssue[];
}

/** A segment in the language that its voice speaks of what is asked for it, or for the whole. */
function checkedSegment(
  segment: AskedSegment,
  voices: readonly AskedVoice[],
  { asked, whole, index, issues }: SegmentContext,
): AskedSegment {
  const { language: own, ...rest } = segment;
  const voice = voices[segment.voice];
  const tag = own ?? asked;
  if (voice === undefined || tag == null) return rest;
  const field = own === undefined ? "voiceId" : "language";
  const language = languageOf(voice, tag, ["input", "segments", String(index), field], issues);
  return language === null || (own === undefined && language === whole) ? rest : { ...rest, language };
}

function notSpoken(voice: AskedVoice): string {
  const spoken = speaksSeveral(voice)
    ? "those that `languages` gives with the engine kokoro"
    : `${voice.language} alone`;
  return `is not spoken by this voice; it speaks ${spoken}`;
}

/** Whether there is a language to be found out: other engines' voices speak one. */
const speaksSeveral = ({ engine }: AskedVoice): boolean => engine === "kokoro";
