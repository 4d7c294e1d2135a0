import { z } from "zod";
import { CONSENT_KINDS } from "../table.ts";

/** What gives the uploader the right to the voice. Without it nothing is taken. */
const consentInput = z.object({
  kind: z.enum(CONSENT_KINDS),
  note: z
    .string()
    .trim()
    .refine(
      (note) => note.length <= 2_000 && note.isWellFormed() && !note.includes("\0"),
      "accepts up to 2000 characters",
    )
    .nullish(),
});

export type ConsentInput = z.input<typeof consentInput>;

/** Said where it is missing: the field is nullable in the schema so that it can be said in words. */
export const requiredConsent = z
  .unknown()
  .refine(
    (consent) => consent != null,
    "is needed: state what gives you the right to use this voice (OWN_VOICE, PERMISSION or LICENSED)",
  )
  .pipe(consentInput);
