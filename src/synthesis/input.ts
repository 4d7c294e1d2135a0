import { z } from "zod";
import { AUDIO_FORMATS } from "../audio/format.ts";
import { type InputIssue, InvalidInputError } from "../errors.ts";
import type { JobPriority } from "../jobs/table.ts";
import { findLanguage, NATIVE_LANGUAGES } from "../languages/language.ts";
import type { VoiceRow } from "../voices/table.ts";
import { checkMarkup } from "./text/markup.ts";

export const MIN_SPEED = 0.5;
export const MAX_SPEED = 2;
/** The most a single job takes; a book chapter. */
export const MAX_TEXT_CHARACTERS = 50_000;
const MAX_IDEMPOTENCY_KEY_CHARACTERS = 255;

/** What a synthesis job keeps as its input; parsed when it is scheduled and again when it runs. */
export const synthesisInput = z.strictObject({
  text: z.string().min(1),
  /** The voice as it was asked for: an id, or an inline mix such as `af_heart(2)+af_sky(1)`. */
  voiceId: z.string(),
  /** The parts of an inline mix, each with the pack that it had when the job was accepted. */
  mix: z
    .array(z.strictObject({ voiceId: z.string(), weight: z.number(), packSha256: z.string() }))
    .min(1)
    .optional(),
  language: z.string(),
  format: z.enum(AUDIO_FORMATS),
  speed: z.number().min(MIN_SPEED).max(MAX_SPEED),
  /** There only where the caches are neither to be used nor added to. */
  cache: z.literal(false).optional(),
});

export type SynthesisInput = z.infer<typeof synthesisInput>;

const inputs = new WeakMap<object, SynthesisInput>();

/** The input that the row of a synthesis job keeps. The text in it may be long: it is parsed once for a row. */
export function inputOf(job: { readonly input: unknown }): SynthesisInput {
  const parsed = inputs.get(job) ?? synthesisInput.parse(job.input);
  inputs.set(job, parsed);
  return parsed;
}

// C0 and C1 controls but for tab, line feed and carriage return, which are white space.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
/** A letter, a digit or a symbol that is read as a word ("€", "+"): emoji and punctuation alone are not speech. */
const SPEAKABLE = /[\p{L}\p{N}\p{Sc}\p{Sm}%&@#]/u;

/** Characters as a person counts them: code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function textIssue(text: string, maxCharacters: number): string | null {
  const accepted = `accepts 1 to ${maxCharacters} characters`;
  if (text.trim() === "") return `is empty or blank; it ${accepted}`;
  const characters = countCharacters(text);
  if (characters > maxCharacters) {
    return `holds ${characters} characters; it ${accepted}. Split longer texts into several jobs`;
  }
  if (!text.isWellFormed()) return "holds a lone surrogate; send well-formed Unicode";
  const control = CONTROL_CHARACTER.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `holds the control character U+${code} at offset ${control.index}; only tab, line feed and carriage return are accepted`;
  }
  if (!SPEAKABLE.test(text))
    return "holds nothing that can be spoken: it needs a letter, a digit or a spoken symbol";
  const markup = checkMarkup(text);
  return markup === null ? null : `${markup.message} (offset ${markup.offset})`;
}

/** The rules that need no database, within the service's own bounds; an operator may set a lower text limit. */
export const synthesisRequest = z.object({
  text: z.string().superRefine((text, context) => {
    const message = textIssue(text, MAX_TEXT_CHARACTERS);
    if (message !== null) context.addIssue({ code: "custom", message });
  }),
  voiceId: z.string(),
  language: z.string().nullish(),
  format: z.enum(AUDIO_FORMATS).nullish(),
  speed: z
    .number()
    .refine((speed) => speed >= MIN_SPEED && speed <= MAX_SPEED, `accepts ${MIN_SPEED} to ${MAX_SPEED}`)
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
export type SynthesisRequest = z.infer<typeof synthesisRequest>;

/** The voice that a job asks for: one that is kept, or an inline mix. */
export type AskedVoice = Pick<VoiceRow, "kind" | "status" | "language"> & {
  readonly mix?: NonNullable<SynthesisInput["mix"]>;
};

/**
 * Applies the rules of a synthesis to what was asked, with the voice that was named (null: there is none).
 *
 * @throws InvalidInputError that lists every field at fault with what it accepts.
 */
export function checkSynthesis(
  request: SynthesisRequest,
  voice: AskedVoice | null,
  limits: { textCharacters: number },
): SynthesisInput {
  const issues: InputIssue[] = [];
  const complain = (field: string, message: string) => issues.push({ path: ["input", field], message });

  for (const { path, message } of synthesisRequest.safeParse(request).error?.issues ?? []) {
    complain(path.join("."), message);
  }
  if (limits.textCharacters < MAX_TEXT_CHARACTERS && countCharacters(request.text) > limits.textCharacters) {
    complain(
      "text",
      `accepts 1 to ${limits.textCharacters} characters here. Split longer texts into several jobs`,
    );
  }
  if (voice === null) complain("voiceId", "names no voice; the query `voices` lists those there are");
  else if (voice.status !== "READY") complain("voiceId", `names a voice that is ${voice.status}, not READY`);
  const language = voice === null ? null : spokenLanguage(voice, request.language ?? voice.language);
  if (voice !== null && language === null) {
    const spoken =
      voice.kind === "STOCK" ? voice.language : NATIVE_LANGUAGES.map(({ code }) => code).join(", ");
    complain("language", `is not spoken by this voice; it speaks ${spoken}`);
  }
  if (issues.length > 0 || voice === null || language === null) throw new InvalidInputError(issues);
  return {
    text: request.text,
    voiceId: request.voiceId,
    ...(voice.mix !== undefined && { mix: voice.mix }),
    language,
    format: request.format ?? "mp3",
    speed: request.speed ?? 1,
    ...(request.cache === false && { cache: false }),
  };
}

/**
 * The language in which a voice speaks what is asked in `tag`; null when it does not. A bare language is the voice's own
 * accent of it: a voice of `en-GB` speaks `en` so. Stock voices speak their own language, cloned and mixed ones all.
 */
export function spokenLanguage(
  { kind, language }: Pick<AskedVoice, "kind" | "language">,
  tag: string,
): string | null {
  const wanted = tag.toLowerCase();
  const own = language.toLowerCase();
  if (wanted === own || own.startsWith(`${wanted}-`)) return language;
  if (kind === "STOCK") return null;
  const accent = NATIVE_LANGUAGES.find(({ code }) => code.toLowerCase().startsWith(`${wanted}-`));
  return findLanguage(tag)?.code ?? accent?.code ?? null;
}
