import type { InputIssue } from "../errors.ts";
import type { SynthesisInput } from "./input.ts";
import { holdsSpeech, mayDirect, NOTHING_TO_SPEAK, type SynthesisRequest } from "./request.ts";
import { ScriptError } from "./text/script/error.ts";
import { parseScript } from "./text/script/parse.ts";
import { type DirectedSpan, OBJECT, type Script } from "./text/script.ts";

/** Between the segments of a dialogue: each of them begins a line. */
const BETWEEN_SEGMENTS = "\n";

/** A part of a dialogue in the joined text. */
export type AskedSegment = NonNullable<SynthesisInput["segments"]>[number];

/** A voice that a request wants, and where it says so. */
export interface WantedVoice {
  /** Null leaves the choice to the service. */
  readonly reference: string | null;
  /** What it is to speak where none is named; null where that is to be found out. */
  readonly language: string | null;
  readonly path: readonly string[];
}

type Segment = NonNullable<SynthesisRequest["segments"]>[number];

/** The text of a request with all that it says about voices. */
export interface AskedText {
  /** Empty where there is none. */
  readonly text: string;
  readonly segments: readonly AskedSegment[];
  /** By the numbers that segments and text call them. */
  readonly voices: readonly WantedVoice[];
  /** Stretches that the text itself gives to a voice or a language. */
  readonly directed: readonly DirectedSpan[];
}

/**
 * Joins the segments of a dialogue, reads what has directions in it and gathers the voices that are asked for. Text
 * without directions is not looked at.
 *
 * @param issues where faults go
 */
export function readText(request: SynthesisRequest, issues: InputIssue[]): AskedText {
  const { text, segments, voices } = joined(request);
  const plain = { text, segments, voices, directed: [] };
  // A text with faults need not be read: they come first.
  if (issues.length > 0 || !mayDirect(text, request.textFormat ?? "auto")) return plain;
  const script = parsed(request, plain, issues);
  if (script === null) return plain;
  const path = textPath(0, segments);
  if (!isSpeech(script, request)) issues.push({ path, message: NOTHING_TO_SPEAK });
  const named = script.voices.map((reference) => ({ reference, language: null, path }));
  return { text, segments, voices: [...voices, ...named], directed: script.spans };
}

function joined({ text, segments: parts, voiceId, language }: SynthesisRequest) {
  const voices: WantedVoice[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (wanted: WantedVoice): number => {
    const key = JSON.stringify([wanted.reference, wanted.language]);
    const known = numbers.get(key) ?? voices.push(wanted) - 1;
    numbers.set(key, known);
    return known;
  };
  const whole: WantedVoice = {
    reference: voiceId ?? null,
    language: voiceId == null ? (language ?? null) : null,
    path: ["input", voiceId == null && language != null ? "language" : "voiceId"],
  };
  /** A segment has the voice that it names, else that of the whole, else one of its language. */
  const wantedBy = ({ voiceId: own, language: spoken }: Segment, index: number): WantedVoice => {
    const path = ["input", "segments", String(index)];
    if (own != null) return { reference: own, language: null, path: [...path, "voiceId"] };
    if (voiceId != null || spoken == null) return whole;
    return { reference: null, language: spoken, path: [...path, "language"] };
  };
  // Where every segment has a voice of its own, none need be found for the whole.
  if (voiceId != null || !parts?.length || parts.some((part, index) => wantedBy(part, index) === whole)) {
    numberOf(whole);
  }
  let joinedText = text ?? "";
  const segments = (parts ?? []).map((part, index): AskedSegment => {
    if (index > 0) joinedText += BETWEEN_SEGMENTS;
    const start = joinedText.length;
    joinedText += part.text;
    return {
      ...{ start, end: joinedText.length, voice: numberOf(wantedBy(part, index)) },
      ...(part.language != null && { language: part.language }),
      ...(part.speed != null && { speed: part.speed }),
    };
  });
  return { text: joinedText, segments, voices };
}

function parsed(
  { textFormat }: SynthesisRequest,
  { text, segments }: Pick<AskedText, "text" | "segments">,
  issues: InputIssue[],
): Script | null {
  const directed = segments.map(({ start, end, voice }) => ({ start, end, directions: { voice } }));
  try {
    const source = { text, format: textFormat ?? "auto" };
    return parseScript(directed.length > 0 ? { ...source, segments: directed } : source);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    issues.push(issueAt(error, segments));
    return null;
  }
}

/** A fault of the joined text as one of the segment that it is in. */
function issueAt({ offset, message }: ScriptError, segments: readonly AskedSegment[]): InputIssue {
  const index = segments.findLastIndex(({ start }) => start <= offset);
  const from = segments[index]?.start ?? 0;
  const problem = message.replace(` (offset ${offset})`, "");
  return { path: textPath(Math.max(0, index), segments), message: `${problem} (offset ${offset - from})` };
}

const textPath = (index: number, segments: readonly AskedSegment[]): readonly string[] =>
  segments.length > 0 ? ["input", "segments", String(index), "text"] : ["input", "text"];

const isSpeech = ({ text, objects }: Script, { emoji }: SynthesisRequest): boolean =>
  objects.some(({ kind }) => kind === "ipa") ||
  holdsSpeech(text.text.replaceAll(OBJECT, " "), emoji ?? "drop");
