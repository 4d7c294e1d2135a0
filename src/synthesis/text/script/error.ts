import { SpeakerError } from "../../../errors.ts";

/** A text whose markup or directions cannot be followed: where, and what to write instead. Never quotes the text. */
export class ScriptError extends SpeakerError {
  /** UTF-16 offset in the source. */
  readonly offset: number;

  /** @param problem what is wrong there and what is accepted, as a clause without an end mark */
  constructor(offset: number, problem: string) {
    super("INVALID_INPUT", `${problem} (offset ${offset})`);
    this.offset = offset;
  }

  override get context(): Readonly<Record<string, unknown>> {
    return { offset: this.offset };
  }
}

const SHOWN_LENGTH = 32;

/** A name or a value of the source, short enough for a message and without what would break its line. */
export function shown(value: string): string {
  const clean = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, " ");
  return clean.length > SHOWN_LENGTH ? `${clean.slice(0, SHOWN_LENGTH)}…`.replace(/\p{Cs}/gu, "") : clean;
}

export const DOCTYPE_REFUSED =
  "document types and entities of their own are not accepted: leave the DOCTYPE out and write the text itself";
