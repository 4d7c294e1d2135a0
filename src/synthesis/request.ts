import { z } from "zod";
import { AUDIO_FORMATS, type AudioFormat, SAMPLE_RATES, sampleRateIssue } from "../audio/format.ts";
import type { JobPriority } from "../jobs/table.ts";
import { MAX_SPEED, MAX_TEXT_CHARACTERS, MIN_SPEED } from "./input.ts";
import { checkMarkup } from "./text/script/html.ts";
import type { TextFormat } from "./text/script.ts";

export const MAX_SEGMENTS = 1_000;
/** Each has to be loaded before the first of them speaks. */
export const MAX_VOICES = 20;
export const MAX_DICTIONARIES = 10;
/** Integrated loudness that can be asked for: from quieter than any broadcast to louder than any platform plays. */
export const MIN_LOUDNESS_LUFS = -36;
export const MAX_LOUDNESS_LUFS = -9;
/** Where none is asked for. */
export const DEFAULT_FORMAT: AudioFormat = "mp3";
const MAX_IDEMPOTENCY_KEY_CHARACTERS = 255;

// C0 and C1 controls but for tab, line feed and carriage return, which are white space.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
/** A letter, a digit or a symbol that is read as a word ("€", "+"): emoji and punctuation alone are not speech. */
const SPEAKABLE = /[\p{L}\p{N}\p{Sc}\p{Sm}%&@#]/u;
/** The same where emoji are spoken. */
const SPEAKABLE_EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

/** Characters as a person counts them: code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

export const holdsSpeech = (text: string, emoji: "drop" | "speak" = "drop"): boolean =>
  SPEAKABLE.test(text) || (emoji === "speak" && SPEAKABLE_EMOJI.test(text));

export const NOTHING_TO_SPEAK =
  "holds nothing that can be spoken: it needs a letter, a digit or a spoken symbol";

/** Whether a text may say how it wants to be spoken: then it is parsed before it is accepted. */
export const mayDirect = (text: string, format: TextFormat): boolean =>
  format === "ssml" || /\[|<speak|<!DOCTYPE/.test(text);

/** What is wrong with a text, by the rules that hold for it alone; null when it is right. What may direct is parsed elsewhere. */
function textIssue(text: string, format: TextFormat, emoji: "drop" | "speak"): string | null {
  const accepted = `accepts 1 to ${MAX_TEXT_CHARACTERS} characters`;
  if (text.trim() === "") return `is empty or blank; it ${accepted}`;
  const characters = countCharacters(text);
  if (characters > MAX_TEXT_CHARACTERS) {
    return `holds ${characters} characters; it ${accepted}. Split longer texts into several jobs`;
  }
  if (!text.isWellFormed()) return "holds a lone surrogate; send well-formed Unicode";
  const control = CONTROL_CHARACTER.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `holds the control character U+${code} at offset ${control.index}; only tab, line feed and carriage return are accepted`;
  }
  if (mayDirect(text, format)) return null;
  if (!holdsSpeech(text, emoji)) return NOTHING_TO_SPEAK;
  const markup = checkMarkup(text);
  return markup === null ? null : `${markup.message} (offset ${markup.offset})`;
}

const speed = z
  .number()
  .refine((speed) => speed >= MIN_SPEED && speed <= MAX_SPEED, `accepts ${MIN_SPEED} to ${MAX_SPEED}`);

const segment = z.object({
  text: z.string(),
  voiceId: z.string().nullish(),
  language: z.string().nullish(),
  speed: speed.nullish(),
});

const shape = z.object({
  text: z.string().nullish(),
  segments: z
    .array(segment)
    .refine(
      ({ length }) => length >= 1 && length <= MAX_SEGMENTS,
      `accepts 1 to ${MAX_SEGMENTS} segments; leave it out where there are none`,
    )
    .nullish(),
  textFormat: z.enum(["auto", "plain", "ssml"] satisfies TextFormat[]).nullish(),
  voiceId: z.string().nullish(),
  language: z.string().nullish(),
  format: z.enum(AUDIO_FORMATS).nullish(),
  speed: speed.nullish(),
  normalize: z.enum(["auto", "off"]).nullish(),
  emoji: z.enum(["drop", "speak"]).nullish(),
  dictionaryIds: z
    .array(z.string())
    .refine(({ length }) => length <= MAX_DICTIONARIES, `accepts up to ${MAX_DICTIONARIES} dictionaries`)
    .nullish(),
  loudnessLufs: z
    .number()
    .refine(
      (lufs) => lufs >= MIN_LOUDNESS_LUFS && lufs <= MAX_LOUDNESS_LUFS,
      `accepts ${MIN_LOUDNESS_LUFS} to ${MAX_LOUDNESS_LUFS}`,
    )
    .nullish(),
  sampleRate: z
    .number()
    .refine((rate) => SAMPLE_RATES.includes(rate), `accepts ${SAMPLE_RATES.join(", ")}`)
    .nullish(),
  cache: z.boolean().nullish(),
  priority: z.enum(["INTERACTIVE", "BATCH"] satisfies JobPriority[]).nullish(),
  cancelOnDisconnect: z.boolean().nullish(),
  idempotencyKey: z
    .string()
    .regex(
      new RegExp(`^[\\x21-\\x7e]{1,${MAX_IDEMPOTENCY_KEY_CHARACTERS}}$`),
      `accepts 1 to ${MAX_IDEMPOTENCY_KEY_CHARACTERS} printable ASCII characters without spaces`,
    )
    .nullish(),
});

/** What a caller asks for, before the rules have been applied. */
export type SynthesisRequest = z.infer<typeof shape>;

/** The rules that need no database, within the service's own bounds; an operator may set a lower text limit. */
export const synthesisRequest = shape.superRefine((request, context) => {
  const complain = (path: (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  const { text, segments, textFormat, emoji, sampleRate } = request;
  const issueOf = (each: string) => textIssue(each, textFormat ?? "auto", emoji ?? "drop");
  if (text == null && segments == null) {
    complain(["text"], "is needed, or `segments` in its place");
  } else if (text != null && segments != null) {
    complain(["segments"], "cannot be sent together with `text`: send one of them");
  }
  if (sampleRate != null && SAMPLE_RATES.includes(sampleRate)) {
    const issue = sampleRateIssue(request.format ?? DEFAULT_FORMAT, sampleRate);
    if (issue !== null) complain(["sampleRate"], issue);
  }
  const whole = text == null ? null : issueOf(text);
  if (whole !== null) complain(["text"], whole);
  // A list that is longer than is taken is not looked at.
  for (const [index, each] of (segments?.length ?? 0) > MAX_SEGMENTS ? [] : (segments ?? []).entries()) {
    const issue = issueOf(each.text);
    if (issue !== null) complain(["segments", index, "text"], issue);
  }
});
